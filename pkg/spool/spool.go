// Package spool keeps what is written until it is known to be wanted: little in memory,
// much in a file that only this user can read.
package spool

import (
	"bytes"
	"errors"
	"io"
	"os"
)

// inMemory is what a Spool holds before it takes a file.
const inMemory = 4 << 20

// A Spool is empty at first. It is not safe for concurrent use.
type Spool struct {
	memory bytes.Buffer
	file   *os.File // nil: all is in memory
	full   bool     // no file to be had
}

// Write implements io.Writer.
func (s *Spool) Write(p []byte) (int, error) {
	if s.file == nil && !s.full && s.memory.Len()+len(p) > inMemory {
		s.spill()
	}
	if s.file != nil {
		return s.file.Write(p)
	}
	return s.memory.Write(p)
}

// spill moves what is in memory to a file that only this user can read; without a
// place for one, memory has to do.
func (s *Spool) spill() {
	f, err := os.CreateTemp("", "kubectl-gitops-")
	if err != nil {
		s.full = true
		return
	}
	if _, err := f.Write(s.memory.Bytes()); err != nil {
		f.Close()
		os.Remove(f.Name())
		s.full = true
		return
	}
	s.file, s.memory = f, bytes.Buffer{}
}

// Reader reads what was written from its beginning, until the next Write.
func (s *Spool) Reader() (io.Reader, error) {
	if s.file == nil {
		return bytes.NewReader(s.memory.Bytes()), nil
	}
	_, err := s.file.Seek(0, io.SeekStart)
	return s.file, err
}

// CopyTo writes everything to w.
func (s *Spool) CopyTo(w io.Writer) error {
	r, err := s.Reader()
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return err
}

// Close drops what was written.
func (s *Spool) Close() error {
	if s.file == nil {
		return nil
	}
	return errors.Join(s.file.Close(), os.Remove(s.file.Name()))
}
