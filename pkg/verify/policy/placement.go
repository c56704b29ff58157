package policy

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

const manifestsSay = "as the manifests say"

// argoPlacement: the destination's namespace is given to namespaced objects that name
// none (Argo CD controller/state.go NormalizeTargetObjects); kustomize.namespace moves
// all (util/kustomize/kustomize.go).
func argoPlacement(u *unit) []aspect {
	name, path := u.app.DestinationNamespace(), "spec.destination.namespace"
	if moved := node.Text(u.source.Node, "kustomize", "namespace"); moved != "" {
		return []aspect{u.moved(u.source.At+".kustomize.namespace", moved)}
	}
	rendered := node.Text(u.source.Node, "helm", "namespace")
	switch {
	case rendered != "" && rendered != name && u.source.Renderer == argocd.Helm:
		return []aspect{u.says(u.source.At+".helm.namespace", "rendered for "+rendered+", deployed to "+orElse(name, "no namespace"),
			"renders the chart for namespace "+rendered+" and deploys it to "+orElse(name, "no namespace"), "")}
	case name == "":
		return []aspect{u.unplaced(path)}
	default:
		return []aspect{u.fills(path, name)}
	}
}

func (u *unit) moved(path, name string) aspect {
	return u.says(path, "all moved to "+name, "moves every object to namespace "+name+", whatever namespace it names",
		"An object that belongs in another namespace, such as monitoring, is deployed to "+name+" there, and RoleBindings change their subjects.")
}

func (u *unit) fills(path, name string) aspect {
	return u.says(path, "none becomes "+name, "puts objects that name no namespace into "+name, "")
}

func (u *unit) unplaced(path string) aspect {
	a := u.says(path, manifestsSay, "leaves every object in the namespace that it names and refuses those that name none", "")
	return a.open(ByContent, "Whether every manifest names its namespace is decided by the content of the repository: compare what both sides render.",
		"none becomes *", "none or default becomes *", "all moved to *")
}

// fluxPlacement: targetNamespace of a Kustomization overrides every namespace (kustomize
// api/filters/namespace), that of a release fills empty ones (helm-controller
// api/v2/helmrelease_types.go GetReleaseNamespace).
func fluxPlacement(u *unit) []aspect {
	switch name := u.filled(); {
	case u.applier.Release() && u.applier.ReleaseNamespace() == "":
		return []aspect{u.says("metadata.namespace", "", "", "").unknown(BySource, "Neither the HelmRelease nor its targetNamespace names a namespace: pass --namespace, or what a kustomization gives it.")}
	case u.applier.Release():
		return []aspect{u.fills("spec.targetNamespace", u.applier.ReleaseNamespace())}
	case u.applier.TargetNamespace() != "":
		return []aspect{u.moved("spec.targetNamespace", u.applier.TargetNamespace())}
	case name != "":
		a := u.says("spec.patches", "none or default becomes "+name, "puts objects that name no namespace, or default, into "+name, "")
		return []aspect{a.open(ByContent, "A patch fills empty namespaces with "+name+", and takes an explicit \"default\" for none where it was not seen: whether a manifest names it is decided by the content of the repository.",
			"none becomes "+name)}
	default:
		return []aspect{u.unplaced("spec.targetNamespace")}
	}
}
