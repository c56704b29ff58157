package mapping

import "github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"

// The verdicts that rows use often.

func approximate(note string, to ...Target) Verdict {
	return Verdict{Promise: Promise{Fidelity: ledger.Approximate, Note: note}, To: to}
}

func unsupported(note string) Verdict {
	return Verdict{Promise: Promise{Fidelity: ledger.Unsupported, Note: note}}
}

func blocking(note string) Verdict {
	v := unsupported(note)
	v.Blocking = true
	return v
}

func equivalent(note string, to ...Target) Verdict {
	return Verdict{Promise: Promise{Fidelity: ledger.Equivalent, Note: note}, To: to}
}

func exact(to ...Target) Verdict {
	return Verdict{Promise: Promise{Fidelity: ledger.Exact}, To: to}
}

// implied is equivalent with nothing to write.
func implied(note string) Verdict {
	return Verdict{Promise: Promise{Fidelity: ledger.Equivalent, Note: note, Implied: true}}
}

func (v Verdict) as(id string) Verdict {
	v.ID = id
	return v
}

// runtime is what the cluster or a controller writes.
func runtime(note string) Verdict {
	return Verdict{Promise: Promise{Fidelity: ledger.Runtime, Note: note}}
}
