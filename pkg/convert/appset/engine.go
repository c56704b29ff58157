package appset

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"github.com/valyala/fasttemplate"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/bounded"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// An engine fills in the templates of one ApplicationSet.
type engine struct {
	base    *template.Template // nil for fasttemplate
	few     bool               // functions that Argo CD has are missing
	budget  bounded.Budget
	options []string
	kept    map[string]*template.Template // by options and text
}

func newEngine(root *yaml.Node, functions template.FuncMap) *engine {
	e := &engine{budget: newBudget(), kept: map[string]*template.Template{}}
	if !node.True(root, "spec", "goTemplate") {
		return e
	}
	all := own()
	for name, f := range functions {
		all[name] = f
	}
	e.few = functions == nil
	e.base = template.New(Kind).Funcs(e.budget.Functions(all))
	for _, option := range node.Items(root, "spec", "goTemplateOptions") {
		e.options = append(e.options, option.Value)
	}
	return e
}

// text fills in one template (Replace in applicationset/utils/utils.go).
func (e *engine) text(tmpl string, set params) (string, error) {
	return e.textWith(tmpl, set, e.options)
}

func (e *engine) textWith(tmpl string, set params, options []string) (out string, err error) {
	switch {
	case !strings.Contains(tmpl, "{{"):
		return tmpl, nil
	case e.base != nil:
		out, err = e.goTemplate(tmpl, set, options)
	default:
		out, err = fast(tmpl, set)
	}
	switch {
	case err == nil:
		err = e.budget.Spend(len(tmpl) + len(out))
	case e.few && errors.Is(err, bounded.ErrFunction):
		err = fmt.Errorf("%w; more functions has the plugin: kubectl gitops convert", err)
	}
	return out, err
}

// knownOptions are those that text/template takes: it panics for others.
var knownOptions = regexp.MustCompile(`^missingkey=(default|invalid|zero|error)$`)

// changing names functions that change the map that they are given.
var changing = regexp.MustCompile(`\b(set|unset|merge|mergeOverwrite|mustMerge|mustMergeOverwrite)\b`)

func (e *engine) goTemplate(tmpl string, set params, options []string) (string, error) {
	t, err := e.parsed(tmpl, options)
	if err != nil {
		return "", err
	}
	if !changing.MatchString(tmpl) {
		return e.budget.Execute(t, set)
	}
	// In the controller the next template sees the change, and which one is next is chance.
	own := copied(set)
	out, err := e.budget.Execute(t, own)
	if err == nil && !reflect.DeepEqual(own, any(set)) {
		return "", errors.New("a template changes the parameters, and the order in which the controller fills in templates is chance: change a deepCopy")
	}
	return out, err
}

// maxParsed bounds the templates that are kept. Those of the ApplicationSet come again for
// each Application; others, which a matrix fills in, do not.
const maxParsed = 1000

func (e *engine) parsed(tmpl string, options []string) (*template.Template, error) {
	key := strings.Join(append(slices.Clone(options), tmpl), "\x00")
	if t := e.kept[key]; t != nil {
		return t, nil
	}
	t, err := e.base.Clone()
	if err != nil {
		return nil, errors.New("a template is broken")
	}
	for _, option := range options {
		if !knownOptions.MatchString(option) {
			return nil, invalid("%q is no option of Go templates: use missingkey=error", option)
		}
		t = t.Option(option)
	}
	if t, err = e.budget.Parse(t, tmpl); err == nil && len(e.kept) < maxParsed {
		e.kept[key] = t
	}
	return t, err
}

// tagged tells whether the controller looks at a template at all: both ends of a tag
// have to be on one line.
var tagged = regexp.MustCompile(".*{{.*}}.*")

// fast leaves what no parameter fills as it is.
func fast(tmpl string, set params) (string, error) {
	if !tagged.MatchString(tmpl) {
		return tmpl, nil
	}
	t, err := fasttemplate.NewTemplate(tmpl, "{{", "}}")
	if err != nil {
		return "", invalid("a template has {{ without }}")
	}
	return t.ExecuteFuncString(func(w io.Writer, tag string) (int, error) {
		name := strings.TrimSpace(tag)
		if text, ok := set[name].(string); ok && name != "" {
			return io.WriteString(w, text)
		}
		return io.WriteString(w, "{{"+tag+"}}")
	}), nil
}

// lenient fills in a template that may ask for what only a later generator gives: then
// it stays (RenderGeneratorParams in applicationset/utils/utils.go).
func (e *engine) lenient(tmpl string, set params) (string, error) {
	var options []string
	for _, option := range e.options {
		if !strings.HasPrefix(option, "missingkey=") {
			options = append(options, option)
		}
	}
	out, err := e.textWith(tmpl, set, append(options, "missingkey=error"))
	if errors.Is(err, bounded.ErrMissing) {
		return tmpl, nil
	}
	return out, err
}
