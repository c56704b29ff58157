package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// apart are the words behind "sh" that say why a block is not run here, but only parsed,
// by the tests of the command line: its names stand for the reader's own, or it needs a
// cluster, a database, the network, other programs or a long time.
var apart = []string{"yours", "cluster", "database", "network", "tools", "long"}

var shellBlock = regexp.MustCompile("(?ms)^( *)```sh\\b([^\\n]*)\\n(.*?)^ *```")

// TestShell runs the blocks of commands of every page, in order, in a directory with the
// examples, and no command may fail.
func TestShell(t *testing.T) {
	pages, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range append(pages, "../README.md", "../CONTRIBUTING.md") {
		t.Run(filepath.Base(page), func(t *testing.T) {
			t.Parallel()
			runPage(t, page)
		})
	}
}

func runPage(t *testing.T, page string) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "examples"), os.DirFS("../examples")); err != nil {
		t.Fatal(err)
	}
	ran := 0
	for _, b := range shellBlock.FindAllStringSubmatch(string(text), -1) {
		word, commands := strings.TrimSpace(b[2]), b[3]
		switch {
		case slices.Contains(apart, word):
			continue
		case word != "":
			t.Errorf("```sh %s: not one of %v", word, apart)
			continue
		}
		ran++
		commands = strings.ReplaceAll(commands, "go run ./cmd/kubectl-gitops", "kubectl gitops")
		if out, err := shell(t, dir, "", "set -e\n"+commands); err != nil {
			t.Errorf("%s: %v\n%s", commands, err, out)
		}
	}
	if need := map[string]int{"../README.md": 2, "convert.md": 1, "migration-guide.md": 3}[page]; ran < need {
		t.Errorf("%d blocks ran, of %d at least", ran, need)
	}
}

// TestBeforeAndAfter: the two columns of the README are what goes in and what comes out.
func TestBeforeAndAfter(t *testing.T) {
	var yaml []string
	for _, b := range blocks(t, "../README.md") {
		if b.kind == "yaml" {
			yaml = append(yaml, b.text)
		}
	}
	dir := t.TempDir()
	if len(yaml) < 2 || os.WriteFile(filepath.Join(dir, "app.yaml"), []byte(yaml[0]), 0o600) != nil {
		t.Fatalf("the README has %d blocks of YAML", len(yaml))
	}
	got, err := shell(t, dir, "", "kubectl gitops convert -q -f app.yaml")
	if err != nil || got != yaml[1] {
		t.Errorf("%v; the Application of the README becomes\n%s", err, got)
	}
}

// TestREADMEIsRun: the first command of the README is one that everybody can run.
func TestREADMEIsRun(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	first := shellBlock.FindStringSubmatch(string(text))
	if first == nil || strings.TrimSpace(first[2]) != "" || !strings.Contains(first[3], "go run ./cmd/kubectl-gitops convert") {
		t.Errorf("the first block of the README is %q", first)
	}
}

var link = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)

// TestLinks: what a page links to in the repository is there.
func TestLinks(t *testing.T) {
	pages, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range append(pages, "../README.md", "../CONTRIBUTING.md", "../fn/README.md", "../examples/README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s links to %s: %v", page, m[1], err)
			}
		}
	}
}
