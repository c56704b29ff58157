package convert_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// kustomizeProgram returns the path of kustomize: from PATH, or built once by the
// Go command into the user's cache, where the tests of the KRM function look too.
// Without it nothing is proven, so its absence is a failure.
func kustomizeProgram(t *testing.T) string {
	t.Helper()
	if path, err := exec.LookPath("kustomize"); err == nil {
		return path
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "kubectl-gitops", "kustomize-v5.8.1")
	path := filepath.Join(dir, "kustomize")
	if _, err := os.Stat(path); err == nil {
		return path
	}
	cmd := exec.Command("go", "install", "sigs.k8s.io/kustomize/kustomize/v5@v5.8.1")
	cmd.Env = append(os.Environ(), "GOBIN="+dir, "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("kustomize is not on PATH, and %v failed: %v\n%s", cmd.Args, err, out)
	}
	return path
}

// kustomizeIn runs kustomize in a directory and returns what it prints.
func (c functionalCase) kustomizeIn(dir string, args ...string) (string, error) {
	cmd := exec.Command(c.kustomize, args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if exit, ok := err.(*exec.ExitError); ok {
		return "", &kustomizeError{args, string(exit.Stderr)}
	}
	return string(out), err
}

type kustomizeError struct {
	args []string
	text string
}

func (e *kustomizeError) Error() string {
	return "kustomize " + strings.Join(e.args, " ") + ": " + e.text
}

var kustomizationFiles = []string{"kustomization.yaml", "kustomization.yml", "Kustomization"}

// kustomizationFile returns the path of the directory's kustomization file, or "".
func kustomizationFile(dir string) string {
	i := slices.IndexFunc(kustomizationFiles, func(name string) bool {
		_, err := os.Stat(filepath.Join(dir, name))
		return err == nil
	})
	if i < 0 {
		return ""
	}
	return filepath.Join(dir, kustomizationFiles[i])
}
