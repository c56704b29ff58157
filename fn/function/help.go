package function

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed help.txt
var introduction string

// help returns the documentation: what --help and `kpt fn doc` print.
func help() string {
	var b strings.Builder
	b.WriteString(introduction)
	for _, f := range fields {
		fmt.Fprintf(&b, "\n  %s: %s", f.name, f.kind())
		if f.standard != "" {
			fmt.Fprintf(&b, " (default %s)", f.standard)
		}
		b.WriteByte('\n')
		wrap(&b, f.doc)
	}
	return b.String()
}

// kind says what values the field takes.
func (f *field) kind() string {
	switch {
	case f.form != "":
		return f.form
	case f.boolean:
		return "boolean"
	case f.values != nil:
		return strings.Join(f.values, "|")
	default:
		return "string"
	}
}

// wrap writes text in indented lines of at most 80 columns.
func wrap(b *strings.Builder, text string) {
	const indent, width = "     ", 80
	column := 0
	for _, word := range strings.Fields(text) {
		if column == 0 || column+1+len(word) > width {
			if column > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(indent)
			column = len(indent)
		}
		b.WriteString(" " + word)
		column += 1 + len(word)
	}
	b.WriteByte('\n')
}
