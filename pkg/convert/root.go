package convert

import (
	"path"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// AppOfAppsName is the File of the outcome that Options.AppOfApps adds. No input has it.
const AppOfAppsName = "<app-of-apps>"

// AppOfAppsFile is the base name under which its objects may lie beside the
// Applications: the Application that deploys them passes it over.
const AppOfAppsFile = "app-of-apps"

// healthKey is the field of argocd-cm that holds how Argo CD assesses Applications.
const healthKey = "resource.customizations.health.argoproj.io_Application"

// healthLua gives an Application the health that it reports itself. Argo CD did that
// up to 1.7, and without it takes every Application for healthy, so that sync waves
// between Applications wait for nothing (argo-cd docs/operator-manual/health.md).
const healthLua = `local own = obj.status ~= nil and obj.status.health or nil
if own == nil or own.status == nil then
  return {status = "Progressing", message = "not assessed yet"}
end
return {status = own.status, message = own.message or ""}
`

// An addition is what an option asks for besides what the input becomes.
type addition struct {
	objects []*object.Object
	entries []ledger.Entry
}

// Inputs implements unit.
func (a *addition) Inputs() []*yaml.Node { return nil }

// Objects implements unit.
func (a *addition) Objects() []*object.Object { return a.objects }

// Entries implements unit.
func (a *addition) Entries() []ledger.Entry { return a.entries }

// place names the Application after all others.
func (a *AppOfApps) place(names *object.Registry, namespace string) *object.Object {
	o := object.New(object.Kind{APIVersion: argocd.APIVersion, Name: "Application"}, namespace, a.Name)
	o.Owner = AppOfAppsName
	o.Names = []string{a.Name, object.Fit(a.Name+"-root", object.MaxName)}
	names.Place(o)
	return o
}

// appOfApps returns the outcome with the Application that deploys the others, and how
// Argo CD has to assess them for their waves to count.
func (c *compiler) appOfApps() Outcome {
	a, root := c.options.AppOfApps, c.survey.root
	a.write(root, c.options.ArgoCDNamespace)
	health := assessment(c.options.ArgoCDNamespace)
	add := &addition{objects: []*object.Object{root, health}}
	add.note(health, ledger.Key("data", healthKey), "app-of-apps-health",
		"merge this key into the ConfigMap argocd-cm that Argo CD has, whose other keys stay: until then sync waves between Applications wait for nothing. An Application that nobody syncs, such as one with automated sync off, may hold up later waves")
	add.note(root, "spec.source.path", "app-of-apps-path",
		"commit the Applications there: it is assumed that they are all that lies below the path, for whatever lies there is applied, and pruned once it is gone")
	if root.Name() != a.Name {
		add.note(root, "metadata.name", "name-taken", "another Application has this name: give this one a name with --app-of-apps NAME=URL//PATH")
	}
	j := &job{doc: &document.Doc{File: AppOfAppsName, Line: 1}, units: []unit{add}, objects: add.objects}
	j.out = Outcome{File: AppOfAppsName, Line: 1, Object: root.Ref()}
	if c.render(j); j.out.Err == nil {
		j.out.Status = Added
	}
	return j.out
}

// note says what the added objects leave to be done.
func (a *addition) note(o *object.Object, at, id, note string) {
	a.entries = append(a.entries, ledger.Entry{
		ID: id, Fidelity: ledger.Approximate, Absent: true, Note: note,
		From: ledger.From{Object: o.Ref(), Path: at, File: AppOfAppsName, Line: 1},
		To:   []ledger.To{{Object: o.Ref(), Path: at}},
	})
}

// write fills in the Application. It deletes nothing by accident: without a finalizer
// its deletion leaves the Applications, and without allowEmpty an empty directory is
// an error (controller/appcontroller.go).
func (a *AppOfApps) write(root *object.Object, namespace string) {
	set := func(value *yaml.Node, keys ...string) { root.Set(value, append([]string{"spec"}, keys...)...) }
	set(node.String("default"), "project")
	set(node.String(a.RepoURL), "source", "repoURL")
	set(node.String(path.Clean(a.Path)), "source", "path")
	set(node.String(orElse(a.Revision, "HEAD")), "source", "targetRevision")
	set(node.Bool(true), "source", "directory", "recurse")
	set(node.String(AppOfAppsFile+".*"), "source", "directory", "exclude")
	set(node.String(argocd.InCluster), "destination", "server")
	set(node.String(namespace), "destination", "namespace")
	set(node.Bool(true), "syncPolicy", "automated", "prune")
	set(node.Bool(true), "syncPolicy", "automated", "selfHeal")
	set(node.Strings([]string{"ServerSideApply=true", "PrunePropagationPolicy=background"}), "syncPolicy", "syncOptions")
}

// assessment returns a ConfigMap to merge into that of Argo CD, which knows it by its
// labels (util/settings/settings.go). An Application that finds it in its directory
// skips it (gitops-engine pkg/sync/sync_phase.go): to apply it would take away other
// keys, and to prune it all of them.
func assessment(namespace string) *object.Object {
	o := object.New(object.ConfigMap, namespace, "argocd-cm")
	o.Set(node.Map("app.kubernetes.io/name", "argocd-cm", "app.kubernetes.io/part-of", "argocd"), "metadata", "labels")
	o.Set(node.String("Skip"), "metadata", "annotations", "argocd.argoproj.io/hook")
	o.Set(node.String(healthLua), "data", healthKey)
	return o
}
