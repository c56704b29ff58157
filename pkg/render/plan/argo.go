package plan

import (
	"slices"
	"strconv"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/hook"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// argoManager is the field manager of Argo CD (common/common.go ArgoCDSSAManager), which it
// uses on the client's side too (gitops-engine pkg/utils/kube/resource_ops.go).
const argoManager = "argocd-controller"

// optionsAnnotation holds sync options of one object (gitops-engine
// pkg/sync/common/types.go).
const optionsAnnotation = "argocd.argoproj.io/sync-options"

// application reads what an Application's sync policy says (controller/sync.go).
func (u *unit) application(app *manifest.App) *method {
	a := argocd.Read(app.Root)
	m := &method{
		manager: argoManager,
		prune:   a.Prune(),
		server:  a.SyncOption("ServerSideApply=true"),
		replace: a.SyncOption("Replace=true"),
		last:    a.SyncOption("PruneLast=true"),
		cascade: argoCascade(a),
	}
	u.owner.Cluster = argoCluster(a)
	u.order, _ = strconv.Atoi(a.Annotation(hook.WaveAnnotation))
	u.argoNamespace(a, app)
	for i, o := range all(app) {
		m.tasks = append(m.tasks, argoTasks(a, m, o, i)...)
	}
	m.tasks = sortArgo(m.tasks)
	noteApplication(a, app)
	noteEmpty(app, m)
	return m
}

// argoCluster is the destination, "" for the cluster of Argo CD itself.
func argoCluster(a *argocd.App) string {
	destination := a.Spec("destination")
	server, name := node.Text(destination, "server"), node.Text(destination, "name")
	switch {
	case server != "" && server != argocd.InCluster:
		return server
	case server == "" && name != "" && name != argocd.InClusterName:
		return name
	}
	return ""
}

// argoCascade is how dependents of what is pruned go (controller/sync.go).
func argoCascade(a *argocd.App) string {
	for _, policy := range []string{"background", "foreground", "orphan"} {
		if a.SyncOption("PrunePropagationPolicy=" + policy) {
			return policy
		}
	}
	return "foreground"
}

// argoNamespace notes the namespace that CreateNamespace makes, unless the source
// holds it (gitops-engine autoCreateNamespace; controller/sync_namespace.go).
func (u *unit) argoNamespace(a *argocd.App, app *manifest.App) {
	metadata := a.Spec("syncPolicy", "managedNamespaceMetadata")
	name := a.DestinationNamespace()
	if !a.SyncOption("CreateNamespace=true") || name == "" {
		if !node.Null(metadata) {
			app.Note("plan-namespace-metadata", ledger.Unsupported, "spec.syncPolicy.managedNamespaceMetadata",
				"has no effect in Argo CD without the sync option CreateNamespace=true, and none in the plan")
		}
		return
	}
	if renders(app, name) {
		return
	}
	n := namespace{name: name, manager: argoManager}
	if !node.Null(metadata) {
		n.manage = true
		n.labels = texts(node.Get(metadata, "labels"))
		n.annotations = texts(node.Get(metadata, "annotations"))
		n.annotations[optionsAnnotation] = "ServerSideApply=true"
	}
	u.namespaces = append(u.namespaces, n)
}

// renders tells whether the app has the Namespace among its objects.
func renders(app *manifest.App, name string) bool {
	return slices.ContainsFunc(app.Objects, func(o manifest.Object) bool {
		return o.GetKind() == "Namespace" && o.GetAPIVersion() == "v1" && o.GetName() == name
	})
}

// argoTasks makes the tasks of one object: one for each phase that it is applied in.
func argoTasks(a *argocd.App, m *method, o *manifest.Object, i int) (tasks []*task) {
	t := &task{Object: o, index: i, phase: Sync, wave: hook.Wave(o), action: Apply, health: true}
	phases, ok := hook.Phases(o)
	switch {
	case hook.Skipped(o):
		t.action, t.health = Leave, false
		return []*task{t}
	case !ok:
		argoOptions(a, m, t)
		return []*task{t}
	}
	for _, phase := range phases {
		h := &task{Object: o, index: i, phase: Phase(phase), wave: t.wave, health: true}
		argoOptions(a, m, h)
		h.action, h.member, h.policy = RunHook, false, hook.DeletePolicies(o)
		tasks = append(tasks, h)
	}
	return tasks
}

// argoOptions decides how Argo CD applies an object (sync_context.go applyObject,
// isPruningDisabled): by its own options, then those of the Application.
func argoOptions(a *argocd.App, m *method, t *task) {
	options := t.AnnotationList(optionsAnnotation)
	has := func(option string) bool { return slices.Contains(options, option) }
	server := !has("ServerSideApply=false") && (m.server || has("ServerSideApply=true"))
	t.lax = a.SyncOption("Validate=false") || has("Validate=false")
	t.action = Apply
	t.flags = m.flags(server, t.lax)
	if has("Replace=true") || m.replace {
		t.action, server = Replace, true
		t.flags = m.flags(false, t.lax)
	}
	// Deleting kinds or namespaces would delete all that is of them or in them.
	if has("Force=true") && (t.action == Replace || !server) && t.definition() == "" {
		t.flags = append(t.flags, "--force")
	}
	t.server = server
	prune, ok := option(options, "Prune")
	if !ok {
		prune, _ = option(syncOptions(a), "Prune")
	}
	t.member = m.prune && !t.crd() && prune != "false" && prune != "confirm"
}

func syncOptions(a *argocd.App) (options []string) {
	for _, item := range node.Items(a.Spec("syncPolicy"), "syncOptions") {
		options = append(options, item.Value)
	}
	return options
}

// texts are the strings of a map.
func texts(n *yaml.Node) map[string]any {
	m := map[string]any{}
	for i := 0; n != nil && i+1 < len(n.Content); i += 2 {
		m[n.Content[i].Value] = n.Content[i+1].Value
	}
	return m
}
