package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

// A dirSink writes one file for each input file. Finished files wait in a hidden
// directory inside dir, on the same file system, until commit renames them. All goes
// through an os.Root: no name and no link leads out of dir.
type dirSink struct {
	dir     string
	format  string
	mirrors map[string]string // input name → relative path

	root    *os.Root
	created bool // dir is ours
	stage   string
	staged  []stagedFile
	claimed map[string]string // relative path → input name

	current pendingFile
}

type stagedFile struct{ from, to string }

// pendingFile collects the outcomes of one input.
type pendingFile struct {
	name    string
	outputs []convert.Output
	failed  bool
	changed bool
}

func newDirSink(dir, format string, inputs []input) *dirSink {
	mirrors := make(map[string]string, len(inputs))
	for _, in := range inputs {
		mirrors[in.Name] = in.mirror
	}
	return &dirSink{dir: dir, format: format, mirrors: mirrors, claimed: map[string]string{}}
}

func (s *dirSink) add(o convert.Outcome) error {
	if o.File != s.current.name {
		if err := s.finish(); err != nil {
			return err
		}
		s.current = pendingFile{name: o.File}
	}
	s.current.failed = s.current.failed || o.Err != nil
	s.current.changed = s.current.changed || o.Status == convert.Converted
	s.current.outputs = append(s.current.outputs, o.Out...)
	return nil
}

// finish stages the current file unless a part of it failed: half a file would look
// like all of it.
func (s *dirSink) finish() error {
	f := s.current
	s.current = pendingFile{}
	if f.failed || len(f.outputs) == 0 {
		return nil
	}
	to := s.target(f)
	if !filepath.IsLocal(to) {
		return fmt.Errorf("%s: %q would leave %s", f.name, to, s.dir)
	}
	if other, taken := s.claimed[to]; taken {
		return fmt.Errorf("%s and %s would both become %s: convert them into different directories",
			other, f.name, filepath.Join(s.dir, to))
	}
	s.claimed[to] = f.name
	if err := s.open(); err != nil {
		return err
	}
	from := path.Join(s.stage, strconv.Itoa(len(s.staged)))
	s.staged = append(s.staged, stagedFile{from, to})
	return s.writeFile(from, f.outputs)
}

// target is the file's relative path, with the extension of what it will hold. A JSON
// file that passes is still JSON.
func (s *dirSink) target(f pendingFile) string {
	to := filepath.FromSlash(s.mirrors[f.name])
	ext := filepath.Ext(to)
	switch {
	case s.format == formatJSON:
		return strings.TrimSuffix(to, ext) + ".json"
	case ext == ".json" && f.changed:
		return strings.TrimSuffix(to, ext) + ".yaml"
	default:
		return to
	}
}

// open makes the directory when the first file needs it.
func (s *dirSink) open() error {
	if s.root != nil {
		return nil
	}
	_, err := os.Stat(s.dir)
	s.created = errors.Is(err, fs.ErrNotExist)
	if err := os.MkdirAll(s.dir, 0o777); err != nil {
		return err
	}
	if s.root, err = os.OpenRoot(s.dir); err != nil {
		return err
	}
	s.stage = fmt.Sprintf(".kubectl-gitops-%d", os.Getpid())
	return s.root.Mkdir(s.stage, 0o777)
}

func (s *dirSink) writeFile(name string, outputs []convert.Output) error {
	f, err := s.root.Create(name)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	err = write(w, s.format, outputs)
	return errors.Join(err, w.Flush(), f.Close())
}

func (s *dirSink) commit() error {
	if err := s.finish(); err != nil {
		return err
	}
	for _, f := range s.staged {
		if err := s.root.MkdirAll(filepath.Dir(f.to), 0o777); err != nil {
			return err
		}
		if err := s.root.Rename(f.from, f.to); err != nil {
			return err
		}
	}
	s.created = false
	return nil
}

func (s *dirSink) close() {
	if s.root == nil {
		return
	}
	s.root.RemoveAll(s.stage)
	s.root.Close()
	if s.created {
		os.Remove(s.dir)
	}
}
