package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The kustomize that is installed where PATH has none.
const kustomizeVersion = "v5.8.1"

// tool returns the path of an installed program.
func tool(t *testing.T, name, install string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%s is not on PATH. To install it: %s", name, install)
	}
	return path
}

func kubectl(t *testing.T) string {
	return tool(t, "kubectl", "https://kubernetes.io/docs/tasks/tools/")
}

func kpt(t *testing.T) string {
	return tool(t, "kpt", "https://kpt.dev/installation/")
}

// kustomize returns the path of kustomize: from PATH, or built by the Go command
// into the user's cache.
func kustomize(t *testing.T) string {
	t.Helper()
	if path, err := exec.LookPath("kustomize"); err == nil {
		return path
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "kubectl-gitops", "kustomize-"+kustomizeVersion)
	path := filepath.Join(dir, "kustomize")
	if _, err := os.Stat(path); err == nil {
		return path
	}
	cmd := exec.Command("go", "install", "sigs.k8s.io/kustomize/kustomize/v5@"+kustomizeVersion)
	cmd.Env = append(os.Environ(), "GOBIN="+dir, "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
	return path
}
