package plan

import (
	"fmt"
	"slices"
	"strconv"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// argoManager is the field manager of Argo CD (common/common.go ArgoCDSSAManager), which it
// uses on the client's side too (gitops-engine pkg/utils/kube/resource_ops.go).
const argoManager = "argocd-controller"

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
	u.order, _ = strconv.Atoi(a.Annotation(waveAnnotation))
	u.argoNamespace(a, app)
	for i, o := range all(app) {
		m.tasks = append(m.tasks, argoTasks(a, app, m, o, i)...)
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
func argoTasks(a *argocd.App, app *manifest.App, m *method, o *manifest.Object, i int) (tasks []*task) {
	hook, skip := isHook(o)
	t := &task{Object: o, index: i, phase: Sync, wave: wave(o), action: Apply, health: true}
	switch {
	case skip:
		t.action, t.health = Leave, false
		return []*task{t}
	case !hook:
		argoOptions(a, m, t)
		return []*task{t}
	}
	phases, _ := hookPhases(o)
	if len(phases) == 0 {
		noteHook(app, o)
	}
	for _, phase := range phases {
		h := &task{Object: o, index: i, phase: phase, wave: t.wave, health: true}
		argoOptions(a, m, h)
		h.action, h.member, h.policy = RunHook, false, deletePolicies(o)
		tasks = append(tasks, h)
	}
	return tasks
}

// argoOptions decides how Argo CD applies an object (sync_context.go applyObject,
// isPruningDisabled): by its own options, then those of the Application.
func argoOptions(a *argocd.App, m *method, t *task) {
	options := csv(t.Object, optionsAnnotation)
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

// noteHook says that a hook is not part of any sync.
func noteHook(app *manifest.App, o *manifest.Object) {
	if _, ok := o.GetAnnotations()[hookAnnotation]; !ok {
		return // one of Helm's that Argo CD does not run either
	}
	app.Note("plan-delete-hook", ledger.Unsupported, "metadata.name", fmt.Sprintf(
		"%s %s is a hook of deletion (%s), which a plan that applies does not run: apply it by hand before or after you delete",
		o.GetKind(), o.GetName(), o.GetAnnotations()[hookAnnotation]))
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
