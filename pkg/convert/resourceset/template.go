package resourceset

import (
	"errors"
	"regexp"
	"strings"
	"text/template"
	"text/template/parse"
)

const opening, closing = "<<", ">>"

// Bounds on what the templates of one ResourceSet may take: bytes of text that go in,
// and steps, which are rounds of a loop and calls of a template; and on what comes out of
// one.
const (
	maxRead  = 64 << 20
	maxSteps = 100_000
	maxText  = 4 << 20
)

var (
	errText  = errors.New("the templates make too much text: split the ResourceSet")
	errSteps = errors.New("the templates take too many steps: split the ResourceSet")
)

// A budget is what the templates have taken.
type budget struct{ read, steps int }

// render returns the text that a template makes of the values.
func (b *budget) render(text string, in input, g guess) (string, error) {
	values, err := in.values(g)
	if err != nil {
		return "", err
	}
	if b.read += len(text) + len(in.data); b.read > maxRead {
		return "", errText
	}
	funcs := functions(g)
	funcs["inputs"] = func() map[string]any { return values }
	funcs[stepName] = func() (string, error) {
		if b.steps++; b.steps > maxSteps {
			return "", errSteps
		}
		return "", nil
	}
	t, err := template.New(Kind).Delims(opening, closing).Option("missingkey=error").Funcs(funcs).Parse(text)
	if err != nil {
		return "", explain(err)
	}
	for _, one := range t.Templates() {
		count(one.Root)
	}
	var out limited
	if err := t.Execute(&out, nil); err != nil {
		return "", explain(err)
	}
	if strings.Contains(out.String(), "<no value>") {
		return "", errors.New("a template asks for a value that is not there")
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

// Errors of the template library quote values and templates; what is known to be
// harmless is named.
var (
	noFunction = regexp.MustCompile(`function "(\w+)" not defined`)
	noKey      = regexp.MustCompile(`map has no entry for key "(\w+)"`)
)

func explain(err error) error {
	switch {
	case errors.Is(err, errText):
		return errText
	case errors.Is(err, errSteps):
		return errSteps
	}
	if m := noFunction.FindStringSubmatch(err.Error()); m != nil {
		return errors.New("the function " + m[1] + " gives other results elsewhere, or does not exist")
	}
	if m := noKey.FindStringSubmatch(err.Error()); m != nil {
		return errors.New("no input has the key " + m[1])
	}
	return errors.New("a template is broken, or fails on its inputs")
}
