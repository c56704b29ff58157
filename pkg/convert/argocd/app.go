// Package argocd reads Argo CD objects: what an Application says, in the terms of
// Argo CD's own API (pkg/apis/application/v1alpha1/types.go, v3.6.1).
package argocd

import (
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// APIVersion of all Argo CD kinds.
const APIVersion = "argoproj.io/v1alpha1"

// InCluster is the server of the cluster that Argo CD runs in.
const InCluster = "https://kubernetes.default.svc"

// InClusterName is the name of the same cluster.
const InClusterName = "in-cluster"

// An App is an Application.
type App struct {
	Root      *yaml.Node
	Name      string
	Namespace string
	Project   string
	// Instance is the name that Argo CD renders with: NAMESPACE_NAME outside of its own
	// namespace (types.go InstanceName); empty means Name.
	Instance string
	Sources  []*Source
	// Multi tells that spec.sources is in use.
	Multi bool
	// Local tells that a cluster Secret makes the destination Argo CD's own cluster.
	Local bool
}

// Read returns the Application at root. It never fails: what is missing or wrong
// is left empty, see Missing.
func Read(root *yaml.Node) *App {
	a := &App{
		Root:      root,
		Name:      node.Text(root, "metadata", "name"),
		Namespace: node.Text(root, "metadata", "namespace"),
		Project:   node.Text(root, "spec", "project"),
	}
	spec := node.Get(root, "spec")
	switch {
	case len(node.Items(spec, "sources")) > 0:
		a.Multi = true
		for i, item := range node.Items(spec, "sources") {
			a.Sources = append(a.Sources, readSource(item, ledger.Index("spec.sources", i), i))
		}
	case !node.Null(node.Get(spec, "sourceHydrator")):
		a.Sources = []*Source{hydratedSource(node.Get(spec, "sourceHydrator"))}
	case !node.Null(node.Get(spec, "source")):
		a.Sources = []*Source{readSource(node.Get(spec, "source"), "spec.source", -1)}
	}
	return a
}

// ID is the Application as ledger entries name it.
func (a *App) ID() ledger.Object {
	return ledger.Object{APIVersion: APIVersion, Kind: "Application", Namespace: a.Namespace, Name: a.Name}
}

// Spec returns the node below spec, or nil.
func (a *App) Spec(keys ...string) *yaml.Node { return node.At(node.Get(a.Root, "spec"), keys...) }

// DestinationNamespace returns spec.destination.namespace.
func (a *App) DestinationNamespace() string { return node.Text(a.Spec("destination"), "namespace") }

// Cluster returns the destination: one of the two is empty.
func (a *App) Cluster() (name, server string) {
	return node.Text(a.Spec("destination"), "name"), node.Text(a.Spec("destination"), "server")
}

// InCluster tells whether the destination is the cluster that Argo CD runs in.
func (a *App) InCluster() bool {
	name, server := a.Cluster()
	return a.Local || strings.TrimSuffix(server, "/") == InCluster || server == "" && (name == InClusterName || name == "")
}

// Annotation returns an annotation of the Application, or "".
func (a *App) Annotation(key string) string {
	return node.Text(node.At(a.Root, "metadata", "annotations"), key)
}

// Automated tells whether Argo CD syncs by itself: syncPolicy.automated is set and
// not disabled (types.go IsAutomatedSyncEnabled).
func (a *App) Automated() bool {
	automated := a.Spec("syncPolicy", "automated")
	enabled := node.Get(automated, "enabled")
	return !node.Null(automated) && (node.Null(enabled) || node.True(enabled))
}

// Prune tells whether an automated sync deletes what left the source.
func (a *App) Prune() bool {
	return a.Automated() && node.True(a.Spec("syncPolicy", "automated"), "prune")
}

// SyncOption tells whether the list of sync options holds option, as NAME=VALUE.
func (a *App) SyncOption(option string) bool {
	for _, item := range node.Items(a.Spec("syncPolicy"), "syncOptions") {
		if item.Value == option {
			return true
		}
	}
	return false
}

// Finalizers of Applications (types.go).
const (
	ResourcesFinalizer  = "resources-finalizer.argocd.argoproj.io"
	PostDeleteFinalizer = "post-delete-finalizer.argocd.argoproj.io"
	PreDeleteFinalizer  = "pre-delete-finalizer.argocd.argoproj.io"
)

// Cascades tells whether deleting the Application deletes what it deployed.
func (a *App) Cascades() bool {
	for _, item := range node.Items(a.Root, "metadata", "finalizers") {
		switch item.Value {
		case ResourcesFinalizer, ResourcesFinalizer + "/foreground", ResourcesFinalizer + "/background":
			return true
		}
	}
	return false
}
