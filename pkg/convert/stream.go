package convert

import (
	"bytes"
	"io"
	"slices"
)

// A Stream writes outputs as one YAML stream. Documents that passed keep their
// own separators, so a stream of passed documents only is the input again.
type Stream struct {
	w       io.Writer
	started bool
	newline bool // the last byte written ended a line
}

// NewStream returns a Stream that writes to w.
func NewStream(w io.Writer) *Stream { return &Stream{w: w, newline: true} }

// Write appends one output; it returns the writer's error.
func (s *Stream) Write(o Output) error {
	for _, part := range [][]byte{s.lead(o.Lead), o.Data} {
		if len(part) == 0 {
			continue
		}
		if _, err := s.w.Write(part); err != nil {
			return err
		}
		s.newline = part[len(part)-1] == '\n'
	}
	s.started = true
	return nil
}

func (s *Stream) lead(lead []byte) []byte {
	if !s.started {
		return lead
	}
	if !bytes.Contains(lead, []byte("---")) {
		lead = []byte("---\n")
	}
	if !s.newline {
		return slices.Concat([]byte("\n"), lead)
	}
	return lead
}
