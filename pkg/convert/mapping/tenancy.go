package mapping

import (
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/table"
)

// A Tenancy is an AppProject of the input and what its Applications need of it.
type Tenancy struct {
	Root *yaml.Node
	File string
	// places are the namespaces of the Flux objects, targets those that are deployed into.
	places, targets []string
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
}

func with(all []string, one string) []string {
	if slices.Contains(all, one) {
		return all
	}
	return append(all, one)
}

// permits tells whether the project's Applications may deploy into a namespace of the own
// cluster (app_project_types.go isDestinationMatched).
func (t *Tenancy) permits(namespace string) (permitted bool) {
	for _, item := range node.Items(t.Root, "spec", "destinations") {
		server, name := node.Text(item, "server"), node.Text(item, "name")
		here := matches(server, argocd.InCluster) || matches(name, argocd.InClusterName)
		inside := matches(node.Text(item, "namespace"), namespace)
		switch {
		case here && inside:
			permitted = true
		case here && strings.HasPrefix(node.Text(item, "namespace"), "!"), inside && denies(server, argocd.InCluster), inside && denies(name, argocd.InClusterName):
			return false
		}
	}
	return permitted
}

// denies tells whether a pattern is of those that exclude, and excludes a text.
func denies(pattern, text string) bool {
	return strings.HasPrefix(pattern, "!") && !matches(pattern, text)
}

// matches tells whether a pattern of a project fits: a star matches slashes too, and "!"
// is for all but the rest (util/glob).
func matches(pattern, text string) bool {
	rest, deny := strings.CutPrefix(pattern, "!")
	flat := strings.NewReplacer("/", "\x00")
	ok, err := doublestar.Match(flat.Replace(rest), flat.Replace(text))
	return pattern != "" && err == nil && ok != deny
}

// A TenantUnit is an AppProject that became a ServiceAccount with rights.
type TenantUnit struct {
	*Tenancy
	objects []*object.Object
	to      map[string][]Target // by row
	leaves  []leaf
}

// Tenant turns an AppProject into RBAC.
func (t *Table) Tenant(of *Tenancy) *TenantUnit {
	u := &TenantUnit{Tenancy: of, to: map[string][]Target{}}
	u.write()
	u.leaves, _ = t.collect(t.flux[project.Name], of.Root)
	for i := range u.leaves {
		l := &u.leaves[i]
		switch {
		case l.Row == table.None:
			l.verdict = unknownField("Argo CD 3.6.1")
		case node.Empty(l.Node):
			l.verdict = t.emptyVerdict()
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
		Namespace: node.Text(u.Root, "metadata", "namespace"), Name: u.name()}
	return entriesOf(id, u.File, u.leaves, nil)
}

func (t *Tenancy) name() string { return node.Text(t.Root, "metadata", "name") }
