package mapping

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/schema"
)

// A Field is a leaf of a kind, and what the table promises for it.
type Field struct {
	Kind, Path string
	// ID is that of the row, and of most findings about the field.
	ID string
	// Fidelity is what holds where nothing speaks against it: a conversion gives less
	// where the value, or what the field meets beside it, cannot cross as well.
	Fidelity ledger.Fidelity
	Note     string
}

// Fields lists the leaves of a kind as the schema of its current API version has them,
// sorted by path, on the way to the other tool. It fails for kinds that no conversion
// takes.
//
// Of an ApplicationSet, whose schema repeats that of an Application in every generator,
// it lists the patterns of the rows; generators may be nested.
func (t *Table) Fields(kind string) ([]Field, error) {
	if kind == SetKind {
		return t.setFields(), nil
	}
	kinds := schema.Kinds()
	i := slices.IndexFunc(kinds, func(k schema.Kind) bool { return k.Kind == kind })
	if i < 0 || !slices.Contains(Kinds(), kind) {
		return nil, fmt.Errorf("no conversion takes the kind %q", kind)
	}
	s, _ := schema.For(kinds[i].APIVersion, kind)
	var fields []Field
	for _, leaf := range s.Leaves() {
		r, err := t.rowOf(kind, leaf)
		if err != nil {
			return nil, err
		}
		promise := r.ToArgo
		if kind == application.Name || kind == project.Name {
			promise = r.ToFlux
		}
		fields = append(fields, Field{kind, leaf, r.ID, promise.Fidelity, promise.Note})
	}
	return fields, nil
}

func (t *Table) setFields() (fields []Field) {
	for _, r := range t.Rows {
		for _, pattern := range r.Sets {
			if !strings.Contains(pattern, ".generators[].m") {
				fields = append(fields, Field{SetKind, pattern, r.ID, r.ToFlux.Fidelity, strings.Replace(r.ToFlux.Note, ": %d", "", 1)})
			}
		}
	}
	slices.SortFunc(fields, func(a, b Field) int { return strings.Compare(a.Path, b.Path) })
	return fields
}

func (t *Table) rowOf(kind, leaf string) (*Row, error) {
	row, err := t.trie(kind).Find(leaf)
	if err != nil {
		return nil, err
	}
	if row < 0 {
		return nil, fmt.Errorf("%s:%s has no row", kind, leaf)
	}
	return &t.Rows[row], nil
}
