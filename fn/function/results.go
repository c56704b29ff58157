package function

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/fn/framework"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// results returns what o has to say about item: why it failed, and every entry
// that is approximate or worse.
func results(o convert.Outcome, item *yaml.RNode, c config) framework.Results {
	var list framework.Results
	file := fileOf(item)
	if o.Status == convert.Failed {
		list = append(list, &framework.Result{
			Message:     failure(o),
			Severity:    framework.Error,
			ResourceRef: refTo(o.Object),
			File:        file,
		})
	}
	for _, e := range o.Entries {
		severity := c.severity(e)
		if severity == framework.Info {
			continue
		}
		list = append(list, &framework.Result{
			Message:     message(e),
			Severity:    severity,
			ResourceRef: refTo(e.From.Object),
			Field:       &framework.Field{Path: e.From.Path},
			File:        file,
			Tags:        map[string]string{"id": e.ID, "fidelity": e.Fidelity.String()},
		})
	}
	return list
}

// failure returns why o failed, without the file and line that start each line:
// they count in the item alone, not in the file that the result names.
func failure(o convert.Outcome) string {
	place := regexp.MustCompile("(?m)^" + regexp.QuoteMeta(o.File) + `:\d+: `)
	return place.ReplaceAllString(o.Err.Error(), "")
}

// A threshold is the least severity of an entry that fails the function.
type threshold int

// never is above every severity.
const never = threshold(1 << 10)

// severity rates an entry; Info means that nobody needs to see it.
func (c config) severity(e ledger.Entry) framework.Severity {
	level := threshold(e.Fidelity.Severity())
	stops := e.Blocking && c.failOn != never && !c.options.AllowBlocking
	switch {
	case level >= c.failOn || stops:
		return framework.Error
	case level >= threshold(ledger.Approximate.Severity()) || e.Blocking:
		return framework.Warning
	default:
		return framework.Info
	}
}

func message(e ledger.Entry) string {
	if e.Note != "" {
		return e.Note
	}
	return "the field is " + e.Fidelity.String()
}

func refTo(o ledger.Object) *yaml.ResourceIdentifier {
	if o.Name == "" {
		return nil
	}
	return &yaml.ResourceIdentifier{
		TypeMeta: yaml.TypeMeta{APIVersion: o.APIVersion, Kind: o.Kind},
		NameMeta: yaml.NameMeta{Namespace: o.Namespace, Name: o.Name},
	}
}

func fileOf(item *yaml.RNode) *framework.File {
	if pathOf(item) == "" {
		return nil
	}
	return &framework.File{Path: pathOf(item), Index: indexOf(item)}
}

// printResult writes r as one line: severity, object, field, message, ID.
func printResult(w io.Writer, r *framework.Result) {
	line := string(r.Severity) + ": "
	if ref := r.ResourceRef; ref != nil {
		line += ref.Kind + " " + strings.TrimPrefix(ref.Namespace+"/"+ref.Name, "/") + ": "
	}
	if r.Field != nil {
		line += r.Field.Path + ": "
	}
	line += oneLine(r.Message)
	if r.Tags != nil {
		line += " [" + r.Tags["id"] + "]"
	}
	fmt.Fprintln(w, line)
}

func printError(w io.Writer, err error) {
	fmt.Fprintf(w, "%s: %s\n", framework.Error, oneLine(err.Error()))
}

func oneLine(text string) string {
	return strings.Join(strings.Fields(text), " ")
}
