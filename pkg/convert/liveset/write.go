package liveset

import (
	"fmt"
	"slices"

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

// ownInputs are what lists say, or nil.
func (s *Set) ownInputs() (inputs *yaml.Node) {
	for _, f := range s.factors {
		for _, in := range f.inputs {
			if inputs == nil {
				inputs = node.List()
			}
			inputs.Content = append(inputs.Content, node.Clone(in))
		}
	}
	return inputs
}

// Write returns the ResourceSet, behind its providers, of what the Application with marks
// became, and of what each of the samples became. It renames the former: two
// ApplicationSets must not own one source.
func (s *Set) Write(became []*object.Object, samples [][]*object.Object, namespace string) []*object.Object {
	name := s.name()
	set := object.New(resourceSet, namespace, name)
	set.Owner = node.Text(s.Root, "metadata", "namespace") + "/" + name
	all := s.writeProviders(set)
	if inputs := s.ownInputs(); inputs != nil {
		s.deriveClusters(inputs.Content, became, samples)
		set.Set(inputs, "spec", "inputs")
	}
	if s.permuted() {
		// One that gives nothing leaves nothing to combine, as in Argo CD; and the
		// ResourceSet itself is one (internal/inputs/combine.go of flux-operator v0.59).
		if set.Get("spec", "inputs") == nil {
			set.Set(node.List(node.Map("each", "once")), "spec", "inputs")
		}
		set.Set(node.Map("name", "Permute", "includeEmptyProviders", node.Bool(true)), "spec", "inputStrategy")
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
	if len(made) == 0 || s.Marks(made[0]) || len(samples) != len(s.samples) {
		return
	}
	secrets := make([]string, len(inputs))
	for i, objects := range samples {
		own, k := clusterSecrets(objects), s.samples[i].own
		if len(own) == 0 || node.Get(inputs[k], derived) != nil || secrets[k] != "" && secrets[k] != own[0].Value {
			return
		}
		secrets[k] = own[0].Value
	}
	if slices.Max(secrets) == slices.Min(secrets) && secrets[0] == made[0].Value {
		return // it depends on no element
	}
	var below []string
	for i, secret := range secrets {
		node.Put(inputs[i], derived, node.String(secret))
	}
	for _, f := range s.factors {
		if len(f.inputs) > 0 {
			below = s.below(f)
		}
	}
	s.deriveSamples(below, secrets)
	target := input(append(slices.Clone(below), derived))
	s.marks = append(s.marks, mark{text: made[0].Value, source: opening + " " + target + " " + closing, target: target})
}

// deriveSamples adds the input to the samples, too.
func (s *Set) deriveSamples(below, secrets []string) {
	for _, one := range s.samples {
		node.Put(node.At(one.inputs, below...), derived, node.String(secrets[one.own]))
	}
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
