package document

import (
	"bytes"
	"strconv"
	"strings"
)

// An explanation says in our words what a message of the YAML library means.
type explanation struct{ msg, hint string }

const (
	hintIndent = "check the indentation and the quotes"
	hintColon  = `quote text that contains ": ", and check the indentation`
	hintQuote  = "quote it; a template must be rendered first"
)

// parserErrors are the messages of the library's parser. It gives the line at
// which the map or list at fault begins, one too low; for one that begins on
// the document's first line it gives the line of the fault instead.
var parserErrors = map[string]explanation{
	"did not find expected key":              {"this line or one below it does not fit into the map that it stands in", hintIndent},
	"did not find expected '-' indicator":    {"this line or one below it does not fit into the list that it stands in", hintIndent},
	"did not find expected ',' or ']'":       {"a [list] on this line or below lacks a comma or its end", hintIndent},
	"did not find expected ',' or '}'":       {"a {map} on this line or below lacks a comma or its end", hintIndent},
	"did not find expected node content":     {"a value is missing or begins with a character that it cannot begin with", hintQuote},
	"did not find expected <document start>": {"the document goes on after its end", `put "---" on a line of its own between documents`},
	"found undefined tag handle":             {"a tag uses a handle that is not defined", ""},
}

// scannerErrors are messages of the library's scanner, which gives good lines.
var scannerErrors = map[string]explanation{
	"could not find expected ':'":                                  {"expected \"key: value\"", hintIndent},
	"mapping values are not allowed in this context":               {`a ": " is not allowed here`, hintColon},
	"block sequence entries are not allowed in this context":       {`a "- " is not allowed here`, hintIndent},
	"found character that cannot start any token":                  {"a value begins with a character that it cannot begin with", "quote it"},
	"found unexpected end of stream":                               {"a quoted text that begins here has no end", "close the quotes"},
	"found unexpected document indicator":                          {"a quoted text that begins here has no end", "close the quotes"},
	"found unknown escape character":                               {"unknown escape in a double-quoted text", `write a backslash as \\, or use single quotes`},
	"found a tab character where an indentation space is expected": {msgTab, hintTab},
	"found a tab character that violates indentation":              {msgTab, hintTab},
	"control characters are not allowed":                           {"control characters are not allowed in YAML", ""},
	"exceeded max depth of 10000":                                  {"maps and lists nest too deeply", ""},
	"did not find expected comment or line break":                  {"unexpected text after the start of a block text", ""},
	"did not find expected whitespace or line break":               {"unexpected text after a tag", ""},
	"did not find expected alphabetic or numeric character":        {"an anchor or alias has no name", "quote text that begins with * or &"},
}

const (
	msgTab  = "tabs cannot indent YAML"
	hintTab = "use spaces"
)

// syntaxError puts an error of the YAML library into our words and at a line of
// the file. Messages that are not known are not shown: they might quote values.
func (d *Doc) syntaxError(err error) *Error {
	line, msg := cutLine(strings.TrimPrefix(err.Error(), "yaml: "))
	text, isParser := parserErrors[msg]
	if isParser {
		line++
	} else {
		text = scannerErrors[msg]
	}
	switch {
	case strings.HasPrefix(msg, "unknown anchor "):
		text = explanation{"an alias refers to an anchor that is not defined above it", "quote text that begins with *"}
		if _, name, ok := strings.Cut(msg, "'"); ok {
			line = d.lineOf("*" + strings.TrimSuffix(name, "' referenced"))
		}
	case msg == "control characters are not allowed":
		line = 1 + bytes.Count(d.Raw[:controlChar(d.Raw)], lineFeed)
	case text.msg == msgTab || strings.HasSuffix(msg, "cannot start any token"):
		if at := d.tabLine(line, text.msg == msgTab); at > 0 {
			line, text = at, explanation{msgTab, hintTab}
		}
	case text.msg == "":
		text.msg = "not valid YAML"
	}
	// The library reports the end of the text for quotes that open on its first line.
	last := max(1, bytes.Count(bytes.TrimRight(d.Raw, "\n"), lineFeed)+1)
	if line > last {
		line = last
		if strings.HasPrefix(msg, "found unexpected") {
			line = 1
		}
	}
	return d.errorAt(line, text.msg, text.hint)
}

// cutLine cuts "line N: " off a message. The library leaves it out on line 1.
func cutLine(msg string) (int, string) {
	if number, rest, ok := strings.Cut(strings.TrimPrefix(msg, "line "), ": "); ok {
		if line, err := strconv.Atoi(number); err == nil {
			return line, rest
		}
	}
	return 1, msg
}

// tabLine returns the given line if a tab indents it, or with below set the
// first such line from there on; otherwise 0.
func (d *Doc) tabLine(line int, below bool) int {
	at := 0
	for rest := d.Raw; len(rest) > 0; {
		n := lineLen(rest)
		at++
		if at >= line && indentedByTab(rest[:n]) {
			return at
		}
		if at >= line && !below {
			return 0
		}
		rest = rest[n:]
	}
	return 0
}

func (d *Doc) lineOf(text string) int {
	return 1 + bytes.Count(d.Raw[:max(0, bytes.Index(d.Raw, []byte(text)))], lineFeed)
}

func indentedByTab(line []byte) bool {
	indent := line[:len(line)-len(bytes.TrimLeft(line, " \t"))]
	return bytes.IndexByte(indent, '\t') >= 0
}

// controlChar finds the first character that YAML does not allow.
func controlChar(b []byte) int {
	return max(0, bytes.IndexFunc(b, func(r rune) bool {
		switch {
		case r < ' ':
			return r != '\t' && r != '\n' && r != '\r'
		case r >= 0x7f && r < 0xa0:
			return r != '\u0085'
		default:
			return r == 0xfffe || r == 0xffff
		}
	}))
}
