package appset

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// params is one set of parameters. Its values have the Go types that they have in the
// controller, as these decide how templates print them.
type params = map[string]any

// values returns a tree as what the controller reads from it: numbers are float64.
func values(n *yaml.Node) (any, error) {
	switch {
	case node.Null(n):
		return nil, nil
	case n.Kind == yaml.MappingNode:
		m := make(map[string]any, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			value, err := values(n.Content[i+1])
			if err != nil {
				return nil, err
			}
			m[n.Content[i].Value] = value
		}
		return m, nil
	case n.Kind == yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, item := range n.Content {
			value, err := values(item)
			if err != nil {
				return nil, err
			}
			list[i] = value
		}
		return list, nil
	}
	return scalar(n)
}

func scalar(n *yaml.Node) (any, error) {
	switch n.ShortTag() {
	case yaml.NodeTagBool:
		return node.True(n), nil
	case yaml.NodeTagInt, yaml.NodeTagFloat:
		var f float64
		if err := n.Decode(&f); err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
			return nil, fmt.Errorf("the number at line %d is none that JSON has", n.Line)
		}
		return f, nil
	}
	return n.Value, nil
}

// flatten joins the keys of nested maps and lists by dots, as the library
// github.com/jeremywohl/flatten does for the controller. What is empty disappears.
func flatten(set params) (map[string]string, error) {
	flat := map[string]string{}
	var walk func(prefix string, value any) error
	walk = func(prefix string, value any) error {
		switch v := value.(type) {
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(v)) {
				if err := walk(joined(prefix, key), v[key]); err != nil {
					return err
				}
			}
		case []any:
			for i, item := range v {
				if err := walk(joined(prefix, strconv.Itoa(i)), item); err != nil {
					return err
				}
			}
		default:
			if _, twice := flat[prefix]; twice {
				return errors.New("two parameters have the name " + prefix + " once their keys are joined by dots")
			}
			flat[prefix] = fmt.Sprintf("%v", v)
		}
		return nil
	}
	return flat, walk("", any(set))
}

func joined(prefix, key string) string {
	if prefix == "" {
		return key
	}
	return prefix + "." + key
}

// opened turns the maps of text in a set into such as flatten looks into; those of
// lists stay (normalizeMapForFlatten in generator_spec_processor.go).
func opened(set params) params {
	out := make(params, len(set))
	for key, value := range set {
		switch v := value.(type) {
		case map[string]string:
			inner := make(map[string]any, len(v))
			for k, text := range v {
				inner[k] = text
			}
			out[key] = inner
		case map[string]any:
			out[key] = opened(v)
		default:
			out[key] = v
		}
	}
	return out
}

// combine joins two sets whose common parameters must be equal
// (applicationset/utils/map.go). All become text.
func combine(a, b params) (params, error) {
	both := make(params, len(a)+len(b))
	for key, value := range a {
		both[key] = fmt.Sprintf("%v", value)
	}
	for _, key := range slices.Sorted(maps.Keys(b)) {
		text := fmt.Sprintf("%v", b[key])
		if was, twice := both[key]; twice && was != text {
			return nil, invalid("both generators of a matrix give the parameter %s, with different values", key)
		}
		both[key] = text
	}
	return both, nil
}

// copied returns a copy of parameters that shares nothing with them.
func copied(value any) any {
	switch v := value.(type) {
	case params:
		if v == nil {
			return v
		}
		out := make(params, len(v))
		for key, item := range v {
			out[key] = copied(item)
		}
		return out
	case map[string]string:
		return maps.Clone(v)
	case []string:
		return slices.Clone(v)
	case []any:
		out := slices.Clone(v)
		for i, item := range out {
			out[i] = copied(item)
		}
		return out
	case []params:
		out := slices.Clone(v)
		for i, item := range out {
			out[i] = copied(item).(params)
		}
		return out
	}
	return value
}

var noName = regexp.MustCompile("[^-a-z0-9.]")

// sanitize makes the name of an object of a text (SanitizeName in
// applicationset/utils/template_functions.go). It is the function normalize.
func sanitize(name string) string {
	name = noName.ReplaceAllString(strings.ToLower(name), "-")
	if len(name) > 253 {
		name = name[:253]
	}
	return strings.Trim(name, "-.")
}
