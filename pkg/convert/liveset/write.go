package liveset

import (
	"fmt"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/resourceset"
)

const apiVersion = flux.OperatorGroup + "/v1"

// The kinds that are written.
var (
	resourceSet   = object.Kind{APIVersion: apiVersion, Name: resourceset.Kind}
	inputProvider = object.Kind{APIVersion: apiVersion, Name: "ResourceSetInputProvider"}
)

// pruneKey keeps the operator from deleting an object along with its inputs.
const pruneKey = flux.OperatorGroup + "/prune"

// maxRequests bounds what a provider takes; Argo CD has no bound, and flux-operator
// would take 100.
const maxRequests = 10_000

// Write returns the ResourceSet, behind its providers, of what the Application with marks
// became, and of what each of the samples became. It renames the former: two
// ApplicationSets must not own one source.
func (s *Set) Write(became []*object.Object, samples [][]*object.Object, namespace string) []*object.Object {
	name := node.Text(s.Root, "metadata", "name")
	set := object.New(resourceSet, namespace, name)
	set.Owner = node.Text(s.Root, "metadata", "namespace") + "/" + name
	all := s.writeProviders(set, name)
	if !s.Live() {
		inputs := node.List()
		for _, in := range s.inputs {
			inputs.Content = append(inputs.Content, node.Clone(in))
		}
		s.deriveClusters(inputs.Content, became, samples)
		set.Set(inputs, "spec", "inputs")
	}
	s.renameSources(became, name)
	resources := node.List()
	for _, o := range became {
		root := node.Clone(o.Root)
		s.unmark(root, false)
		if o.Kind == object.Namespace || o.Shared && !isSource(o.Kind.Name) {
			// Others may use it, too.
			(&object.Object{Root: root}).Set(node.String("disabled"), "metadata", "annotations", pruneKey)
		}
		resources.Content = append(resources.Content, root)
	}
	set.Set(resources, "spec", "resources")
	return append(all, set)
}

func (s *Set) writeProviders(set *object.Object, name string) (all []*object.Object) {
	from := node.List()
	for i, p := range s.providers {
		own := name
		if i > 0 {
			own = fmt.Sprintf("%s-%d", name, i+1)
		}
		o := object.New(inputProvider, set.Namespace(), own)
		o.Owner = set.Owner
		o.Set(node.String(p.interval()), "metadata", "annotations", flux.OperatorGroup+"/reconcileEvery")
		p.write(o)
		all = append(all, o)
		from.Content = append(from.Content, node.Map("apiVersion", apiVersion, "kind", inputProvider.Name, "name", o.NameNode()))
	}
	if s.Live() {
		set.Set(from, "spec", "inputsFrom")
	}
	return all
}

func (p *provider) write(o *object.Object) {
	o.Set(node.String(p.kind), "spec", "type")
	o.Set(node.String(p.url), "spec", "url")
	o.Set(node.Int(maxRequests), "spec", "filter", "limit")
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

// isSource tells whether objects of a kind are named by what they hold alone.
func isSource(kind string) bool {
	return kind == flux.GitRepository.Name || kind == flux.OCIRepository.Name || kind == flux.HelmRepository.Name
}

// renameSources names a source that differs between inputs as what deploys it, the others
// after the set.
func (s *Set) renameSources(became []*object.Object, set string) {
	work := set
	for _, o := range became {
		if flux.IsApplier(o.Kind.Name) {
			work = o.Name()
			break
		}
	}
	count := 0
	for _, o := range became {
		if !isSource(o.Kind.Name) {
			continue
		}
		name := work
		if !s.Marks(o.Get("spec")) {
			name = set + "-" + o.Name()
		}
		if count++; count > 1 {
			name += fmt.Sprintf("-%d", count)
		}
		o.Rename(object.Fit(name, object.MaxName))
	}
}

// derived is the input for the Secret of a cluster.
const derived = "kubeConfigSecret"

// deriveClusters adds an input for the name of a kubeconfig Secret, which is made of an
// address in a way that no template can say. Its mark is the name that was made of a mark.
func (s *Set) deriveClusters(inputs []*yaml.Node, became []*object.Object, samples [][]*object.Object) {
	made := clusterSecrets(became)
	if len(made) == 0 || s.Marks(made[0]) || len(samples) != len(inputs) {
		return
	}
	names := map[string]bool{}
	for i, objects := range samples {
		own := clusterSecrets(objects)
		if len(own) == 0 || node.Get(inputs[i], derived) != nil {
			return
		}
		names[own[0].Value] = true
	}
	if len(names) == 1 && names[made[0].Value] {
		return // it depends on no element
	}
	for i, objects := range samples {
		node.Put(inputs[i], derived, node.String(clusterSecrets(objects)[0].Value))
	}
	target := input([]string{derived})
	s.marks = append(s.marks, mark{made[0].Value, opening + " " + target + " " + closing, target})
}

// clusterSecrets are the names of the Secrets by which objects deploy to other clusters.
func clusterSecrets(objects []*object.Object) (names []*yaml.Node) {
	for _, o := range objects {
		if name := o.Get("spec", "kubeConfig", "secretRef", "name"); name != nil {
			names = append(names, name)
		}
	}
	return names
}

// trial returns the ResourceSet with the samples in the place of what providers give.
func (s *Set) trial(set *object.Object) *yaml.Node {
	root := node.Clone(set.Root)
	if !s.Live() {
		return root
	}
	spec := node.Get(root, "spec")
	node.Remove(spec, "inputsFrom")
	node.Put(spec, "inputs", node.List(exports(s.providers[0].values)...))
	renumber(node.Get(spec, "resources"))
	return root
}

// renumber lets expressions ask for what the samples call the number of a request.
func renumber(n *yaml.Node) {
	if strings.Contains(n.Value, opening) {
		n.Value = strings.ReplaceAll(n.Value, "inputs.id", "inputs.number")
	}
	for _, child := range n.Content {
		renumber(child)
	}
}
