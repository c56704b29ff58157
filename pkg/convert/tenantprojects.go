package convert

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// accountOf is the ServiceAccount as which an applier applies: beside it, by its own field
// or by the one of v1beta1. What goes to another cluster is held to the rights there.
func accountOf(a *flux.Applier) flux.Ref {
	if !node.Null(a.Spec("kubeConfig")) {
		return flux.Ref{Kind: "ServiceAccount"}
	}
	if name := node.Text(a.Spec("serviceAccountName")); name != "" {
		return flux.Ref{Kind: "ServiceAccount", Name: name}
	}
	return flux.Ref{Kind: "ServiceAccount", Namespace: node.Text(a.Spec("serviceAccount"), "namespace"), Name: node.Text(a.Spec("serviceAccount"), "name")}
}

// A tenancy is a ServiceAccount of the input as which others apply. Those that share name
// and bindings are one.
type tenancy struct {
	account  flux.Ref
	name     string
	rights   mapping.Rights
	objects  []*accessObject
	appliers []*applier
}

// tenantProjects makes an AppProject for each ServiceAccount as which Kustomizations and
// HelmReleases of the input apply and that RBAC of the input binds. It returns the objects
// of which they are made.
func (c *compiler) tenantProjects(streams []stream) map[site]*mapping.AccessUnit {
	units := map[site]*mapping.AccessUnit{}
	if !slices.ContainsFunc(c.survey.appliers, func(a *applier) bool { return a.account.Name != "" }) {
		return units
	}
	all := c.accessOf(streams)
	known := c.knownProjects(streams)
	names := c.projectNames(known)
	for _, t := range c.tenanciesOf(all) {
		apps, members := c.deployedAs(t, known)
		if len(apps) == 0 {
			continue
		}
		p := mapping.NewTenantProject(c.options.ArgoCDNamespace, t.name, t.account.Namespace+":"+t.account.Name, t.rights, apps)
		p.Owner, p.Names = t.account.String()+" "+t.objects[0].at.doc.File, []string{t.name, object.Fit(t.account.Namespace+"-"+t.name, object.MaxName)}
		names.Place(p.Object)
		c.recordMade(p)
		for i, a := range members {
			a.project = p
			a.outside = p.Outside(apps[i])
		}
		t.tell(p, units)
	}
	return units
}

// tell notes on the objects of the tenant what they are read for. The first writes it.
func (t *tenancy) tell(p *mapping.TenantProject, units map[site]*mapping.AccessUnit) {
	for i, o := range t.objects {
		u := units[o.at]
		if u == nil {
			u = &mapping.AccessUnit{Root: o.root, File: o.at.doc.File}
			units[o.at] = u
		}
		u.Projects = append(u.Projects, p)
		if i == 0 {
			u.Writes = append(u.Writes, p)
		}
	}
}

// tenanciesOf finds the accounts that something binds, in the order of their appliers.
func (c *compiler) tenanciesOf(all *access) (found []*tenancy) {
	byAccount, byRights := map[string]*tenancy{}, map[string]*tenancy{}
	for _, a := range c.survey.appliers {
		if a.account.Name == "" || a.account.Namespace == "" || a.problem != nil {
			continue
		}
		homes := all.homes(a.account, a.file)
		key := strings.Join(append(homes, a.account.String()), "\x00")
		t, known := byAccount[key]
		if !known {
			t = all.tenancy(a.account, homes, byRights)
			byAccount[key] = t
			if t != nil && len(t.appliers) == 0 {
				found = append(found, t)
			}
		}
		if t != nil {
			t.appliers = append(t.appliers, a)
		}
	}
	return found
}

// tenancy is that of an account of the given homes, or nil where nothing binds it.
func (all *access) tenancy(account flux.Ref, homes []string, byRights map[string]*tenancy) *tenancy {
	rights, objects := all.rightsOf(account, homes)
	if len(objects) == 0 {
		return nil
	}
	key := account.Name
	for _, o := range objects {
		key += "\x00" + o.String()
	}
	t := byRights[key]
	if t == nil {
		t = &tenancy{account: account, name: all.tenantName(account), rights: rights, objects: objects}
		byRights[key] = t
	}
	if own := all.own(account, homes); own != nil {
		t.objects = append([]*accessObject{own}, t.objects...)
	}
	return t
}

// deployedAs are the Applications of a tenant, and their appliers. One that comes back as
// it was keeps the project that it had, and where nothing else makes that, the tenant does.
func (c *compiler) deployedAs(t *tenancy, known []string) (apps []*argocd.App, members []*applier) {
	all := make([]*argocd.App, len(t.appliers))
	c.each(len(all), func(i int) { all[i] = c.applicationOf(t.appliers[i]) })
	for i, app := range all {
		if app == nil {
			continue
		}
		switch missing := !slices.Contains(known, app.Project); {
		case missing && (len(apps) == 0 || t.name == app.Project):
			t.name = app.Project
		case app.Project != "default":
			continue
		}
		apps, members = append(apps, app), append(members, t.appliers[i])
	}
	return apps, members
}

// applicationOf is what an applier becomes, or nil where its document will report why not.
func (c *compiler) applicationOf(a *applier) *argocd.App {
	root, err := c.survey.cache.load(a.site)
	if err != nil {
		return nil
	}
	u, err := c.toArgo(a, node.Clone(root))
	if err != nil {
		return nil
	}
	return argocd.Read(u.App.Root)
}

// knownProjects are the names of the AppProjects that Argo CD, the input or a record has.
func (c *compiler) knownProjects(streams []stream) []string {
	names := []string{"default"}
	eachObject(streams, mentions("AppProject"), func(_ site, root *yaml.Node) {
		if o := objectOf(root); isProject(o) && o.Name != "" {
			names = append(names, o.Name)
		}
	})
	for _, r := range c.restored {
		names = append(names, r.project.Name())
	}
	return names
}

// projectNames gives AppProjects names that are free. One that the input has stands for an
// equal one.
func (c *compiler) projectNames(known []string) *object.Registry {
	names := object.NewRegistry()
	names.Holds = c.present.holds
	for _, name := range known {
		o := object.New(object.Kind{APIVersion: argocd.APIVersion, Name: "AppProject"}, c.options.ArgoCDNamespace, name)
		if names.Holds(o, name) == object.Free {
			names.Place(o)
		}
	}
	return names
}

// accessDocument converts a document of RBAC of which an AppProject is made.
func (c *compiler) accessDocument(j *job) bool {
	u := c.tenantObjects[site{j.doc, -1}]
	return u != nil && j.settle(u.Root, func() (taken, passes bool, err error) {
		j.units = append(j.units, u)
		return true, true, nil
	})
}
