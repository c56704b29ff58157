// Package report prints what a conversion found: the ledger as JSON for tools and
// the findings as text for people. It only prints; it decides nothing and holds no
// more of the ledger than it will show.
package report

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// A Printer takes outcomes one by one and writes what is left at the end.
type Printer interface {
	Write(convert.Outcome) error
	Flush() error
}

// Severity is the severity of an entry's fidelity, raised for a blocking entry to
// that of an unsupported field: both mean that what was asked is not there.
func Severity(e ledger.Entry) int {
	severity := e.Fidelity.Severity()
	if e.Blocking {
		return max(severity, ledger.Unsupported.Severity())
	}
	return severity
}
