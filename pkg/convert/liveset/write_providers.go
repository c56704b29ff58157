package liveset

import (
	"errors"
	"fmt"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// maxFound bounds what a provider takes; Argo CD has no bound, and flux-operator would
// take 100. It takes as many combinations (fluxoperator.dev/docs/crd/resourceset).
const maxFound = 10_000

// writeProviders writes the providers, behind what these look at, and lets the ResourceSet
// name them.
func (s *Set) writeProviders(set *object.Object) (all []*object.Object) {
	from := node.List()
	for _, f := range s.factors {
		for i, p := range f.providers {
			o := object.New(inputProvider, set.Namespace(), s.providerName(f, i))
			o.Owner, p.written = set.Owner, o
			if p.found != nil {
				all = append(all, p.found.write(set, i == 0)...)
				p.writeFound(o)
			} else {
				o.Set(node.String(duration(p.seconds)), "metadata", "annotations", flux.OperatorGroup+"/reconcileEvery")
				p.write(o)
			}
			all = append(all, o)
			from.Content = append(from.Content, node.Map("apiVersion", apiVersion, "kind", inputProvider.Name, "name", o.NameNode()))
		}
	}
	if s.Live() {
		set.Set(from, "spec", "inputsFrom")
	}
	return all
}

func (s *Set) providerName(f *factor, i int) string {
	switch {
	case f.providers[i].found != nil:
		return f.providers[i].found.name
	case s.permuted():
		return s.giver(f)
	}
	return s.name() + numbered(i)
}

// numbered is the end of a name of which there are several; before counts those before.
func numbered(before int) string {
	if before == 0 {
		return ""
	}
	return fmt.Sprintf("-%d", before+1)
}

func (p *provider) write(o *object.Object) {
	o.Set(node.String(p.kind), "spec", "type")
	o.Set(node.String(p.url), "spec", "url")
	o.Set(node.Int(maxFound), "spec", "filter", "limit")
	if p.includeBranch != "" {
		o.Set(node.String(p.includeBranch), "spec", "filter", "includeBranch")
	}
	if !node.Empty(p.labels) {
		o.Set(node.Clone(p.labels), "spec", "filter", "labels")
	}
	if p.secret != "" {
		o.Set(node.String(p.secret), "spec", "secretRef", "name")
	}
	if !node.Empty(p.values) {
		o.Set(node.Clone(p.values), "spec", "defaultValues", "values")
	}
}

// foundType is the type of a provider that finds directories.
const foundType = "ExternalArtifact"

// partOf is the label by which a provider finds what an ArtifactGenerator made.
const partOf = "app.kubernetes.io/part-of"

func (p *provider) writeFound(o *object.Object) {
	o.Set(node.String(foundType), "spec", "type")
	o.Set(node.Int(maxFound), "spec", "filter", "limit")
	o.Set(node.List(node.Map("matchLabels", node.Map(partOf, node.String(p.found.name)))), "spec", "selectors")
	for _, g := range p.found.segments {
		if g.fixed != "" {
			o.Set(node.String(g.fixed), "spec", "defaultValues", g.input)
		}
	}
	if !node.Empty(p.values) {
		o.Set(node.Clone(p.values), "spec", "defaultValues", "values")
	}
	if !node.Empty(p.element) {
		o.Set(node.Clone(p.element), "spec", "defaultValues", elementInput)
	}
}

// alias is what an ArtifactGenerator calls the repository.
const alias = "@repository/"

// write returns the ArtifactGenerator of a pattern, behind the repository if it is the
// first of it.
func (p *pattern) write(set *object.Object, first bool) (all []*object.Object) {
	repository := p.of.repository
	if first {
		repository.Rename(p.name)
		repository.Owner, repository.Names, repository.Shared = set.Owner, nil, false
		repository.Set(node.String(duration(p.of.seconds)), "spec", "interval")
		repository.Set(node.String(strings.Join(p.of.ignore, "\n")+"\n"), "spec", "ignore")
		all = append(all, repository)
	}
	o := object.New(flux.ArtifactGenerator, set.Namespace(), p.name)
	o.Owner, p.written = set.Owner, o
	source := node.Map("alias", strings.Trim(alias, "@/"), "kind", flux.GitRepository.Name, "name", repository.NameNode())
	if repository.Namespace() != set.Namespace() {
		node.Put(source, "namespace", node.String(repository.Namespace()))
	}
	o.Set(node.List(source), "spec", "sources")
	where := alias + p.text(inBraces)
	var labels []string
	for _, g := range p.segments {
		if g.open() {
			labels = append(labels, inBraces(g))
		}
	}
	o.Set(node.String(where), "spec", "pathPattern")
	o.Set(node.String(p.name), "spec", "commonMetadata", "labels", partOf)
	o.Set(node.List(node.Map("name", p.artifact(labels),
		"copy", node.List(node.Map("from", node.String(where+"/**"), "to", node.String("@artifact/"))))), "spec", "artifacts")
	return append(all, o)
}

func inBraces(g segment) string { return "{" + g.input + "}" }

// Repository takes the GitRepository that the Application of the directories became, and
// what its fields became.
func (d *Directories) Repository(became []*object.Object, entries []ledger.Entry) error {
	for _, o := range became {
		if o.Kind == flux.GitRepository {
			d.repository, d.entries = o, entries
			return nil
		}
	}
	return errors.New("the repository of the generator git becomes no GitRepository")
}

// trial returns the ResourceSet with the samples in the place of what providers give.
func (s *Set) trial(set *object.Object) *yaml.Node {
	root := node.Clone(set.Root)
	if !s.Live() {
		return root
	}
	spec := node.Get(root, "spec")
	node.Remove(spec, "inputsFrom")
	node.Remove(spec, "inputStrategy")
	inputs := node.List()
	for _, one := range s.samples {
		inputs.Content = append(inputs.Content, node.Clone(one.inputs))
	}
	node.Put(spec, "inputs", inputs)
	if !s.permuted() {
		renumber(node.Get(spec, "resources"))
	}
	return root
}

// renumber lets expressions ask for what the samples call the number of a request.
func renumber(n *yaml.Node) {
	if strings.Contains(n.Value, opening) {
		n.Value = strings.ReplaceAll(n.Value, "inputs.id", "inputs."+aliasOfID)
	}
	for _, child := range n.Content {
		renumber(child)
	}
}
