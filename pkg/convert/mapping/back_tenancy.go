package mapping

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/rbac"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/table"
)

// A TenantProject is the AppProject that a ServiceAccount of Flux's becomes.
type TenantProject struct {
	*object.Object
	lost []string
}

// NewTenantProject makes the project of the account NAMESPACE:NAME with the given rights,
// which permits what its Applications deploy from, and nothing that RBAC does not allow
// the account. argo is Argo CD's namespace.
func NewTenantProject(argo, name, account string, rights Rights, apps []*argocd.App) *TenantProject {
	l := rights.limits()
	p := &TenantProject{object.New(project, argo, name), l.lost}
	set := func(list string, items []*yaml.Node) {
		if len(items) > 0 {
			p.Set(node.List(items...), "spec", list)
		}
	}
	p.Set(node.String("rights of ServiceAccount "+strings.Replace(account, ":", "/", 1)), "spec", "description")
	set(argocd.ClusterKinds, kindItems(l.cluster))
	set(argocd.Kinds, kindItems(l.kinds))
	if len(l.kinds) == 0 {
		// An empty list would not survive Argo CD, which then allows everything.
		set(argocd.KindsDenied, kindItems([]rbac.Kind{{Group: rbac.Any, Name: rbac.Any}}))
	}
	set("destinations", destinations(l.namespaces, apps))
	set("destinationServiceAccounts", []*yaml.Node{node.Map("defaultServiceAccount", account, "namespace", "*", "server", argocd.InCluster)})
	set("sourceNamespaces", node.Strings(sourceNamespaces(argo, apps)).Content)
	set("sourceRepos", node.Strings(sourceRepos(apps)).Content)
	return p
}

func kindItems(kinds []rbac.Kind) (items []*yaml.Node) {
	for _, k := range kinds {
		item := node.Map("group", k.Group, "kind", k.Name)
		if k.Object != "" {
			node.Put(item, "name", node.String(k.Object))
		}
		items = append(items, item)
	}
	return items
}

// destinations are the namespaces, and none where an Application says none: then each of
// its objects must be in one of the others (controller/sync.go, permissions of resources).
func destinations(namespaces []string, apps []*argocd.App) (items []*yaml.Node) {
	silent := slices.ContainsFunc(apps, func(a *argocd.App) bool { return a.DestinationNamespace() == "" })
	if silent && len(namespaces) > 0 && namespaces[0] != "*" {
		namespaces = append([]string{""}, namespaces...)
	}
	for _, namespace := range namespaces {
		items = append(items, node.Map("namespace", namespace, "server", argocd.InCluster))
	}
	return items
}

func sourceNamespaces(argo string, apps []*argocd.App) (all []string) {
	for _, a := range apps {
		if a.Namespace != argo {
			all = with(all, a.Namespace)
		}
	}
	slices.Sort(all)
	return all
}

// sourceRepos are those that the Applications deploy from, and that are no patterns.
func sourceRepos(apps []*argocd.App) (all []string) {
	for _, a := range apps {
		for _, s := range a.Sources {
			if !strings.ContainsAny(s.RepoURL, patterns+`!\`) {
				all = with(all, s.RepoURL)
			}
		}
	}
	slices.Sort(all)
	return all
}

// Outside tells what of an Application the project does not permit, or nothing.
func (p *TenantProject) Outside(a *argocd.App) []Finding {
	is := &argocd.Project{Root: p.Root}
	if is.PermitsDestination(argocd.InCluster, argocd.InClusterName, a.DestinationNamespace()) {
		return nil
	}
	v := unsupported("RBAC of the input gives the ServiceAccount no rights there, so that Argo CD refuses to sync: add the role or the binding to the input, or the destination to the AppProject").as("tenant-outside")
	v.To = []Target{{Object: p.Object, Path: "metadata.name"}}
	return []Finding{{"spec.serviceAccountName", v}}
}

// An AccessUnit is an object of RBAC that was read for AppProjects, and that stays.
type AccessUnit struct {
	Root     *yaml.Node
	File     string
	Projects []*TenantProject
	// Writes are those of the projects that are written beside the object.
	Writes []*TenantProject
}

// Inputs returns what the unit was read from.
func (u *AccessUnit) Inputs() []*yaml.Node { return []*yaml.Node{u.Root} }

// Objects returns what the unit writes.
func (u *AccessUnit) Objects() (objects []*object.Object) {
	for _, p := range u.Writes {
		objects = append(objects, p.Object)
	}
	return objects
}

// Entries returns the ledger of the object: it stays as it is, and what gives rights is in
// the projects, too.
func (u *AccessUnit) Entries() (entries []ledger.Entry) {
	id := ledger.Object{APIVersion: node.Text(u.Root, "apiVersion"), Kind: node.Text(u.Root, "kind"),
		Namespace: node.Text(u.Root, "metadata", "namespace"), Name: node.Text(u.Root, "metadata", "name")}
	for _, l := range table.NewTrie().Walk(u.Root, nil) {
		v := Verdict{ID: "tenant-kept", Promise: Promise{Fidelity: ledger.Equivalent, Note: "stays as it is: the cluster needs it"}}
		if top, _, _ := strings.Cut(l.Path, "."); slices.Contains([]string{"rules", "roleRef", "subjects"}, strings.TrimRight(top, "[]0123456789")) {
			v = approximate("stays as it is, and limits the AppProject", u.limited()...).as("tenant-rights")
		}
		e := entry(ledger.From{Object: id, Path: l.Path, File: u.File, Line: l.Line()}, v, false)
		e.To = append([]ledger.To{{Object: id, Path: l.Path}}, e.To...)
		entries = append(entries, e)
	}
	for _, p := range u.Writes {
		for _, lost := range p.lost {
			v := unsupported("the AppProject does not allow " + lost + ": add what the Applications need").as("tenant-rights-left-out")
			v.To = []Target{{Object: p.Object, Path: "metadata.name"}}
			entries = append(entries, entry(ledger.From{Object: id, Path: "metadata.name", File: u.File, Line: u.Root.Line}, v, true))
		}
	}
	return entries
}

// limited are the fields that rights become.
func (u *AccessUnit) limited() (to []Target) {
	for _, p := range u.Projects {
		for _, list := range []string{argocd.ClusterKinds, argocd.Kinds, argocd.KindsDenied, "destinations"} {
			if p.Get("spec", list) != nil {
				to = append(to, Target{Object: p.Object, Path: "spec." + list})
			}
		}
	}
	return to
}
