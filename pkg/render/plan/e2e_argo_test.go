//go:build e2e

package plan_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// application is an Application that prunes at once; its objects follow.
func application(namespace, options string, objects ...string) string {
	return fmt.Sprintf(`-- app.yaml --
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: %s, namespace: argocd}
spec:
  destination: {server: https://kubernetes.default.svc, namespace: %s}
  syncPolicy:
    automated: {prune: true}
    syncOptions: [CreateNamespace=true, PrunePropagationPolicy=background%s]
-- app.objects.yaml --
%s`, namespace, namespace, options, strings.Join(objects, "\n---\n"))
}

// config is a ConfigMap, with annotations in flow style.
func config(namespace, name, annotations string) string {
	return fmt.Sprintf("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: %s, annotations: {%s}}\ndata: {k: v}\n", name, namespace, annotations)
}

func wave(n int) string { return fmt.Sprintf(`argocd.argoproj.io/sync-wave: "%d"`, n) }

const keep = "argocd.argoproj.io/sync-options: Prune=false"

func TestE2EPrune(t *testing.T) {
	ns, dir := namespaceOf("prune"), t.TempDir()
	applied(t, dir, application(ns, "", config(ns, "stays", ""), config(ns, "goes", ""), config(ns, "kept", keep), config(ns, "turns", ""), config(ns, "left", "")))
	must(t, "create", "configmap", "foreign", "-n", ns)
	for _, name := range []string{"stays", "goes", "kept", "turns", "left"} {
		is(t, ns, "configmap/"+name, true)
	}
	check(t, dir)

	unchanged := version(t, ns, "configmap/stays")
	applied(t, dir, application(ns, "", config(ns, "stays", ""), config(ns, "turns", keep), config(ns, "left", "argocd.argoproj.io/hook: Skip")))
	is(t, ns, "configmap/goes", false)
	is(t, ns, "configmap/stays", true)
	is(t, ns, "configmap/kept", true)    // Prune=false, and gone from the source
	is(t, ns, "configmap/turns", true)   // Prune=false since now
	is(t, ns, "configmap/left", true)    // not applied any more, but in the source
	is(t, ns, "configmap/foreign", true) // of nobody
	if version(t, ns, "configmap/stays") != unchanged {
		t.Error("what did not change was written")
	}
	check(t, dir)

	applied(t, dir, application(ns, "", config(ns, "stays", "")))
	is(t, ns, "configmap/turns", true)
	is(t, ns, "configmap/kept", true)
}

func TestE2EWaves(t *testing.T) {
	ns, dir := namespaceOf("waves"), t.TempDir()
	crd := strings.ReplaceAll(`apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: NAME.e2e.example.com}
spec:
  group: e2e.example.com
  scope: Namespaced
  names: {kind: NAME, plural: NAME}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
`, "NAME", strings.ReplaceAll(ns, "-", ""))
	kind := strings.ReplaceAll(ns, "-", "")
	resource := fmt.Sprintf("apiVersion: e2e.example.com/v1\nkind: %s\nmetadata: {name: r, namespace: %s, annotations: {%s}}\n", kind, ns, wave(-1))
	account := fmt.Sprintf("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: z-account, namespace: %s, annotations: {%s}}\n", ns, wave(-2))
	objects := []string{config(ns, "c-first", wave(-2)), config(ns, "b-second", ""), config(ns, "a-third", wave(1)), crd, resource, account}
	applied(t, dir, application(ns, "", objects...))
	before(t, " namespace/"+ns, ns+" serviceaccount/z-account", ns+" configmap/c-first", ns+" "+kind+"/r", ns+" configmap/b-second", ns+" configmap/a-third")
	check(t, dir)
	versions := version(t, ns, "configmap/c-first") + version(t, ns, "configmap/a-third")

	applied(t, dir, application(ns, "", objects...))
	if version(t, ns, "configmap/c-first")+version(t, ns, "configmap/a-third") != versions {
		t.Error("a second run wrote what had not changed")
	}
	// The CRD leaves the source with the resource, and stays, as Argo CD leaves it.
	applied(t, dir, application(ns, ", PruneLast=true", objects[1:3]...))
	is(t, ns, "configmap/c-first", false)
	is(t, ns, kind+"/r", false)
	is(t, "", "customresourcedefinition/"+kind+".e2e.example.com", true)
	is(t, ns, "configmap/b-second", true)
}

func TestE2EMethods(t *testing.T) {
	ns, dir := namespaceOf("methods"), t.TempDir()
	const server, replace = "argocd.argoproj.io/sync-options: ServerSideApply=true", `argocd.argoproj.io/sync-options: "Replace=true,Force=true"`
	objects := []string{config(ns, "plain", ""), config(ns, "server", server), config(ns, "server-goes", server), config(ns, "replaced", replace), config(ns, "replaced-goes", replace)}
	applied(t, dir, application(ns, "", objects...))
	check(t, dir)
	const last = `{.metadata.annotations.kubectl\.kubernetes\.io/last-applied-configuration}`
	if get(t, ns, "configmap/plain", last) == "" || get(t, ns, "configmap/server", last) != "" || get(t, ns, "configmap/replaced", last) != "" {
		t.Error("only what is applied on the client's side has the annotation of kubectl apply")
	}
	if got := get(t, ns, "configmap/server", "{.metadata.managedFields[*].manager}"); !strings.Contains(got, "argocd-controller") {
		t.Errorf("fields are managed by %s", got)
	}
	must(t, "patch", "configmap/replaced", "-n", ns, "-p", `{"data":{"added":"x"}}`)
	uid := get(t, ns, "configmap/replaced", "{.metadata.uid}")
	applied(t, dir, application(ns, "", objects[0], objects[1], objects[3]))
	if get(t, ns, "configmap/replaced", "{.data.added}") != "" || get(t, ns, "configmap/replaced", "{.metadata.uid}") == uid {
		t.Error("not replaced by force")
	}
	is(t, ns, "configmap/server-goes", false)
	is(t, ns, "configmap/replaced-goes", false)
	for _, name := range []string{"plain", "server", "replaced"} {
		is(t, ns, "configmap/"+name, true)
	}
}

