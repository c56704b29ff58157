package ledger

import "sigs.k8s.io/kustomize/kyaml/yaml"

// Line returns the line of the deepest node on path, which is in the form of Key and
// Index; otherwise where root has no line of its own.
func Line(root *yaml.Node, path string, otherwise int) int {
	line := otherwise
	for n := root; n != nil; {
		if n.Line > 0 {
			line = n.Line
		}
		step, rest, ok := next(path)
		if !ok {
			break
		}
		n, path = child(n, step), rest
	}
	return line
}
