package appset_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset/functions"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// set returns an ApplicationSet of fields of its spec, with a template that says where
// the name comes from.
func set(t testing.TB, spec string) *yaml.Node {
	t.Helper()
	text := "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: x}\nspec:\n  " + strings.ReplaceAll(spec, "\n", "\n  ")
	doc := document.Doc{File: "set.yaml", Line: 1, Raw: []byte(text)}
	root, err := doc.Parse()
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return root
}

// world has two clusters and a checkout of one repository.
func world() appset.World {
	files := fstest.MapFS{
		"apps/a/x.yaml": {Data: []byte("name: a\nlist: [1, two]\n")}, "apps/b/x.yaml": {Data: []byte("name: b\n")},
		"apps/b/deep/x.yaml": {Data: []byte("name: deep\n")}, "broken.yaml": {Data: []byte("a: [")},
	}
	return appset.World{
		Functions: functions.Map(),
		Clusters:  []appset.Cluster{{Name: "b", Server: "https://b", Labels: map[string]string{"env": "prod"}}, {Name: "a", Server: "https://a"}},
		Checkout: func(url, revision string) *checkout.Repo {
			if url != "https://example.com/repo" || revision == "other" {
				return nil
			}
			return &checkout.Repo{FS: files}
		},
	}
}

const byName = "template: {metadata: {name: '{{name}}'}, spec: {project: default}}"

func names(apps []*yaml.Node) string {
	var all []string
	for _, app := range apps {
		all = append(all, node.Text(app, "metadata", "name"))
	}
	return strings.Join(all, " ")
}

func TestNames(t *testing.T) {
	git := "git: {repoURL: https://example.com/repo, revision: HEAD, "
	goName := "goTemplate: true\ntemplate: {metadata: {name: '%s'}, spec: {project: default}}\n"
	for _, c := range []struct{ spec, want string }{
		{byName + "\ngenerators: [{clusters: {}}]", "a b in-cluster"},
		{byName + "\ngenerators: [{clusters: {selector: {matchLabels: {env: prod}}}}]", "b"},
		{byName + "\ngenerators: [{clusters: {selector: {matchExpressions: [{key: env, operator: DoesNotExist}]}}}]", "a"},
		{byName + "\ngenerators: [{clusters: {}, selector: {matchExpressions: [{key: server, operator: In, values: ['https://a']}]}}]", "a"},
		{byName + "\ngenerators: [{" + git + "files: [{path: apps/*.yaml}]}}]", "a deep b"},
		{byName + "\ngenerators: [{" + git + "files: [{path: apps}, {path: 'apps/?/x.yaml', exclude: true}]}}]", "deep"},
		{strings.Replace(byName, "{{name}}", "{{path[1]}}-{{path[0]}}", 1) + "\ngenerators: [{" + git + "directories: [{path: 'apps/*'}]}}]", "a-apps b-apps"},
		{fmt.Sprintf(goName, "{{ .path.basename }}") + "generators: [{" + git + "directories: [{path: 'apps/*/*'}, {path: '['}]}}]", "deep"},
		{fmt.Sprintf(goName, `{{ index .list 1 | default "none" }}`) + "generators: [{" + git + "files: [{path: apps/a/x.yaml}]}}]", "two"},
		{fmt.Sprintf(goName, "{{ .x }}{{ .z }}") + "generators: [{matrix: {generators: [{list: {elements: [{x: a, deep: [1, 2]}]}}, {list: {elementsYaml: '{{ range .deep }}- {z: e{{ . }}}\n\n{{ end }}'}}]}}]", "ae1 ae2"},
		{byName + "\ngenerators: [{list: {elements: [{name: b}]}}, {list: {elements: [{name: a}]}, clusters: {}, selector: {matchLabels: {name: a}}}]", ""},
	} {
		apps, problems := appset.Expand(set(t, c.spec), world())
		if c.want == "" {
			if len(problems) == 0 {
				t.Errorf("%s: two generators made one name, and came to %s", c.spec, names(apps))
			}
			continue
		}
		if len(problems) > 0 || names(apps) != c.want {
			t.Errorf("%s: got %q, %v, want %q", c.spec, names(apps), said(problems), c.want)
		}
	}
}

func said(problems []*appset.Problem) (all []string) {
	for _, p := range problems {
		all = append(all, fmt.Sprintf("%d %s %s: %s", p.Line, p.ID, p.Path, p.Msg))
	}
	return all
}

