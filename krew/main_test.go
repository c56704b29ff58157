package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// The krew that is installed where the cache has none.
const krewVersion = "v0.4.3"

// krew builds a program of krew into the user's cache.
func krew(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "kubectl-gitops", "krew-"+krewVersion)
	path := filepath.Join(dir, "krew")
	if _, err := os.Stat(path); err == nil {
		return path
	}
	cmd := exec.Command("go", "install", "sigs.k8s.io/krew/cmd/krew@"+krewVersion)
	cmd.Env = append(os.Environ(), "GOBIN="+dir, "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
	return path
}

func run(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
	return string(out)
}

// TestKrewInstalls: krew takes the manifest and the archive of this platform, and what
// it installs runs. The archives of the other platforms hold no program here: building six
// takes minutes.
func TestKrewInstalls(t *testing.T) {
	dir, root := t.TempDir(), t.TempDir()
	host := platform{OS: runtime.GOOS, Arch: runtime.GOARCH}
	run(t, exec.Command("go", "build", "-o", filepath.Join(dir, host.Binary()), "../cmd/kubectl-gitops"))
	license, err := os.ReadFile("../LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "LICENSE"), license, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, system := range []string{"linux", "darwin", "windows"} {
		for _, arch := range []string{"amd64", "arm64"} {
			p := platform{OS: system, Arch: arch}
			files := []string{"-C", dir, "-czf", filepath.Join(dir, p.archive()), "LICENSE"}
			if p == host {
				files = append(files, host.Binary())
			}
			run(t, exec.Command("tar", files...))
		}
	}
	var manifest bytes.Buffer
	if err := fill(&manifest, "v1.2.3", dir); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "gitops.yaml")
	if err := os.WriteFile(name, manifest.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(krew(t), "install", "--manifest", name, "--archive", filepath.Join(dir, host.archive()))
	cmd.Env = append(os.Environ(), "KREW_ROOT="+root, "HOME="+root)
	run(t, cmd)
	installed := filepath.Join(root, "bin", host.Binary())
	if out := run(t, exec.Command(installed, "version")); !bytes.HasPrefix([]byte(out), []byte("kubectl-gitops ")) {
		t.Errorf("the installed plugin prints %q", out)
	}
	if _, err := os.Stat(filepath.Join(root, "store", "gitops", "v1.2.3", "LICENSE")); err != nil {
		t.Error(err)
	}
}

// TestMissingArchive: no manifest names an archive that is not there.
func TestMissingArchive(t *testing.T) {
	if err := fill(new(bytes.Buffer), "v1.2.3", t.TempDir()); !os.IsNotExist(err) {
		t.Errorf("got %v, want that the archive is missing", err)
	}
}
