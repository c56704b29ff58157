package document

import (
	"bytes"
	"unicode/utf8"
)

var (
	lineFeed = []byte{'\n'}
	docStart = []byte("---")
	docEnd   = []byte("...")
)

// Split cuts data into its documents. The result refers to data, which must not
// change while the documents are in use. It fails when data is not text.
func Split(file string, data []byte) ([]Doc, error) {
	if err := checkText(file, data); err != nil {
		return nil, err
	}
	const usual = 1024 // the size of most documents; room for all at once saves copies
	docs := make([]Doc, 0, 1+len(data)/usual)
	line := 1
	for rest := data; len(rest) > 0; {
		d := Doc{File: file, Index: len(docs)}
		n := leadLen(rest, d.Index == 0)
		d.Lead, d.Raw = rest[:n:n], rest[n:]
		line += bytes.Count(d.Lead, lineFeed)
		d.Line = line

		n = rawLen(d.Raw, d.inline())
		d.Raw, rest = d.Raw[:n:n], d.Raw[n:]
		line += bytes.Count(d.Raw, lineFeed)
		docs = append(docs, d)
	}
	return docs, nil
}

// leadLen measures what stands before a document's content: end markers,
// directives (legal at the start of the stream and after an end marker only)
// and one separator.
func leadLen(b []byte, first bool) int {
	n := 0
	if first && bytes.HasPrefix(b, bom) {
		n = len(bom)
	}
	bare := first
	for isEnd(b[n:]) {
		n += lineLen(b[n:])
		bare = true
	}
	if bare {
		n += directivesLen(b[n:])
	}
	if !isMarker(b[n:], docStart) {
		return n
	}
	line := b[n : n+lineLen(b[n:])]
	content := bytes.TrimLeft(line[len(docStart):], " \t\r\n")
	if len(content) == 0 || content[0] == '#' {
		return n + len(line)
	}
	return n + len(line) - len(content)
}

// directivesLen measures directives with the comments and blank lines around
// them, up to the separator that must follow. Without directives it is 0.
func directivesLen(b []byte) int {
	found := false
	for n := 0; n < len(b); n += lineLen(b[n:]) {
		line := bytes.TrimRight(b[n:n+lineLen(b[n:])], " \t\r\n")
		switch {
		case isMarker(b[n:], docStart):
			if found {
				return n
			}
			return 0
		case len(line) > 0 && line[0] == '%':
			found = true
		case len(line) > 0 && line[0] != '#':
			return 0
		}
	}
	return 0
}

// rawLen measures the content up to the next line that is a marker. An inline
// document begins in mid-line, where no marker can stand.
func rawLen(b []byte, inline bool) int {
	for n := 0; n < len(b); n += lineLen(b[n:]) {
		if n == 0 && inline {
			continue
		}
		if c := b[n]; c == '-' && isMarker(b[n:], docStart) || c == '.' && isEnd(b[n:]) {
			return n
		}
	}
	return len(b)
}

// isMarker reports whether b begins with the marker, alone or before a blank.
func isMarker(b, marker []byte) bool {
	if !bytes.HasPrefix(b, marker) {
		return false
	}
	return len(b) == len(marker) || isBlank(b[len(marker)])
}

// isEnd reports whether b begins with a document end marker. Content on its
// line is illegal: such a line stays in the document, for the parser to refuse.
func isEnd(b []byte) bool {
	if !isMarker(b, docEnd) {
		return false
	}
	after := bytes.TrimLeft(b[len(docEnd):lineLen(b)], " \t\r\n")
	return len(after) == 0 || after[0] == '#'
}

func checkText(file string, data []byte) error {
	fail := func(at int, what string) error {
		return &Error{
			File: file,
			Line: 1 + bytes.Count(data[:at], lineFeed),
			Msg:  "not YAML text: " + what,
			Hint: "save the file as UTF-8",
		}
	}
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return fail(0, "it is in UTF-16")
	}
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return fail(i, "it contains a NUL byte")
	}
	if utf8.Valid(data) {
		return nil
	}
	at := 0
	for {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size == 1 {
			return fail(at, "it contains bytes that are not UTF-8")
		}
		at += size
	}
}
