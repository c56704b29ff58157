package schema

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

const regenerate = "run `go generate ./pkg/convert/schema` and commit the result"

// TestGenerated makes the data anew from the pinned upstream modules, which needs
// the Go module proxy or a module cache that has them.
func TestGenerated(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.Command("go", "run", "-C", "../../../hack/schemagen", ".", "2.9", dir)
	cmd.Env = append(os.Environ(), "GOWORK=off") // the generator is a module of its own
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("schemagen: %v\n%s", err, out)
	}
	want, got := readDir(t, dir), readDir(t, "data")
	for name, content := range want {
		if !bytes.Equal(content, got[name]) {
			t.Errorf("%s is out of date: %s", name, regenerate)
		}
	}
	for name := range got {
		if want[name] == nil {
			t.Errorf("%s has no source: %s", name, regenerate)
		}
	}
}

func readDir(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, entry := range entries {
		content, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[entry.Name()] = content
	}
	return files
}
