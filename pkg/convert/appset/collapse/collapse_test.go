package collapse_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset/collapse"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

func parse(t *testing.T, text string) *yaml.Node {
	t.Helper()
	root, err := (&document.Doc{Raw: []byte(text)}).Parse()
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func encode(t *testing.T, n *yaml.Node) string {
	t.Helper()
	var b bytes.Buffer
	if err := document.Encode(&b, n); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// app is an Application with a few texts in it.
func app(name, repo, namespace, note string) *yaml.Node {
	return node.Map(
		"apiVersion", "argoproj.io/v1alpha1", "kind", "Application",
		"metadata", node.Map("name", name, "namespace", "argocd", "annotations", node.Map("a.b/{{note}}", note)),
		"spec", node.Map(
			"destination", node.Map("name", "in-cluster", "namespace", namespace),
			"project", "default",
			"source", node.Map("path", "apps/"+name+"/"+name, "repoURL", repo, "targetRevision", "main"),
		),
	)
}

// TestMake shows names, shared parameters, parameters within texts and text that looks
// like a template.
func TestMake(t *testing.T) {
	apps := []*yaml.Node{
		app("api", "https://example.com/a", "api", "{{ .x }}"),
		app("web", "https://example.com/b", "prod", "on"),
		app("shop", "https://example.com/c", "prod", "two\nlines\n"),
	}
	s, err := collapse.Make(apps)
	if err != nil {
		t.Fatal(err)
	}
	const want = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: ""
  namespace: argocd
spec:
  generators:
  - list:
      elements:
      - name: api
        aBNote: '{{ .x }}'
        namespace: api
        repoURL: https://example.com/a
      - name: web
        aBNote: "on"
        namespace: prod
        repoURL: https://example.com/b
      - name: shop
        aBNote: |
          two
          lines
        namespace: prod
        repoURL: https://example.com/c
  goTemplate: true
  goTemplateOptions:
  - missingkey=error
  syncPolicy:
    preserveResourcesOnDeletion: true
  template:
    metadata:
      name: '{{ .name }}'
      annotations:
        a.b/{{` + "`{{`" + `}}note}}: '{{ .aBNote }}'
    spec:
      destination:
        name: in-cluster
        namespace: '{{ .namespace }}'
      project: default
      source:
        path: apps/{{ .name }}/{{ .name }}
        repoURL: '{{ .repoURL }}'
        targetRevision: main
`
	if got := encode(t, s.Root); got != want {
		t.Errorf("got\n%s", got)
	}
	for path, want := range map[string]string{
		"kind":                       "kind",
		"metadata.namespace":         "metadata.namespace",
		"metadata.name":              "spec.generators[0].list.elements[1].name",
		"spec.destination.namespace": "spec.generators[0].list.elements[1].namespace",
		"spec.source.path":           "spec.template.spec.source.path",
		"spec.source":                "spec.template.spec.source",
	} {
		if got := s.Path(1, path); got != want || !ledger.Exists(s.Root, got) {
			t.Errorf("%s is at %s", path, got)
		}
	}
}

// TestRefused: what the controller would make in another way is no set.
func TestRefused(t *testing.T) {
	const format = `
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: %s, namespace: argocd}
spec:
  project: default
  destination: {name: in-cluster}
  source: {repoURL: https://example.com/a, path: a%s}
`
	for _, c := range []struct{ name, more, why string }{
		{"aN", "  info: null\n", "would write spec "},
		{"aN", "operation: {sync: {prune: true}}\n", "would write "},
		{"aN", "  sourceHydrator: {drySource: {nothing: x}}\n", "cannot say it: spec.template.spec.sourceHydrator"},
		{"same", "", "two Applications of the name"},
	} {
		var apps []*yaml.Node
		for i := range collapse.Min {
			text := fmt.Sprintf(format, strings.ReplaceAll(c.name, "N", fmt.Sprint(i)), fmt.Sprint(i%2)) + c.more
			apps = append(apps, parse(t, text))
		}
		if _, err := collapse.Make(apps); err == nil || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%q: %v", c.more, err)
		}
	}
}

// TestShape: only texts may differ.
func TestShape(t *testing.T) {
	same := parse(t, "a: [x, {b: 1}]\nc: true\n")
	for text, want := range map[string]bool{
		"a: ['{{', {b: 1}]\nc: true # so\n": true,
		"a: [x, {b: 2}]\nc: true\n":         false,
		"a: [x, {b: \"1\"}]\nc: true\n":     false,
		"a: [x, {b: 1}, y]\nc: true\n":      false,
		"a: [x, {d: 1}]\nc: true\n":         false,
		"c: true\na: [x, {b: 1}]\n":         false,
		"a: [x, [b, 1]]\nc: true\n":         false,
		"a: [x, {b: 1}]\nc: null\n":         false,
		"a: [x, {b: 1}]\nc: true\nd: e\n":   false,
	} {
		if got := collapse.Shape(parse(t, text)) == collapse.Shape(same); got != want {
			t.Errorf("%q has the shape: %v", text, got)
		}
	}
}

// TestExpands: whatever the texts are, a set makes its Applications again, in their order.
func TestExpands(t *testing.T) {
	pieces := []string{"{", "}", "{{", "}}", "`", "\"", "'", " ", "\n", "-", ".name", "{{.x}}", "{{-", "a", "web", "on", "1.10", "null", "\\", "#", ": ", "%", "$", "é"}
	random := rand.New(rand.NewPCG(1, 2))
	text := func() string {
		var b strings.Builder
		for range random.IntN(5) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		return b.String()
	}
	for round := range 500 {
		var apps []*yaml.Node
		common := text()
		for i := range collapse.Min + random.IntN(3) {
			a := app(fmt.Sprintf("app-%d", i), text()+common, common, common+text()+common)
			if round%2 == 0 {
				node.Put(node.Get(a, "metadata"), "finalizers", node.Strings([]string{"x.example.com/" + text()}))
			}
			apps = append(apps, a)
		}
		s, err := collapse.Make(apps)
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		made, problems := appset.Expand(parse(t, encode(t, s.Root)), appset.World{})
		if len(problems) > 0 || len(made) != len(apps) {
			t.Fatalf("round %d: %d Applications, %v", round, len(made), problems)
		}
		for i := range apps {
			if got, want := encode(t, made[i]), encode(t, collapse.Plain(apps[i])); got != want {
				t.Fatalf("round %d: got\n%s\nwant\n%s", round, got, want)
			}
		}
	}
}

// TestBase names sets after what their Applications share.
func TestBase(t *testing.T) {
	for _, c := range []struct {
		want string
		apps []*yaml.Node
	}{
		{"fleet-infra", []*yaml.Node{app("a", "https://example.com/o/Fleet_Infra.git", "x", ""), app("b", "https://example.com/o/Fleet_Infra.git", "y", "")}},
		{"x", []*yaml.Node{app("a", "https://example.com/a", "x", ""), app("b", "https://example.com/b", "x", "")}},
		{"applications", []*yaml.Node{app("a", "https://example.com/a", "x", ""), app("b", "https://example.com/b", "y", "")}},
	} {
		if got := collapse.Base(c.apps); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}
