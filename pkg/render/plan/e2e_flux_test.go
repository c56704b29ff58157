//go:build e2e

package plan_test

import (
	"fmt"
	"strings"
	"testing"
)

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
	check(t, dir)
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
	check(t, dir)
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
