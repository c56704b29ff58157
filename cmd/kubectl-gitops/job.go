package main

import (
	"context"
	"fmt"
	"iter"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/report"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
)

// A job takes outcomes to where they belong.
type job struct {
	op        *convertOp
	s         streams
	bar       *progress
	keepGoing bool

	tally    report.Tally
	sink     sink
	printers []report.Printer
	ledger   *atomicFile    // nil without --ledger
	results  *store.Results // nil without --record
}

func (op *convertOp) newJob(s streams, l *loader, bar *progress) (*job, error) {
	j := &job{op: op, s: s, bar: bar, keepGoing: l.directory}
	if op.keepGoing != nil {
		j.keepGoing = *op.keepGoing
	}
	if op.ledger != "" {
		f, err := createAtomic(op.ledger)
		if err != nil {
			return nil, fmt.Errorf("--ledger: %w", err)
		}
		j.ledger = f
		j.printers = append(j.printers, report.NewJSON(f))
	}
	if !op.quiet {
		j.printers = append(j.printers,
			report.NewText(s.err, report.TextOptions{Color: s.color, All: op.all, AllowBlocking: op.options.AllowBlocking}))
	}
	if op.outputDir != "" {
		dir := newDirSink(op.outputDir, op.format, l.inputs)
		dir.without = func(failed map[string]bool) (iter.Seq[convert.Outcome], error) {
			return op.convert(l.inputs, failed)
		}
		j.sink = dir
	} else {
		j.sink = newStdoutSink(s.out, op.format)
	}
	return j, nil
}

func (j *job) run(ctx context.Context, outcomes iter.Seq[convert.Outcome]) error {
	n := 0
	for o := range outcomes {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := j.take(o); err != nil {
			return err
		}
		n++
		j.bar.step("converting", n)
	}
	j.bar.clear()
	return j.finish()
}

func (j *job) take(o convert.Outcome) error {
	o = prepared(j.op.format, o)
	if o.Err != nil {
		if !j.keepGoing {
			return located(o)
		}
		j.bar.clear()
		printError(j.s.err, located(o))
	}
	j.tally.Add(o)
	if j.results != nil {
		j.results.Note(o)
	}
	for _, p := range j.printers {
		if err := p.Write(o); err != nil {
			return err
		}
	}
	return j.sink.add(o)
}

// prepared returns o with outputs ready for a format, or failed.
func prepared(format string, o convert.Outcome) convert.Outcome {
	out, err := prepare(format, o.Out)
	if o.Err == nil && err != nil {
		o.Status, o.Err = convert.Failed, err
	}
	if o.Out = out; o.Err != nil {
		o.Out = nil
	}
	return o
}

// finish makes the results visible, objects before findings: on a terminal what
// needs attention then comes last.
func (j *job) finish() error {
	if err := j.sink.commit(); err != nil {
		return err
	}
	for _, p := range j.printers {
		if err := p.Flush(); err != nil {
			return err
		}
	}
	if j.ledger != nil {
		if err := j.ledger.commit(); err != nil {
			return fmt.Errorf("--ledger: %w", err)
		}
	}
	return j.verdict()
}

func (j *job) close() {
	j.sink.close()
	if j.ledger != nil {
		j.ledger.close()
	}
	if j.results != nil {
		j.results.Close()
	}
}
