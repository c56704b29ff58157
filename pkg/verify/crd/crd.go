// Package crd checks Argo CD and Flux objects as the API server does when one is
// created: their structure, their metadata, and the rules in CEL that the
// CustomResourceDefinitions hold (x-kubernetes-validations), after defaults are set.
//
// The rules are compiled and run by the API server's own packages. What they see is
// made in the order of customResourceStrategy.Validate and of the decoders before it
// (k8s.io/apiextensions-apiserver, pkg/registry/customresource/strategy.go and
// pkg/apiserver/customresource_handler.go). The structure is checked by package schema,
// which knows lines.
//
// Two differences to a cluster are left, both in status alone: the status of Flux objects is
// checked, although the API server drops it on create, and dates are checked as strings.
//
// Two sets of kinds are not known, so that ErrUnknownKind is returned for them: those
// of flux-operator, whose definitions are under the AGPL, and those of Argo CD Image
// Updater, which publishes no module to take them from.
package crd

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/schema"
)

// A Problem is a place where an object is not as its definition wants it. The message
// never holds the value found there, which may be a secret.
type Problem struct {
	Path    string // in the form of package ledger; empty for the object itself
	Line    int    // of the key or the list item; of what holds it where it is missing
	Message string
	Class   Class
}

// A Class says which check found a problem, and what follows.
type Class string

// The API server refuses an object for Structure and Rule. It drops an Unknown field,
// unless the client asks for strict validation, as kubectl does by default.
const (
	Structure Class = "structure"
	Unknown   Class = "unknown"
	Rule      Class = "rule"
)

// ErrUnknownKind says that nothing is known of a kind, so that nothing was checked.
var ErrUnknownKind = errors.New("no schema is known")

// Validate checks an object, a plain tree as document.Parse returns it, against the
// definitions of a Flux release. Problems are in document order. An error means that the
// object was not checked.
//
// As on create, rules that compare with an older object (oldSelf) do not apply. Rules
// do not run on an object whose types, required fields, enums or largest sizes are
// wrong, which is one more problem where there are rules.
func Validate(root *yaml.Node, flux Release) ([]Problem, error) {
	id := schema.Kind{APIVersion: node.Text(root, "apiVersion"), Kind: node.Text(root, "kind")}
	d, err := definitionOf(flux, id)
	if err != nil {
		return nil, err
	}
	if line := alias(root); line > 0 {
		return nil, fmt.Errorf("%s: line %d: an alias is left: resolve aliases first", id.Kind, line)
	}
	text, err := json.Marshal(node.Value(root))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", id.Kind, err)
	}
	if len(text) > maxBytes {
		return []Problem{{Line: root.Line, Class: Structure, Message: tooLarge}}, nil
	}
	return d.check(root, text)
}

// check checks an object, given as a tree and as JSON.
func (d *definition) check(root *yaml.Node, text []byte) ([]Problem, error) {
	problems, blocked := d.structure(root)
	if blocked {
		return d.unchecked(root, problems), nil
	}
	object, err := d.decode(text)
	if err != nil {
		return nil, err
	}
	errs := d.invariants(object)
	problems = append(problems, located(root, Structure, errs)...)
	if slices.ContainsFunc(errs, blocks) {
		return d.unchecked(root, problems), nil
	}
	return inOrder(append(problems, d.rules(root, object)...)), nil
}

// unchecked adds that rules did not run.
func (d *definition) unchecked(root *yaml.Node, problems []Problem) []Problem {
	problems = inOrder(problems)
	if d.validator == nil {
		return problems
	}
	return append(problems, Problem{Line: root.Line, Class: Rule, Message: "rules were not checked: correct the other problems first"})
}

// alias returns the line of the first alias below n, or 0.
func alias(n *yaml.Node) int {
	if n.Kind == yaml.AliasNode {
		return max(n.Line, 1)
	}
	for _, child := range n.Content {
		if line := alias(child); line > 0 {
			return line
		}
	}
	return 0
}
