package main

import (
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// names keeps the objects of outputs and drops their text. The converter does not
// look for the names of objects that pass; a list stands for its items.
func names(outputs []convert.Output) []convert.Output {
	var named []convert.Output
	for _, o := range outputs {
		if o.Object.Name != "" {
			named = append(named, convert.Output{Object: o.Object})
			continue
		}
		var top head
		if yaml.Unmarshal(o.Data, &top) != nil {
			continue // not an object
		}
		for _, h := range append(top.Items, top) {
			if h.Kind != "" && h.Metadata.Name != "" {
				named = append(named, convert.Output{Object: ledger.Object{
					APIVersion: h.APIVersion, Kind: h.Kind, Name: h.Metadata.Name}})
			}
		}
	}
	return named
}

// head is what names an object.
type head struct {
	APIVersion string
	Kind       string
	Metadata   struct{ Name string }
	Items      []head
}

// resourceName is kind.group/name, as kubectl's -o name has it.
func resourceName(o ledger.Object) string {
	kind := strings.ToLower(o.Kind)
	if group, _, ok := strings.Cut(o.APIVersion, "/"); ok {
		kind += "." + group
	}
	return kind + "/" + o.Name
}
