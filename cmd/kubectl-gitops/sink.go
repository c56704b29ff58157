package main

import (
	"bufio"
	"io"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

// A sink takes outcomes and shows nothing of them until commit. Close drops what was
// not committed.
type sink interface {
	add(convert.Outcome) error
	commit() error
	close()
}

// stdoutSink holds the outputs themselves rather than a buffer of text: the converter
// has made them already, so that no byte is copied.
type stdoutSink struct {
	w       io.Writer
	format  string
	outputs []convert.Output
}

func (s *stdoutSink) add(o convert.Outcome) error {
	s.outputs = append(s.outputs, o.Out...)
	return nil
}

func (s *stdoutSink) commit() error {
	w := bufio.NewWriter(s.w)
	if err := write(w, s.format, s.outputs); err != nil {
		return quietPipe(err)
	}
	return quietPipe(w.Flush())
}

func (s *stdoutSink) close() {}
