// Package liveset makes a ResourceSet of flux-operator of an ApplicationSet, so that it
// goes on following its generators. It writes plain objects by what the public
// documentation of the API says (fluxoperator.dev/docs/crd), and knows these generators:
// list, and what is made of lists alone; pullRequest of one service; directories of git; a
// matrix of these. Whatever it cannot write as a whole it refuses.
//
// How the template crosses: each template expression becomes a mark, the Application with
// marks is converted like any other, and in what comes out the marks become expressions of
// the ResourceSet. That this is right is not assumed: the caller compares what the
// ResourceSet makes of samples with what static expansion makes of them ([Set.Check]).
package liveset

import (
	"fmt"
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A Set is an ApplicationSet whose template can cross.
type Set struct {
	Root *yaml.Node
	// Marked makes one Application, which has marks for template expressions. Samples is
	// Root, or makes two Applications that stand for what a service would say.
	Marked, Samples *yaml.Node
	marks           []mark
	factors         []*factor
	samples         []sample
}

// A World is what a Set depends on besides the ApplicationSet.
type World struct {
	appset.World
	// PathPatterns tells that the target Flux finds directories (2.9).
	PathPatterns bool
}

// Live tells whether something outside gives inputs, and not the set alone.
func (s *Set) Live() bool {
	return slices.ContainsFunc(s.factors, func(f *factor) bool { return len(f.providers) > 0 })
}

// Directories are the generators that list directories of a repository.
func (s *Set) Directories() (all []*Directories) {
	for _, p := range s.patterns() {
		if !slices.Contains(all, p.of) {
			all = append(all, p.of)
		}
	}
	return all
}

func (s *Set) patterns() (all []*pattern) {
	for _, f := range s.factors {
		for _, p := range f.providers {
			if p.found != nil {
				all = append(all, p.found)
			}
		}
	}
	return all
}

// Read looks whether an ApplicationSet can become a ResourceSet, or says why not.
func Read(root *yaml.Node, w World) (*Set, *appset.Problem) {
	s := &Set{Root: root}
	if p := refused(root); p != nil {
		return nil, p
	}
	if p := s.generators(w); p != nil {
		return nil, p
	}
	s.samples = s.combinations()
	if p := s.mark(); p != nil {
		return nil, p
	}
	if s.Samples = root; s.Live() {
		var elements []*yaml.Node
		for _, one := range s.samples {
			elements = append(elements, one.parameters)
		}
		s.Samples = listing(root, node.At(root, "spec", "template"), elements)
	}
	return s, nil
}

func (s *Set) name() string { return node.Text(s.Root, "metadata", "name") }

// refused are fields that a ResourceSet has nothing for and that decide about what is
// deployed.
func refused(root *yaml.Node) *appset.Problem {
	spec := node.Get(root, "spec")
	switch patch, rolling := node.Get(spec, "templatePatch"), node.At(spec, "strategy", "rollingSync"); {
	case node.Empty(node.Get(spec, "generators")):
		return problem(root, "spec.generators", "generators are missing")
	case node.Empty(node.Get(spec, "template")):
		return problem(root, "spec.template", "the template is missing")
	case !node.Empty(patch):
		return problem(patch, "spec.templatePatch", "a patch of the template is filled in and merged for each element")
	case !node.Empty(rolling):
		return problem(rolling, "spec.strategy.rollingSync", "a rolling sync has steps, which a ResourceSet would take at once")
	}
	if sync := node.At(spec, "syncPolicy", "applicationsSync"); !node.Null(sync) && sync.Value != "sync" {
		return problem(sync, "spec.syncPolicy.applicationsSync", "a ResourceSet always updates and deletes what it has made")
	}
	return nil
}

// listing returns an ApplicationSet of one template and one list generator.
func listing(root, template *yaml.Node, elements []*yaml.Node) *yaml.Node {
	made := node.Clone(root)
	spec := node.Get(made, "spec")
	node.Put(spec, "template", template)
	list := node.List()
	for _, e := range elements {
		list.Content = append(list.Content, node.Clone(e))
	}
	g := node.List(node.Map("list", node.Map("elements", list)))
	place(g, node.Get(node.Get(root, "spec"), "generators").Line)
	node.Put(spec, "generators", g)
	return made
}

// place gives lines to nodes that have none.
func place(n *yaml.Node, line int) {
	if n.Line == 0 {
		n.Line = line
	}
	for _, child := range n.Content {
		place(child, line)
	}
}

func problem(n *yaml.Node, path, format string, args ...any) *appset.Problem {
	return &appset.Problem{ID: "appset-resourceset-refused", Path: path, Line: n.Line, Msg: fmt.Sprintf(format, args...)}
}
