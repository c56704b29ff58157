package report

import "github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"

const (
	bold    = "\x1b[1m"
	red     = "\x1b[31m"
	yellow  = "\x1b[33m"
	magenta = "\x1b[35m"
	reset   = "\x1b[0m"
)

func (t *Text) paint(code, s string) string {
	if !t.options.Color || code == "" {
		return s
	}
	return code + s + reset
}

func colorOf(severity int) string {
	switch {
	case severity >= ledger.Unknown.Severity():
		return magenta
	case severity >= ledger.Unsupported.Severity():
		return red
	case severity >= ledger.Approximate.Severity():
		return yellow
	default:
		return ""
	}
}
