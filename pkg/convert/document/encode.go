package document

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// Encode appends the map n to w as a YAML document in the style of Kubernetes:
// two spaces of indentation, lists not indented under their key, no separator.
// Scalars keep their style where their text allows it, comments their place;
// lines are never wrapped. On error w is as before.
//
// Why not the library's encoder: it takes more than ten times as long, escapes
// emoji and damages folded text with indented lines.
func Encode(w *bytes.Buffer, n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return fmt.Errorf("cannot encode %s as a document", describe(n))
	}
	e := emitter{Buffer: w, begin: w.Len(), footAt: -1}
	e.document(n)
	if !utf8.Valid(e.Bytes()[e.begin:]) {
		e.fail("cannot encode text that is not UTF-8")
	}
	if e.err != nil {
		w.Truncate(e.begin)
	}
	return e.err
}

// An emitter writes block style text. Comments are written on lines of their own
// above what they belong to (head), behind it (line) or below it (foot).
type emitter struct {
	*bytes.Buffer
	begin  int // where the document begins in the buffer
	footAt int // indentation of the foot comment just written, or -1
	err    error
}

func (e *emitter) document(n *yaml.Node) {
	if n.HeadComment != "" {
		e.comment(0, n.HeadComment)
		e.WriteByte('\n')
	}
	if n.LineComment != "" {
		e.comment(0, n.LineComment)
	}
	if isFlow(n) {
		e.flow(n)
		e.WriteByte('\n')
	} else {
		e.tag(n, "\n")
		e.mapping(n, 0, false)
	}
	if n.FootComment != "" {
		// A blank line tells the document's comment from one of its last key.
		if !bytes.HasSuffix(e.Bytes(), []byte("\n\n")) {
			e.WriteByte('\n')
		}
		e.footAt = -1
		e.comment(0, n.FootComment)
	}
}

// mapping writes the pairs of a map; the first one goes on the current line,
// behind a list's dash, when inline is set.
func (e *emitter) mapping(n *yaml.Node, indent int, inline bool) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if i > 0 || !inline {
			e.comment(indent, pairHead(key, value))
			e.line(indent)
		}
		e.key(key, asKey)
		e.WriteByte(':')
		e.value(value, indent, indent, key.LineComment)
		e.foot(indent, key.FootComment)
		e.foot(indent, value.FootComment)
	}
}

func (e *emitter) sequence(n *yaml.Node, indent int, inline bool) {
	for i, item := range n.Content {
		if i > 0 || !inline {
			e.comment(indent, itemHead(item))
			e.line(indent)
		}
		e.WriteByte('-')
		if isInline(item) {
			e.WriteByte(' ')
			e.block(item, indent+2, indent+2, true)
		} else {
			e.value(item, indent, indent+2, "")
		}
		e.foot(indent, item.FootComment)
	}
}

// value writes what follows "key:" or "-" at the given indentation; a list in it
// starts at seqIndent. Comment belongs at the end of the current line.
func (e *emitter) value(n *yaml.Node, indent, seqIndent int, comment string) {
	comment = strings.TrimSpace(comment + " " + n.LineComment)
	switch {
	case n.Kind == yaml.ScalarNode:
		e.scalarValue(n, indent+2, comment)
	case isFlow(n):
		e.WriteByte(' ')
		e.flow(n)
		e.lineComment(comment)
	default:
		if hasTag(n) {
			e.WriteByte(' ')
		}
		e.tag(n, "")
		e.lineComment(comment)
		e.block(n, indent+2, seqIndent, false)
	}
}

func (e *emitter) block(n *yaml.Node, indent, seqIndent int, inline bool) {
	switch n.Kind {
	case yaml.MappingNode:
		e.mapping(n, indent, inline)
	case yaml.SequenceNode:
		e.sequence(n, seqIndent, inline)
	default:
		e.fail("aliases must be resolved before encoding")
	}
}

// flow writes a map or list in one line.
func (e *emitter) flow(n *yaml.Node) {
	e.tag(n, " ")
	open, shut := byte('{'), byte('}')
	if n.Kind == yaml.SequenceNode {
		open, shut = '[', ']'
	}
	e.WriteByte(open)
	for i, child := range n.Content {
		isValue := n.Kind == yaml.MappingNode && i%2 == 1
		switch {
		case isValue:
			e.WriteString(": ")
		case i > 0:
			e.WriteString(", ")
		}
		switch {
		case n.Kind == yaml.MappingNode && !isValue:
			e.key(child, inFlow)
		case child.Kind == yaml.ScalarNode:
			e.scalar(child, inFlow)
		default:
			e.flow(child)
		}
	}
	e.WriteByte(shut)
}

func (e *emitter) fail(format string, args ...any) {
	if e.err == nil {
		e.err = fmt.Errorf(format, args...)
	}
}
