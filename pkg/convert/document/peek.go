package document

import "bytes"

// A Head is what a document says it is. OK is false when that cannot be told
// without parsing; the other fields are then empty.
type Head struct {
	APIVersion, Kind string
	OK               bool
}

// Peek looks for apiVersion and kind at the start of lines, without parsing.
// It gives up, rather than guess, on all but plain block style: flow style,
// quoted keys, tags, anchors and merge keys at the top level, repeated or
// missing keys, and quotes or brackets before the two keys are found, since a
// line inside of quotes or brackets only looks like a key.
func (d *Doc) Peek() Head {
	if d.inline() || hasRareBreak(d.Raw) {
		return Head{}
	}
	var f finder
	for rest := d.Raw; len(rest) > 0; {
		n := lineLen(rest)
		if !f.read(rest[:n], rest[n:]) {
			return Head{}
		}
		rest = rest[n:]
	}
	if !f.done() {
		return Head{}
	}
	return Head{APIVersion: string(f.apiVersion), Kind: string(f.kind), OK: true}
}

// A finder looks for the values of the two keys, line by line.
type finder struct{ apiVersion, kind []byte }

func (f *finder) done() bool { return f.apiVersion != nil && f.kind != nil }

// read reads a line, which rest follows. It returns false to give up.
func (f *finder) read(line, rest []byte) bool {
	switch line[0] {
	case '#', '\n', '\r':
		return true
	case ' ', '\t', '-', '}', ']':
		return f.done() || !opens(line)
	}
	key, value := topKey(line)
	var to *[]byte
	switch string(key) {
	case "":
		return false
	case "apiVersion":
		to = &f.apiVersion
	case "kind":
		to = &f.kind
	default:
		return f.done() || !opens(line)
	}
	word := simpleWord(value)
	if word == nil || *to != nil || continues(rest) {
		return false
	}
	*to = word
	return true
}

// opens reports whether the line may open a quote or a bracket. Comments cannot.
func opens(line []byte) bool {
	text := bytes.TrimLeft(line, " \t")
	return len(text) > 0 && text[0] != '#' && bytes.ContainsAny(text, `"'{[`)
}

// continues reports whether the text goes on with the value before it.
func continues(rest []byte) bool {
	text := bytes.TrimLeft(rest, " \t\r\n")
	return len(text) > 0 && len(text) < len(rest) && rest[len(rest)-len(text)-1] != '\n'
}

// topKey cuts a line "key: value"; the key is empty when the line is none.
func topKey(line []byte) (key, value []byte) {
	n := wordLen(line)
	if n == len(line) || line[n] != ':' {
		return nil, nil
	}
	value = line[n+1:]
	if len(value) > 0 && !isBlank(value[0]) {
		return nil, nil
	}
	return line[:n], value
}

// simpleWord returns the value when it is one word of letters, digits and "._-/",
// bare or quoted, with at most a comment after it; otherwise nil.
func simpleWord(value []byte) []byte {
	value = bytes.TrimLeft(value, " \t")
	var quote []byte
	if len(value) > 0 && (value[0] == '"' || value[0] == '\'') {
		quote, value = value[:1], value[1:]
	}
	n := wordLen(value)
	word, after := value[:n], value[n:]
	if n == 0 || !bytes.HasPrefix(after, quote) || quote == nil && !isAlphanumeric(word[0]) {
		return nil
	}
	after = after[len(quote):]
	if len(after) > 0 && !isBlank(after[0]) {
		return nil
	}
	if after = bytes.TrimLeft(after, " \t\r\n"); len(after) > 0 && after[0] != '#' {
		return nil
	}
	return word
}

func wordLen(b []byte) int {
	for i, c := range b {
		if !isAlphanumeric(c) && c != '.' && c != '/' && c != '_' && c != '-' {
			return i
		}
	}
	return len(b)
}

func isAlphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// hasRareBreak reports whether b holds line breaks of YAML 1.1 other than LF and
// CRLF: a lone CR, NEL, LS or PS.
func hasRareBreak(b []byte) bool {
	if bytes.IndexByte(b, '\r') >= 0 && bytes.Count(b, []byte{'\r'}) != bytes.Count(b, []byte("\r\n")) {
		return true
	}
	return bytes.IndexByte(b, 0xc2) >= 0 && bytes.Contains(b, []byte("\u0085")) ||
		bytes.IndexByte(b, 0xe2) >= 0 && (bytes.Contains(b, []byte("\u2028")) || bytes.Contains(b, []byte("\u2029")))
}
