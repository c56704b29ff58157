package analysis

import (
	"fmt"
	"math"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
)

// The classes of objects, from those that cross as they are to those that do not.
var classes = []string{"exact", "equivalent", "approximate", "unsupported", "blocked", "not converted"}

// class is the worst that a conversion says of an object.
func class(v store.Verdict) string {
	switch {
	case v.Status != "converted":
		return "not converted"
	case v.Blocking:
		return "blocked"
	case v.Fidelity == "unsupported" || v.Fidelity == "unknown":
		return "unsupported"
	case v.Fidelity == "approximate" || v.Fidelity == "equivalent":
		return v.Fidelity
	default:
		return "exact"
	}
}

func readiness(e *Estate) [][]any {
	var questions []func(verdict) bool
	for _, c := range classes {
		questions = append(questions, func(v verdict) bool { return class(v.Verdict) == c })
	}
	rows := grouped(e.verdicts, func(v verdict) []any { return []any{e.cluster, e.direction, v.kind} }, questions...)
	for i, row := range rows {
		all, ready := count(row[3]), count(row[4])+count(row[5])
		rows[i] = append(row, math.Round(1000*float64(ready)/float64(all))/10)
	}
	return rows
}

func count(value any) int64 {
	n, _ := value.(int64)
	return n
}

// A loss is a field that is lost of one object.
type loss struct {
	ledger.Entry
	// first of its kind in the object.
	first bool
}

func unsupported(e *Estate) [][]any {
	var losses []loss
	for _, v := range e.verdicts {
		seen := map[string]bool{}
		for _, entry := range v.losses {
			key := fmt.Sprintf("%s %s %t %s", entry.ID, entry.Fidelity, entry.Blocking, store.Field(entry.From.Path))
			losses = append(losses, loss{entry, !seen[key]})
			seen[key] = true
		}
	}
	rows := grouped(losses, func(l loss) []any {
		return []any{e.cluster, e.direction, l.ID, l.Fidelity.String(), l.Blocking, store.Field(l.From.Path)}
	}, func(l loss) bool { return l.first })
	for _, row := range rows { // objects before fields
		row[6], row[7] = row[7], row[6]
	}
	return rows
}
