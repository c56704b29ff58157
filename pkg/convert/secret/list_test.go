package secret

import (
	"bytes"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// TestMaskAll: a value of a Secret is masked wherever that stands, and a comment beside it;
// what only refers to a Secret stays as it is, to the comment.
func TestMaskAll(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"comments", "kind: Secret # S3CR3T\napiVersion: v1\nmetadata:\n  # S3CR3T\n  name: a\ndata: {}\n# S3CR3T", "kind: Secret\napiVersion: v1\nmetadata:\n  name: a\ndata: {}\n"},
		{"a list", "kind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  data: {a: UzNDUjNU}\n# S3CR3T\n- kind: ConfigMap\n", "kind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  data: {a: PHJlZGFjdGVkPg==}\n- kind: ConfigMap\n"},
		{"a list of Secrets", "kind: SecretList\nitems:\n- stringData: {a: S3CR3T}\n", "kind: SecretList\nitems:\n- stringData: {a: <redacted>}\n"},
		{"a ResourceSet", "kind: ResourceSet\nspec:\n  resources:\n  - {apiVersion: v1, kind: Secret, stringData: {a: S3CR3T}}\n", "kind: ResourceSet\nspec:\n  resources:\n  - {apiVersion: v1, kind: Secret, stringData: {a: <redacted>}}\n"},
		{"a text", "spec:\n  text: |\n    ---\n    kind: A\n    ---\n    kind: Secret\n    data: {a: S3CR3T}\n", "spec:\n  text: |\n    kind: A\n    ---\n    kind: Secret\n    data: {a: PHJlZGFjdGVkPg==}\n"},
		{"a text of JSON", `text: '{"kind": "Secret", "stringData": {"a": "S3CR3T"}}'`, `text: "{\"kind\": \"Secret\", \"stringData\": {\"a\": \"<redacted>\"}}\n"` + "\n"},
		{"a template", "text: |\n  kind: Secret\n  {{ if S3CR3T }}\n", "text: <redacted>\n"},
		{"a patch", "patches:\n- target: {kind: Secret}\n  patch: '[{op: add, path: /data/a, value: S3CR3T}]'\n", "patches:\n- target: {kind: Secret}\n  patch: <redacted>\n"},
		{"a generator", "secretGenerator:\n- name: a\n  literals: [a=S3CR3T]\n", "secretGenerator:\n- name: a\n  literals: [<redacted>]\n"},
		{"references", "valuesFrom:\n- {kind: Secret, name: a} # stays\nref: {apiVersion: v1, kind: Secret, name: b}\ntext: 'kind: Secret'\n", ""},
	} {
		root := yaml.MustParse(c.text).YNode()
		changed := MaskAll(root)
		var got bytes.Buffer
		if err := document.Encode(&got, root); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(got.String(), "S3CR3T") || changed != (c.want != "") || changed && got.String() != c.want {
			t.Errorf("%s: changed %v:\n%s", c.name, changed, got.String())
		}
	}
}

// TestPutMasked: settings and addresses stay, unless these let somebody in.
func TestPutMasked(t *testing.T) {
	for text, want := range map[string]string{
		"https://example.com/o/r": "https://example.com/o/r", "ssh://git@example.com/o/r": "ssh://git@example.com/o/r", "git@example.com:o/r": "git@example.com:o/r",
		"https://bot:S3CR3T@example.com": Placeholder, "https://example.com/?token=S3CR3T": Placeholder,
	} {
		o := New("argocd", "a", Opaque)
		Put(o, "url", text, true)
		if got := node.Text(o.Root, "stringData", "url"); got != want {
			t.Errorf("%s is shown as %s", text, got)
		}
	}
}
