package substitute

import (
	"fmt"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// ks is a Kustomization, with the source flux-system where none is given.
func ks(name, path, postBuild, source string) string {
	if source == "" {
		source = "flux-system"
	}
	return fmt.Sprintf("apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: %s, namespace: ns}\nspec:\n  path: %s\n  sourceRef: {kind: GitRepository, name: %s}\n  postBuild: {%s}\n",
		name, path, source, postBuild)
}

const manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {v: \"${A}\"}\n"

// run substitutes in files, given as name and text in turn, and says what became of
// the last one and of the Kustomizations in order.
func run(t *testing.T, files ...string) (text string, r *Result, docs []*document.Doc) {
	t.Helper()
	for i := 0; i < len(files); i += 2 {
		split, err := document.Split(files[i], []byte(files[i+1]))
		if err != nil {
			t.Fatal(err)
		}
		for j := range split {
			docs = append(docs, &split[j])
		}
	}
	r = Run(docs, Source{
		Maps: func(flux.Ref, string) (*yaml.Node, string) { return nil, "it is not in the input" },
		Members: func(root *yaml.Node) ([]*yaml.Node, bool) {
			return node.Items(root, "items"), node.Text(root, "kind") == "List"
		},
	})
	last := docs[len(docs)-1]
	switch notes := r.Notes(last); {
	case len(notes) == 0:
		return "kept", r, docs
	case notes[0].ID == "substituted":
		root, err := last.Parse()
		if err != nil {
			t.Fatal(err)
		}
		return node.Text(root, "data", "v") + " by " + strings.Trim(strings.Fields(notes[0].Note)[6], ","), r, docs
	default:
		return notes[0].From.Path + ": " + notes[0].Note, r, docs
	}
}

const a1, a2 = `substitute: {A: "one"}`, `substitute: {A: "two"}`

// TestClaims: which Kustomization gives its values to a file.
func TestClaims(t *testing.T) {
	for _, c := range []struct {
		name, want string
		files      []string
	}{
		{"below", "one by ns/k", []string{"clusters/prod/k.yaml", ks("k", "./apps/web", a1, ""), "repo/apps/web/x.yaml", manifest}},
		{"deep below", "one by ns/k", []string{"k.yaml", ks("k", "apps", a1, ""), "/tmp/repo/apps/web/base/x.yaml", manifest}},
		{"dots", "one by ns/k", []string{"k.yaml", ks("k", "./apps/./web/", a1, ""), "clusters/prod/../../apps/web/x.yaml", manifest}},
		{"whole segments", "kept", []string{"k.yaml", ks("k", "./apps/web", a1, ""), "myapps/web/x.yaml", manifest}},
		{"whole segments at the end", "kept", []string{"k.yaml", ks("k", "./apps/web", a1, ""), "apps/website/x.yaml", manifest}},
		{"beside", "kept", []string{"k.yaml", ks("k", "./apps/web", a1, ""), "apps/x.yaml", manifest}},
		{"the root", "one by ns/k", []string{"k.yaml", ks("k", "./", a1, ""), "any/x.yaml", manifest}},
		{"above the root is the root", "one by ns/k", []string{"k.yaml", ks("k", "../..", a1, ""), "any/x.yaml", manifest}},
		{"the deepest path", "two by ns/l", []string{"k.yaml", ks("k", "./apps", a1, ""), "l.yaml", ks("l", "./apps/web", a2, ""), "apps/web/x.yaml", manifest}},
		{"the deepest path sets nothing", "kept", []string{"k.yaml", ks("k", "./apps", a1, ""), "l.yaml", ks("l", "./apps/web", "", ""), "apps/web/x.yaml", manifest}},
		{"same values", "one by ns/k", []string{"k.yaml", ks("k", "apps", a1, ""), "l.yaml", ks("l", "apps", a1, ""), "apps/x.yaml", manifest}},
		{
			"other values", "data.v: it keeps its variables: Kustomization ns/k (a/k.yaml) and Kustomization ns/k (b/k.yaml) apply it with different values",
			[]string{"a/k.yaml", ks("k", "apps", a1, ""), "b/k.yaml", ks("k", "apps", a2, ""), "apps/x.yaml", manifest},
		},
		{
			"some and none", "data.v: it keeps its variables: Kustomization ns/k (a/k.yaml) and Kustomization ns/k (b/k.yaml) apply it with different values",
			[]string{"a/k.yaml", ks("k", "apps", a1, ""), "b/k.yaml", ks("k", "apps", "", ""), "apps/x.yaml", manifest},
		},
		{"itself", "kept", []string{"apps/k.yaml", ks("k", "apps", `substitute: {A: "${A}"}`, "")}},
		{"a file that is none", "one by ns/k", []string{"-", ks("k", "", a1, ""), "https://example.com/x.yaml", manifest}},
		{
			"a base beside the path", "one by ns/k",
			[]string{"k.yaml", ks("k", "apps/prod", a1, ""), "apps/prod/kustomization.yaml", "resources: [../base, own.yaml]\n", "apps/base/x.yaml", manifest},
		},
		{
			"a file of a base of a base", "one by ns/k",
			[]string{"k.yaml", ks("k", "apps/prod", a1, ""), "r/apps/prod/kustomization.yml", "resources: [../base]\n", "r/apps/base/Kustomization", "resources: [../../shared/x.yaml]\n", "r/shared/x.yaml", manifest},
		},
		{
			"beside a file of a base", "kept",
			[]string{"k.yaml", ks("k", "apps/prod", a1, ""), "apps/prod/kustomization.yml", "resources: [../../shared/x.yaml]\n", "shared/y.yaml", manifest},
		},
		{
			"a base of two", "data.v: it keeps its variables: Kustomization ns/k (k.yaml) and Kustomization ns/l (k.yaml) apply it with different values",
			[]string{
				"k.yaml", ks("k", "apps/prod", a1, "") + "---\n" + ks("l", "apps/test", a2, ""), "apps/prod/kustomization.yaml", "resources: [../base]\n",
				"apps/test/kustomization.yaml", "resources: [../base]\n", "apps/base/x.yaml", manifest,
			},
		},
		{
			"a component of the Kustomization", "one by ns/k",
			[]string{"k.yaml", ks("k", "apps/prod", a1+"}\n  components: [../parts/c]\n  x: {", ""), "/r/apps/prod/any.yaml", "kind: X\n", "/r/apps/parts/c/x.yaml", manifest},
		},
		{
			// The cluster's Kustomization applies k, so that the repository begins at fleet.
			"the root is known", "kept",
			[]string{"fleet/clusters/c.yaml", ks("c", "clusters", "", ""), "fleet/clusters/k.yaml", ks("k", "apps", a1, ""), "fleet/other/apps/x.yaml", manifest},
		},
		{
			"the root is known and fits", "one by ns/k",
			[]string{"fleet/clusters/c.yaml", ks("c", "clusters", "", ""), "fleet/clusters/k.yaml", ks("k", "apps", a1, ""), "fleet/apps/x.yaml", manifest},
		},
		{
			"another source", "kept",
			[]string{"clusters/c.yaml", ks("c", "clusters", "", ""), "clusters/k.yaml", ks("k", "apps", a1, "tenant"), "apps/x.yaml", manifest},
		},
		{
			"another source beside", "one by ns/k",
			[]string{"fleet/clusters/c.yaml", ks("c", "clusters", "", ""), "fleet/clusters/k.yaml", ks("k", "apps", a1, "tenant"), "tenant/apps/x.yaml", manifest},
		},
	} {
		if got, _, _ := run(t, c.files...); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// TestOrder: a Kustomization says what it says once the one above it has substituted.
func TestOrder(t *testing.T) {
	const top = `substitute: {A: "one", P: "prod"}`
	for _, c := range []struct {
		name, want string
		files      []string
	}{
		{"its values", "one by ns/k", []string{
			"k/k.yaml", ks("k", "apps", `substitute: {A: "${A}"}`, ""), "c/c.yaml", ks("c", "k", top, ""), "apps/x.yaml", manifest,
		}},
		{"three levels", "one by ns/k", []string{
			"l2/k.yaml", ks("k", "apps", `substitute: {A: "${B}"}`, ""), "l1/l.yaml", ks("l", "l2", `substitute: {B: "${A}"}`, ""),
			"l0/c.yaml", ks("c", "l1", top, ""), "apps/x.yaml", manifest,
		}},
		{"its path", "one by ns/k", []string{
			"k/k.yaml", ks("k", "./apps/${P}", a1, ""), "c/c.yaml", ks("c", "k", top, ""), "apps/prod/x.yaml", manifest,
		}},
		{"nobody above", "data.v: it keeps its variables: Kustomization ns/k substitutes nothing: its values hold variables, and no Kustomization of the input replaces them", []string{
			"k/k.yaml", ks("k", "apps", `substitute: {A: "${A}"}`, ""), "apps/x.yaml", manifest,
		}},
		{"a literal", "${A}x by ns/k", []string{
			"k/k.yaml", ks("k", "apps", `substitute: {A: "$${A}x"}`, ""), "c/c.yaml", ks("c", "k", top, ""), "apps/x.yaml", manifest,
		}},
		{"failed above", "data.v: it keeps its variables: Kustomization ns/k substitutes nothing: it keeps variables itself", []string{
			"k/k.yaml", ks("k", "apps", `substitute: {A: "${X}"}`, ""), "c/c.yaml", ks("c", "k", top, ""), "apps/x.yaml", manifest,
		}},
		{"broken values", `data.v: it keeps its variables: Kustomization ns/k substitutes nothing: "A-B" is no name of a variable, and Flux fails: use letters, digits and _`, []string{
			"k/k.yaml", ks("k", "apps", `substitute: {A-B: "x"}`, ""), "apps/x.yaml", manifest,
		}},
		{"a cycle", "data.v: it keeps its variables: Kustomization ns/k substitutes nothing: the Kustomizations that apply it lead back to it, so that none can be substituted first", []string{
			"a/k.yaml", ks("k", "b", a1, ""), "b/l.yaml", ks("l", "a", a1, ""), "b/x.yaml", manifest,
		}},
		{"a claim that comes late", "data.v: it keeps its variables: Kustomization ns/l substitutes nothing: another Kustomization applies it once variables in paths have their values", []string{
			"o/o.yaml", ks("o", "l", a1, ""), "l/deep/l.yaml", ks("l", "apps", a1, ""), "k/k.yaml", ks("k", "${P}", a1, ""),
			"c/c.yaml", ks("c", "k", `substitute: {P: "l/deep"}`, ""), "apps/x.yaml", manifest,
		}},
	} {
		if got, _, _ := run(t, c.files...); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// TestObjects: a list is as many objects, and what only kustomize reads gets no values.
func TestObjects(t *testing.T) {
	list := "apiVersion: v1\nkind: List\nitems:\n- " + strings.ReplaceAll(strings.TrimSpace(manifest), "\n", "\n  ") +
		"\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: n}\n  data:\n    v: x\n    w: ${MISSING}\n"
	_, r, docs := run(t, "k.yaml", ks("k", "apps", a1, ""), "apps/list.yaml", list)
	notes := r.Notes(docs[1])
	if len(notes) != 2 || notes[0].ID != "substituted" || notes[1].ID != "substitute-failed" || notes[1].From.Path != "data.w" || notes[1].From.Line != 13 {
		t.Errorf("got %+v", notes)
	}
	if text := string(docs[1].Raw); !strings.Contains(text, "v: \"one\"") || !strings.Contains(text, "${MISSING}") || r.Literal(Site{docs[1], 0}) {
		t.Errorf("the list is\n%s", text)
	}
	for _, text := range []string{
		"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamePrefix: ${A}-\n",
		"image:\n  tag: ${A}\n",
	} {
		got, _, _ := run(t, "k.yaml", ks("k", "apps", a1, ""), "apps/x.yaml", text)
		if !strings.Contains(got, "no object of the cluster") {
			t.Errorf("got %s for\n%s", got, text)
		}
	}
	if got, _, _ := run(t, "k.yaml", ks("k", "apps", a1, ""), "apps/x.yaml", "image: {tag: a}\n"); got != "kept" {
		t.Errorf("values without variables: %s", got)
	}
}

// TestAccount: what a Kustomization says of itself.
func TestAccount(t *testing.T) {
	for _, c := range []struct {
		postBuild, want string
		ok              bool
		files           []string
	}{
		{a1, "it applies no document of the input", false, nil},
		{"", "sets no variables", true, []string{"apps/x.yaml", manifest}},
		{a1, "1 of 1 documents of the input that it applies hold the values now", true, []string{"apps/x.yaml", manifest}},
		{a1, "1 of 2 documents of the input that it applies hold the values now", true, []string{"apps/x.yaml", manifest, "apps/y.yaml", "kind: X\n"}},
		{a1, "no variables in the 1 documents", true, []string{"apps/x.yaml", "kind: X\n"}},
		{`substitute: {B: "x"}`, "1 of 1 documents of the input that it applies keep their variables", false, []string{"apps/x.yaml", manifest}},
		{"substituteFrom: [{kind: Secret, name: s}]", "1 of 1 documents of the input that it applies keep their variables", false, []string{"apps/x.yaml", manifest}},
		{`substitute: {B: 1}`, "nothing is substituted: spec.postBuild.substitute: B is not text", false, []string{"apps/x.yaml", manifest}},
	} {
		_, r, docs := run(t, append([]string{"k.yaml", ks("k", "apps", c.postBuild, "")}, c.files...)...)
		if note, ok := r.Account(Site{docs[0], -1}); ok != c.ok || !strings.HasPrefix(note, c.want) {
			t.Errorf("%s: got %v, %s", c.postBuild, ok, note)
		}
	}
}
