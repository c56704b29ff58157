package oracle

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// installTools puts the programs that Argo CD runs first on PATH, and builds them where
// they are missing. The versions are those that this project's renderer is built with.
func installTools() error {
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	dir := filepath.Join(cache, "kubectl-gitops", "oracle", "helm-4.3.1-kustomize-5.8.1")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, pkg := range map[string]string{
		"helm":      "helm.sh/helm/v4/cmd/helm@v4.3.1",
		"kustomize": "sigs.k8s.io/kustomize/kustomize/v5@v5.8.1",
	} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			continue
		}
		install := exec.Command("go", "install", pkg)
		install.Env = append(os.Environ(), "GOBIN="+dir, "GOFLAGS=")
		install.Dir = dir
		if out, err := install.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", install, err, out)
		}
	}
	return os.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
}
