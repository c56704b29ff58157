package source

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

// TestLocalSubmodules: a checkout of the user has submodules that Flux does not fetch
// unless it is told to.
func TestLocalSubmodules(t *testing.T) {
	dir := t.TempDir()
	for name, data := range map[string]string{
		".gitmodules": "[submodule \"in\"]\n\tpath = a/in\n\turl = https://example.com/in\n", "a/b.yaml": "{}\n", "a/in/c.yaml": "{}\n",
	} {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const url = "https://example.com/o/r"
	sources := &Sources{Checkouts: []Checkout{{URL: url, Dir: dir}}}
	for request, want := range map[Request]bool{
		{Kind: Git, URL: url, Artifact: true}:                   false,
		{Kind: Git, URL: url, Artifact: true, Submodules: true}: true,
		{Kind: Git, URL: url, Submodules: true}:                 true,
	} {
		tree, err := sources.Tree(context.Background(), request)
		if err != nil {
			t.Fatal(err)
		}
		files, err := tree.Files()
		if err != nil {
			t.Fatal(err)
		}
		if files.IsFile("a/in/c.yaml") != want || !files.IsFile("a/b.yaml") {
			t.Errorf("%+v: the file of the submodule is there: %v", request, !want)
		}
	}
}
