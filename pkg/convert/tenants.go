package convert

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// tenants are the AppProjects of the input by name.
type tenants map[string]*tenant

// A tenant is an AppProject and where it stands.
type tenant struct {
	mapping.Tenancy
	at site
	// stays tells that Argo CD needs it further on.
	stays bool
	// made tells that it was made of RBAC, returned that an Application of it comes back.
	made, returned bool
	// refused tells that one comes from a namespace that it refuses, which gets no account.
	refused bool
}

// tenanted finds the AppProjects and what their Applications need; only where there are
// any are the Applications looked at: everything is the input and what its Applications
// deploy of these.
func (c *compiler) tenanted(streams []stream, everything func() []stream) tenants {
	found := tenants{}
	var order []*tenant
	eachObject(streams, mentions("AppProject"), func(at site, root *yaml.Node) {
		o := objectOf(root)
		if !isProject(o) || !c.read(o) || o.Name == "" || found[o.Name] != nil || check(at.doc, root, argocd.APIVersion, o) != nil {
			return
		}
		one := &tenant{Tenancy: mapping.Tenancy{Project: &argocd.Project{Root: root}, File: at.doc.File}, at: at, made: c.madeOfRights(root)}
		found[o.Name], order = one, append(order, one)
		c.settings.AppProjects[o.Name] = root
	})
	if len(found) == 0 {
		return found
	}
	eachObject(everything(), mentions("Application"), func(at site, root *yaml.Node) {
		node.ResolveOldBools(root)
		apps, ok := c.applicationsOf(at.doc, root)
		for _, one := range apps {
			c.join(found, at.doc, one)
		}
		found.keepAll(!ok)
	})
	c.nameAccounts(order, streams)
	return found
}

// reserved are the ServiceAccounts that every namespace has, and those of Flux (flux2
// manifests/rbac, flux-operator).
var reserved = []string{
	"default", "flux-operator", "helm-controller", "image-automation-controller", "image-reflector-controller",
	"kustomize-controller", "notification-controller", "source-controller", "source-watcher",
}

// nameAccounts gives the ServiceAccounts of each project a name that no other has, as
// whoever has the name has the rights. What a run before made of the project has it.
func (c *compiler) nameAccounts(all []*tenant, streams []stream) {
	names := object.NewRegistry()
	place := func(owner string, wanted ...string) string {
		o := object.New(object.Kind{APIVersion: "v1", Name: "ServiceAccount"}, "", wanted[0])
		o.Owner, o.Names = owner, wanted
		names.Place(o)
		return o.Name()
	}
	for _, name := range reserved {
		place("", name)
	}
	eachObject(streams, mentions("ServiceAccount"), func(_ site, root *yaml.Node) {
		if o := objectOf(root); o.Kind == "ServiceAccount" && o.Name != "" {
			place("", o.Name)
		}
	})
	for _, one := range all {
		wanted := []string{one.Name(), "tenant-" + one.Name()}
		if !slices.ContainsFunc(wanted, func(name string) bool { return c.granted(one, name) }) {
			one.Account = place(one.Name(), wanted...)
		}
	}
}

// granted tells whether the input holds all that a project becomes with accounts of a name.
func (c *compiler) granted(one *tenant, account string) bool {
	one.Account = account
	missing := func(o *object.Object) bool { return c.present.holds(o, o.Name()) != object.Same }
	return one.Used() && !slices.ContainsFunc(c.table.Tenant(&one.Tenancy).Objects(), missing)
}

// forbidden says what of an Application its project does not permit, so that Argo CD does
// not sync it (util/argo/argo.go ValidatePermissions, GetAppProject); "" where that is not
// certain.
func (c *compiler) forbidden(app *argocd.App) string {
	of := c.tenants[orElse(app.Project, "default")]
	if of == nil || of.Unfinished() || c.returns(of, app.Root) {
		return ""
	}
	if dry := node.Text(app.Spec("sourceHydrator", "drySource"), "repoURL"); dry != "" && !of.PermitsSource(dry) {
		return "the repository of spec.sourceHydrator.drySource"
	}
	for _, source := range app.Sources {
		if !of.PermitsSource(source.RepoURL) {
			return "the repository of " + source.At
		}
	}
	name, server := app.Cluster()
	if app.InCluster() {
		name, server = orElse(name, argocd.InClusterName), orElse(server, argocd.InCluster)
	}
	switch namespace := app.DestinationNamespace(); {
	case !of.PermitsDestination(server, name, namespace):
		return fmt.Sprintf("namespace %q of cluster %s", namespace, orElse(name, mapping.WithoutUserinfo(server)))
	case c.intrudes(of, app):
		return fmt.Sprintf("Applications in namespace %q", app.Namespace)
	}
	return ""
}

