package appset

import (
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A selector is requirements that all have to hold.
type selector []requirement

type requirement struct {
	key, operator string
	values        []string
}

// newSelector reads a label selector; nil for none, which takes all. Values of labels
// are checked but where anyValue is set: parameters may be URLs
// (applicationset/utils/selector.go).
func newSelector(n *yaml.Node, anyValue bool) (selector, error) {
	if node.Null(n) {
		return nil, nil
	}
	s := selector{}
	labels := node.Get(n, "matchLabels")
	for i := 0; labels != nil && i+1 < len(labels.Content); i += 2 {
		s = append(s, requirement{labels.Content[i].Value, "In", []string{labels.Content[i+1].Value}})
	}
	for _, item := range node.Items(n, "matchExpressions") {
		r := requirement{key: node.Text(item, "key"), operator: node.Text(item, "operator")}
		for _, value := range node.Items(item, "values") {
			r.values = append(r.values, value.Value)
		}
		s = append(s, r)
	}
	for _, r := range s {
		if err := r.check(anyValue); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (r requirement) check(anyValue bool) error {
	if !labelKey(r.key) {
		return invalid("%q is no key of a label", r.key)
	}
	switch r.operator {
	case "In", "NotIn":
		if len(r.values) == 0 {
			return invalid("the operator %s takes values", r.operator)
		}
	case "Exists", "DoesNotExist":
		if len(r.values) > 0 {
			return invalid("the operator %s takes no values", r.operator)
		}
	default:
		return invalid("%q is no operator of a selector: use In, NotIn, Exists or DoesNotExist", r.operator)
	}
	for _, value := range r.values {
		if !anyValue && value != "" && !labelName.MatchString(value) {
			return invalid("%q is no value of a label", value)
		}
	}
	return nil
}

func (s selector) match(labels map[string]string) bool {
	for _, r := range s {
		value, has := labels[r.key]
		ok := has
		switch r.operator {
		case "In":
			ok = has && slices.Contains(r.values, value)
		case "NotIn":
			ok = !has || !slices.Contains(r.values, value)
		case "DoesNotExist":
			ok = !has
		}
		if !ok {
			return false
		}
	}
	return true
}

// What labels and objects may be called (apimachinery pkg/util/validation, which would take much
// space in the KRM function).
var (
	labelName = regexp.MustCompile(`^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$`)
	subdomain = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)
)

func labelKey(key string) bool {
	prefix, name, ok := strings.Cut(key, "/")
	if !ok {
		return labelName.MatchString(key)
	}
	return len(prefix) <= 253 && subdomain.MatchString(prefix) && labelName.MatchString(name)
}
