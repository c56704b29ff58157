package flux

import (
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A Ref names an object as references of Flux do. Namespace is empty where neither
// the reference nor the object that holds it says one.
type Ref struct{ Kind, Namespace, Name string }

// String returns Kind namespace/name, for findings.
func (r Ref) String() string {
	return r.Kind + " " + strings.TrimPrefix(r.Namespace+"/"+r.Name, "/")
}

// refAt reads the reference at n. A reference without a namespace means that of the
// object which holds it.
func refAt(n *yaml.Node, namespace string) Ref {
	r := Ref{node.Text(n, "kind"), node.Text(n, "namespace"), node.Text(n, "name")}
	if r.Namespace == "" {
		r.Namespace = namespace
	}
	return r
}

// Group returns the API group of an apiVersion.
func Group(apiVersion string) string {
	group, _, _ := strings.Cut(apiVersion, "/")
	return group
}

// Ours tells whether apiVersion belongs to Flux or to its operator.
func Ours(apiVersion string) bool {
	group := Group(apiVersion)
	return strings.HasSuffix(group, ".fluxcd.io") || group == OperatorGroup
}

// OperatorGroup is the API group of flux-operator.
const OperatorGroup = "fluxcd.controlplane.io"

// Current returns the kind as Flux 2.9 serves it, for every API version that
// repositories still hold; ok is false for kinds that no conversion takes.
func Current(apiVersion, kind string) (current struct{ APIVersion, Kind string }, ok bool) {
	for _, k := range readable() {
		if k.Name == kind && Group(k.APIVersion) == Group(apiVersion) {
			return struct{ APIVersion, Kind string }{k.APIVersion, k.Name}, true
		}
	}
	return current, false
}
