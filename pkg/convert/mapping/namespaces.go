package mapping

import (
	"slices"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// Namespaces are those of the own cluster that Applications of a run deploy into, and who
// writes their Namespace objects.
type Namespaces map[string]*namespaceUse

type namespaceUse struct {
	// writer is the first Application for which the object was written; its name is empty
	// while there is none.
	writer ledger.Object
	// users are the Applications before that write none.
	users []ledger.From
}

// Claim notes the namespace of a unit. Who writes none is told of the one that does; the
// entries returned are for Applications that came before it. Units must come in input order.
func (n Namespaces) Claim(u *Unit) (entries []ledger.Entry) {
	name := u.App.DestinationNamespace()
	if u.restored != nil || u.remote() || name == "" || slices.Contains(alwaysThere, name) {
		return nil
	}
	use := n[name]
	if use == nil {
		use = &namespaceUse{}
		n[name] = use
	}
	from := ledger.From{Object: u.App.ID(), Path: syncOptions, File: u.File, Line: u.lineOf(nil)}
	switch {
	case u.Namespace == nil && use.writer.Name == "":
		use.users = append(use.users, from)
	case u.Namespace == nil:
		u.absences = append(u.absences, absence{path: from.Path, line: from.Line, verdict: madeFor(use.writer)})
	case use.writer.Name == "":
		use.writer = from.Object
		for _, user := range use.users {
			entries = append(entries, entry(user, madeFor(use.writer), true))
		}
		use.users = nil
	}
	return entries
}

func madeFor(writer ledger.Object) Verdict {
	return approximate("a Namespace object is written for Application " + qualified(writer) + ": it is there once that is applied, with the metadata that the other asks for; Argo CD creates it when that syncs").as("sync-option-create-namespace")
}
