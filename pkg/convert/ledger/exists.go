package ledger

import (
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// Exists tells whether root has a value at path, which is in the form of Key and Index.
func Exists(root *yaml.Node, path string) bool {
	for n := root; ; {
		step, rest, ok := next(path)
		if !ok {
			return n != nil && path == ""
		}
		if n = child(n, step); n == nil {
			return false
		}
		path = rest
	}
}

// next cuts the first step off a path: a key, or an index in brackets.
func next(path string) (step, rest string, ok bool) {
	path = strings.TrimPrefix(path, ".")
	if path == "" {
		return "", "", false
	}
	if path[0] != '[' {
		end := strings.IndexAny(path, ".[")
		if end < 0 {
			end = len(path)
		}
		return path[:end], path[end:], true
	}
	if quoted, err := strconv.QuotedPrefix(path[1:]); err == nil {
		key, err := strconv.Unquote(quoted)
		return key, strings.TrimPrefix(path[1+len(quoted):], "]"), err == nil
	}
	end := strings.IndexByte(path, ']')
	if end < 0 {
		return "", "", false
	}
	return path[:end+1], path[end+1:], true
}

func child(n *yaml.Node, step string) *yaml.Node {
	if n.Kind == yaml.SequenceNode {
		i, err := strconv.Atoi(strings.Trim(step, "[]"))
		if err != nil || i < 0 || i >= len(n.Content) {
			return nil
		}
		return n.Content[i]
	}
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == step {
			return n.Content[i+1]
		}
	}
	return nil
}
