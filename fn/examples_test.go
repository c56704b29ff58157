package main

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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

// checkFlux fails unless stream holds the Flux objects of the two Applications in
// the kustomize and kpt examples, which share one repository, and nothing else.
func checkFlux(t *testing.T, stream []byte) {
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
	want := []string{
		"GitRepository flux-system/shop",
		"Kustomization flux-system/api",
		"Kustomization flux-system/web",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q:\n%s", got, want, stream)
	}
	for _, word := range []string{"internal.config.kubernetes.io", "config.kubernetes.io/path", "Application"} {
		if bytes.Contains(stream, []byte(word)) {
			t.Errorf("output holds %q:\n%s", word, stream)
		}
	}
}

func TestKustomizeExample(t *testing.T) {
	cmd := exec.Command(kustomize(t), "build", "--enable-alpha-plugins", "--enable-exec",
		filepath.Join(examples, "kustomize", "flux-exec"))
	checkFlux(t, run(t, cmd, onPath(t)))
}

func TestKubectlKustomizeExample(t *testing.T) {
	home := t.TempDir()
	dir := filepath.Join(home, "fn.kubectl-gitops.io", "v1alpha1", "gitopsconvert")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(build(t), filepath.Join(dir, "GitOpsConvert")); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(kubectl(t), "kustomize", "--enable-alpha-plugins",
		filepath.Join(examples, "kustomize", "flux-plugin"))
	checkFlux(t, run(t, cmd, "KUSTOMIZE_PLUGIN_HOME="+home))
}

func TestKptExample(t *testing.T) {
	source := os.DirFS(filepath.Join(examples, "kpt"))
	dir := filepath.Join(t.TempDir(), "shop")
	if err := os.CopyFS(dir, source); err != nil {
		t.Fatal(err)
	}
	path := onPath(t)
	render := func() map[string]string {
		run(t, exec.Command(kpt(t), "fn", "render", "--allow-exec", dir), path)
		return files(t, os.DirFS(dir))
	}
	before, once := files(t, source), render()
	checkFlux(t, []byte(once["applications.yaml"]))
	delete(before, "applications.yaml")
	for name, text := range before {
		if once[name] != text {
			t.Errorf("%s changed:\n%s", name, once[name])
		}
	}
	if twice := render(); !maps.Equal(once, twice) {
		t.Errorf("the second run changed files: %v, then %v", once, twice)
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
