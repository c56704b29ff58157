package main

import (
	"errors"
	"io"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/spool"
)

// A sink takes outcomes and shows nothing of them until commit. Close drops what was
// not committed.
type sink interface {
	add(convert.Outcome) error
	commit() error
	close() error
}

// stdoutSink prints everything at once, when nothing can fail any more.
type stdoutSink struct {
	out     io.Writer
	spool   *spool.Spool
	objects objectWriter
}

func newStdoutSink(out io.Writer, format string) *stdoutSink {
	s := &spool.Spool{}
	return &stdoutSink{out, s, newObjectWriter(s, format)}
}

func (s *stdoutSink) add(o convert.Outcome) error { return writeAll(s.objects, o.Out) }

func (s *stdoutSink) commit() error {
	if err := s.objects.Close(); err != nil {
		return err
	}
	return quietPipe(s.spool.CopyTo(s.out))
}

func (s *stdoutSink) close() error { return s.spool.Close() }

func writeAll(w objectWriter, outputs []convert.Output) error {
	var errs []error
	for _, o := range outputs {
		errs = append(errs, w.Write(o))
	}
	return errors.Join(errs...)
}
