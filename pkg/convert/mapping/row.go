// Package mapping is the field table: one row for each field of the two worlds,
// saying where it goes, how well, and what to do where it cannot. Everything that
// states what becomes of a field (conversion, ledger, coverage check, documentation)
// reads these rows.
//
// The rules follow the controllers' own sources: Argo CD v3.6.1, and the
// source-, kustomize- and helm-controller of Flux 2.9.
package mapping

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/table"
)

// A Row claims fields of Argo CD, of Flux, or of both.
type Row struct {
	// ID is public, stable and never reused.
	ID string
	// Argo are patterns of Application leaves; see package table. A pattern that
	// starts with "source." stands for spec.source. and spec.sources[].
	Argo []string
	// Project are patterns of AppProject leaves.
	Project []string
	// Flux are the leaves of Flux objects that the row claims, as Kind:pattern.
	Flux []string
	// Sets are patterns of ApplicationSet leaves. The rows that claim them have nothing else.
	Sets []string
	// Writes are fields that the row may write, as Kind:pattern, and that another row
	// claims on the way back.
	Writes []string
	// ToFlux and ToArgo are what the row promises where its code says nothing else.
	ToFlux, ToArgo Promise
	// Forward writes the Flux side. It runs once for each source where PerSource is
	// set or a pattern starts with "source.".
	Forward   func(*Cell)
	PerSource bool
	// Always makes Forward run where no leaf matched: unset is not equal.
	Always bool
	// Back writes the Application of a Kustomization or HelmRelease; BackAlways makes
	// it run where no leaf matched.
	Back       func(*BackCell)
	BackAlways bool
	// BackSource settles the leaves of a source object, which Back of the appliers
	// that use it has read. Without it they get the promise.
	BackSource func(*SourceCell)
	// SourceAlways makes BackSource run where no leaf matched.
	SourceAlways bool
	// Off tells that "false" is the default of the row's switches on the Flux side, and
	// "generic" that of its providers; BackBlocks that what the row cannot carry would
	// deploy something else.
	Off, BackBlocks bool
}

// A Promise is the default verdict of one direction.
type Promise struct {
	Fidelity ledger.Fidelity
	Note     string
	// Implied marks fields that need nothing written to have their effect. Without
	// it, a promise of exact or equivalent that wrote nothing is void.
	Implied bool
}

// A Target is a field that was written. Objects and patches get their final names
// and indexes later.
type Target struct {
	Object *object.Object
	Path   string
	Patch  *object.Patch
	Suffix string // behind the patch's path
}

// Resolve returns the target as the ledger holds it.
func (t Target) Resolve() ledger.To {
	path := t.Path
	if t.Patch != nil {
		path = t.Patch.Path() + t.Suffix
	}
	return ledger.To{Object: t.Object.Ref(), Path: path}
}

// A Verdict says what became of a leaf.
type Verdict struct {
	ID string
	Promise
	Blocking bool
	To       []Target
}

// A leaf is a leaf of the input with its verdict.
type leaf struct {
	table.Leaf
	verdict Verdict
	claimed bool
}

// An absence is a verdict about a field that the input does not set.
type absence struct {
	path    string
	line    int
	file    string
	verdict Verdict
}
