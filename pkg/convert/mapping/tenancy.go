package mapping

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/table"
)

// A Tenancy is an AppProject of the input and what its Applications need of it.
type Tenancy struct {
	*argocd.Project
	File string
	// Account is the name of the ServiceAccounts that it becomes.
	Account string
	// places are the namespaces of the Flux objects, targets those that are deployed into.
	places, targets []string
	// releases tells that an Application may become a HelmRelease.
	releases bool
}

// Used tells whether an Application that is converted is of the project.
func (t *Tenancy) Used() bool { return len(t.places) > 0 }

// Add takes an Application of the project that deploys to the own cluster, and whose Flux
// objects go to place.
func (t *Tenancy) Add(a *argocd.App, place string) {
	t.places = with(t.places, place)
	if namespace := a.DestinationNamespace(); namespace != "" && t.permits(namespace) {
		t.targets = with(t.targets, namespace)
	}
	t.releases = t.releases || slices.ContainsFunc(a.Sources, func(s *argocd.Source) bool {
		return s.Renderer == argocd.Helm || s.Renderer == argocd.Undecided
	})
}

func with(all []string, one string) []string {
	if slices.Contains(all, one) {
		return all
	}
	return append(all, one)
}

// permits tells whether the project's Applications may deploy into a namespace of the own
// cluster.
func (t *Tenancy) permits(namespace string) bool {
	return t.PermitsDestination(argocd.InCluster, argocd.InClusterName, namespace)
}

// A TenantUnit is an AppProject that became a ServiceAccount with rights.
type TenantUnit struct {
	*Tenancy
	objects []*object.Object
	to      map[string][]Target // by row
	// said are verdicts about items of lists, by the path of the item.
	said     map[string]Verdict
	leaves   []leaf
	absences []absence
}

// Tenant turns an AppProject into RBAC.
func (t *Table) Tenant(of *Tenancy) *TenantUnit {
	u := &TenantUnit{Tenancy: of, to: map[string][]Target{}, said: map[string]Verdict{}}
	u.write()
	u.leaves, _ = t.collect(t.flux[project.Name], of.Root)
	for i := range u.leaves {
		l := &u.leaves[i]
		item, _, _ := strings.Cut(l.Path, "]")
		said, ok := u.said[item+"]"]
		switch {
		case l.Row == table.None:
			l.verdict = unknownField("Argo CD 3.6.1")
		case node.Empty(l.Node):
			l.verdict = t.emptyVerdict()
		case ok:
			l.verdict = said
		default:
			r := &t.Rows[l.Row]
			l.verdict = audit(Verdict{ID: r.ID, Promise: r.ToFlux, To: u.to[r.ID]})
		}
	}
	return u
}

// Inputs returns what the unit was read from.
func (u *TenantUnit) Inputs() []*yaml.Node { return []*yaml.Node{u.Root} }

// Objects returns what the unit writes.
func (u *TenantUnit) Objects() []*object.Object { return u.objects }

// Entries returns the ledger of the AppProject.
func (u *TenantUnit) Entries() []ledger.Entry {
	id := ledger.Object{APIVersion: node.Text(u.Root, "apiVersion"), Kind: project.Name,
		Namespace: node.Text(u.Root, "metadata", "namespace"), Name: u.Name()}
	return entriesOf(id, u.File, u.leaves, u.absences)
}
