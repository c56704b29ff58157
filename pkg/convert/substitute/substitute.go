// Package substitute replaces the variables of spec.postBuild in manifests, as
// kustomize-controller 1.9 does when it applies them (fluxcd/pkg
// kustomize/kustomize_varsub.go), and finds out which manifests a Kustomization
// applies. It knows the manifests of the input alone, so what depends on others is
// refused and not guessed.
package substitute

import (
	"errors"
	"fmt"
	"strings"

	"github.com/fluxcd/pkg/envsubst"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/reread"
)

// optOut is a label or an annotation.
const optOut = "kustomize.toolkit.fluxcd.io/substitute"

// maxWork bounds bytes times dollar signs: the library copies its input at each
// escape. maxText bounds what comes out.
const (
	maxWork = 1 << 33
	maxText = 4 << 20
)

// An Error is why an object keeps its variables. Variable is empty where none is to
// blame.
type Error struct{ Variable, Msg string }

func (e *Error) Error() string { return e.Msg }

func refuse(variable, format string, args ...any) error {
	return &Error{variable, fmt.Sprintf(format, args...)}
}

// Apply returns root with the values of v in place of variables; root itself where
// nothing changes. The error is of type *Error.
func (v *Values) Apply(root *yaml.Node) (*yaml.Node, error) {
	if !v.Run() || disabled(root) {
		return root, nil
	}
	result, err := reread.Edit(root, v.eval)
	if refused := (*Error)(nil); err != nil && !errors.As(err, &refused) {
		return nil, refuse("", "%v", err)
	}
	return result, err
}

func disabled(root *yaml.Node) bool {
	return node.Text(root, "metadata", "labels", optOut) == "disabled" ||
		node.Text(root, "metadata", "annotations", optOut) == "disabled"
}

// eval is what the controller does to the text of an object, in strict mode (its
// feature gate StrictPostBuildSubstitutions, on since 1.9).
func (v *Values) eval(text string) (string, error) {
	if len(text)*strings.Count(text, "$") > maxWork {
		return "", refuse("", "the object is too large to substitute in")
	}
	l := lookup{values: v}
	output, err := envsubst.Eval(text, l.find)
	switch {
	case l.open != "":
		return "", refuse(l.open, "the variable %s may come from %s: %s", l.open, v.open.name, v.open.why)
	case l.size > maxText:
		return "", refuse("", "the values make the object too large")
	case err != nil && l.missing != "":
		return "", refuse(l.missing, "the variable %s has neither a value nor a default: Flux 2.9 fails", l.missing)
	case err != nil:
		return "", refuse("", "an expression in ${} is broken, and Flux fails: %v; write $${ for a literal ${", err)
	}
	if output != text && v.maybe() {
		return "", refuse("", "whether Flux substitutes at all depends on %s: %s", v.open.name, v.open.why)
	}
	return output, nil
}

// A lookup answers for the values of one object.
type lookup struct {
	values  *Values
	open    string // the first variable that others may set
	missing string // the last one without a value
	size    int
}

func (l *lookup) find(name string) (value string, exists bool) {
	value, exists = l.values.vars[name]
	if l.size += len(value); l.size > maxText {
		return "", true
	}
	switch {
	case exists:
	case l.values.open.name != "":
		if l.open == "" {
			l.open = name
		}
		return "", true
	default:
		l.missing = name
	}
	return value, exists
}
