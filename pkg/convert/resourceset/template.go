package resourceset

import (
	"errors"
	"strings"
	"text/template"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/bounded"
)

const opening, closing = "<<", ">>"

// Bounds on what the templates of one ResourceSet may take.
const (
	maxRead  = 64 << 20
	maxSteps = 100_000
	maxWork  = 1 << 30
)

func newBudget() bounded.Budget { return bounded.Budget{Read: maxRead, Steps: maxSteps, Work: maxWork} }

// render returns the text that a template makes of the values.
func render(b *bounded.Budget, text string, in input, g guess) (string, error) {
	values, err := in.values(g)
	if err != nil {
		return "", err
	}
	if err := b.Spend(len(text) + len(in.data)); err != nil {
		return "", err
	}
	funcs := functions(b, g)
	funcs["inputs"] = func() map[string]any { return values }
	out, err := b.Render(template.New(Kind).Delims(opening, closing).Option("missingkey=error").Funcs(funcs), text, nil)
	if err != nil {
		return "", err
	}
	if strings.Contains(out, "<no value>") {
		return "", errors.New("a template asks for a value that is not there")
	}
	return out, nil
}
