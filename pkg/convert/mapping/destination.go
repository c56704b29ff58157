package mapping

import (
	"fmt"
	"slices"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/credential"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/secret"
)

func destinationRows() []Row {
	return []Row{
		{
			ID: "destination-cluster", Argo: []string{"spec.destination.server", "spec.destination.name"},
			Back: backCluster, BackAlways: true,
			Flux:    append(both("spec.kubeConfig.secretRef.name"), both("spec.kubeConfig.configMapRef.name")...),
			ToFlux:  Promise{Fidelity: ledger.Equivalent, Note: "Flux deploys to its own cluster unless told otherwise", Implied: true},
			ToArgo:  Promise{Fidelity: ledger.Approximate, Note: "needs a cluster Secret made of the kubeconfig"},
			Forward: forwardCluster,
		},
		{
			ID: "destination-namespace", Argo: []string{"spec.destination.namespace"},
			Back: backDestinationNamespace, BackAlways: true,
			Flux:    []string{"HelmRelease:spec.targetNamespace"},
			Writes:  []string{"HelmRelease:spec.storageNamespace", "Kustomization:spec.patches[].patch"},
			ToFlux:  Promise{Fidelity: ledger.Exact},
			ToArgo:  Promise{Fidelity: ledger.Exact},
			Forward: forwardDestinationNamespace, Always: true,
		},
		{
			ID: "project", Argo: []string{"spec.project"},
			Flux: append(both("spec.serviceAccountName"), "Kustomization:spec.serviceAccount.name", "Kustomization:spec.serviceAccount.namespace"),
			Back: backProject, BackAlways: true,
			ToFlux:  Promise{Fidelity: ledger.Equivalent, Note: "no limits in either tool", Implied: true},
			ToArgo:  Promise{Fidelity: ledger.Approximate, Note: "becomes an AppProject of the rights that RBAC of the input gives the account; without such, project default, which limits nothing"},
			Forward: forwardProject, Always: true,
		},
	}
}

// forwardCluster names the kubeconfig Secret of another cluster (kustomize-controller
// docs, KubeConfig; Argo CD util/db/cluster.go).
func forwardCluster(c *Cell) {
	if !c.unit.remote() {
		c.keep()
		return
	}
	name, server := c.app().Cluster()
	ref := c.unit.Settings.Credentials.Cluster(name, server, c.unit.place())
	if ref.From == "" {
		c.unit.absentCluster(ref)
	}
	var to []Target
	for _, p := range c.unit.works() {
		to = append(to, c.set(p.Work, "spec.kubeConfig.secretRef.name", node.String(ref.Secret)))
	}
	for _, l := range c.leaves {
		if node.Null(l.Node) || l.Node.Value == "" {
			c.claim(l, implied("empty"))
			continue
		}
		c.claim(l, clusterVerdict(ref, to))
	}
}

// clusterVerdict says where the kubeconfig comes from.
func clusterVerdict(ref credential.ClusterRef, to []Target) Verdict {
	switch {
	case ref.From == "":
		return absentVerdict(ref.Secret, to)
	case ref.Lost:
		return approximate(fmt.Sprintf("another cluster: Secret %q has no identity that Flux can use, see the findings about Secret %q, of which it is made", ref.Secret, ref.From), to...).as("remote-cluster")
	default:
		return equivalent(fmt.Sprintf("its kubeconfig is made of Secret %q", ref.From), to...)
	}
}

func absentVerdict(secret string, to []Target) Verdict {
	return approximate(fmt.Sprintf("another cluster: put its kubeconfig in Secret %q, key value, beside this object", secret), to...).as("remote-cluster")
}

// absentCluster keeps that the unit needs the kubeconfig of a cluster that the input lacks:
// a Secret that nothing writes, and that has a name all the same.
func (u *Unit) absentCluster(ref credential.ClusterRef) {
	u.kubeconfig = object.New(secret.Kind, u.place(), ref.Secret)
	u.kubeconfig.Owner, u.kubeconfig.Names = ref.Of, ref.Names
}

// NameCluster gives the kubeconfig of a cluster that the input lacks a name that no other
// cluster has.
func (u *Unit) NameCluster(r *object.Registry) {
	if u.kubeconfig == nil || u.restored != nil {
		return
	}
	was := u.kubeconfig.Name()
	r.Place(u.kubeconfig)
	for _, o := range u.Objects() {
		if n := o.Get("spec", "kubeConfig", "secretRef", "name"); n != nil && n.Value == was {
			n.Value = u.kubeconfig.Name()
		}
	}
	for i := range u.leaves {
		if v := &u.leaves[i].verdict; v.ID == "remote-cluster" {
			*v = absentVerdict(u.kubeconfig.Name(), v.To)
		}
	}
}

