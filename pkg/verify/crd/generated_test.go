package crd

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

const regenerate = "run `go generate ./pkg/verify/crd` and commit the result"

// TestGenerated makes the data anew from the pinned upstream modules. It needs the Go
// module proxy, or a module cache that has them and the Go release that they want.
func TestGenerated(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.Command("go", "run", "-C", "../../../hack/schemagen", ".", "2.10", dir)
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOTOOLCHAIN=go1.27.0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("schemagen: %v\n%s", err, out)
	}
	names := map[string]bool{}
	for _, pattern := range []string{filepath.Join(dir, "*"), "data/*"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("no files %s: %v", pattern, err)
		}
		for _, file := range files {
			names[filepath.Base(file)] = true
		}
	}
	for name := range names {
		want, _ := os.ReadFile(filepath.Join(dir, name))
		got, _ := os.ReadFile(filepath.Join("data", name))
		if !bytes.Equal(want, got) {
			t.Errorf("%s is out of date: %s", name, regenerate)
		}
	}
}