// intrudes tells whether a project refuses Applications of the namespace (types.go
// IsAppNamespacePermitted): whoever owns that may use an account in it.
func (c *compiler) intrudes(of *tenant, app *argocd.App) bool {
	return app.Namespace != "" && app.Namespace != c.options.ArgoCDNamespace && !of.Unfinished() && !of.PermitsNamespace(app.Namespace)
}

// join tells the project of an Application what that needs.
func (c *compiler) join(found tenants, d *document.Doc, root *yaml.Node) {
	app := argocd.Read(root)
	place := c.settings.Place(app)
	app.Local = c.settings.Credentials.Local(app, place)
	project := found[orElse(app.Project, argocd.DefaultProject)]
	switch {
	case project == nil || project.free():
	case c.stays(d, root, app):
		project.stays = true
	case c.returns(project, root):
		project.returned = true
	case app.InCluster() && c.intrudes(project, app):
		project.refused = true
	case app.InCluster():
		project.Add(app, place)
	}
}

// keepAll keeps every project where anything may make Applications of it.
func (t tenants) keepAll(needed bool) {
	for _, one := range t {
		one.stays = one.stays || needed
	}
}

func mentions(word string) func(*document.Doc) bool {
	return func(d *document.Doc) bool { return bytes.Contains(d.Raw, []byte(word)) }
}

// project converts an AppProject; passes tells that it stays as it is.
func (c *compiler) project(j *job, at site, root *yaml.Node) (passes bool, err error) {
	o := objectOf(root)
	if err := check(j.doc, root, argocd.APIVersion, o); err != nil {
		return false, err
	}
	t := c.tenants[o.Name]
	switch {
	case t != nil && t.free():
		j.note(root, o, "metadata.name", "project-unused", "the default project limits nothing and passes untouched: Flux applies its Applications with its own rights")
	case t != nil && t.returned && !t.Used() && !t.stays && t.at == at:
		j.units = append(j.units, &madeProject{root, j.doc.File})
		return false, nil
	case t == nil || !t.Used():
		j.note(root, o, "metadata.name", "project-unused", "no Application of the input that is converted and deploys here is of it, so it passes untouched: convert it together with those that are")
	case t.at != at:
		j.note(root, o, "metadata.name", "project-unused", "an AppProject named "+strconv.Quote(o.Name)+" comes earlier, so this one passes untouched")
	default:
		j.units = append(j.units, c.table.Tenant(&t.Tenancy))
		if t.stays {
			j.note(root, o, "metadata.name", "project-stays", "Applications that stay on Argo CD need it, so it stays besides what it becomes")
		}
		return t.stays || o.Name == argocd.DefaultProject, nil
	}
	return true, nil
}

// free tells that it is the default project, which every Argo CD has, and limits nothing.
func (t *tenant) free() bool { return t.Name() == argocd.DefaultProject && !argocd.Limited(t.Root) }

// lookForAccess finds the credentials and the projects of the input. Nothing needs them
// where nothing is converted.
func (c *compiler) lookForAccess(streams []stream) {
	if c.options.ExpandOnly {
		streams = nil
	}
	everything := sync.OnceValue(func() []stream { return append(slices.Clone(streams), c.descendants(streams)) })
	c.credentials = c.credentialed(streams, everything)
	c.settings.Credentials = c.credentials.store
	c.settings.AppProjects = map[string]*yaml.Node{}
	c.tenants = c.tenanted(streams, everything)
	c.settings.Forbidden = c.forbidden
	c.settings.CreatesNamespace = func(project, name string) bool {
		t := c.tenants[project]
		return t != nil && t.CreatesNamespace(name)
	}
	c.settings.Account = func(project string) string {
		if t := c.tenants[project]; t != nil && (t.Used() || t.refused) {
			return t.Account
		}
		return ""
	}
}

// applicationsOf returns an Application, or those that an ApplicationSet makes; ok is
// false where nobody can tell which.
func (c *compiler) applicationsOf(d *document.Doc, root *yaml.Node) (apps []*yaml.Node, ok bool) {
	switch o := objectOf(root); {
	case isApplication(o):
		return []*yaml.Node{root}, true
	case !isSet(o):
		return nil, true
	case check(d, root, argocd.APIVersion, o) != nil:
		return nil, false
	}
	apps, problems := appset.Expand(root, c.sets.world)
	return apps, len(problems) == 0 && len(c.pointless(d, root, apps)) == 0
}
