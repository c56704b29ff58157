package verify

import (
	"errors"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/crd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/deployment"
)

// schema checks the objects of both sides as the API server would.
func (r *Run) schema(result *Result, pair deployment.Pair) {
	for _, d := range []*deployment.Deployment{pair.Left, pair.Right} {
		if d == nil {
			continue
		}
		for _, m := range d.Objects() {
			result.Schema = append(result.Schema, r.invalid(m)...)
		}
	}
}

func (r *Run) invalid(m *deployment.Member) (all []Invalid) {
	problems, err := crd.Validate(m.Root, r.release)
	switch {
	case errors.Is(err, crd.ErrUnknownKind):
		problems = []crd.Problem{{Path: "apiVersion", Message: "no schema of this version is known, so nothing was checked"}}
	case err != nil:
		problems = []crd.Problem{{Message: err.Error()}}
	}
	for _, p := range problems {
		line := p.Line
		if line == 0 {
			line = ledger.Line(m.Root, p.Path, m.Line)
		}
		all = append(all, Invalid{ledger.From{Object: m.Object, Path: p.Path, File: m.File, Line: line}, p.Message})
	}
	return all
}
