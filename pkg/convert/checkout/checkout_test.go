package checkout

import (
	"reflect"
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
	s := r.ScanKustomize("app")
	want := []Hook{{Kind: "Job", Name: "a", File: "base/hook.yaml", Types: []string{"PreSync", "PostSync"}}}
	if !s.Complete || !reflect.DeepEqual(s.Hooks, want) || !reflect.DeepEqual(s.InDefault, []string{"ConfigMap/own"}) ||
		!reflect.DeepEqual(s.Waves, []string{"2"}) || !reflect.DeepEqual(s.Excluded, []string{"app/logo.png"}) {
		t.Errorf("got %+v", s)
	}
}

// A scan that could not read all proves nothing.
func TestScanIncomplete(t *testing.T) {
	for name, resources := range map[string]string{
		"remote":   "resources: [https://example.com/base]\n",
		"missing":  "resources: [none.yaml]\n",
		"charts":   "helmCharts: [{name: x}]\n",
		"template": "resources: [template.yaml]\n",
		"broken":   "resources: [\n",
	} {
		r := tree(map[string]string{"app/kustomization.yaml": resources, "app/template.yaml": "a: {{ .x }}\n b\n"})
		if r.ScanKustomize("app").Complete {
			t.Errorf("%s: the scan claims to be complete", name)
		}
	}
}

func TestScanDirectory(t *testing.T) {
	r := tree(map[string]string{
		"d/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n", "d/values.yaml": "a: 1\n",
		"d/skip.yml": "# +argocd:skip-file-rendering\napiVersion: v1\nkind: X\n", "d/b.json": "{}", "d/c.jsonnet": "{}",
		"d/sub/a.yaml": "apiVersion: v1\nkind: X\n", "d/docs/readme.md": "", "d/.git/x.yaml": "",
	})
	s := r.ScanDirectory("d", false)
	if !reflect.DeepEqual(s.Dirs, []string{"sub"}) || !reflect.DeepEqual(s.Other, []string{"skip.yml", "values.yaml"}) ||
		!reflect.DeepEqual(s.JSON, []string{"b.json"}) || !reflect.DeepEqual(s.Jsonnet, []string{"c.jsonnet"}) || !s.Complete {
		t.Errorf("got %+v", s)
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
