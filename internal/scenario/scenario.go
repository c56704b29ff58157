// Package scenario reads the scenarios in pkg/convert/testdata, with which several packages
// test.
//
// A scenario is a txtar archive: input.yaml or files below "input/", "options" as "name:
// value" lines, and files of a local checkout below "checkout/". Other sections are those of
// the tests that need them.
package scenario

import (
	"fmt"
	"io/fs"
	"strings"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

// A Scenario is an archive that was read.
type Scenario struct {
	Archive *txtar.Archive
	// Sections are its files by name.
	Sections map[string]string
	Options  convert.Options
	// URLs are the repositories that the checkout stands for.
	URLs []string
	// Kinds, Fields and IDs narrow what the conversion's own test shows.
	Kinds, Fields, IDs []string
}

// Read reads a file. An option that it does not know is an error.
func Read(file string) (*Scenario, error) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		return nil, err
	}
	s := &Scenario{Archive: archive, Sections: map[string]string{}}
	for _, f := range archive.Files {
		s.Sections[f.Name] = string(f.Data)
	}
	for line := range strings.Lines(s.Sections["options"]) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		if err := s.set(key, strings.TrimSpace(value)); err != nil {
			return nil, fmt.Errorf("%s: option %q: %w", file, key, err)
		}
	}
	return s, nil
}

// Inputs are the documents to convert.
func (s *Scenario) Inputs() (inputs []convert.Input) {
	for _, f := range s.Archive.Files {
		if name, ok := strings.CutPrefix(f.Name, "input/"); ok || f.Name == "input.yaml" {
			inputs = append(inputs, convert.Input{Name: name, Data: f.Data})
		}
	}
	return inputs
}

// Checkout is the local copy of the repositories.
func (s *Scenario) Checkout() fs.FS {
	tree := fstest.MapFS{}
	for _, f := range s.Archive.Files {
		if path, ok := strings.CutPrefix(f.Name, "checkout/"); ok {
			tree[path] = &fstest.MapFile{Data: f.Data}
		}
	}
	return tree
}

// Plain are the options without those that change the form of the output only, or leave
// objects as they are.
func (s *Scenario) Plain() convert.Options {
	o := s.Options
	o.ExpandOnly, o.Collapse, o.Preserve, o.RedactSecrets = false, false, false, false
	o.AppSet, o.ConvertedPath, o.TemplateFunctions = "", "", nil
	return o
}
