package policy

import (
	"slices"
	"strings"
)

// An aspect is one thing that a row decides, in words that both tools share. The
// functions of a row return its aspects in the same order for both tools.
type aspect struct {
	// key is the normal form: what is compared, and shown. It is empty where nobody knows.
	key string
	// also are keys of the other side that mean the same; anything tells that all do,
	// where another aspect makes this one void.
	also     []string
	anything bool
	// maybe are keys of the other side that may mean the same; a star at the end of one
	// stands for any text.
	maybe []string
	// why says what keeps the key, or what it may mean, from being known.
	why doubt
	// does completes a sentence that begins with the name of the side.
	does string
	// night says what that means for the person on call. It is a sentence.
	night string
	// quiet aspects are shown only where they decide.
	quiet bool
	where Where
}

// unknown makes the aspect one that nobody can compare.
func (a aspect) unknown(by Reason, why string) aspect {
	a.key, a.why = "", doubt{by, why}
	return a
}

// open makes the aspect one that may mean the same as other keys do.
func (a aspect) open(by Reason, why string, maybe ...string) aspect {
	a.why, a.maybe = doubt{by, why}, maybe
	return a
}

func (a aspect) hidden() aspect {
	a.quiet = true
	return a
}

// relate compares an aspect of two sides.
func relate(l, r aspect) Verdict {
	switch {
	case l.key == "" || r.key == "":
		return CannotCompare
	case l.anything || r.anything || l.key == r.key || slices.Contains(l.also, r.key) || slices.Contains(r.also, l.key):
		return Same
	case l.may(r.key) || r.may(l.key):
		return CannotCompare
	default:
		return Differs
	}
}

func (a aspect) may(key string) bool {
	return slices.ContainsFunc(a.maybe, func(pattern string) bool {
		prefix, any := strings.CutSuffix(pattern, "*")
		return pattern == key || any && strings.HasPrefix(key, prefix)
	})
}

// text is how the key is shown.
func (a aspect) text() string {
	if a.key == "" {
		return "unknown"
	}
	return a.key
}
