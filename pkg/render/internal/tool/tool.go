// Package tool finds the real tools that tests compare with.
package tool

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The modules of the tools, at the versions whose behaviour is compared with.
const (
	Helm      = "helm.sh/helm/v4/cmd/helm@v4.3.1"
	Kustomize = "sigs.k8s.io/kustomize/kustomize/v5@v5.8.1"
)

// Path returns the program of a module, built by the Go command into the user's cache.
// What PATH holds may be of another version.
func Path(t testing.TB, name, module string) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	_, version, _ := strings.Cut(module, "@")
	dir := filepath.Join(cache, "kubectl-gitops", name+"-"+version)
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); err == nil {
		return path
	}
	command := exec.Command("go", "install", module)
	command.Env = append(os.Environ(), "GOBIN="+dir, "GOFLAGS=")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", command.Args, err, out)
	}
	return path
}