// TestProblems: what cannot be expanded says where and why, and gives nothing.
func TestProblems(t *testing.T) {
	list := "generators: [{list: {elements: [{name: web}]}}]\n"
	goList := "goTemplate: true\n" + list
	name := func(template string) string {
		return "template: {metadata: {name: '" + template + "'}, spec: {project: default}}"
	}
	for _, c := range []struct{ spec, id, msg string }{
		{byName + "\ngenerators: [{scmProvider: {}}]", "appset-generator-live", "Git hosting service"},
		{byName + "\ngenerators: [{matrix: {generators: [{list: {elements: []}}, {plugin: {}}]}}]", "appset-generator-live", "plugin"},
		{byName + "\ngenerators: [{git: {repoURL: 'https://me:PLANTED@example.com/other', revision: main}}]", "appset-checkout", "example.com/other at main"},
		{byName + "\ngenerators: [{matrix: {generators: [{list: {elements: [{u: other}]}}, {git: {repoURL: 'https://example.com/{{u}}', revision: main}}]}}]", "appset-checkout", "example.com/other at main"},
		{byName + "\ngenerators: [{git: {repoURL: https://example.com/repo, revision: HEAD}}]", "appset-invalid", "directories or files"},
		{byName + "\ngenerators: [{git: {repoURL: https://example.com/repo, revision: HEAD, files: [{path: broken.yaml}]}}]", "appset-invalid", "broken.yaml"},
		{byName + "\ngenerators: [{git: {repoURL: https://example.com/repo, revision: HEAD, files: [{path: ../x}]}}]", "appset-invalid", "leads out"},
		{byName + "\ngenerators: [{matrix: {generators: [{list: {elements: []}}]}}]", "appset-invalid", "two generators"},
		{byName + "\ngenerators: [{merge: {generators: [{list: {}}, {list: {}}]}}]", "appset-invalid", "mergeKeys"},
		{byName + "\ngenerators: [{list: {elementsYaml: '{'}}]", "appset-invalid", "elementsYaml"},
		{byName + "\ngenerators: [{list: {}, selector: {matchExpressions: [{key: a, operator: Like}]}}]", "appset-invalid", "Like"},
		{byName + "\ngenerators: [{list: {}, selector: {matchLabels: {'a b': c}}}]", "appset-invalid", "no key of a label"},
		{list + name("{{name}}{{x"), "appset-invalid", "without }}"},
		{list + name("{{name}}{{x}}"), "appset-invalid", "\"web{{x}}\", which Kubernetes refuses"},
		{list + name("{{name}}_"), "appset-invalid", "\"web_\", which Kubernetes refuses"},
		{list + name("{{name}}"+strings.Repeat("-x", 126)), "appset-invalid", "which Kubernetes refuses"},
		{list + "template: {metadata: {name: a, labels: {team: 'a b'}}}", "appset-invalid", "\"a b\", which Kubernetes refuses"},
		{list + "template: {metadata: {name: a, labels: {'{{name}} ': a}}}", "appset-invalid", "\"web \" of the value"},
		{goList + name("{{ .name | nothing }}"), "appset-template", "nothing"},
		{goList + name("{{ .name }}{{ now }}"), "appset-template", "now"},
		{goList + name("{{ $x := set . \"a\" \"b\" }}{{ .name }}"), "appset-template", "chance"},
		{goList + "goTemplateOptions: [missingkey=nope]\n" + name("{{ .name }}"), "appset-invalid", "missingkey=nope"},
		{list + byName + "\ntemplatePatch: '{a: b}'", "appset-invalid", "JSON"},
		{list + byName + "\ntemplatePatch: '[]'", "appset-invalid", "no object"},
		{list + byName + "\ntemplatePatch: 'spec: {$patch: replace}'", "appset-invalid", "directive"},
		{list + byName + "\ntemplatePatch: 'spec: {info: [{name: a, value: b, $patch: delete}]}'", "appset-invalid", "directive"},
		{"template: {metadata: {name: '{{name}}'}, spec: {source: {helm: {valuesObject: {a: {b: 1}}}}}}\n" + list + "templatePatch: 'spec: {source: {helm: {valuesObject: {a: {c: 1}}}}}'", "appset-invalid", "valuesObject"},
	} {
		apps, problems := appset.Expand(set(t, c.spec), world())
		if len(apps) > 0 || len(problems) != 1 {
			t.Errorf("%s: got %d Applications and %v", c.spec, len(apps), said(problems))
			continue
		}
		p := problems[0]
		if p.ID != c.id || !strings.Contains(p.Msg, c.msg) || p.Line < 4 || !strings.HasPrefix(p.Path, "spec.") || strings.Contains(p.Msg, "PLANTED") {
			t.Errorf("%s: got %v, want %s with %q", c.spec, said(problems), c.id, c.msg)
		}
	}
}

