package checkout

import (
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
)

func tree(files map[string]string) *Repo {
	fsys := fstest.MapFS{}
	for name, data := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(data)}
	}
	return &Repo{FS: fsys}
}

func TestNormal(t *testing.T) {
	same := []string{
		"https://github.com/O/R", "https://github.com/o/r.git", "http://github.com/o/r/", "git@github.com:o/r.git",
		"ssh://git@github.com/o/r", "ssh://git@github.com:22/o/r.git", "https://user:pw@github.com:443/o/r",
	}
	for _, url := range same {
		if got := Normal(url); got != "github.com/o/r" {
			t.Errorf("Normal(%q) = %q", url, got)
		}
	}
	if Normal("https://github.com:8443/o/r") == "github.com/o/r" {
		t.Error("another port is another repository")
	}
}

func TestKindOf(t *testing.T) {
	r := tree(map[string]string{
		"k/kustomization.yml": "", "k/Chart.yaml": "", "h/Chart.yaml": "", "h/values.yaml": "", "d/a.yaml": "",
	})
	for dir, want := range map[string]string{"k": IsKustomize, "h": IsHelm, "d": IsDirectory, "none": "", "": IsDirectory} {
		if got := r.KindOf(dir); got != want {
			t.Errorf("KindOf(%q) = %q, want %q", dir, got, want)
		}
	}
}

const hook = "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: a\n  annotations: {argocd.argoproj.io/hook: 'PreSync, PostSync', argocd.argoproj.io/sync-wave: '2'}\n"

func TestScanKustomize(t *testing.T) {
	r := tree(map[string]string{
		"app/kustomization.yaml":  "resources: [../base, own.yaml]\nconfigMapGenerator: [{name: x, files: [pic=logo.png]}]\n",
		"app/own.yaml":            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: own, namespace: default}\n",
		"base/kustomization.yaml": "resources: [hook.yaml, ../app]\n",
		"base/hook.yaml":          hook,
	})
	s := r.ScanKustomize("app", Edits{})
	want := []Hook{{Kind: "Job", Name: "a", File: "base/hook.yaml", Types: []string{"PreSync", "PostSync"}}}
	if !s.Complete() || !reflect.DeepEqual(s.Hooks, want) || !reflect.DeepEqual(s.Excluded, []string{"app/logo.png"}) {
		t.Errorf("got %+v", s)
	}
	if in := s.InDefault(); len(in) != 1 || in[0].String() != "ConfigMap/own" {
		t.Errorf("in default: %v", in)
	}
}

