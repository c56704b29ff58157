package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// An atomicFile appears under its name when it is complete, or not at all. Something
// that is no regular file, such as a pipe, is written directly.
type atomicFile struct {
	*bufio.Writer
	file   *os.File
	target string // empty: written directly
}

func createAtomic(name string) (*atomicFile, error) {
	if resolved, err := filepath.EvalSymlinks(name); err == nil {
		name = resolved // a link stays a link
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return nil, err
		}
		return &atomicFile{bufio.NewWriter(f), f, ""}, nil
	}
	hidden := fmt.Sprintf(".%s.%d", filepath.Base(name), os.Getpid())
	f, err := os.OpenFile(filepath.Join(filepath.Dir(name), hidden),
		os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, err
	}
	return &atomicFile{bufio.NewWriterSize(f, 64<<10), f, name}, nil
}

func (a *atomicFile) commit() error {
	err := errors.Join(a.Flush(), a.file.Close())
	if err != nil || a.target == "" {
		return err
	}
	return os.Rename(a.file.Name(), a.target)
}

// close drops a file that was not committed; after commit it does nothing.
func (a *atomicFile) close() {
	if a.file.Close() == nil && a.target != "" {
		os.Remove(a.file.Name())
	}
}
