package main

import (
	"fmt"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// The levels of --fail-on.
const (
	failUnknown     = "unknown"
	failUnsupported = "unsupported"
	failApproximate = "approximate"
	failNever       = "never"
)

// verdict closes the report and chooses the exit code.
func (j *job) verdict() error {
	bad, blocking := 0, 0
	if j.op.failOn != failNever {
		var level ledger.Fidelity
		if err := level.UnmarshalText([]byte(j.op.failOn)); err != nil {
			return err
		}
		bad = j.tally.AtLeast(level.Severity())
		if !j.op.options.AllowBlocking {
			blocking = j.tally.Blocking
		}
	}
	if !j.op.quiet {
		j.summary(bad)
	}
	switch {
	case j.tally.Failed > 0:
		return errReported
	case bad > 0 || blocking > 0:
		return errFindings
	default:
		return nil
	}
}

func (j *job) summary(bad int) {
	fmt.Fprintln(j.s.err, j.tally.String())
	if bad > 0 {
		fmt.Fprintf(j.s.err, "%d at or above --fail-on %s\n", bad, j.op.failOn)
	}
	switch n := j.tally.Blocking; {
	case n == 0:
	case j.op.options.AllowBlocking:
		fmt.Fprintf(j.s.err, "%s, allowed: something else may be deployed\n", blockingFields(n))
	default:
		fmt.Fprintf(j.s.err, "%s: their objects are written turned off, as something else would be deployed; --allow-blocking leaves them on\n", blockingFields(n))
	}
}

func blockingFields(n int) string {
	if n == 1 {
		return "1 blocking field"
	}
	return fmt.Sprintf("%d blocking fields", n)
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
