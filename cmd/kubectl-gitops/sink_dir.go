package main

import (
	"fmt"
	"iter"
	"path/filepath"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

// A dirSink writes one file for each input file that converts as a whole.
type dirSink struct {
	stage   stage
	format  string
	mirrors map[string]string // name of an input, or of a checkout's file → relative path
	// without converts the inputs but the named ones once more.
	without func(failed map[string]bool) (iter.Seq[convert.Outcome], error)

	current *openFile
	files   []stagedFile
	gone    []string          // relative paths of files of which nothing is left
	claimed map[string]string // relative path → input name
	failed  map[string]bool   // input names
}

type stagedFile struct{ from, to string }

func newDirSink(dir, format string, inputs []input) *dirSink {
	mirrors := map[string]string{convert.AppOfAppsName: convert.AppOfAppsFile + ".yaml"}
	for _, in := range inputs {
		mirrors[in.Name] = in.mirror
	}
	return &dirSink{stage: stage{dir: dir}, format: format, mirrors: mirrors,
		claimed: map[string]string{}, failed: map[string]bool{}}
}

func (s *dirSink) add(o convert.Outcome) error {
	if s.current == nil || o.File != s.current.name {
		if err := s.finish(); err != nil {
			return err
		}
		s.current = &openFile{name: o.File}
		if o.Mirror != "" {
			s.mirrors[o.File], s.current.tree = o.Mirror, true
		}
	}
	if o.Err != nil {
		s.failed[o.File] = true
	}
	f := s.current
	f.changed = f.changed || o.Status == convert.Converted
	if len(o.Out) == 0 {
		return nil
	}
	if f.objects == nil {
		file, name, err := s.stage.create()
		if err != nil {
			return err
		}
		f.open(file, name, s.format)
	}
	return writeAll(f.objects, o.Out)
}

// finish closes the current file and finds its place, unless a part of it failed:
// half a file would look like all of it.
func (s *dirSink) finish() error {
	f := s.current
	s.current = nil
	switch {
	case f == nil:
		return nil
	case f.objects == nil:
		if f.changed && !s.failed[f.name] {
			s.gone = append(s.gone, filepath.FromSlash(s.mirrors[f.name]), s.target(f))
		}
		return nil
	}
	if err := f.close(); err != nil || s.failed[f.name] {
		return err
	}
	to := s.target(f)
	if !filepath.IsLocal(to) {
		return fmt.Errorf("%s: %q would leave %s", f.name, to, s.stage.dir)
	}
	if other, taken := s.claimed[to]; taken {
		return fmt.Errorf("%s and %s would both become %s: convert them into different directories",
			other, f.name, filepath.Join(s.stage.dir, to))
	}
	s.claimed[to] = f.name
	s.files = append(s.files, stagedFile{f.staged, to})
	return nil
}

// target is the file's relative path, with the extension of what it will hold. A JSON
// file that passes is still JSON. Flux builds files called .yaml only, which JSON is, too.
func (s *dirSink) target(f *openFile) string {
	to := filepath.FromSlash(s.mirrors[f.name])
	ext := filepath.Ext(to)
	switch {
	case f.tree:
		return to
	case s.format == formatJSON:
		return strings.TrimSuffix(to, ext) + ".json"
	case ext == ".json" && f.changed:
		return strings.TrimSuffix(to, ext) + ".yaml"
	default:
		return to
	}
}

func (s *dirSink) commit() error {
	if err := s.finish(); err != nil {
		return err
	}
	if len(s.failed) > 0 && len(s.files)+len(s.gone) > 0 {
		if err := s.repeat(); err != nil {
			return err
		}
	}
	for _, f := range s.files {
		if err := s.stage.publish(f.from, f.to); err != nil {
			return err
		}
	}
	return s.clear()
}

// clear takes away what stands where a file would be that has nothing left: what an
// earlier run wrote, or the input itself where the tree is converted in place.
func (s *dirSink) clear() error {
	for _, name := range s.gone {
		if _, taken := s.claimed[name]; taken {
			continue
		}
		if err := s.stage.remove(name); err != nil {
			return err
		}
	}
	return nil
}

// repeat stages the whole files again as if the others did not exist. One of those
// may have held a source object that these share, or deploy from one that these hold.
func (s *dirSink) repeat() error {
	outcomes, err := s.without(s.failed)
	if err != nil {
		return err
	}
	s.files, s.gone, s.claimed = nil, nil, map[string]string{}
	for o := range outcomes {
		if err := s.add(prepared(s.format, o)); err != nil {
			return err
		}
	}
	return s.finish()
}

func (s *dirSink) close() error {
	if s.current != nil && s.current.objects != nil {
		s.current.close()
	}
	return s.stage.close()
}
