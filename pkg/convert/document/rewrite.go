package document

import (
	"bytes"
	"errors"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// Rewrite returns the document with the map root as its text. What that parses to has
// the lines of root's nodes, so that they go on to count in File.
func (d *Doc) Rewrite(root *yaml.Node) (Doc, error) {
	var text bytes.Buffer
	if err := Encode(&text, root); err != nil {
		return Doc{}, err
	}
	again := Doc{File: d.File, Index: d.Index, Line: d.Line, Lead: d.Separator(), Raw: text.Bytes()}
	parsed, err := again.Parse()
	if err != nil {
		return Doc{}, err
	}
	lines := takeLines(root, nil)
	if len(takeLines(parsed, nil)) != len(lines) {
		return Doc{}, errors.New("the text does not come back as it was written")
	}
	again.lines = &lines
	return again, nil
}

// takeLines appends the lines of n and of what is below.
func takeLines(n *yaml.Node, lines []int) []int {
	lines = append(lines, n.Line)
	for _, child := range n.Content {
		lines = takeLines(child, lines)
	}
	return lines
}

// putLines gives n and what is below the lines that takeLines found, and returns the
// rest.
func putLines(n *yaml.Node, lines []int) []int {
	n.Line, lines = lines[0], lines[1:]
	for _, child := range n.Content {
		lines = putLines(child, lines)
	}
	return lines
}
