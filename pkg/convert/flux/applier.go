package flux

import (
	"crypto/sha256"
	"fmt"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// An Applier is an object that deploys: a Kustomization or a HelmRelease.
type Applier struct {
	Root *yaml.Node
	Ref
}

// ReadApplier returns the Applier at root. namespace stands in where the object
// names none.
func ReadApplier(root *yaml.Node, namespace string) *Applier {
	return &Applier{Root: root, Ref: ObjectRef(root, namespace)}
}

// ObjectRef returns the reference that leads to the object at root.
func ObjectRef(root *yaml.Node, namespace string) Ref {
	r := Ref{node.Text(root, "kind"), node.Text(root, "metadata", "namespace"), node.Text(root, "metadata", "name")}
	if r.Namespace == "" {
		r.Namespace = namespace
	}
	return r
}

// ID is the object as ledger entries name it.
func (a *Applier) ID() ledger.Object {
	return ledger.Object{
		APIVersion: node.Text(a.Root, "apiVersion"), Kind: a.Kind,
		Namespace: node.Text(a.Root, "metadata", "namespace"), Name: a.Name,
	}
}

// Release tells whether it is a HelmRelease.
func (a *Applier) Release() bool { return a.Kind == HelmRelease.Name }

// Spec returns the node below spec, or nil.
func (a *Applier) Spec(keys ...string) *yaml.Node { return node.At(node.Get(a.Root, "spec"), keys...) }

// Source returns the reference to the source, or to the HelmChart between
// (kustomize-controller and helm-controller API docs: sourceRef, chartRef, chart).
func (a *Applier) Source() Ref {
	switch {
	case !a.Release():
		return refAt(a.Spec("sourceRef"), a.Namespace)
	case !node.Null(a.Spec("chartRef")):
		return refAt(a.Spec("chartRef"), a.Namespace)
	default:
		return refAt(a.Spec("chart", "spec", "sourceRef"), a.Namespace)
	}
}

// SourcePath is the field that Source reads.
func (a *Applier) SourcePath() string {
	switch {
	case !a.Release():
		return "spec.sourceRef"
	case !node.Null(a.Spec("chartRef")):
		return "spec.chartRef"
	default:
		return "spec.chart.spec.sourceRef"
	}
}

// Path returns spec.path of a Kustomization.
func (a *Applier) Path() string { return node.Text(a.Root, "spec", "path") }

// Components returns spec.components of a Kustomization.
func (a *Applier) Components() (components []string) {
	for _, item := range node.Items(a.Root, "spec", "components") {
		components = append(components, item.Value)
	}
	return components
}

// DependsOn returns what must be ready before; dependencies are of the same kind.
func (a *Applier) DependsOn() (refs []Ref) {
	for _, item := range node.Items(a.Root, "spec", "dependsOn") {
		r := refAt(item, a.Namespace)
		r.Kind = a.Kind
		refs = append(refs, r)
	}
	return refs
}

// ValueMaps returns the ConfigMaps that a release takes values from.
func (a *Applier) ValueMaps() (refs []Ref) {
	for _, item := range node.Items(a.Root, "spec", "valuesFrom") {
		if node.Text(item, "kind") == object.ConfigMap.Name {
			refs = append(refs, Ref{object.ConfigMap.Name, a.Namespace, node.Text(item, "name")})
		}
	}
	return refs
}

// Suspended tells whether nothing is reconciled.
func (a *Applier) Suspended() bool { return node.True(a.Root, "spec", "suspend") }

// TargetNamespace returns spec.targetNamespace.
func (a *Applier) TargetNamespace() string { return node.Text(a.Root, "spec", "targetNamespace") }

// ReleaseNamespace is where Helm installs the release (helm-controller
// api/v2/helmrelease_types.go GetReleaseNamespace).
func (a *Applier) ReleaseNamespace() string {
	if ns := a.TargetNamespace(); ns != "" {
		return ns
	}
	return a.Namespace
}

// ReleaseName is Helm's name of the release (helm-controller
// api/v2/helmrelease_types.go GetReleaseName; internal/release/name.go ShortenName).
func (a *Applier) ReleaseName() string {
	name := node.Text(a.Root, "spec", "releaseName")
	if name == "" {
		name = a.Name
		if ns := a.TargetNamespace(); ns != "" {
			name = ns + "-" + name
		}
	}
	if len(name) <= MaxRelease {
		return name
	}
	const digits = 12
	sum := fmt.Sprintf("%x", sha256.Sum256([]byte(name)))
	return name[:MaxRelease-digits-1] + "-" + sum[:digits]
}
