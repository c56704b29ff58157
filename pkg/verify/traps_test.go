package verify_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/print"
)

// TestTraps verifies what a naive conversion makes of the traps that show in what is
// deployed: each has to be found, with the reason. A file of testdata/traps holds both
// sides (the first is the one that was converted), the files of https://github.com/o/r
// below "repo/", the lines to "want" in the text for people, and the verdict about what
// our own conversion makes of the first side.
func TestTraps(t *testing.T) {
	files, err := filepath.Glob("testdata/traps/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no traps: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { trap(t, file) })
	}
}

func trap(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sides, repo, sections := unpack(t, archive)
	results := run(t, sides[:1], sides[1:], repo)
	if len(results) != 1 || results[0].Content.Verdict != verify.Differs {
		t.Errorf("naive: want one deployment that differs, got %+v", results)
	}
	text := printed(t, results)
	for want := range strings.Lines(sections["want"]) {
		if !strings.Contains(text, strings.TrimSpace(want)) {
			t.Errorf("naive: %q is missing in\n%s", want, text)
		}
	}
	ours := run(t, sides[:1], nil, repo)
	if want := verify.Verdict(strings.TrimSpace(sections["converted"])); len(ours) != 1 || ours[0].Content.Verdict != want {
		t.Errorf("ours: want %s, got\n%s", want, printed(t, ours))
	}
}

// unpack returns the two sides, the directory of the repository and the other sections.
func unpack(t *testing.T, archive *txtar.Archive) (sides []convert.Input, repo string, sections map[string]string) {
	t.Helper()
	repo, sections = t.TempDir(), map[string]string{}
	for _, f := range archive.Files {
		name, inRepo := strings.CutPrefix(f.Name, "repo/")
		switch {
		case inRepo:
			name = filepath.Join(repo, name)
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, f.Data, 0o644); err != nil {
				t.Fatal(err)
			}
		case strings.HasSuffix(f.Name, ".yaml"):
			sides = append(sides, convert.Input{Name: f.Name, Data: f.Data})
		default:
			sections[f.Name] = string(f.Data)
		}
	}
	return sides, repo, sections
}

// run verifies two sides whose sources are all in one repository.
func run(t *testing.T, left, right []convert.Input, repo string) (all []*verify.Result) {
	t.Helper()
	const url = "https://github.com/o/r"
	r, err := verify.New(left, right, verify.Options{
		Convert: convert.Options{Checkouts: []convert.Checkout{{URL: url, FS: os.DirFS(repo)}}},
		Render: render.Options{Sources: &source.Sources{
			Offline: true, Checkouts: []source.Checkout{{URL: url, Dir: repo}},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for result, err := range r.Results(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		result.Judge(nil)
		all = append(all, result)
	}
	return all
}

func printed(t *testing.T, results []*verify.Result) string {
	t.Helper()
	var b bytes.Buffer
	p := print.NewText(&b)
	for _, r := range results {
		if err := p.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Flush(verify.Summary{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