// pod is a hook that nobody schedules: the test says how it ends.
func pod(namespace, name, annotations string) string {
	return fmt.Sprintf(`apiVersion: v1
kind: Pod
metadata: {name: %s, namespace: %s, annotations: {%s}}
spec: {restartPolicy: Never, schedulerName: nobody, containers: [{name: c, image: example.com/none}]}
`, name, namespace, annotations)
}

// end ends a Pod as soon as it is there.
func end(t *testing.T, namespace, name, phase string) {
	go func() {
		for t.Context().Err() == nil {
			if _, err := kubectl(t, "patch", "pod/"+name, "-n", namespace, "--subresource=status", "-p", `{"status":{"phase":"`+phase+`"}}`); err == nil {
				return
			}
			time.Sleep(500 * time.Millisecond)
		}
	}()
}

func TestE2EHooks(t *testing.T) {
	ns, dir := namespaceOf("hooks"), t.TempDir()
	text := application(ns, "", pod(ns, "migrate", "argocd.argoproj.io/hook: PreSync"), config(ns, "main", ""),
		config(ns, "done", `argocd.argoproj.io/hook: PostSync, argocd.argoproj.io/hook-delete-policy: HookSucceeded`),
		config(ns, "failed", "argocd.argoproj.io/hook: SyncFail"))
	end(t, ns, "migrate", "Succeeded")
	out := applied(t, dir, text)
	before(t, ns+" pod/migrate", ns+" configmap/main") // the phase is the last that was written to the Pod
	is(t, ns, "configmap/failed", false)
	is(t, ns, "configmap/done", false)
	if !strings.Contains(out, "configmap/done created") {
		t.Errorf("the PostSync hook did not run:\n%s", out)
	}
	first := get(t, ns, "pod/migrate", "{.metadata.uid}")
	must(t, "delete", "configmap/main", "-n", ns)
	must(t, "delete", "pod/migrate", "-n", ns, "--force", "--grace-period=0")
	end(t, ns, "migrate", "Failed")
	if out, err := apply(t, dir, text); err == nil || !strings.Contains(out, "pod/migrate failed") {
		t.Errorf("a hook that fails does not end the script: %v\n%s", err, out)
	}
	if get(t, ns, "pod/migrate", "{.metadata.uid}") == first {
		t.Error("the hook did not run again")
	}
	is(t, ns, "configmap/main", false)
	is(t, ns, "configmap/failed", true)
}

func TestE2EDryRun(t *testing.T) {
	ns, dir := namespaceOf("dry"), t.TempDir()
	applied(t, dir, application(ns, "", config(ns, "a", ""), config(ns, "b", wave(1))))
	changed := strings.ReplaceAll(application(ns, "", config(ns, "a", ""), config(ns, "new", "")), "k: v", "k: w")
	out := applied(t, dir, changed, "--dry-run=server")
	if !strings.Contains(out, "configmap/b pruned (server dry run)") || !strings.Contains(out, "configmap/new created (server dry run)") {
		t.Errorf("a dry run does not show what would be done:\n%s", out)
	}
	is(t, ns, "configmap/new", false)
	is(t, ns, "configmap/b", true)
	if get(t, ns, "configmap/a", "{.data.k}") != "v" {
		t.Error("a dry run changed an object")
	}
}

// TestE2EProject: with PROJECT_ACCOUNTS the server refuses what the project does.
func TestE2EProject(t *testing.T) {
	ns, dir := namespaceOf("project"), t.TempDir()
	project := fmt.Sprintf(`-- projects.yaml --
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: %s, namespace: argocd}
spec:
  destinations: [{server: "*", namespace: %s}]
  namespaceResourceWhitelist: [{group: "", kind: ConfigMap}]
`, ns, ns)
	member := func(text string) string {
		return project + strings.Replace(text, "spec:\n", "spec:\n  project: "+ns+"\n", 1)
	}
	secret := fmt.Sprintf("apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: %s}\n", ns)
	t.Setenv("PROJECT_ACCOUNTS", "1")
	applied(t, dir, member(application(ns, "", config(ns, "a", ""), config(ns, "b", ""))))
	applied(t, dir, member(application(ns, "", config(ns, "a", ""))))
	is(t, ns, "configmap/a", true)
	is(t, ns, "configmap/b", false)
	if out, err := apply(t, dir, member(application(ns, "", config(ns, "a", ""), secret))); err == nil || !strings.Contains(out, "forbidden") {
		t.Errorf("a kind that the project does not allow: %v\n%s", err, out)
	}
	is(t, ns, "secret/s", false)
	t.Setenv("PROJECT_ACCOUNTS", "")
	applied(t, dir, member(application(ns, "", config(ns, "a", ""), secret)))
	is(t, ns, "secret/s", true)
}