// forwardDestinationNamespace fills empty namespaces only: targetNamespace of a
// Kustomization would move every object (Argo CD controller/state.go
// NormalizeTargetObjects; fluxcd/pkg kustomize). Where a namespaced object has none,
// both deploy nothing at all (controller/state.go and sync.go, InvalidSpecError; fluxcd/pkg
// ssa/errors).
func forwardDestinationNamespace(c *Cell) {
	namespace := c.app().DestinationNamespace()
	var to []Target
	fills, wins := 0, 0
	for _, p := range c.unit.works() {
		if r := p.release(); r != nil {
			// Helm's own storage is beside the release: releases of one name in two
			// namespaces would take each other for their past (HelmRelease
			// GetStorageNamespace).
			target := node.String(releaseNamespace(c.app(), p.Source))
			to = append(to, c.set(r, "spec.targetNamespace", target))
			c.set(r, "spec.storageNamespace", node.Clone(target))
			continue
		}
		if p.onlyChildren() || node.Text(p.Source.Node, "kustomize", "namespace") != "" || p.Scan != nil && p.Scan.Namespace != "" {
			wins++
			continue
		}
		if namespace != "" {
			fills++
			to = append(to, c.fill(p, namespace)...)
		}
	}
	switch {
	case namespace == "" && wins == len(c.unit.works()):
		c.about("spec.destination.namespace", implied(everyNamespace(c.unit)))
	case namespace == "" && len(to) > 0:
		c.about("spec.destination.namespace", approximate("no destination namespace: the release goes to \"default\"", to...).as("no-destination-namespace"))
	case namespace == "":
		c.about("spec.destination.namespace", implied("no destination namespace: either tool refuses namespaced objects that name none").as("no-destination-namespace"))
	case fills > 0:
		c.say(approximate(fillNote(c.unit, namespace), to...).as("namespace-fill"))
	case len(to) > 0 && c.splitRelease():
		c.say(approximate("helm.namespace names the release's namespace", to...).as("helm-namespace-split"))
	case len(to) > 0:
		c.keep(to...)
	default:
		c.say(implied(everyNamespace(c.unit)))
	}
}

func everyNamespace(u *Unit) string {
	if slices.ContainsFunc(u.works(), (*Part).onlyChildren) {
		return "converted children name their namespaces"
	}
	return "the kustomization sets every namespace"
}

// splitRelease tells whether a chart renders for another namespace than it is
// deployed to.
func (c *Cell) splitRelease() bool {
	for _, p := range c.unit.works() {
		if p.release() != nil && releaseNamespace(c.app(), p.Source) != c.app().DestinationNamespace() {
			return true
		}
	}
	return false
}

func releaseNamespace(a *argocd.App, s *argocd.Source) string {
	if ns := node.Text(s.Node, "helm", "namespace"); ns != "" {
		return ns
	}
	if ns := a.DestinationNamespace(); ns != "" {
		return ns
	}
	return "default"
}

// forwardProject names the ServiceAccount that has the rights of the project. What Argo CD
// refuses to sync is suspended (util/argo/argo.go ValidatePermissions).
func forwardProject(c *Cell) {
	c.projectLimits()
	name, settings := c.unit.project(), c.unit.Settings
	var to []Target
	if account := settings.account(name); account != "" && !c.unit.remote() {
		for _, p := range c.unit.works() {
			to = append(to, c.set(p.Work, "spec.serviceAccountName", node.String(account)))
		}
	}
	if settings.Forbidden != nil {
		if why := settings.Forbidden(c.app()); why != "" {
			v := blocking(fmt.Sprintf("Argo CD refuses the Application, as AppProject %q does not permit %s: change one of the two", name, why)).as("project-forbidden")
			v.To = to
			c.about("spec.project", v)
			return
		}
	}
	switch {
	case len(to) > 0:
		c.about("spec.project", approximate("applied with the rights of a ServiceAccount, which are those that RBAC can give of the project: what it deploys outside of the bound namespaces needs more RoleBindings", to...).as("project-tenant"))
	case name == argocd.DefaultProject && !argocd.Limited(settings.AppProjects[name]):
		c.keep()
	default:
		c.about("spec.project", approximate(fmt.Sprintf("the limits of AppProject %q do not cross: bind a ServiceAccount and set serviceAccountName", name)).as("project-limits"))
	}
}

func (s *Settings) account(project string) string {
	if s.Account == nil {
		return ""
	}
	return s.Account(project)
}
