package oracle

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// origin heads every golden.
const origin = "# Produced by argo-cd v3.2.12 with helm v4.3.1 and kustomize v5.8.1, never by hand: make oracle ARGS=-update\n"

// A golden is what Argo CD makes of one Application.
type golden struct {
	// Error is Argo CD's message where it renders nothing, with "." for directories.
	Error string `json:"error,omitempty"`
	// Types are the source types, one for each source that renders.
	Types []string `json:"types,omitempty"`
	// Repeated are the warnings about objects that several sources hold.
	Repeated []string `json:"repeated,omitempty"`
	// Withheld are the objects that no sync applies.
	Withheld []string `json:"withheld,omitempty"`
	Objects  []object `json:"objects,omitempty"`
}

// An object is what one sync applies, when, and when it is deleted again if it is a hook.
type object struct {
	Phases   []string       `json:"phases,omitempty"`
	Policies []string       `json:"deletePolicies,omitempty"`
	Wave     int            `json:"wave,omitempty"`
	Manifest map[string]any `json:"manifest"`
}

func (g *golden) text() ([]byte, error) {
	var out bytes.Buffer
	out.WriteString(origin)
	data, err := yaml.Marshal(g)
	out.Write(data)
	return out.Bytes(), err
}

// name identifies an object for people and for sorting.
func name(o *unstructured.Unstructured) string {
	return fmt.Sprintf("%s %s %s/%s", o.GetAPIVersion(), o.GetKind(), o.GetNamespace(), cmp.Or(o.GetName(), o.GetGenerateName()+"*"))
}

func sortByName(objects []*unstructured.Unstructured) {
	slices.SortStableFunc(objects, func(a, b *unstructured.Unstructured) int { return strings.Compare(name(a), name(b)) })
}
