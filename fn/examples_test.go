package main

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/kio"
)

const examples = "../examples"

// run returns the standard output of a tool that finds the function on PATH.
func run(t *testing.T, cmd *exec.Cmd, env ...string) []byte {
	t.Helper()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, &stderr)
	}
	return out
}

// onPath builds the function and returns the PATH that leads to it.
func onPath(t *testing.T) string {
	t.Helper()
	return "PATH=" + filepath.Dir(build(t)) + string(os.PathListSeparator) + os.Getenv("PATH")
}

// What the Applications of the kustomize and kpt examples become: two, which share
// one repository.
var toFlux = []string{
	"GitRepository flux-system/shop",
	"Kustomization flux-system/api",
	"Kustomization flux-system/web",
}

// check fails unless stream holds the objects and nothing else, without a trace of
// the tool that carried them.
func check(t *testing.T, stream []byte, want ...string) {
	t.Helper()
	items, err := kio.FromBytes(stream)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, item := range items {
		got = append(got, item.GetKind()+" "+item.GetNamespace()+"/"+item.GetName())
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q:\n%s", got, want, stream)
	}
	for _, word := range []string{"internal.config.kubernetes.io", "config.kubernetes.io/path"} {
		if bytes.Contains(stream, []byte(word)) {
			t.Errorf("output holds %q:\n%s", word, stream)
		}
	}
}

// checkRelease fails unless stream is the Application of the release whose namespace
// and version the production overlay supplies.
func checkRelease(t *testing.T, stream []byte) {
	t.Helper()
	check(t, stream, "Application argocd/podinfo")
	for _, text := range []string{
		"    namespace: production\n", "      releaseName: podinfo\n", "    targetRevision: 6.9.x\n",
		"    repoURL: https://stefanprodan.github.io/podinfo\n",
	} {
		if !bytes.Contains(stream, []byte(text)) {
			t.Errorf("output lacks %q:\n%s", text, stream)
		}
	}
}

// kustomizeBuild runs kustomize with the function on PATH as an exec function.
func kustomizeBuild(t *testing.T, dir string) *exec.Cmd {
	return exec.Command(kustomize(t), "build", "--enable-alpha-plugins", "--enable-exec", dir)
}

func TestKustomizeExamples(t *testing.T) {
	path := onPath(t)
	check(t, run(t, kustomizeBuild(t, filepath.Join(examples, "kustomize", "flux-exec")), path), toFlux...)
	checkRelease(t, run(t, kustomizeBuild(t, filepath.Join(examples, "kustomize", "argocd-exec")), path))
}

// What a prefix renames is still referred to.
func TestKustomizePrefixed(t *testing.T) {
	out := run(t, exec.Command(kustomize(t), "build", filepath.Join(examples, "kustomize", "prefixed")))
	check(t, out, "HelmRelease production/blue-podinfo", "HelmRepository production/blue-podinfo")
	if !bytes.Contains(out, []byte("        name: blue-podinfo\n        namespace: production\n")) {
		t.Errorf("the release does not name its repository:\n%s", out)
	}
}

func TestKubectlKustomizeExamples(t *testing.T) {
	home := t.TempDir()
	dir := filepath.Join(home, "fn.kubectl-gitops.io", "v1alpha1", "gitopsconvert")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(build(t), filepath.Join(dir, "GitOpsConvert")); err != nil {
		t.Fatal(err)
	}
	plugin := func(example string) []byte {
		cmd := exec.Command(kubectl(t), "kustomize", "--enable-alpha-plugins",
			filepath.Join(examples, "kustomize", example))
		return run(t, cmd, "KUSTOMIZE_PLUGIN_HOME="+home)
	}
	check(t, plugin("flux-plugin"), toFlux...)
	checkRelease(t, plugin("argocd-plugin"))
}

// What kustomize does not supply, or only after the function has run, stops it.
func TestKustomizeIncomplete(t *testing.T) {
	path := onPath(t)
	tests := []struct{ name, file, old, new, want string }{
		{"no namespace", "argocd-exec", "../production", "../releases", "HelmRelease podinfo: metadata.namespace: "},
		{"references to renamed objects", "production", "namespace:", "namePrefix: shop-\nnamespace:", "HelmRepository production/podinfo is not in the input"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(filepath.Join(examples, "kustomize"))); err != nil {
				t.Fatal(err)
			}
			edit(t, filepath.Join(dir, tt.file, "kustomization.yaml"), tt.old, tt.new)
			cmd := kustomizeBuild(t, filepath.Join(dir, "argocd-exec"))
			cmd.Env = append(os.Environ(), path)
			out, err := cmd.CombinedOutput()
			if err == nil || !bytes.Contains(out, []byte(tt.want)) {
				t.Errorf("got %v, want %q:\n%s", err, tt.want, out)
			}
		})
	}
}

// edit replaces text in a file that holds it.
func edit(t *testing.T, file, old, new string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(text, []byte(old)) {
		t.Fatalf("%s lacks %q", file, old)
	}
	text = bytes.Replace(text, []byte(old), []byte(new), 1)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// render runs a copy of the kpt example through its pipeline, twice, and returns the
// files before and after. The second run must change nothing.
func render(t *testing.T, example string) (before, after map[string]string) {
	t.Helper()
	source := os.DirFS(filepath.Join(examples, example))
	dir := filepath.Join(t.TempDir(), "shop")
	if err := os.CopyFS(dir, source); err != nil {
		t.Fatal(err)
	}
	path := onPath(t)
	once := func() map[string]string {
		run(t, exec.Command(kpt(t), "fn", "render", "--allow-exec", dir), path)
		return files(t, os.DirFS(dir))
	}
	after = once()
	if twice := once(); !maps.Equal(after, twice) {
		t.Errorf("the second run changed files: %v, then %v", after, twice)
	}
	return files(t, source), after
}

// checkKept fails unless the files are what they were.
func checkKept(t *testing.T, before, after map[string]string, names ...string) {
	t.Helper()
	for _, name := range names {
		if before[name] == "" || after[name] != before[name] {
			t.Errorf("%s changed:\n%s", name, after[name])
		}
	}
}

func TestKptExample(t *testing.T) {
	before, after := render(t, "kpt")
	check(t, []byte(after["applications.yaml"]), toFlux...)
	checkKept(t, before, after, "Kptfile", "gitops-convert.yaml", "settings.yaml")
}

func TestKptExampleToArgoCD(t *testing.T) {
	before, after := render(t, "kpt-argocd")
	check(t, []byte(after["cache.yaml"]), "Application argocd/cache")
	check(t, []byte(after["charts.yaml"]), "Application argocd/podinfo")
	check(t, []byte(after["shop.yaml"]), "Application argocd/api", "Application argocd/web", "ConfigMap api/settings")
	checkKept(t, before, after, "Kptfile", "gitops-convert.yaml")
	_, settings, _ := strings.Cut(before["shop.yaml"], "# Not Flux's")
	for _, text := range []string{settings, "---\n# The shop's front.\napiVersion: argoproj.io"} {
		if !strings.Contains(after["shop.yaml"], text) {
			t.Errorf("shop.yaml lacks %q:\n%s", text, after["shop.yaml"])
		}
	}
	if _, ok := after["sources.yaml"]; ok || len(after) != len(before)-1 {
		t.Errorf("the files are %q", slices.Sorted(maps.Keys(after)))
	}
}

// files returns the content of every file under fsys.
func files(t *testing.T, fsys fs.FS) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		all[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