// Objects have the names and namespaces that the build gives them.
func TestScanObjects(t *testing.T) {
	const role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: b}\n"
	r := tree(map[string]string{
		"app/kustomization.yaml":  "resources: [../base, a.yaml]\ncomponents: [../part]\nnamePrefix: lost-\nnameSuffix: -s\n",
		"app/a.yaml":              "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
		"base/kustomization.yaml": "namespace: staging\nresources: [b.yaml, c.yaml]\nsecretGenerator: [{name: g}, {name: m, behavior: merge}]\n",
		"base/b.yaml":             role,
		"base/c.yaml":             "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: default}\n",
		"part/kustomization.yaml": "kind: Component\nnamePrefix: q-\n",
		"more/kustomization.yaml": "kind: Component\nnamespace: late\n",
	})
	s := r.ScanKustomize("app", Edits{NamePrefix: "p-", Components: []string{"../more"}})
	var got []string
	for _, o := range s.Objects {
		got = append(got, o.Group+" "+o.Namespace+" "+o.String()+" "+o.Own)
	}
	want := []string{
		"rbac.authorization.k8s.io  ClusterRole/p-q-b-s b", " late ConfigMap/p-q-c-s c", " late Secret/p-q-g-s g", " late ConfigMap/p-q-a-s a",
	}
	if !reflect.DeepEqual(got, want) || len(s.InDefault()) != 0 {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A scan that could not read all proves nothing, and says what is missing. A URL may
// hold a token and is not shown.
func TestScanIncomplete(t *testing.T) {
	for text, want := range map[string]string{
		"resources: [https://bot:PLANTED@example.com/base]\n":  "the remote resource of app/kustomization.yaml:1",
		"\nbases: ['git@example.com:o/r?ref=v1']\n":            "the remote resource of app/kustomization.yaml:2",
		"resources: [none.yaml]\n":                             "what app/kustomization.yaml:1 names, which is not in the checkout",
		"resources: [empty]\n":                                 "app/empty, which has no kustomization file",
		"helmCharts: [{name: x}]\n":                            "the Helm charts of app/kustomization.yaml",
		"generators: [none.yaml]\n":                            "the generators of app/kustomization.yaml",
		"transformers: [none.yaml]\n":                          "the transformers of app/kustomization.yaml",
		"resources: [template.yaml]\n":                         "app/template.yaml, which is no YAML",
		"resources: [\n":                                       "app/kustomization.yaml, which is no YAML",
		"patches: [{path: wave.yaml}]\n":                       "hooks and waves that app/kustomization.yaml sets",
		"commonAnnotations: {argocd.argoproj.io/hook: Sync}\n": "hooks and waves that app/kustomization.yaml sets",
	} {
		r := tree(map[string]string{
			"app/kustomization.yaml": text, "app/template.yaml": "a: {{ .x }}\n b\n", "app/empty/a": "",
			"app/wave.yaml": "- {op: add, path: /metadata/annotations/argocd.argoproj.io~1sync-wave, value: '1'}\n",
		})
		if got := r.ScanKustomize("app", Edits{}).Unseen; !reflect.DeepEqual(got, []string{want}) {
			t.Errorf("%q: unseen %q, want %q", text, got, want)
		}
	}
}

// What runs something, and what may move objects by other means than a namespace.
func TestScanPlugins(t *testing.T) {
	r := tree(map[string]string{
		"app/kustomization.yaml": "helmChartInflationGenerator: [{chartName: one}]\ngenerators: [chart.yaml, run.yaml]\nresources: [../base]\n" +
			"transformers:\n- |\n  apiVersion: builtin\n  kind: NamespaceTransformer\n  metadata: {name: x}\n",
		"app/chart.yaml":          "apiVersion: builtin\nkind: HelmChartInflationGenerator\nname: two\n",
		"app/run.yaml":            "apiVersion: example.com/v1\nkind: Run\n",
		"base/kustomization.yaml": "patchesStrategicMerge: ['metadata: {namespace: x}']\nresources: [../deep]\n",
		"deep/kustomization.yaml": "replacements: [{path: r.yaml}]\nresources: [../base]\n",
	})
	s := r.ScanKustomize("app", Edits{})
	if !reflect.DeepEqual(s.Charts, []string{"app/kustomization.yaml (one)", "app/kustomization.yaml (two)"}) ||
		!reflect.DeepEqual(s.Plugins, []string{"app/kustomization.yaml (Run)"}) ||
		!reflect.DeepEqual(s.Moves, []string{"base", "base/kustomization.yaml", "deep/kustomization.yaml"}) {
		t.Errorf("got %+v", s)
	}
}

// Waves matter where they follow one another in a phase; no annotation is wave 0.
func TestScanWaves(t *testing.T) {
	object := func(annotations string) string {
		return "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, annotations: {" + annotations + "}}\n"
	}
	early, plain := object("argocd.argoproj.io/sync-wave: '-1'"), object("a: b")
	before := object("argocd.argoproj.io/sync-wave: '-1', argocd.argoproj.io/hook: PreSync")
	for text, want := range map[string][]string{
		early: nil, plain: nil, early + plain: {"-1", "0"}, before + plain: nil, before + early + plain: {"-1", "0"},
	} {
		if got := tree(map[string]string{"d/a.yaml": text}).ScanDirectory("d", Filter{}).Waves; !reflect.DeepEqual(got, want) {
			t.Errorf("waves %v, want %v of\n%s", got, want, text)
		}
	}
}

// Types of hooks are those of Argo CD, which knows fewer of Helm's than Helm.
func TestHookTypes(t *testing.T) {
	for annotation, want := range map[string]string{
		"argocd.argoproj.io/hook: 'PreSync, PreDelete'":                  "PreSync PreDelete deploys runs",
		"argocd.argoproj.io/hook: SyncFail":                              "SyncFail runs",
		"argocd.argoproj.io/hook: Skip":                                  "Skip",
		"argocd.argoproj.io/hook: Unknown":                               "Unknown",
		"argocd.argoproj.io/hook: PostDelete, helm.sh/hook: pre-install": "PostDelete runs",
		"helm.sh/hook: 'pre-install,pre-upgrade'":                        "PreSync deploys runs helm",
		"helm.sh/hook: 'test,post-delete'":                               "PostDelete runs helm",
		"helm.sh/hook: test-success":                                     "Skip helm",
		"helm.sh/hook: crd-install":                                      "",
	} {
		text := "apiVersion: v1\nkind: Pod\nmetadata: {name: a, annotations: {" + annotation + "}}\n"
		got := ""
		for _, h := range tree(map[string]string{"d/a.yaml": text}).ScanDirectory("d", Filter{}).Hooks {
			got = strings.Join(h.Types, " ")
			if h.Deploys() {
				got += " deploys"
			}
			if h.Runs() {
				got += " runs"
			}
			if h.Helm {
				got += " helm"
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", annotation, got, want)
		}
	}
}

func TestScanDirectory(t *testing.T) {
	r := tree(map[string]string{
		"d/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n", "d/values.yaml": "a: 1\n",
		"d/skip.yml": "# +argocd:skip-file-rendering\napiVersion: v1\nkind: X\n", "d/b.json": "{}", "d/c.jsonnet": "{}",
		"d/sub/a.yaml": "apiVersion: v1\nkind: X\n", "d/docs/readme.md": "", "d/.git/x.yaml": "",
		"d/template.yaml": "a: {{ .x }}\n b\n", "d/drop.json": "{}", "d/k/kustomization.yaml": "resources: []\n", "d/l/Kustomization": "",
	})
	s := r.ScanDirectory("d", Filter{Exclude: "dr*"})
	if !reflect.DeepEqual(s.Dirs, []string{"k", "sub"}) || !reflect.DeepEqual(s.Other, []string{"skip.yml", "template.yaml", "values.yaml"}) ||
		!reflect.DeepEqual(s.JSON, []string{"b.json"}) || !reflect.DeepEqual(s.Jsonnet, []string{"c.jsonnet"}) || !s.Complete() {
		t.Errorf("got %+v", s)
	}
	if s := r.ScanDirectory("d", Filter{Recurse: true, Include: "*.yaml"}); len(s.Objects) != 1 || len(s.JSON) != 0 ||
		!reflect.DeepEqual(s.Other, []string{"k/kustomization.yaml", "template.yaml", "values.yaml"}) {
		t.Errorf("got %+v", s)
	}
	broken := tree(map[string]string{"d/a.yaml": "apiVersion: v1\nkind: {{ .x }}\n b\nmetadata: {}\n"})
	if s := broken.ScanDirectory("d", Filter{}); s.Complete() || len(s.Other) != 0 {
		t.Errorf("got %+v", s)
	}
}

// Globs are those of Argo CD: * crosses slashes.
func TestGlobMatch(t *testing.T) {
	for glob, names := range map[string][2]string{
		"*.yaml": {"a.yaml a/b.yaml", "a.yml"}, "{a,b}?.yaml": {"a1.yaml b2.yaml", "a.yaml c1.yaml"},
		"[!a].yaml": {"b.yaml", "a.yaml"}, "[a-c].yaml": {"b.yaml", "d.yaml"}, "a+b.yaml": {"a+b.yaml", "aab.yaml"},
		"{a": {"", "a {a"}, "a,b": {"a,b", "a b"},
	} {
		for i, list := range names {
			for _, name := range strings.Fields(list) {
				if globMatch(glob, name) != (i == 0) {
					t.Errorf("%q matches %q: %v", glob, name, i != 0)
				}
			}
		}
	}
}

func TestHeadAndRefs(t *testing.T) {
	r := tree(map[string]string{
		".git/HEAD": "ref: refs/heads/work\n", ".git/refs/tags/v1": "x", ".git/refs/heads/work": "x",
		".git/packed-refs": "1 refs/remotes/origin/release\n",
	})
	if r.Head() != "work" || r.RefKind("v1") != "tag" || r.RefKind("work") != "branch" || r.RefKind("release") != "branch" || r.RefKind("no") != "" {
		t.Errorf("head %q", r.Head())
	}
	if _, ok := r.Read("../../etc/passwd"); ok {
		t.Error("read outside of the repository")
	}
}

// TestImageLines: templates are passed over, and nothing outside of the directory counts.
func TestImageLines(t *testing.T) {
	r := &Repo{FS: fstest.MapFS{
		"app/deploy.yaml":        {Data: []byte("a: 1\n---\nspec:\n  image: o/web:1\n  other: o/web-side:1\n")},
		"app/kustomization.yml":  {Data: []byte("images:\n- name: web\n  newName: o/web\n  newTag: '1'\n- name: o/web\n  newTag: '2'\n")},
		"app/values.yaml":        {Data: []byte("image:\n  repository: o/web\n  tag: '1'\n")},
		"app/templates/t.yaml":   {Data: []byte("{{ if }}\nimage: o/web:1\n")},
		"app/readme.md":          {Data: []byte("image: o/web:1\n")},
		"other/deploy.yaml":      {Data: []byte("image: o/web:1\n")},
		"app/.git/config.yaml":   {Data: []byte("image: o/web:1\n")},
		"app/json-is-yaml.yaml":  {Data: []byte(`{"image": "o/web:1"}`)},
		"app/no-tag-at-all.yaml": {Data: []byte("image: o/web\n")},
	}}
	want := []ImageLine{
		{"app/deploy.yaml", 4, false}, {"app/json-is-yaml.yaml", 1, false},
		{"app/kustomization.yml", 4, true}, {"app/kustomization.yml", 6, true}, {"app/values.yaml", 3, true},
	}
	if got := r.ImageLines("app", "o/web"); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
