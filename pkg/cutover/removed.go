package cutover

import (
	_ "embed"
	"fmt"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

//go:embed removed.tsv
var removedTable string

// A removal says which release stopped to serve an API version of a kind. Instead is empty
// where the kind went away with it.
type removal struct{ APIVersion, Kind, Release, Instead string }

// removals returns the table, one row for each kind.
func removals() (list []removal) {
	for line := range strings.Lines(removedTable) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") {
			continue
		}
		r := removal{APIVersion: cells[0], Release: cells[2]}
		if len(cells) > 3 {
			r.Instead = cells[3]
		}
		for kind := range strings.SplitSeq(cells[1], ",") {
			r.Kind = kind
			list = append(list, r)
		}
	}
	return list
}

// A use is a place of the input that has a removed API version.
type use struct {
	removal
	where string // file:line and what stands there
}

// outdated returns what has removed API versions in the inputs: objects, and the health
// checks of Kustomizations.
func outdated(inputs []convert.Input, namespaces map[string]string) (uses []use, err error) {
	table := map[[2]string]removal{}
	for _, r := range removals() {
		table[[2]string{r.APIVersion, r.Kind}] = r
	}
	note := func(file string, at *yaml.Node, what string) {
		if r, ok := table[[2]string{node.Text(at, "apiVersion"), node.Text(at, "kind")}]; ok {
			uses = append(uses, use{r, fmt.Sprintf("%s:%d %s", file, at.Line, what)})
		}
	}
	for _, in := range inputs {
		docs, err := document.Split(in.Name, in.Data)
		if err != nil {
			return nil, err
		}
		for i := range docs {
			if docs[i].Empty() || in.Context {
				continue
			}
			root, err := docs[i].Parse()
			if err != nil {
				return nil, err
			}
			for _, item := range items(root) {
				t := thingAt(item, namespaces)
				note(in.Name, item, cell(t.key()))
				for _, check := range node.Items(item, "spec", "healthChecks") {
					note(in.Name, check, "the health check of "+cell(t.key()))
				}
			}
		}
	}
	return uses, nil
}

// refused says what the removed API versions mean, or nothing without any.
func refused(uses []use) []Step {
	var list, kinds []string
	for _, u := range uses {
		advice := "write " + u.Instead
		if u.Instead == "" {
			advice = "there is no successor"
		}
		list = append(list, fmt.Sprintf("%s: %s, removed in %s: %s", u.where, u.APIVersion, u.Release, advice))
		kinds = append(kinds, fmt.Sprintf("kubectl explain %s --api-version=%s", strings.ToLower(u.Kind), Word(u.APIVersion)))
	}
	if len(list) == 0 {
		return nil
	}
	return []Step{{
		What:     "No object has an API version that the cluster no longer serves",
		Why:      strings.Join(list, "; ") + ". A cluster of that release or a newer one refuses it, whichever tool applies it: this one does where the command fails. What the apps' sources hold is not looked at: 'kubectl gitops render' prints it. The files of a rollback come from the cluster and have what it serves.",
		Commands: unique(kinds),
	}}
}
