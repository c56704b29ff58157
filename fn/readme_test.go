package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	shellBlock = regexp.MustCompile("(?ms)^```shell\n(.*?)^```")
	failing    = regexp.MustCompile(`(?m)^(.*) # fails$`)
)

// TestReadmes runs the commands of the pages of the function and of the examples, in order,
// as a reader would in a checkout. A line that says "# fails" has to.
func TestReadmes(t *testing.T) {
	for page, least := range map[string]int{"README.md": 1, examples + "/README.md": 8} {
		t.Run(page, func(t *testing.T) {
			dir, env := checkout(t)
			ran := 0
			var script strings.Builder
			for _, b := range shellBlock.FindAllStringSubmatch(string(read(t, page)), -1) {
				script.WriteString(b[1])
				ran++
			}
			commands := failing.ReplaceAllString(script.String(), "if $1; then exit 1; fi")
			commands = strings.NewReplacer("/tmp/", dir+"/tmp/", " DIR", " tmp/package").Replace(commands)
			cmd := exec.Command("bash", "-euxc", commands)
			cmd.Dir, cmd.Env = dir, env
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
			if ran < least {
				t.Errorf("%d blocks ran, of %d at least", ran, least)
			}
		})
	}
}

// checkout returns a directory that holds what the pages use of the repository, and the
// environment of a user who has the plugin and kustomize, and whose home is empty.
func checkout(t *testing.T) (dir string, env []string) {
	t.Helper()
	dir = t.TempDir()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"go.mod", "go.sum", "fn", "pkg"} {
		if err := os.Symlink(filepath.Join(root, name), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	for from, to := range map[string]string{examples: "examples", examples + "/kpt": "tmp/package"} {
		if err := os.CopyFS(filepath.Join(dir, to), os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
	}
	run(t, exec.Command("go", "build", "-o", filepath.Join(dir, "plugin", "kubectl-gitops"), "../cmd/kubectl-gitops"))
	path := []string{dir, filepath.Join(dir, "plugin"), filepath.Dir(kustomize(t)), os.Getenv("PATH")}
	caches := strings.Fields(string(run(t, exec.Command("go", "env", "GOCACHE", "GOMODCACHE"))))
	return dir, append(os.Environ(), "PATH="+strings.Join(path, string(os.PathListSeparator)),
		"HOME="+filepath.Join(dir, "home"), "XDG_CONFIG_HOME=", "GOCACHE="+caches[0], "GOMODCACHE="+caches[1])
}
