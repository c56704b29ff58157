package report

import (
	"fmt"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// A Tally counts objects and fields. The zero value is empty.
type Tally struct {
	Converted, Passed, Failed int
	// Blocking counts the entries for which something was written turned off.
	Blocking int

	fields     [ledger.Runtime + 1]int
	severities [5]int
}

// Add counts one outcome.
func (t *Tally) Add(o convert.Outcome) {
	switch o.Status {
	case convert.Converted:
		t.Converted++
	case convert.Failed:
		t.Failed++
	case convert.Passed:
		t.Passed++
	case convert.Added: // no object of the input
	}
	for _, e := range o.Entries {
		if e.Blocking {
			t.Blocking++
		}
		t.fields[e.Fidelity]++
		t.severities[Severity(e)]++
	}
}

// AtLeast counts the entries of a severity or a worse one.
func (t *Tally) AtLeast(severity int) int {
	n := 0
	for _, count := range t.severities[min(severity, len(t.severities)):] {
		n += count
	}
	return n
}

// String is the summary line, for example "3 objects: 2 converted, 1 passed, 0 failed".
func (t *Tally) String() string {
	n := t.Converted + t.Passed + t.Failed
	line := fmt.Sprintf("%s: %d converted, %d passed, %d failed",
		count(n, "object"), t.Converted, t.Passed, t.Failed)
	var fields []string
	total := 0
	for _, f := range ledger.Fidelities() {
		if t.fields[f] > 0 {
			total += t.fields[f]
			fields = append(fields, fmt.Sprintf("%d %s", t.fields[f], f))
		}
	}
	if total == 0 {
		return line
	}
	return line + "; " + count(total, "field") + ": " + strings.Join(fields, ", ")
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
