package main

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/report"
)

// The levels of --fail-on.
const (
	failUnknown     = "unknown"
	failUnsupported = "unsupported"
	failApproximate = "approximate"
	failNever       = "never"
)

// Run implements operation.
func (op *convertOp) Run(ctx context.Context, s streams) error {
	for _, source := range op.sources {
		checkout, err := source.checkout()
		if err != nil {
			return err
		}
		op.options.Checkouts = append(op.options.Checkouts, checkout)
	}
	bar := newProgress(s, op.quiet)
	defer bar.clear()
	l := newLoader(s.in, bar)
	if err := l.load(ctx, op.from); err != nil {
		return err
	}
	inputs := make([]convert.Input, len(l.inputs))
	for i, in := range l.inputs {
		inputs[i] = in.Input
	}
	outcomes, err := convert.Convert(inputs, op.options)
	if err != nil {
		return err
	}
	j, err := op.newJob(s, l, bar)
	if err != nil {
		return err
	}
	defer j.close()
	return j.run(ctx, outcomes)
}

// A job takes outcomes to where they belong.
type job struct {
	op        *convertOp
	s         streams
	bar       *progress
	keepGoing bool

	tally    report.Tally
	sink     sink
	printers []report.Printer
	ledger   *atomicFile // nil without --ledger
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
			report.NewText(s.err, report.TextOptions{Color: s.color, All: op.all}))
	}
	if op.outputDir != "" {
		j.sink = newDirSink(op.outputDir, op.format, l.inputs)
	} else {
		j.sink = &stdoutSink{w: s.out, format: op.format}
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
	out, err := prepare(j.op.format, o.Out)
	if o.Err == nil && err != nil {
		o.Status, o.Err = convert.Failed, err
	}
	if o.Out = out; o.Err != nil {
		o.Out = nil
		if !j.keepGoing {
			return located(o)
		}
		j.bar.clear()
		printError(j.s.err, located(o))
	}
	j.tally.Add(o)
	for _, p := range j.printers {
		if err := p.Write(o); err != nil {
			return err
		}
	}
	return j.sink.add(o)
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

func (j *job) verdict() error {
	bad := 0
	if j.op.failOn != failNever {
		var level ledger.Fidelity
		if err := level.UnmarshalText([]byte(j.op.failOn)); err != nil {
			return err
		}
		bad = j.tally.AtLeast(level.Severity())
	}
	if !j.op.quiet {
		fmt.Fprintln(j.s.err, j.tally.String())
		if bad > 0 {
			fmt.Fprintf(j.s.err, "%d at or above --fail-on %s\n", bad, j.op.failOn)
		}
	}
	switch {
	case j.tally.Failed > 0:
		return errReported
	case bad > 0:
		return errFindings
	default:
		return nil
	}
}

func (j *job) close() {
	j.sink.close()
	if j.ledger != nil {
		j.ledger.close()
	}
}

// located puts file and line before an error that does not begin with its file.
func located(o convert.Outcome) error {
	if strings.HasPrefix(o.Err.Error(), o.File) {
		return o.Err
	}
	at := fmt.Sprintf("%s:%d", o.File, o.Line)
	if o.Object.Kind != "" {
		at += ": " + strings.TrimSpace(o.Object.Kind+" "+o.Object.Name)
	}
	return fmt.Errorf("%s: %w", at, o.Err)
}
