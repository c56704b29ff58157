package resourceset

import (
	"fmt"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/table"
)

// known are the fields of spec.
var known = map[string]bool{
	"inputs": true, "inputsFrom": true, "inputStrategy": true, "resources": true, "resourcesTemplate": true,
	"commonMetadata": true, "dependsOn": true, "wait": true, "serviceAccountName": true, "steps": true,
}

// A rule is what becomes of the leaves at or below a path.
type rule struct {
	path     string
	fidelity ledger.Fidelity
	note     string
}

// rules are in order: the first that fits counts.
var rules = []rule{
	{"apiVersion", ledger.Equivalent, "the objects that it makes take its place"},
	{"kind", ledger.Approximate, "%d objects take its place. Deleting the ResourceSet in the cluster deletes them, unless they are annotated with fluxcd.controlplane.io/prune: disabled before"},
	{"metadata.name", ledger.Equivalent, "the objects that it makes take its place"},
	{"metadata.namespace", ledger.Equivalent, "the objects that it makes take its place"},
	{"metadata", ledger.Approximate, "about the ResourceSet itself, which is gone: nothing reconciles it"},
	{"spec.inputs", ledger.Equivalent, "expanded into the objects"},
	{"spec.inputStrategy", ledger.Equivalent, "the default"},
	{"spec.inputsFrom", ledger.Equivalent, "empty: sets nothing"},
	{"spec.steps", ledger.Equivalent, "empty: sets nothing"},
	{"spec.resources", ledger.Equivalent, "expanded into the objects"},
	{"spec.resourcesTemplate", ledger.Equivalent, "expanded into the objects"},
	{"spec.commonMetadata", ledger.Equivalent, "set on each of the objects"},
	{"spec.wait", ledger.Approximate, "Argo CD assesses health by itself, and nothing waits for all of the objects"},
	{"spec.dependsOn", ledger.Unsupported, "the objects wait for nothing: make sync waves where the order matters"},
	{"spec.serviceAccountName", ledger.Unsupported, "Argo CD applies with its own rights: limit them by an AppProject"},
	{"status", ledger.Runtime, "state of the cluster"},
	{"", ledger.Unsupported, "no rule knows this field"},
}

// A Unit accounts for a ResourceSet whose objects took its place.
type Unit struct {
	Root *yaml.Node
	File string
	// Made is how many objects there are.
	Made int
}

// Inputs returns what the unit was read from.
func (u *Unit) Inputs() []*yaml.Node { return []*yaml.Node{u.Root} }

// Objects returns nothing: the objects are converted as others are.
func (u *Unit) Objects() []*object.Object { return nil }

// Entries returns one entry for each leaf.
func (u *Unit) Entries() (entries []ledger.Entry) {
	id := ledger.Object{
		APIVersion: node.Text(u.Root, "apiVersion"), Kind: Kind,
		Namespace: node.Text(u.Root, "metadata", "namespace"), Name: node.Text(u.Root, "metadata", "name"),
	}
	for _, leaf := range table.NewTrie().Walk(u.Root, nil) {
		r := ruleOf(leaf.Path)
		if strings.Contains(r.note, "%d") {
			r.note = fmt.Sprintf(r.note, u.Made)
		}
		entries = append(entries, ledger.Entry{
			ID: "resource-set", Fidelity: r.fidelity, To: []ledger.To{}, Note: r.note,
			From: ledger.From{Object: id, Path: leaf.Path, File: u.File, Line: leaf.Line()},
		})
	}
	return entries
}

func ruleOf(path string) rule {
	for _, r := range rules {
		rest, ok := strings.CutPrefix(path, r.path)
		if ok && (rest == "" || r.path == "" || rest[0] == '.' || rest[0] == '[') {
			return r
		}
	}
	return rules[len(rules)-1]
}
