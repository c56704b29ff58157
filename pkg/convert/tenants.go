package convert

import (
	"bytes"
	"strconv"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// tenants are the AppProjects of the input by name; "default" limits nothing that Flux
// does.
type tenants map[string]*tenant

// A tenant is an AppProject and where it stands.
type tenant struct {
	mapping.Tenancy
	at site
	// stays tells that Argo CD needs it further on.
	stays bool
}

// tenanted finds the AppProjects and what their Applications need; only where there are
// any are the Applications looked at.
func (c *compiler) tenanted(streams []stream) tenants {
	found := tenants{}
	eachObject(streams, mentions("AppProject"), func(at site, root *yaml.Node) {
		o := objectOf(root)
		if o.Kind != "AppProject" || !isArgo(o.APIVersion) || !c.read(o) || o.Name == "default" || o.Name == "" {
			return
		}
		if check(at.doc, root, argocd.APIVersion, o) == nil && found[o.Name] == nil {
			found[o.Name] = &tenant{mapping.Tenancy{Root: root, File: at.doc.File}, at, false}
		}
	})
	if len(found) == 0 {
		return found
	}
	eachObject(streams, mentions("Application"), func(at site, root *yaml.Node) {
		node.ResolveOldBools(root)
		apps, ok := c.applicationsOf(at.doc, root)
		for _, one := range apps {
			c.join(found, at.doc, one)
		}
		found.keepAll(!ok)
	})
	return found
}

// join tells the project of an Application what that needs.
func (c *compiler) join(found tenants, d *document.Doc, root *yaml.Node) {
	app := argocd.Read(root)
	place := c.settings.Place(app)
	app.Local = c.settings.Credentials.Local(app, place)
	project := found[app.Project]
	switch {
	case project == nil:
	case c.stays(d, root, app):
		project.stays = true
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
	case o.Name == "default":
		j.note(root, o, "metadata.name", "project-unused", "the default project passes untouched: Flux applies its Applications with its own rights")
	case t == nil || !t.Used():
		j.note(root, o, "metadata.name", "project-unused", "no Application of the input that is converted and deploys here is of it, so it passes untouched: convert it together with those that are")
	case t.at != at:
		j.note(root, o, "metadata.name", "project-unused", "an AppProject named "+strconv.Quote(o.Name)+" comes earlier, so this one passes untouched")
	default:
		j.units = append(j.units, c.table.Tenant(&t.Tenancy))
		if t.stays {
			j.note(root, o, "metadata.name", "project-stays", "Applications that stay on Argo CD need it, so it stays besides what it becomes")
		}
		return t.stays, nil
	}
	return true, nil
}

// lookForAccess finds the credentials and the projects of the input. Nothing needs them
// where nothing is converted.
func (c *compiler) lookForAccess(streams []stream) {
	if c.options.ExpandOnly {
		streams = nil
	}
	c.credentials = c.credentialed(streams)
	c.settings.Credentials = c.credentials.store
	c.tenants = c.tenanted(streams)
	c.settings.Tenant = func(project string) bool { t := c.tenants[project]; return t != nil && t.Used() }
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
