package mapping

import (
	"slices"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// prune takes out of the entries what a record of an earlier conversion has undone.
func (u *Unit) prune(entries []ledger.Entry) []ledger.Entry {
	if u.restored == nil {
		return entries
	}
	return existing(entries, u.restored)
}

// existing drops the targets that the objects do not hold. What a row wrote is not
// there any more where a record says that it was written otherwise.
func existing(entries []ledger.Entry, objects []*object.Object) []ledger.Entry {
	for i := range entries {
		entries[i].To = slices.DeleteFunc(entries[i].To, func(to ledger.To) bool {
			return !slices.ContainsFunc(objects, func(o *object.Object) bool {
				return o.Ref() == to.Object && ledger.Exists(o.Root, to.Path)
			})
		})
	}
	return entries
}
