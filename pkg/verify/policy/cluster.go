package policy

import (
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/redact"
)

// argoCluster: without server and name it is Argo CD's own (Argo CD util/argo
// GetDestinationCluster).
func argoCluster(u *unit) []aspect {
	server, name := node.Text(u.spec("destination"), "server"), node.Text(u.spec("destination"), "name")
	switch {
	case strings.TrimSuffix(server, "/") == argocd.InCluster || name == argocd.InClusterName || server == "" && name == "":
		return []aspect{u.ownCluster("spec.destination.server")}
	case name != "" && u.server(name) == argocd.InCluster:
		return []aspect{u.ownCluster("spec.destination.name")}
	case name != "":
		return []aspect{u.remoteCluster("spec.destination.name", name)}
	default:
		return []aspect{u.remoteCluster("spec.destination.server", redact.Text(server))}
	}
}

// server is the address of a cluster by the name in its Secret; empty where the input has none.
func (u *unit) server(name string) string {
	for _, o := range u.of.Side.Objects.Kind("Secret") {
		if !appset.IsCluster(o.Root) {
			continue
		}
		if c, err := appset.ReadCluster(o.Root); err == nil && c.Name == name {
			return strings.TrimSuffix(c.Server, "/")
		}
	}
	return ""
}

func (u *unit) ownCluster(path string) aspect {
	return u.says(path, "its own", "deploys to the cluster that it runs in", "Look for the workload in that cluster.")
}

func (u *unit) remoteCluster(path, name string) aspect {
	a := u.says(path, "cluster "+name, "deploys to another cluster, "+name, "Look for the workload in that cluster.")
	return a.open(ByCluster, "Whether "+name+" leads to the same cluster as the other side is decided by Secrets: compare the server of the cluster Secret with that of the kubeconfig.", "cluster *")
}

// fluxCluster: without a kubeconfig it is Flux's own (kustomize-controller docs,
// Remote clusters).
func fluxCluster(u *unit) []aspect {
	for _, ref := range []string{"secretRef", "configMapRef"} {
		if name := node.Text(u.spec("kubeConfig"), ref, "name"); name != "" {
			kind := map[string]string{"secretRef": "Secret", "configMapRef": "ConfigMap"}[ref]
			r := flux.Ref{Kind: kind, Namespace: u.Namespace, Name: name}
			return []aspect{u.remoteCluster("spec.kubeConfig."+ref+".name", "of "+r.String())}
		}
	}
	return []aspect{u.ownCluster("spec.kubeConfig")}
}
