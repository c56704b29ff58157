package content

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
)

// TestSteered compares what marks make the tools do with one object. Every row of [steers]
// is one case: its tool alone heeds it.
func TestSteered(t *testing.T) {
	for _, s := range steers {
		object := decode(t, fmt.Sprintf("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, annotations: {%q: %q}}", s.key, cmp.Or(s.value, "IgnoreExtraneous")))
		plain := decode(t, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}")
		left, right := Side{Tool: ArgoCD, Objects: object}, Side{Tool: Flux, Objects: plain}
		if s.by != argo {
			left.Objects, right.Objects = plain, object
		}
		if s.by == release {
			object[0].SetLabels(map[string]string{helmGroup + "name": "a"})
		}
		var found []string
		for _, x := range Steered(left, right) {
			found = append(found, x.Row+": "+strings.Join(append(x.Left, x.Right...), ","))
		}
		if !strings.Contains(strings.Join(found, "\n"), s.row+": "+s.does) {
			t.Errorf("%s %s: want %s: %s, got %q", s.key, s.value, s.row, s.does, found)
		}
	}
}

// TestSteeredAlike: what both tools are told in their own words is no difference.
func TestSteeredAlike(t *testing.T) {
	const object = `
apiVersion: v1
kind: %s
metadata:
  name: a
  annotations: {argocd.argoproj.io/sync-options: "Delete=false, Prune=false", kustomize.toolkit.fluxcd.io/prune: Disabled}
`
	sides := func(kind string) (Side, Side) {
		o := decode(t, fmt.Sprintf(object, kind))
		return Side{Tool: ArgoCD, Objects: o}, Side{Tool: Flux, Objects: o}
	}
	if found := Steered(sides("ConfigMap")); len(found) > 0 {
		t.Errorf("got %v", found)
	}
	left, right := sides("ConfigMap")
	right.Objects = decode(t, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}")
	if found := Steered(left, right); len(found) != 2 {
		t.Errorf("want prune and deletion, got %v", found)
	}
	left.Objects[0].SetAnnotations(map[string]string{"argocd.argoproj.io/hook": "PreSync", "argocd.argoproj.io/sync-options": "Prune=false"})
	if found := Steered(left, right); len(found) > 0 {
		t.Errorf("a hook: got %v", found)
	}
}
