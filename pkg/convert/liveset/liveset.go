// Package liveset makes a ResourceSet of flux-operator of an ApplicationSet, so that it
// goes on following its generators. It writes plain objects by what the public
// documentation of the API says (fluxoperator.dev/docs/crd), and knows two generators:
// list, and pullRequest of one service. Whatever it cannot write as a whole it refuses.
//
// How the template crosses: each template expression becomes a mark, the Application with
// marks is converted like any other, and in what comes out the marks become expressions of
// the ResourceSet. That this is right is not assumed: the caller compares what the
// ResourceSet makes of samples with what static expansion makes of them ([Set.Check]).
package liveset

import (
	"fmt"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A Set is an ApplicationSet whose template can cross.
type Set struct {
	Root *yaml.Node
	// Marked makes one Application, which has marks for template expressions. Samples is
	// Root, or makes two Applications that stand for what a service would say.
	Marked, Samples *yaml.Node
	marks           []mark
	// inputs are what the list generators say.
	inputs    []*yaml.Node
	providers []provider
}

// Live tells whether a service gives the inputs, and not the set itself.
func (s *Set) Live() bool { return len(s.providers) > 0 }

// Read looks whether an ApplicationSet can become a ResourceSet, or says why not.
func Read(root *yaml.Node) (*Set, *appset.Problem) {
	s := &Set{Root: root}
	if p := refused(root); p != nil {
		return nil, p
	}
	if p := s.generators(); p != nil {
		return nil, p
	}
	if p := s.mark(); p != nil {
		return nil, p
	}
	if s.Samples = root; s.Live() {
		s.Samples = listing(root, node.At(root, "spec", "template"), s.elements())
	}
	return s, nil
}

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

// generators reads the generators: all list, or all pullRequest.
func (s *Set) generators() *appset.Problem {
	for i, g := range node.Items(s.Root, "spec", "generators") {
		at := ledger.Index("spec.generators", i)
		if len(g.Content) != 2 {
			return problem(g, at, "it is no generator alone: a ResourceSet has no selectors, and takes one kind of inputs")
		}
		kind, body := g.Content[0].Value, g.Content[1]
		here := at + "." + kind
		if !node.Empty(node.Get(body, "template")) {
			return problem(node.Get(body, "template"), here+".template", "a generator has a template of its own, and a ResourceSet has one for all")
		}
		var p *appset.Problem
		switch kind {
		case "list":
			p = s.list(body, here)
		case "pullRequest":
			p = s.pullRequest(body, here)
		default:
			p = problem(g, here, "flux-operator has no inputs like those of the generator %s", kind)
		}
		if p != nil {
			return p
		}
		if s.Live() && len(s.inputs) > 0 {
			return problem(g, here, "elements of a list and pull requests have different parameters")
		}
	}
	return nil
}

// elements are the samples as a list generator of Argo CD has them.
func (s *Set) elements() []*yaml.Node {
	if s.Live() {
		return requests(s.providers[0].values)
	}
	return s.inputs
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
