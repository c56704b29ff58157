package flux

import (
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// A Source is an object that something is fetched by, or a HelmChart, which stands
// between a release and its source.
type Source struct {
	Ref
	Root *yaml.Node
	File string
	// Assumed tells that there is no such object in the input: the user gave its URL.
	Assumed bool
	// Secrets are those of Argo CD that what a reference of spec names has become, by the
	// reference's key.
	Secrets map[string][]*object.Object
	// Literal tells that what looks like a variable is meant as it stands.
	Literal bool
}

// Spec returns the node below spec, or nil.
func (s *Source) Spec(keys ...string) *yaml.Node { return node.At(node.Get(s.Root, "spec"), keys...) }

// URL returns spec.url.
func (s *Source) URL() string { return node.Text(s.Root, "spec", "url") }

// OCI tells whether a HelmRepository is a registry (source-controller docs,
// HelmRepository, Type).
func (s *Source) OCI() bool {
	return node.Text(s.Root, "spec", "type") == "oci" || strings.HasPrefix(s.URL(), "oci://")
}

// Chart is where a HelmRelease's chart comes from, whether the release says it
// itself or by a HelmChart: the fields of HelmChartSpec.
func (a *Applier) Chart(chart *Source) *yaml.Node {
	if chart != nil {
		return chart.Spec()
	}
	return a.Spec("chart", "spec")
}

// Needs returns the references of an object to source objects, without which it is of
// no use.
func Needs(root *yaml.Node, of Ref) (refs []Ref) {
	switch of.Kind {
	case HelmChart.Name:
		return []Ref{ChartSource(root, of)}
	case ExternalArtifact.Name, ArtifactGenerator.Name:
		for _, item := range node.Items(root, "spec", "sources") {
			refs = append(refs, refAt(item, of.Namespace))
		}
	case ImageUpdateAutomation.Name:
		return []Ref{refAt(node.At(root, "spec", "sourceRef"), of.Namespace)}
	case GitRepository.Name:
		for _, item := range node.Items(root, "spec", "include") {
			refs = append(refs, Ref{of.Kind, of.Namespace, node.Text(item, "repository", "name")})
		}
	}
	return refs
}

// ChartSource returns the reference of a HelmChart to its source.
func ChartSource(chart *yaml.Node, of Ref) Ref {
	return refAt(node.At(chart, "spec", "sourceRef"), of.Namespace)
}
