package document

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// Bounds on what Parse accepts. They are far above what people write and keep
// hostile input from taking memory and time out of proportion to its size.
const (
	// MaxBytes is the size of the largest document that Parse reads.
	MaxBytes = 16 << 20
	// MaxDepth is how deep maps and lists may nest, aliases resolved.
	MaxDepth = 1000
	// MaxCopies is how many nodes aliases and merge keys may add to a document.
	MaxCopies = 100_000
)

// Parse returns the document's root map as a plain tree: aliases and merge keys
// (<<) are replaced by copies of what they stand for, explicit keys winning over
// merged ones and earlier merge sources over later ones. Keys are scalars and
// unique in their map. Line of each node counts in File; copies keep the line
// of their original. Comments around the whole document are on the root.
//
// Errors are of type *Error.
func (d *Doc) Parse() (*yaml.Node, error) {
	if len(d.Raw) > MaxBytes {
		return nil, d.errorAt(1, "the document is too large to convert", "split it; the limit is 16 MiB")
	}
	root, err := d.decode()
	if err != nil {
		return nil, err
	}
	if root.Kind != yaml.MappingNode {
		msg := "expected a map (an object with apiVersion and kind), found " + describe(root)
		return nil, d.errorAt(root.Line, msg, "")
	}
	r := resolver{doc: d}
	if _, err := r.resolve(root); err != nil {
		return nil, err
	}
	if d.lines != nil {
		putLines(root, *d.lines)
	}
	return root, nil
}

// decode runs the YAML library. Should it panic, which it must not, this turns
// the panic into an error: no input may take the caller down.
func (d *Doc) decode() (root *yaml.Node, err error) {
	defer func() {
		if recover() != nil {
			root, err = nil, d.errorAt(1, "not valid YAML: the parser gave up on it", "")
		}
	}()
	decoder := yaml.NewDecoder(d.reader())
	var doc, extra yaml.Node
	switch err := decoder.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return nil, d.errorAt(1, "expected a map (an object with apiVersion and kind), found nothing", "")
	case err != nil:
		return nil, d.syntaxError(err)
	}
	switch err := decoder.Decode(&extra); {
	case err == nil:
		return nil, d.errorAt(extra.Line, "a second document begins here", `put "---" on a line of its own before it`)
	case !errors.Is(err, io.EOF):
		return nil, d.syntaxError(err)
	}
	root = doc.Content[0]
	root.HeadComment = joinComments(doc.HeadComment, root.HeadComment)
	root.FootComment = joinComments(root.FootComment, doc.FootComment)
	return root, nil
}

// reader gives the parser what it needs to see. A document that begins on the
// separator's line is read with the separator: other rules apply to such a line.
func (d *Doc) reader() io.Reader {
	if d.inline() {
		return io.MultiReader(strings.NewReader("--- "), bytes.NewReader(d.Raw))
	}
	return bytes.NewReader(d.Raw)
}

// errorAt returns an error at a line of the document, which counts from 1.
func (d *Doc) errorAt(line int, msg, hint string) *Error {
	return &Error{File: d.File, Line: d.Line + line - 1, Msg: msg, Hint: hint}
}

func joinComments(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "\n\n" + b
}

// describe names the kind of a node, for messages.
func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a map"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.ShortTag() {
	case yaml.NodeTagNull:
		return "nothing"
	case yaml.NodeTagBool:
		return "a boolean"
	case yaml.NodeTagInt, yaml.NodeTagFloat:
		return "a number"
	default:
		return "a string"
	}
}
