//go:build e2e

package plan_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"sigs.k8s.io/yaml"
)

// These tests need the API server that KUBECONFIG names; hack/e2e/run starts one. Each
// works in namespaces of its own, which it makes and leaves behind.

// kubectl runs the real kubectl.
func kubectl(t *testing.T, args ...string) (string, error) {
	t.Helper()
	name := os.Getenv("KUBECTL")
	if name == "" {
		name = "kubectl"
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

// must is kubectl where it may not fail.
func must(t *testing.T, args ...string) string {
	t.Helper()
	out, err := kubectl(t, args...)
	if err != nil {
		t.Fatalf("kubectl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// get returns a field of an object; "" where there is no object, or it is being deleted.
func get(t *testing.T, namespace, object, field string) string {
	t.Helper()
	if must(t, "get", object, "-n", namespace, "--ignore-not-found", "-o", "jsonpath={.metadata.deletionTimestamp}") != "" {
		return ""
	}
	return must(t, "get", object, "-n", namespace, "--ignore-not-found", "-o", "jsonpath="+field)
}

func is(t *testing.T, namespace, object string, want bool) {
	t.Helper()
	if is := get(t, namespace, object, "{.metadata.name}") != ""; is != want {
		t.Errorf("%s exists in %s: %v, want %v", object, namespace, is, want)
	}
}

// version is the resource version of an object: they grow over all of a server's.
func version(t *testing.T, namespace, object string) int {
	t.Helper()
	n, err := strconv.Atoi(get(t, namespace, object, "{.metadata.resourceVersion}"))
	if err != nil {
		t.Fatalf("%s in %s: %v", object, namespace, err)
	}
	return n
}

// before fails unless the objects, as NAMESPACE OBJECT, were last written in this order.
func before(t *testing.T, objects ...string) {
	t.Helper()
	last := 0
	for _, o := range objects {
		namespace, object, _ := strings.Cut(o, " ")
		v := version(t, namespace, object)
		if v <= last {
			t.Errorf("%s was written too early", o)
		}
		last = v
	}
}

// apply writes the plan of a text in txtar form to dir, and runs its script.
func apply(t *testing.T, dir, text string, flags ...string) (string, error) {
	t.Helper()
	written(t, txtar.Parse([]byte(text)), dir)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var out bytes.Buffer
	c := exec.CommandContext(ctx, "bash", append([]string{filepath.Join(dir, "apply.sh")}, flags...)...)
	c.Stdout, c.Stderr = &out, &out
	err := c.Run()
	return out.String(), err
}

// applied is apply where it may not fail.
func applied(t *testing.T, dir, text string, flags ...string) string {
	t.Helper()
	out, err := apply(t, dir, text, flags...)
	if err != nil {
		t.Fatalf("apply.sh: %v\n%s", err, out)
	}
	return out
}

// namespaceOf returns a name that no other run uses.
func namespaceOf(prefix string) string {
	return fmt.Sprintf("%s-%d", prefix, time.Now().UnixNano()%1e10)
}

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
	checkParents(t, dir)

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
	checkParents(t, dir)

	applied(t, dir, application(ns, "", config(ns, "stays", "")))
	is(t, ns, "configmap/turns", true)
	is(t, ns, "configmap/kept", true)
}

// checkParents compares the parents of the ApplySets with those in the plan.
func checkParents(t *testing.T, dir string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "plan.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	type object struct {
		Kind     string
		Metadata struct {
			Name                string
			Labels, Annotations map[string]string
		}
	}
	var p struct {
		Owners []struct {
			Skipped   string
			ApplySets []struct{ Parent object }
		}
	}
	if err := yaml.Unmarshal(data, &p); err != nil {
		t.Fatal(err)
	}
	for _, o := range p.Owners {
		for _, s := range o.ApplySets {
			if o.Skipped != "" {
				continue
			}
			want := s.Parent
			ref := "applysets.plan.kubectl-gitops.io/" + want.Metadata.Name
			var got object
			if err := yaml.Unmarshal([]byte(must(t, "get", ref, "-o", "yaml")), &got); err != nil {
				t.Fatal(err)
			}
			const tooling = "applyset.kubernetes.io/tooling" // has the version of kubectl
			delete(want.Metadata.Annotations, tooling)
			if !strings.HasPrefix(got.Metadata.Annotations[tooling], "kubectl/") {
				t.Errorf("%s is of %q", ref, got.Metadata.Annotations[tooling])
			}
			delete(got.Metadata.Annotations, tooling)
			if fmt.Sprint(got.Metadata) != fmt.Sprint(want.Metadata) {
				t.Errorf("%s is\n%v\nthe plan says\n%v", ref, got.Metadata, want.Metadata)
			}
		}
	}
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
	objects := []string{config(ns, "c-first", wave(-2)), config(ns, "b-second", ""), config(ns, "a-third", wave(1)), crd, resource}
	applied(t, dir, application(ns, "", objects...))
	before(t, " namespace/"+ns, ns+" configmap/c-first", ns+" "+kind+"/r", ns+" configmap/b-second", ns+" configmap/a-third")
	checkParents(t, dir)
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
	checkParents(t, dir)
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

// kustomization is one of Flux; its objects follow.
func kustomization(name, spec string, objects ...string) string {
	return fmt.Sprintf(`-- %s.yaml --
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: %s, namespace: flux-system}
spec: {interval: 10m, prune: true, %s}
-- %s.objects.yaml --
%s`, name, name, spec, name, strings.Join(objects, "\n---\n"))
}

func TestE2EFlux(t *testing.T) {
	one, two, dir := namespaceOf("flux-one"), namespaceOf("flux-two"), t.TempDir()
	namespace := func(name string) string { return "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + "}\n" }
	fixed := strings.Replace(config(one, "fixed", ""), "\ndata:", "\nimmutable: true\ndata:", 1)
	infra := []string{namespace(one), namespace(two), config(one, "a", ""), config(two, "b", ""), fixed}
	apps := []string{
		config(one, "once", "kustomize.toolkit.fluxcd.io/ssa: IfNotPresent"), config(one, "ignored", "kustomize.toolkit.fluxcd.io/ssa: Ignore"),
		config(one, "last", ""), config(one, "kept", "kustomize.toolkit.fluxcd.io/prune: disabled"),
	}
	name := func(s string) string { return s + "-" + one }
	text := func(infra, apps []string) string {
		return kustomization(name("apps"), "dependsOn: [{name: "+name("infra")+"}]", apps...) + "\n" +
			kustomization(name("infra"), "force: true, wait: true", infra...) + "\n" +
			kustomization(name("paused"), "suspend: true", config(one, "paused", ""))
	}
	applied(t, dir, text(infra, apps))
	checkParents(t, dir)
	before(t, " namespace/"+one, one+" configmap/a", two+" configmap/b", one+" configmap/last")
	for _, absent := range []string{"ignored", "paused"} {
		is(t, one, "configmap/"+absent, false)
	}

	must(t, "patch", "configmap/once", "-n", one, "-p", `{"data":{"k":"changed"}}`)
	uid := get(t, one, "configmap/fixed", "{.metadata.uid}")
	infra = []string{infra[0], infra[1], infra[2], strings.Replace(fixed, "k: v", "k: w", 1)}
	applied(t, dir, text(infra, apps[:3]))
	is(t, two, "configmap/b", false) // the last object of its namespace
	is(t, one, "configmap/a", true)
	is(t, one, "configmap/kept", true)
	if get(t, one, "configmap/once", "{.data.k}") != "changed" {
		t.Error("what is only made where it is missing was changed")
	}
	if get(t, one, "configmap/fixed", "{.data.k}") != "w" || get(t, one, "configmap/fixed", "{.metadata.uid}") == uid {
		t.Error("what cannot be changed was not made anew")
	}
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

// TestE2ERelease: what Helm keeps stays, CRDs of the chart are only made, hooks run in
// the order of their weights.
func TestE2ERelease(t *testing.T) {
	ns, dir := namespaceOf("release"), t.TempDir()
	kind := strings.ReplaceAll(ns, "-", "")
	crd := fmt.Sprintf(`apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: %s.e2e.example.com}
spec:
  group: e2e.example.com
  scope: Namespaced
  names: {kind: %s, plural: %s}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
`, kind, kind, kind)
	text := func(objects ...string) string {
		return fmt.Sprintf(`-- app.yaml --
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: %s, namespace: flux-system}
spec: {interval: 10m, targetNamespace: %s, install: {createNamespace: true}}
-- app.objects.yaml --
%s`, ns, ns, strings.Join(objects, "\n---\n"))
	}
	resource := fmt.Sprintf("apiVersion: e2e.example.com/v1\nkind: %s\nmetadata: {name: r, namespace: %s}\n", kind, ns)
	hook := func(name, when, weight string) string {
		return config(ns, name, fmt.Sprintf(`helm.sh/hook: %s, helm.sh/hook-weight: "%s"`, when, weight))
	}
	objects := []string{crd, resource, config(ns, "goes", ""), config(ns, "kept", "helm.sh/resource-policy: keep"),
		hook("b-first", "pre-install", "-1"), hook("a-second", "pre-upgrade", "1"), hook("last", "post-install", "0"), hook("never", "test", "0")}
	applied(t, dir, text(objects...))
	before(t, " namespace/"+ns, ns+" configmap/b-first", ns+" configmap/a-second", ns+" "+kind+"/r", ns+" configmap/last")
	is(t, ns, "configmap/never", false)
	checkParents(t, dir)
	must(t, "annotate", "customresourcedefinition/"+kind+".e2e.example.com", "mine=1")
	versionOf := version(t, "", "customresourcedefinition/"+kind+".e2e.example.com")

	applied(t, dir, text(objects[0], config(ns, "new", "")))
	is(t, ns, "configmap/goes", false)
	is(t, ns, kind+"/r", false)
	is(t, ns, "configmap/kept", true)
	is(t, ns, "configmap/new", true)
	if version(t, "", "customresourcedefinition/"+kind+".e2e.example.com") != versionOf {
		t.Error("a CRD that is there was written")
	}
}

// TestE2ECommand renders a repository with the command, and applies what it writes.
func TestE2ECommand(t *testing.T) {
	ns, work := namespaceOf("command"), t.TempDir()
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(work, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("repo/plain/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
	write("repo/plain/b.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n")
	write("repo/overlay/kustomization.yaml", "configMapGenerator: [{name: made, literals: [k=v]}]\ngeneratorOptions: {disableNameSuffixHash: true}\n")
	write("input.yaml", strings.ReplaceAll(`apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: NS, namespace: argocd}
spec:
  source: {repoURL: https://git.example.com/repo, path: plain}
  destination: {server: https://kubernetes.default.svc, namespace: NS}
  syncPolicy: {automated: {prune: true}, syncOptions: [CreateNamespace=true, PrunePropagationPolicy=background]}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: repo, namespace: flux-system}
spec: {interval: 10m, url: https://git.example.com/repo, ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: NS, namespace: flux-system}
spec: {interval: 10m, prune: true, path: ./overlay, targetNamespace: NS, sourceRef: {kind: GitRepository, name: repo}}
`, "NS", ns))
	render := func() {
		t.Helper()
		c := exec.Command("go", "run", "../../../cmd/kubectl-gitops", "render", "--offline", "--fail-on", "never", "-f", filepath.Join(work, "input.yaml"),
			"--source", "https://git.example.com/repo="+filepath.Join(work, "repo"), "--output-dir", filepath.Join(work, "out"))
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("render: %v\n%s", err, out)
		}
		if out, err := exec.Command(filepath.Join(work, "out", "apply.sh")).CombinedOutput(); err != nil {
			t.Fatalf("apply.sh: %v\n%s", err, out)
		}
	}
	render()
	for _, name := range []string{"a", "b", "made"} {
		is(t, ns, "configmap/"+name, true)
	}
	if err := os.Remove(filepath.Join(work, "repo/plain/b.yaml")); err != nil {
		t.Fatal(err)
	}
	// Flux does not apply the ConfigMap any more, and does not prune it.
	write("repo/overlay/kustomization.yaml", `configMapGenerator:
  - {name: made, literals: [k=v], options: {annotations: {kustomize.toolkit.fluxcd.io/ssa: Ignore}}}
  - {name: other, literals: [k=v]}
generatorOptions: {disableNameSuffixHash: true}
`)
	render()
	is(t, ns, "configmap/a", true)
	is(t, ns, "configmap/b", false)
	is(t, ns, "configmap/made", true)
	is(t, ns, "configmap/other", true)
}
