package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/cluster"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// A project is an AppProject and the namespaces that its apps deploy into, by cluster.
type project struct {
	*cluster.Object
	clusters   []string
	namespaces map[string][]string
}

// account is the service account that has the rights of the project.
func (p *project) account() string {
	return "system:serviceaccount:" + p.Namespace + ":" + p.Name
}

// addProject notes the project of an Application, where the input has it. What every
// project allows is what Argo CD itself may do, so that "default" means nothing here.
func (b *Builder) addProject(app *manifest.App, u *unit) {
	a := argocd.Read(app.Root)
	if app.Kind != "Application" || a.Project == "" {
		return
	}
	found, err := b.objects.Find(flux.Ref{Kind: "AppProject", Namespace: app.Namespace, Name: a.Project}, app.File)
	if err != nil || found == nil {
		if a.Project != "default" {
			app.Note("plan-project", ledger.Approximate, "spec.project", "the AppProject is not in the input: the plan has none of its limits")
		}
		return
	}
	p := b.project(found)
	if len(p.clusters) == 0 {
		app.Findings = append(app.Findings, p.findings()...)
	}
	u.owner.ProjectAccount = p.account()
	if !slices.Contains(p.clusters, u.owner.Cluster) {
		p.clusters = append(p.clusters, u.owner.Cluster)
	}
	allowed := func(namespace string) {
		known := p.namespaces[u.owner.Cluster]
		if namespace != "" && !slices.Contains(known, namespace) && p.permits(a, namespace) {
			p.namespaces[u.owner.Cluster] = append(known, namespace)
		}
	}
	allowed(app.Target)
	for i := range app.Objects {
		allowed(app.Objects[i].GetNamespace())
	}
}

func (b *Builder) project(o *cluster.Object) *project {
	for _, p := range b.projects {
		if p.Object == o {
			return p
		}
	}
	p := &project{Object: o, namespaces: map[string][]string{}}
	b.projects = append(b.projects, p)
	return p
}

// permits tells whether the project lets its apps deploy into a namespace
// (app_project_types.go isDestinationMatched).
func (p *project) permits(a *argocd.App, namespace string) (permitted bool) {
	server, name := node.Text(a.Spec("destination"), "server"), node.Text(a.Spec("destination"), "name")
	if argoCluster(a) == "" {
		server, name = argocd.InCluster, argocd.InClusterName
	}
	for _, item := range node.Items(p.Root, "spec", "destinations") {
		inName := name != "" && glob(node.Text(item, "name"), name)
		inServer := server != "" && glob(node.Text(item, "server"), server)
		inNamespace := glob(node.Text(item, "namespace"), namespace)
		switch {
		case (inName || inServer) && inNamespace:
			permitted = true
		case !inName && denies(item, "name"), !inServer && denies(item, "server") && inNamespace,
			!inNamespace && denies(item, "namespace") && inServer:
			return false
		}
	}
	return permitted
}

func denies(item *yaml.Node, key string) bool { return strings.HasPrefix(node.Text(item, key), "!") }

// glob matches as Argo CD does: a star matches slashes too, and "!" all but the rest.
func glob(pattern, text string) bool {
	rest, deny := strings.CutPrefix(pattern, "!")
	flat := strings.NewReplacer("/", "\x00")
	ok, err := doublestar.Match(flat.Replace(rest), flat.Replace(text))
	return err == nil && ok != deny
}

// findings are about what the plan has not of the project.
func (p *project) findings() (found []ledger.Entry) {
	note := func(id string, f ledger.Fidelity, path, note string) {
		found = append(found, ledger.Entry{
			ID: id, Fidelity: f, Note: note, To: []ledger.To{},
			From: ledger.From{Object: p.id(), Path: path, File: p.File, Line: ledger.Line(p.Root, path, p.Line)},
		})
	}
	for _, l := range projectLacks {
		if ledger.Exists(p.Root, l.path) && !falsy(p.Root, l.path) {
			note("plan-project-field", l.fidelity, l.path, l.note)
		}
	}
	for i, item := range node.Items(p.Root, "spec", "sourceRepos") {
		if item.Value != "*" {
			note("plan-project-field", ledger.Approximate, ledger.Index("spec.sourceRepos", i), "kubectl does not know where manifests come from")
			break
		}
	}
	for i, item := range node.Items(p.Root, "spec", "destinations") {
		if strings.ContainsAny(node.Text(item, "namespace"), "*?[{!") {
			note("plan-project-namespaces", ledger.Approximate, ledger.Index("spec.destinations", i)+".namespace",
				"RBAC has no patterns: rights are for those namespaces that the applications of the input deploy into")
		}
	}
	for _, list := range []string{clusterList, namespaceList} {
		for i, item := range node.Items(p.Root, "spec", list) {
			path := ledger.Index("spec."+list, i)
			if group := node.Text(item, "group"); node.Text(item, "kind") != "*" && !builtin(group) && !pattern(node.Text(item, "kind"), group) {
				note("plan-project-kinds", ledger.Approximate, path+".kind", fmt.Sprintf("the resource of the kind is taken to be %q: change the role where the kind has another plural", plural(item)))
			}
			if kind := node.Text(item, "kind"); pattern(kind, node.Text(item, "group")) {
				note("plan-project-kinds", ledger.Unsupported, path, fmt.Sprintf("RBAC has no patterns like %q: no rights are given for it", node.Text(item, "group")+"/"+kind))
			} else if node.Text(item, "name") != "" {
				note("plan-project-kinds", ledger.Approximate, path+".name", "RBAC cannot limit the creation of objects to names, nor to patterns: objects of any name may be made")
			}
		}
	}
	return found
}

func (p *project) id() ledger.Object {
	return ledger.Object{APIVersion: argocd.APIVersion, Kind: "AppProject", Namespace: p.Namespace, Name: p.Name}
}

// projectLacks are what RBAC cannot say of a project.
var projectLacks = []lack{
	{"spec.clusterResourceBlacklist", ledger.Unsupported, "RBAC cannot forbid single kinds: list those that are allowed"},
	{"spec.namespaceResourceBlacklist", ledger.Unsupported, "RBAC cannot forbid single kinds: list those that are allowed in namespaceResourceWhitelist"},
	{"spec.roles", ledger.Approximate, "who may see and sync applications is a matter of Argo CD's own: kubectl has no applications"},
	{"spec.syncWindows", ledger.Unsupported, "apply.sh applies whenever it runs"},
	{"spec.orphanedResources", ledger.Approximate, "kubectl does not look for orphans"},
	{"spec.signatureKeys", ledger.Unsupported, "signatures of commits are not checked"},
	{"spec.sourceIntegrity", ledger.Unsupported, "signatures of commits are not checked"},
	{"spec.sourceNamespaces", ledger.Approximate, "where Applications may be is a matter of Argo CD's own"},
	{"spec.permitOnlyProjectScopedClusters", ledger.Approximate, "kubectl contexts belong to no project"},
	{"spec.destinationServiceAccounts", ledger.Approximate, "apply.sh impersonates one account for the project, and with PROJECT_ACCOUNTS only"},
}
