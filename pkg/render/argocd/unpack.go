package argocd

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"

	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/env"
)

// unpacked returns the directory of a chart that may be an archive: Argo CD unpacks
// charts, so that value files in them have paths.
func unpacked(shared *env.Env, name string) (string, error) {
	if isDir(name) {
		return name, nil
	}
	sum := sha256.Sum256([]byte(name))
	into := filepath.Join(shared.Scratch, "charts", hex.EncodeToString(sum[:8]))
	if !isDir(into) {
		if err := os.MkdirAll(into, 0o755); err != nil {
			return "", err
		}
		if err := chartutil.ExpandFile(into, name); err != nil {
			return "", err
		}
	}
	entries, err := os.ReadDir(into)
	if err == nil && len(entries) != 1 {
		err = errors.New("the archive holds no chart")
	}
	if err != nil {
		return "", err
	}
	return filepath.Join(into, entries[0].Name()), nil
}