// TestLacks: everything that is missing is named at once, each once.
func TestLacks(t *testing.T) {
	git := "{git: {repoURL: https://example.com/none, revision: main}}"
	root := set(t, byName+"\ngenerators: [{matrix: {generators: ["+git+", {clusters: {}}]}}, "+git+", {pullRequest: {}}]")
	_, problems := appset.Expand(root, appset.World{})
	got := ""
	for _, p := range problems {
		got += p.ID + " " + p.Path + "\n"
	}
	want := "appset-checkout spec.generators[0].matrix.generators[0].git.repoURL\n" +
		"appset-clusters spec.generators[0].matrix.generators[1].clusters\n" +
		"appset-generator-live spec.generators[2].pullRequest\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	unread := world()
	unread.Unread = "clusters.yaml:1: Secret \"x\": it is encrypted"
	if _, problems := appset.Expand(set(t, byName+"\ngenerators: [{clusters: {}}]"), unread); len(problems) != 1 || !strings.Contains(problems[0].Msg, "encrypted") {
		t.Errorf("got %v", said(problems))
	}
}

// TestBounds: what would make too much ends by an error.
func TestBounds(t *testing.T) {
	matrix := func(n, m int) string {
		return "generators: [{matrix: {generators: [{list: {elements: [" + elements("name", n) + "]}}, {list: {elements: [" + elements("other", m) + "]}}]}}]\n"
	}
	both := func(project string) string {
		return "template: {metadata: {name: '{{name}}-{{other}}'}, spec: {project: " + project + "}}"
	}
	for _, c := range []struct{ spec, id string }{
		{matrix(400, 400) + both("default"), "appset-limit"},
		{matrix(101, 100) + both("default"), "appset-limit"},
		{matrix(400, 2) + both(strings.Repeat("x", 100_000)), "appset-limit"},
		{"goTemplate: true\n" + strings.Replace(byName, "{{name}}", "{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}", 1) + "\ngenerators: [{list: {elements: [{name: a}]}}]", "appset-template"},
		{"goTemplate: true\n" + strings.Replace(byName, "{{name}}", `{{ repeat 999999999 .name }}`, 1) + "\ngenerators: [{list: {elements: [{name: a}]}}]", "appset-template"},
		{byName + "\ngenerators: [{list: {elementsYaml: \"" + bomb() + "\"}}]", "appset-invalid"},
		{byName + "\ngenerators: [{list: {elementsYaml: '" + strings.Repeat("x", 2<<20) + "'}}]", "appset-limit"},
	} {
		apps, problems := appset.Expand(set(t, c.spec), world())
		if len(apps) > 0 || len(problems) != 1 || problems[0].ID != c.id {
			t.Errorf("%.200s: got %d Applications, %.300v, want %s", c.spec, len(apps), said(problems), c.id)
		}
	}
}

func elements(key string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "{%s: %[1]s%d},", key, i)
	}
	return b.String()
}

// bomb is a list whose aliases stand for ever more.
func bomb() string {
	text := `- &a0 {name: x}\n`
	for i := range 30 {
		text += fmt.Sprintf(`- &a%d {a: *a%[2]d, b: *a%[2]d, c: *a%[2]d, d: *a%[2]d}\n`, i+1, i)
	}
	return text
}

// FuzzExpand: no template or element makes the expansion panic, and the same comes out
// twice.
func FuzzExpand(f *testing.F) {
	for _, seed := range []string{"{{name}}", "{{ .name }}", "{{ range $k, $v := . }}{{ $k }}{{ end }}", "{{ keys . | first }}", "{{", "{{ .values.a }}", "{{ slugify 3 false .name }}"} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, template string, goTemplate bool) {
		root := set(t, fmt.Sprintf("goTemplate: %v\ntemplatePatch: x\ntemplate: {metadata: {name: x}, spec: {project: x}}\ngenerators: [{matrix: {generators: [{list: {elements: [{name: web, values: {a: b}}]}}, {list: {elementsYaml: x}}]}}]", goTemplate))
		node.Put(node.At(root, "spec", "template", "metadata"), "name", node.String(template))
		node.Put(node.Get(root, "spec"), "templatePatch", node.String("spec: {project: '"+template+"'}"))
		second := node.Items(root, "spec", "generators")[0]
		node.Put(node.Get(node.Items(second, "matrix", "generators")[1], "list"), "elementsYaml", node.String("- {x: '"+template+"'}"))
		first, problems1 := appset.Expand(root, world())
		again, problems2 := appset.Expand(root, world())
		if names(first) != names(again) || len(problems1) != len(problems2) {
			t.Fatalf("two runs differ: %v, %v", said(problems1), said(problems2))
		}
	})
}
