package mapping

import (
	"fmt"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// backCluster: without a kubeconfig Flux deploys to its own cluster.
func backCluster(c *BackCell) {
	kubeConfig := c.spec("kubeConfig")
	at, how := flux.Ref{Kind: "Secret", Namespace: c.applier().Namespace, Name: node.Text(kubeConfig, "secretRef", "name")}, ""
	if at.Name == "" {
		at.Kind, at.Name, how = "ConfigMap", node.Text(kubeConfig, "configMapRef", "name"), ", with awsAuthConfig or execProviderConfig"
	}
	if at.Name == "" {
		c.set("spec.destination.server", node.String(argocd.InCluster))
		return
	}
	if cluster := c.unit.Cluster; cluster != nil {
		to := c.set("spec.destination.name", node.String(node.Text(cluster.Root, "stringData", "name")))
		c.say(equivalent("the cluster of the kubeconfig, of which a cluster Secret is made", to, Target{Object: cluster, Path: "stringData.name"}))
		return
	}
	name := strings.TrimSuffix(at.Name, "-kubeconfig")
	if name == argocd.InClusterName {
		name = at.Name // the short name is that of Argo CD's own cluster
	}
	to := c.set("spec.destination.name", node.String(name))
	c.say(approximate(fmt.Sprintf("another cluster: register the one of %s in Argo CD under the name %q%s", at, name, how), to).as("remote-cluster"))
}

// backDestinationNamespace writes where a release is installed: without a target
// namespace, where the HelmRelease itself is (helm-controller
// api/v2/helmrelease_types.go GetReleaseNamespace).
func backDestinationNamespace(c *BackCell) {
	a := c.applier()
	switch namespace := a.ReleaseNamespace(); {
	case !a.Release():
		if a.TargetNamespace() == "" && !fills(a) {
			c.fillNamespace()
		}
	case namespace == "":
		c.absent("metadata.namespace", blocking("without a namespace it is unknown where the release is: pass --namespace, or convert behind kustomize, with -k or as a transformer").as("release-namespace-unknown"))
	default:
		to := c.set("spec.destination.namespace", node.String(namespace))
		if len(c.leaves) == 0 {
			c.absent("spec.targetNamespace", equivalent("the release is where the HelmRelease is", to))
			return
		}
		c.keep(to)
	}
}

// fillNamespace: both tools refuse namespaced objects that name no namespace, if
// nothing sets one (Argo CD controller/state.go; fluxcd/pkg ssa/errors).
func (c *BackCell) fillNamespace() {
	c.absent("spec.targetNamespace", implied("every object keeps the namespace that it names; either tool refuses one that names none"))
}

// backStorage: Argo CD stores no release.
func backStorage(c *BackCell) {
	c.say(approximate("Argo CD stores no release: delete the Secrets sh.helm.release.v1.* there once the move is done"))
}

// backProject: without impersonation Argo CD deploys with its own rights, in the limits of
// the project (util/settings/impersonation.go).
func backProject(c *BackCell) {
	if p := c.unit.Project; p != nil {
		to := c.set("spec.project", node.String(p.Name()))
		c.say(approximate("the rights of the ServiceAccount are the limits of an AppProject; with application.sync.impersonation.enabled Argo CD applies as the account, else with its own rights",
			to, Target{Object: p.Object, Path: "spec.destinationServiceAccounts"}).as("tenant-project"))
		return
	}
	c.set("spec.project", node.String("default"))
	note := "RBAC of the input does not bind the ServiceAccount, so nothing limits the Application: convert together with the binding, or write an AppProject"
	if !node.Null(c.spec("kubeConfig")) {
		note = "the rights of the ServiceAccount are those in the other cluster, so nothing limits the Application: write an AppProject"
	}
	c.say(approximate(note))
}
