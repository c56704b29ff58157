// Package bounded runs Go templates of inputs, which may be hostile, so that they take
// bounded time and memory, and so that their errors show no values.
package bounded

import (
	"errors"
	"regexp"
	"strings"
	"text/template"
	"text/template/parse"
)

// Bounds on what comes out of one template.
const maxText = 4 << 20

var (
	errText  = errors.New("the templates make too much text: split the object")
	errSteps = errors.New("the templates take too many steps: split the object")
)

// A Budget is what the templates of one object may still take.
type Budget struct {
	// Read is bytes of templates and values that go in.
	Read int
	// Steps are rounds of a loop and calls of a template.
	Steps int
	// Work is how much functions are given and give back: bytes of text, items of lists.
	Work int
}

// Spend takes the size of a template and its values from the budget.
func (b *Budget) Spend(size int) error {
	if b.Read -= size; b.Read < 0 {
		return errText
	}
	return nil
}

// Render returns the text that the template makes of the data. t has delimiters,
// options and functions.
func (b *Budget) Render(t *template.Template, text string, data any) (string, error) {
	t, err := b.Parse(t, text)
	if err != nil {
		return "", err
	}
	return b.Execute(t, data)
}

// Parse makes the text the template t, to be executed any number of times.
func (b *Budget) Parse(t *template.Template, text string) (*template.Template, error) {
	t.Funcs(template.FuncMap{stepName: func() (string, error) {
		if b.Steps--; b.Steps < 0 {
			return "", errSteps
		}
		return "", nil
	}})
	t, err := t.Parse(text)
	if err != nil {
		return nil, explain(err)
	}
	for _, one := range t.Templates() {
		if one.Tree != nil {
			count(one.Root)
		}
	}
	return t, nil
}

// Execute returns the text that a template that Parse made makes of the data.
func (b *Budget) Execute(t *template.Template, data any) (string, error) {
	var out limited
	if err := t.Execute(&out, data); err != nil {
		return "", explain(err)
	}
	return out.String(), nil
}

// limited is a text that does not outgrow maxText.
type limited struct{ strings.Builder }

func (l *limited) Write(p []byte) (int, error) {
	if l.Len()+len(p) > maxText {
		return 0, errText
	}
	return l.Builder.Write(p)
}

// stepName is the function that counts steps. Templates cannot name it.
const stepName = "\u02e2tep"

// count makes every round of a loop below n, and the template itself, a step.
func count(list *parse.ListNode) {
	if list == nil {
		return
	}
	for _, n := range list.Nodes {
		switch n := n.(type) {
		case *parse.RangeNode:
			count(n.List)
			count(n.ElseList)
		case *parse.IfNode:
			count(n.List)
			count(n.ElseList)
		case *parse.WithNode:
			count(n.List)
			count(n.ElseList)
		}
	}
	list.Nodes = append([]parse.Node{step.Copy()}, list.Nodes...)
}

var step = template.Must(template.New("").Funcs(template.FuncMap{stepName: func() string { return "" }}).
	Parse("{{" + stepName + "}}")).Root.Nodes[0]

var (
	// ErrMissing tells that a template asks for a value that is not there.
	ErrMissing = errors.New("no value")
	// ErrFunction tells that a template calls a function that is not there.
	ErrFunction = errors.New("no function")
)

// A told error is one of these that says more.
type told struct {
	error
	msg string
}

func (t told) Error() string { return t.msg }
func (t told) Unwrap() error { return t.error }

// Errors of the template library quote values and templates; what is known to be
// harmless is named.
var (
	noFunction = regexp.MustCompile(`function "(\w+)" not defined`)
	noKey      = regexp.MustCompile(`map has no entry for key "(\w+)"`)
	noField    = regexp.MustCompile(`can't evaluate field (\w+) `)
)

func explain(err error) error {
	switch {
	case errors.Is(err, errText):
		return errText
	case errors.Is(err, errSteps):
		return errSteps
	}
	text := err.Error()
	if m := noFunction.FindStringSubmatch(text); m != nil {
		return told{ErrFunction, "the function " + m[1] + " gives other results elsewhere or at another time, or does not exist"}
	}
	if m := noKey.FindStringSubmatch(text); m != nil {
		return told{ErrMissing, "no input has the key " + m[1]}
	}
	if m := noField.FindStringSubmatch(text); m != nil {
		return told{ErrMissing, "what should hold " + m[1] + " is no map"}
	}
	return errors.New("a template is broken, or fails on its inputs")
}
