package verify

import (
	"errors"
	"strconv"
	"strings"

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

// releaseOf is the release of a version such as "2.9"; that of "" is the oldest known.
func releaseOf(version string) crd.Release {
	_, minor, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	minor, _, _ = strings.Cut(minor, ".")
	n, err := strconv.Atoi(minor)
	if err != nil {
		return crd.Flux29
	}
	return crd.Release(n)
}

func (r *Run) invalid(m *deployment.Member) (all []Invalid) {
	problems, err := crd.Validate(m.Root, r.release)
	switch {
	case errors.Is(err, crd.ErrUnknownKind):
		if _, made := templates[m.Kind]; made {
			return nil // nothing is said of it
		}
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
