// Package document cuts YAML streams into documents, looks at what they are
// without parsing them, parses those that matter and writes them back.
//
// Documents share memory with the input. What is not parsed can be written out
// again byte for byte: the Lead and Raw of all documents, put together, are the
// input.
package document

import (
	"bytes"
	"slices"
)

// A Doc is one document of a YAML or JSON stream.
type Doc struct {
	File  string // as given by the caller; used in errors only
	Index int    // counts from 0 among the documents of the file
	Line  int    // line of Raw's first byte in File, counting from 1
	Lead  []byte // the bytes before Raw: separator, directives, byte order mark
	Raw   []byte // the bytes of the document, its last line end included
	// lines are where the nodes of a rewritten document stand in File, in document
	// order. Files of many documents have none: a pointer takes the least room.
	lines *[]int
}

var bom = []byte("\xef\xbb\xbf")

// Empty reports whether the document holds nothing but blank lines and comments.
func (d *Doc) Empty() bool {
	for rest := d.Raw; len(rest) > 0; {
		n := lineLen(rest)
		line := bytes.TrimLeft(rest[:n], " \t\r\n")
		if len(line) > 0 && line[0] != '#' {
			return false
		}
		rest = rest[n:]
	}
	return true
}

// Separator returns what to write before text that replaces Raw. That is Lead,
// except when the document begins on the separator's own line ("--- {a: b}"):
// block style text must start on a line of its own.
func (d *Doc) Separator() []byte {
	if !d.inline() {
		return d.Lead
	}
	return slices.Concat(bytes.TrimRight(d.Lead, " \t"), lineFeed)
}

// inline reports whether Raw begins in the middle of the separator's line.
func (d *Doc) inline() bool {
	n := len(d.Lead)
	return n > 0 && len(d.Raw) > 0 && d.Lead[n-1] != '\n' && !bytes.Equal(d.Lead, bom)
}

// lineLen returns the length of b's first line, its line end included.
func lineLen(b []byte) int {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return i + 1
	}
	return len(b)
}
