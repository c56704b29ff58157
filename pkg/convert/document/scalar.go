package document

import (
	"fmt"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// scalarValue writes a scalar behind "key:" or "-" and ends the line. Lines of a
// block scalar have the given indentation.
func (e *emitter) scalarValue(n *yaml.Node, indent int, comment string) {
	style := styleOf(n, asValue)
	if n.Value != "" || style != plain || hasTag(n) {
		e.WriteByte(' ')
	}
	e.tag(n, " ")
	if style&(literal|folded) == 0 {
		e.text(n.Value, style)
		e.lineComment(comment)
		return
	}
	e.blockHeader(n.Value, style)
	e.lineComment(comment)
	e.blockText(n.Value, style, indent)
}

// scalar writes a scalar within a line, where nothing at all is not readable.
func (e *emitter) scalar(n *yaml.Node, at place) {
	e.tag(n, " ")
	style := styleOf(n, at)
	switch {
	case style != plain || n.Value != "":
		e.text(n.Value, style)
	case hasTag(n):
		e.text("", doubleQuoted)
	default:
		e.WriteString("null")
	}
}

// key writes a key. YAML has a limit of 1,024 characters for keys.
func (e *emitter) key(n *yaml.Node, at place) {
	begin := e.Len()
	if n.Kind != yaml.ScalarNode {
		e.fail("cannot encode %s as a key", describe(n))
		return
	}
	e.scalar(n, at)
	if size := e.Len() - begin; size > 1000 {
		e.fail("cannot encode a key of %d bytes", size)
	}
}

func (e *emitter) text(s string, style yaml.Style) {
	switch style {
	case singleQuoted:
		e.WriteByte('\'')
		e.WriteString(strings.ReplaceAll(s, "'", "''"))
		e.WriteByte('\'')
	case doubleQuoted:
		e.escaped(s)
	default:
		e.WriteString(s)
	}
}

func (e *emitter) escaped(s string) {
	e.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			e.WriteByte('\\')
			e.WriteRune(r)
		case r == '\n':
			e.WriteString(`\n`)
		case r == '\t':
			e.WriteString(`\t`)
		case r == '\r':
			e.WriteString(`\r`)
		case isPrintable(r):
			e.WriteRune(r)
		default:
			fmt.Fprintf(e, `\u%04X`, r) // all beyond four digits is printable
		}
	}
	e.WriteByte('"')
}

// blockHeader writes the indicators of a block scalar: the style, the
// indentation when it cannot be told from the text, and what the line ends
// behind the text mean.
func (e *emitter) blockHeader(s string, style yaml.Style) {
	if style == folded {
		e.WriteByte('>')
	} else {
		e.WriteByte('|')
	}
	if isBlank(s[0]) {
		e.WriteByte('2')
	}
	switch {
	case !strings.HasSuffix(s, "\n"):
		e.WriteByte('-')
	case strings.HasSuffix(s, "\n\n"):
		e.WriteByte('+')
	}
}

// blockText writes the lines of a block scalar. Folded text has one line break
// more between its lines, since a single one stands for a blank.
func (e *emitter) blockText(s string, style yaml.Style, indent int) {
	for i, line := range strings.Split(strings.TrimSuffix(s, "\n"), "\n") {
		if line != "" {
			if style == folded && i > 0 {
				e.WriteByte('\n')
			}
			e.indent(indent)
			e.WriteString(line)
		}
		e.WriteByte('\n')
	}
}
