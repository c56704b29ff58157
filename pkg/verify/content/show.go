package content

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/redact"
)

// A value is a part of an object: what is compared, and what of it may be seen.
type value struct {
	raw any
	// seen is raw without its secrets, or the mask where redaction left no trace of it.
	seen any
	// is tells that there is a value. A null is one.
	is bool
}

// shown returns the root of an object, whose secrets are hidden as in the database.
func (c *comparison) shown(tree map[string]any) value {
	seen := runtime.DeepCopyJSON(tree)
	if seen["kind"] == "Secret" {
		for _, field := range []string{"data", "stringData"} {
			hideEach(seen, field) // whatever its type
		}
	}
	return value{raw: tree, seen: c.secrets.hideIn(redact.Value(seen)), is: true}
}

// hideEach hides all values of a map in an object.
func hideEach(o map[string]any, field string) {
	pairs, ok := o[field].(map[string]any)
	if !ok && o[field] != nil {
		o[field] = redact.Mask
	}
	for key := range pairs {
		pairs[key] = redact.Mask
	}
}

func (v value) field(key string) value {
	raw, is := v.raw.(map[string]any)[key]
	if !is {
		return value{}
	}
	seen, kept := any(redact.Mask), false
	if m, ok := v.seen.(map[string]any); ok {
		if seen, kept = m[key]; !kept {
			seen = redact.Mask
		}
	}
	return value{raw, seen, true}
}

// item returns that of an index; -1 is none.
func (v value) item(i int) value {
	if i < 0 {
		return value{}
	}
	var seen any = redact.Mask
	if list, ok := v.seen.([]any); ok && i < len(list) {
		seen = list[i]
	}
	return value{v.raw.([]any)[i], seen, true}
}

// text is what may be seen, as JSON; "" where there is nothing.
func (v value) text() string {
	if !v.is {
		return ""
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v.seen); err != nil {
		return fmt.Sprintf("(%T)", v.seen)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// plain is a key of a list without credentials, and without quotes where it needs none.
func (s Secrets) plain(v any) string {
	text := s.Hide(redact.Text(fmt.Sprint(v)))
	if quoted := strconv.Quote(text); strings.ContainsAny(text, " ,=[]") || quoted != `"`+text+`"` {
		return quoted
	}
	return text
}

// The bytes that a shown value has at most, and those before the first difference.
const (
	longest = 160
	before  = 30
)

// shorten cuts two texts to what is around their first difference.
func shorten(left, right string) (string, string) {
	if len(left) <= longest && len(right) <= longest {
		return left, right
	}
	at := 0
	for at < min(len(left), len(right)) && left[at] == right[at] {
		at++
	}
	return window(left, at-before), window(right, at-before)
}

// window cuts out what a text has from a byte on.
func window(text string, from int) string {
	head := ""
	if from > 0 && len(text) > longest {
		for from < len(text) && !utf8.RuneStart(text[from]) {
			from++
		}
		head, text = "…", text[min(from, len(text)):]
	}
	if len(text) <= longest {
		return head + text
	}
	end := longest
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return head + text[:end] + "…"
}
