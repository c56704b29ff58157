package document

import "strconv"

// An Error says where and why a document cannot be used. It may name keys but
// never holds values of the document, which can be secret.
type Error struct {
	File string
	Line int    // counts from 1
	Path string // of the field at fault, when it is known
	Msg  string
	Hint string // what to do about it; may be empty
}

// Error returns "file:line: message: hint".
func (e *Error) Error() string {
	text := e.File + ":" + strconv.Itoa(e.Line) + ": " + e.Msg
	if e.Hint != "" {
		text += ": " + e.Hint
	}
	return text
}
