package store

import "github.com/kubectl-gitops/kubectl-gitops/pkg/convert"

// A Verdict is how an object fared in a conversion.
type Verdict struct {
	// Status is converted, passed, failed or incomplete.
	Status string
	// Fidelity is the worst of a converted object's fields.
	Fidelity string
	// Blocking: converted as it is, it would deploy something else.
	Blocking bool
}

// VerdictOf returns the verdict on an outcome; ok is false for documents that the
// conversion is not about.
func VerdictOf(o convert.Outcome) (v Verdict, ok bool) {
	if !concerned(o) {
		return v, false
	}
	fidelity, blocking := worst(o)
	v = Verdict{Status: statusOf(o), Blocking: blocking}
	if fidelity != nil {
		v.Fidelity = *fidelity
	}
	return v, true
}

// Field returns a path with [] for every index, so that the same field of two objects
// is one.
func Field(path string) string { return fieldOf(path) }
