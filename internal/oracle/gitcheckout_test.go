package oracle

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A gitCheckout answers what the repository server does, for any repository.
type gitCheckout struct{ dir string }

func newCheckout(t *testing.T) *gitCheckout { return &gitCheckout{t.TempDir()} }

func (g *gitCheckout) write(t *testing.T, name string, data []byte) {
	t.Helper()
	path := filepath.Join(g.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func (g *gitCheckout) commit(t *testing.T) {
	t.Helper()
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A", "-f"}} {
		if out, err := g.git(args...); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
}

func (g *gitCheckout) git(args ...string) ([]byte, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = g.dir
	return cmd.Output()
}

// GetFiles does as LsFiles of util/git/client.go and GetGitFiles of the server.
func (g *gitCheckout) GetFiles(_ context.Context, _, _, _, pattern string, _, _ bool) (map[string][]byte, error) {
	out, err := g.git("ls-files", "--full-name", "-z", "--", pattern)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		if name == "" {
			continue
		}
		if files[name], err = os.ReadFile(filepath.Join(g.dir, name)); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// GetDirectories does as GetGitDirectories of the server.
func (g *gitCheckout) GetDirectories(context.Context, string, string, string, bool, bool) (paths []string, err error) {
	err = filepath.WalkDir(g.dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || !entry.IsDir() || path == g.dir:
			return err
		case strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		}
		rel, err := filepath.Rel(g.dir, path)
		paths = append(paths, rel)
		return err
	})
	return paths, err
}
