package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/content"
)

// namedObjects is how many objects a sentence names.
const namedObjects = 3

// steer makes a row differ where marks of manifests make one tool treat an object in
// another way than the other does.
func (r *Row) steer(tools [2]string, all []content.Steering) {
	var said []string
	objects := map[string][]string{}
	for _, s := range all {
		if s.Row != r.ID || r.void() {
			continue
		}
		s.Left, s.Right = r.Left.special(s.Left), r.Right.special(s.Right)
		if slices.Equal(s.Left, s.Right) {
			continue
		}
		sentence := tools[0] + " " + doing(s.Left) + ", " + tools[1] + " " + doing(s.Right) + "."
		said = appendNew(said, sentence)
		objects[sentence] = append(objects[sentence], nameOf(s.Object))
	}
	for _, sentence := range said {
		r.Verdict = Differs
		r.Meaning = strings.TrimSpace(r.Meaning + " By marks in the manifest of " + some(objects[sentence]) + " " + sentence)
	}
}

// void tells whether nothing is deleted anyway, so that it does not matter which objects
// are spared.
func (r *Row) void() bool {
	for _, text := range []string{r.Left.Text, r.Right.Text} {
		if r.ID == "prune" && text == keepsAll || r.ID == "deletion" && strings.HasPrefix(text, leavesAll) {
			return true
		}
	}
	return false
}

// special are the effects of marks that are not what the side does with every object.
func (v Value) special(effects []string) []string {
	general := map[string]string{onServer: content.OnServer, onClient: content.OnClient}
	method, _, _ := strings.Cut(v.Text, ";")
	return slices.DeleteFunc(slices.Clone(effects), func(e string) bool { return e == general[method] })
}

func doing(effects []string) string {
	if len(effects) == 0 {
		return "treats it like any other object"
	}
	return list(effects)
}

func nameOf(o ledger.Object) string {
	return o.Kind + " " + strings.TrimPrefix(o.Namespace+"/"+o.Name, "/")
}

// some names the first objects and counts the others.
func some(names []string) string {
	if more := len(names) - namedObjects; more > 0 {
		return strings.Join(names[:namedObjects], ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(names, ", ")
}
