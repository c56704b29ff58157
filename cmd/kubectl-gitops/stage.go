package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
)

// A stage holds finished files in a hidden directory inside dir, on the same file
// system, until publish renames them. All goes through an os.Root: no name and no
// link leads out of dir.
type stage struct {
	dir     string
	root    *os.Root // nil until the first file
	name    string
	created bool // dir is ours
	files   int
}

// create makes a file and returns its name on the stage.
func (s *stage) create() (*os.File, string, error) {
	if err := s.open(); err != nil {
		return nil, "", err
	}
	name := path.Join(s.name, strconv.Itoa(s.files))
	s.files++
	f, err := s.root.Create(name)
	return f, name, err
}

// open makes the directory when the first file needs it.
func (s *stage) open() error {
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
	s.name = fmt.Sprintf(".kubectl-gitops-%d", os.Getpid())
	return s.root.Mkdir(s.name, 0o777)
}

// publish gives a staged file its place.
func (s *stage) publish(name, to string) error {
	if err := s.root.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	s.created = false
	return s.root.Rename(name, to)
}

// remove takes a file away that is in dir.
func (s *stage) remove(name string) error {
	if s.root == nil {
		if _, err := os.Stat(s.dir); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err := s.open(); err != nil {
			return err
		}
	}
	if err := s.root.Remove(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// close removes what was not published.
func (s *stage) close() error {
	if s.root == nil {
		return nil
	}
	err := errors.Join(s.root.RemoveAll(s.name), s.root.Close())
	if s.created {
		err = errors.Join(err, os.Remove(s.dir))
	}
	return err
}
