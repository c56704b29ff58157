package mapping

import (
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// keepPatch makes Helm leave an object behind (helm.sh/docs, "Tell Helm not to
// uninstall a resource").
const keepPatch = `apiVersion: v1
kind: any
metadata:
  name: any
  annotations:
    helm.sh/resource-policy: keep
`

// forwardDeletion: deleting an Application deletes what it deployed only with the
// resources finalizer (types.go CascadedDeletion).
func forwardDeletion(c *Cell) {
	cascades := c.unit.cascades()
	var to []Target
	leaves := false
	for _, p := range c.unit.works() {
		switch {
		case p.kustomization() != nil && cascades:
			to = append(to, c.set(p.Work, "spec.deletionPolicy", node.String("WaitForTermination")))
		case p.kustomization() != nil:
			to = append(to, c.set(p.Work, "spec.deletionPolicy", node.String("Orphan")))
		case cascades:
			to = append(to, c.set(p.Work, "spec.uninstall.deletionPropagation", node.String(propagation(c.app()))))
		case c.unit.keepsRelease():
			to = append(to, c.add(p.Work, "spec.postRenderers", node.Map("kustomize",
				node.Map("patches", node.List(node.Map("patch", keepPatch, "target", node.Map("kind", ".*")))))))
		default:
			leaves = true
		}
	}
	c.deletionVerdicts(cascades, leaves, to)
}

func (c *Cell) deletionVerdicts(cascades, leaves bool, to []Target) {
	for _, l := range c.leaves {
		switch {
		case strings.HasPrefix(l.Node.Value, argocd.PostDeleteFinalizer), strings.HasPrefix(l.Node.Value, argocd.PreDeleteFinalizer):
			c.claim(l, approximate("set by Argo CD for its delete hooks, which Flux does not have"))
		case !strings.HasPrefix(l.Node.Value, argocd.ResourcesFinalizer):
			c.claim(l, unsupported("a finalizer of another controller; dropped"))
		default:
			c.claim(l, c.finalizer(cascades, leaves, to))
		}
	}
	switch {
	case cascades || c.app().Cascades():
	case leaves:
		c.absent("metadata.finalizers", approximate("no finalizer: Argo CD leaves all resources, deleting the HelmRelease uninstalls them; suspend it first", to...).as("deletion-uninstalls"))
	default:
		c.absent("metadata.finalizers", equivalentTo("resources are kept when the Flux object is deleted (no finalizer on the Application)", to))
	}
}

// finalizer says how well the resources finalizer crosses. A Kustomization deletes in the
// background and waits until its timeout (kustomize-controller finalize), Argo CD in the
// foreground by default and without a limit; a release has both propagations
// (helm-controller internal/action/uninstall.go).
func (c *Cell) finalizer(cascades, leaves bool, to []Target) Verdict {
	releases := len(c.releases()) == len(c.unit.works())
	switch {
	case cascades && releases:
		return equivalent("deleting the HelmRelease uninstalls it, with the same propagation", to...)
	case cascades:
		return approximate("both keep CRDs, but Flux deletes in the background and waits for "+workTimeout+" at most, Argo CD without a limit", to...)
	case c.app().SyncOption("Delete=confirm") || leaves:
		return approximate("the sync option Delete wins over the finalizer", to...)
	default:
		return implied("the sync option Delete=false wins over the finalizer")
	}
}

// resumable weakens what is promised of the deletion of an object that is suspended: it
// leaves all that was deployed until somebody resumes it (kustomize-controller
// finalizerShouldDeleteResources; helm-controller reconcileDelete).
func (u *Unit) resumable(p *Part) {
	if !u.cascades() || !node.True(p.Work.Root, "spec", "suspend") {
		return
	}
	for i := range u.leaves {
		if v := &u.leaves[i].verdict; v.ID == "deletion" && v.Fidelity == ledger.Equivalent {
			v.Fidelity, v.Note = ledger.Approximate, "its deletion leaves all as long as the object is suspended, and deletes it once it is resumed"
		}
	}
}

func propagation(a *argocd.App) string {
	for _, item := range node.Items(a.Root, "metadata", "finalizers") {
		if strings.HasSuffix(item.Value, "/background") {
			return "background"
		}
	}
	return "foreground"
}
