package crd

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// maxLocated bounds the errors that are looked up in the document, each of which takes
// time in proportion to the size of the maps on the way.
const maxLocated = 100

// located turns errors of the API server's packages, which know no lines and come in any
// order, into problems.
func located(root *yaml.Node, class Class, errs field.ErrorList) []Problem {
	slices.SortFunc(errs, func(a, b *field.Error) int {
		return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Detail, b.Detail), cmp.Compare(text(a), text(b)))
	})
	problems := make([]Problem, 0, len(errs))
	for _, err := range errs[:min(len(errs), maxLocated)] {
		at := place{line: root.Line, node: root}.find(fieldOf(err)).narrow(text(err))
		problems = append(problems, Problem{at.path, at.line, message(err), class})
	}
	if more := len(errs) - maxLocated; more > 0 {
		problems = append(problems, Problem{Line: root.Line, Message: strconv.Itoa(more) + " more problems are not listed", Class: class})
	}
	return problems
}

// text is the value that an error is about, if it is text.
func text(err *field.Error) string {
	value, _ := err.BadValue.(string)
	return value
}

// inOrder sorts problems as they stand in the document.
func inOrder(problems []Problem) []Problem {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(problems)
}

// fieldOf is the path of an error, each step with what introduces it: .spec.list[0].
func fieldOf(err *field.Error) string {
	if err.Field == "" || err.Field == (*field.Path)(nil).String() {
		return ""
	}
	return "." + err.Field
}

// message leaves out the value, which Error() would print.
func message(err *field.Error) string {
	if err.Detail != "" {
		return err.Detail
	}
	return strings.ToLower(err.Type.String())
}

// A place is a node, its path in the form of package ledger, and its line. What is missing
// has a path, the line of what should hold it, and no node.
type place struct {
	path string
	line int
	node *yaml.Node
}

// find follows a path, as field.Path writes it: .field, [key of a map], [index].
func (at place) find(rest string) place {
	for rest != "" {
		next, after, ok := at.step(rest)
		if !ok {
			return place{strings.TrimPrefix(at.path+rest, "."), at.line, nil}
		}
		at, rest = next, after
	}
	return at
}

// step goes to the child that a path begins with.
func (at place) step(path string) (next place, rest string, ok bool) {
	if at.node.Kind == yaml.SequenceNode {
		number, rest, _ := strings.Cut(strings.TrimPrefix(path, "["), "]")
		i, err := strconv.Atoi(number)
		if err != nil || i < 0 || i >= len(at.node.Content) {
			return at, path, false
		}
		return at.item(i), rest, true
	}
	for i := 0; at.node.Kind == yaml.MappingNode && i+1 < len(at.node.Content); i += 2 {
		for _, step := range []string{"." + at.node.Content[i].Value, "[" + at.node.Content[i].Value + "]"} {
			rest, ok := strings.CutPrefix(path, step)
			if ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
				return at.entry(i), rest, true
			}
		}
	}
	return at, path, false
}

// narrow goes to the entry or item that is named by its key or value, as the API server
// names a label or a finalizer.
func (at place) narrow(text string) place {
	if text == "" || at.node == nil {
		return at
	}
	for i, child := range at.node.Content {
		if child.Kind != yaml.ScalarNode || child.Value != text {
			continue
		}
		if at.node.Kind == yaml.SequenceNode {
			return at.item(i)
		}
		return at.entry(i - i%2)
	}
	return at
}

func (at place) item(i int) place {
	item := at.node.Content[i]
	return place{ledger.Index(at.path, i), item.Line, item}
}

func (at place) entry(i int) place {
	key := at.node.Content[i]
	return place{ledger.Key(at.path, key.Value), key.Line, at.node.Content[i+1]}
}
