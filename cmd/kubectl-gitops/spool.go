package main

import (
	"bytes"
	"errors"
	"io"
	"os"
)

// spoolMemory is what a spool holds in memory before it takes a file.
const spoolMemory = 4 << 20

// A spool keeps text until it is known to be wanted: the output of many objects
// would otherwise be the largest thing in memory.
type spool struct {
	memory bytes.Buffer
	file   *os.File // nil: all is in memory
	full   bool     // no file to be had
}

// Write implements io.Writer.
func (s *spool) Write(p []byte) (int, error) {
	if s.file == nil && !s.full && s.memory.Len()+len(p) > spoolMemory {
		s.spill()
	}
	if s.file != nil {
		return s.file.Write(p)
	}
	return s.memory.Write(p)
}

// spill moves what is in memory to a file that only this user can read; without a
// place for one, memory has to do.
func (s *spool) spill() {
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

// copyTo writes everything to w.
func (s *spool) copyTo(w io.Writer) error {
	if s.file == nil {
		_, err := w.Write(s.memory.Bytes())
		return err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := io.Copy(w, s.file)
	return err
}

func (s *spool) close() error {
	if s.file == nil {
		return nil
	}
	return errors.Join(s.file.Close(), os.Remove(s.file.Name()))
}
