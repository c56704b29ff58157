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
