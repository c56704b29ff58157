package liveset

import (
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// TestExpressions: what a template becomes, or why it stays.
func TestExpressions(t *testing.T) {
	ref := func(path []string) (phrase, bool) { return expression(input(path)), path[0] != "none" }
	for _, test := range []struct {
		cut        func(string, reference) ([]piece, error)
		text, want string
	}{
		{fastPieces, "a-{{name}}-{{ values.x }}", "a-<inputs.name>-<inputs.values.x>"},
		{fastPieces, "{{a-b}}", `<index inputs "a-b">`},
		{fastPieces, "{{none}}", "error: the inputs have nothing for {{none}}"},
		{fastPieces, "{{name", "error: a template is broken"},
		{goPieces, "a-{{.name}}", "a-<inputs.name>"},
		{goPieces, "a {{- .values.x -}} b", "a<inputs.values.x>b"},
		{goPieces, `{{ .a | replace "/" "-" | trunc 40 }}`, `<inputs.a | replace "/" "-" | trunc 40>`},
		{goPieces, `{{ default "x" (lower .a) }}`, `<default "x" (lower inputs.a)>`},
		{goPieces, "{{/* note */}}x", "x"},
		{goPieces, "{{.none}}", "error: the inputs have nothing for .none"},
		{goPieces, "{{range .a}}x{{end}}", "error: a template has control"},
		{goPieces, "{{$x := .a}}", "error: a template has variables"},
		{goPieces, "{{.}}", "error: a template has"},
		{goPieces, "{{$.a}}", "error: a template has"},
		{goPieces, "{{slugify .a}}", "error: a template is broken, or calls"},
		{goPieces, "{{printf .a}}", "error: a template is broken, or calls"},
		{goPieces, "{{", "error: a template is broken"},
		{goPieces, strings.Repeat("x", maxTemplate) + "{{.a}}", "error: a template is longer"},
	} {
		pieces, err := test.cut(test.text, ref)
		got := ""
		for _, p := range pieces {
			if got += p.literal; p.source != "" {
				got += "<" + p.target + ">"
			}
		}
		if err != nil {
			got = "error: " + err.Error()
		}
		if got != test.want && !(err != nil && strings.HasPrefix(got, test.want)) {
			t.Errorf("%.40q is %q, want %q", test.text, got, test.want)
		}
	}
}

// TestSame: what deploys something else is not the same, and names of sources are.
func TestSame(t *testing.T) {
	const base = `
kind: GitRepository
metadata: {name: a, namespace: flux}
spec: {url: https://example.com/a, ref: {branch: main}}
---
kind: Kustomization
metadata: {name: app, namespace: flux}
spec: {path: ./x, number: 1, sourceRef: {kind: GitRepository, name: a}, list: [a, b]}
---
kind: Namespace
metadata: {name: ns, annotations: {fluxcd.controlplane.io/prune: disabled}}
`
	for _, test := range []struct {
		old, new string
		same     bool
	}{
		{"", "", true},
		{"name: a", "name: b", true}, // of the source, and of the reference to it
		{"{name: ns, annotations: {fluxcd.controlplane.io/prune: disabled}}", "{name: ns}", true},
		{"branch: main", "branch: next", false},
		{"path: ./x", "path: ./y", false},
		{"number: 1", "number: '1'", false},
		{"[a, b]", "[b, a]", false},
		{"[a, b]", "[a]", false},
		{"sourceRef: {kind: GitRepository, name: a}", "sourceRef: {kind: GitRepository, name: other}", false},
		{"name: app", "name: app2", false},
		{"{path: ./x", "{extra: x, path: ./x", false},
	} {
		changed := strings.ReplaceAll(base, test.old, test.new)
		if test.old == "name: a" {
			changed = strings.NewReplacer("name: a,", "name: b,", "name: a}", "name: b}").Replace(base)
		}
		if changed == base && test.old != "" {
			t.Fatalf("%q changes nothing", test.old)
		}
		for _, sides := range [][2]string{{base, changed}, {changed, base}} {
			if err := Same(roots(t, sides[0]), roots(t, sides[1])); (err == nil) != test.same {
				t.Errorf("%q to %q: %v", test.old, test.new, err)
			}
		}
	}
}

func roots(t *testing.T, text string) (all []*yaml.Node) {
	t.Helper()
	for part := range strings.SplitSeq(text, "---\n") {
		n, err := yaml.Parse(part)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, n.YNode())
	}
	return all
}

// TestValid: objects that the API server would refuse.
func TestValid(t *testing.T) {
	const set = "apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata: {name: a}\nspec: {resources: [{apiVersion: v1, kind: Namespace, metadata: {name: a}}]}\n"
	const provider = "apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSetInputProvider\nmetadata: {name: a}\nspec: {type: GitHubPullRequest, url: https://github.com/a/b}\n"
	const found = "apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSetInputProvider\nmetadata: {name: a}\nspec: {type: ExternalArtifact, selectors: [{matchLabels: {a: b}}]}\n"
	const generator = "apiVersion: source.extensions.fluxcd.io/v1beta1\nkind: ArtifactGenerator\nmetadata: {name: a}\nspec: {sources: [{alias: r, kind: GitRepository, name: r}], pathPattern: '@r/{a}', artifacts: [{name: '{a}', copy: [{from: '@r/{a}/**', to: '@artifact/'}]}]}\n"
	for _, test := range []struct {
		base, old, new string
		valid          bool
	}{
		{set, "", "", true},
		{set, "{resources", "{inputsFrom: [{name: a}], inputStrategy: {name: Permute}, resources", true},
		{set, "{resources", "{inputsFrom: [{kind: a}], resources", false},
		{set, "{resources", "{inputStrategy: {name: Merge}, resources", false},
		{found, "", "", true},
		{found, "selectors: [{matchLabels: {a: b}}]", "url: https://example.com", false},
		{found, "{type", "{url: 'https://example.com', type", false},
		{found, "{type", "{secretRef: {name: a}, type", false},
		{provider, "{type", "{selectors: [{name: a}], type", false},
		{generator, "", "", true},
		{generator, "'@r/{a}'", "'r/{a}'", false},
		{generator, "kind: GitRepository", "kind: Other", false},
		{provider, "", "", true},
		{set, "name: a}\nspec", "name: A}\nspec", false},
		{set, "name: a}}]", "}}]", false},
		{set, "resources: [", "other: [", false},
		{set, "ResourceSet", "Other", false},
		{set, "/v1", "/v2", false},
		{provider, "GitHubPullRequest", "BitbucketPullRequest", false},
		{provider, "https://", "ssh://", false},
	} {
		if err := Valid(roots(t, strings.Replace(test.base, test.old, test.new, 1))[0]); (err == nil) != test.valid {
			t.Errorf("%q to %q: %v", test.old, test.new, err)
		}
	}
}
