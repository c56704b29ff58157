package crd

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
)

// TestCorpus holds for every object of GITOPS_CORPUS, or without it for the examples of
// this repository: it is checked or its kind is unknown, and a second check says the same.
// What converts has no more to fear than the counts that it logs.
func TestCorpus(t *testing.T) {
	pattern := filepath.Join(os.Getenv("GITOPS_CORPUS"), "*", "*.yaml")
	if os.Getenv("GITOPS_CORPUS") == "" {
		pattern = "../../../examples/*/*.yaml"
	}
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no files %s: %v", pattern, err)
	}
	count := map[string]int{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		docs, err := document.Split(file, text)
		if err != nil {
			count["unreadable"]++
			continue
		}
		for i := range docs {
			checkDocument(t, &docs[i], count)
		}
	}
	t.Logf("%d files: %v", len(files), count)
	if count["checked"] == 0 {
		t.Error("nothing was checked")
	}
}

func checkDocument(t *testing.T, d *document.Doc, count map[string]int) {
	root, err := d.Parse()
	if err != nil {
		count["unreadable"]++
		return
	}
	for _, release := range []Release{Flux29, Flux210} {
		problems, err := Validate(root, release)
		switch again, _ := Validate(root, release); {
		case len(again) != len(problems):
			t.Errorf("%s:%d: %d problems, then %d", d.File, d.Line, len(problems), len(again))
		case errors.Is(err, ErrUnknownKind):
			count["unknown kind"]++
		case err != nil:
			t.Errorf("%s:%d: %v", d.File, d.Line, err)
		case len(problems) == 0:
			count["valid"]++
		}
		if err == nil {
			count["checked"]++
		}
		for _, p := range problems {
			count[string(p.Class)]++
			if testing.Verbose() {
				t.Logf("%s: 2.%d %s", d.File, release, lineOf(p))
			}
		}
	}
}
