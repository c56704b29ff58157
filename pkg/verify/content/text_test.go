package content

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// TestForms: a result as text and as JSON.
func TestForms(t *testing.T) {
	left := decode(t, deployment(", namespace: prod", ", env: [{name: A, value: '1'}, {name: B, value: '2'}]")+"---\n"+secret(", stringData: {a: one}"))
	right := decode(t, deployment(", namespace: prod", ", env: [{name: B, value: '2'}, {name: A, value: '3'}]")+"---\n"+secret(", stringData: {a: two}"))
	left[0].Origin = manifest.Origin{Source: "https://example.com/r", Revision: "main", File: "web.yaml"}
	right[0].Origin.File = "overlay"
	result := Compare(Side{Tool: ArgoCD, Objects: left}, Side{Tool: Flux, Objects: right})
	var b strings.Builder
	if err := Write(&b, result, ArgoCD, Flux); err != nil {
		t.Fatal(err)
	}
	if want := `--- Argo CD
+++ Flux
@@ v1 Secret web (f.yaml) @@
  data.a: secret value differs
-   "<redacted>"
+   "<redacted>"
@@ apps/v1 Deployment prod/web (web.yaml, overlay) @@
  spec.template.spec.containers[name=web].env[name=A].value
-   "1"
+   "3"
  spec.template.spec.containers[name=web].env: order differs
-   [name=A name=B]
+   [name=B name=A]
`; b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	result.Differences = result.Differences[1:2]
	data, err := json.Marshal(result)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"left":2,"right":2,"differences":[{"kind":"value","object":{"apiVersion":"apps/v1","kind":"Deployment","namespace":"prod","name":"web"},` +
		`"path":"spec.template.spec.containers[name=web].env[name=A].value","left":"\"1\"","right":"\"3\"",` +
		`"leftOrigin":{"source":"https://example.com/r","revision":"main","file":"web.yaml"},"rightOrigin":{"file":"overlay"}}]}`
	if string(data) != want {
		t.Errorf("got\n%s\nwant\n%s", data, want)
	}
	if data, err = json.Marshal(Compare(Side{}, Side{})); err != nil || string(data) != `{"left":0,"right":0,"differences":[]}` {
		t.Errorf("got %s, %v", data, err)
	}
}
