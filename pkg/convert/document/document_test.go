package document

import (
	"bytes"
	"strings"
	"testing"
)

func TestEmpty(t *testing.T) {
	for raw, want := range map[string]bool{
		"":                       true,
		"\n \t\r\n":              true,
		"# a\n  # b\n":           true,
		"# a: b":                 true,
		"# a\nb: c\n":            false,
		"{}\n":                   false,
		strings.Repeat("\n", 99): true,
	} {
		if got := (&Doc{Raw: []byte(raw)}).Empty(); got != want {
			t.Errorf("Empty(%q) = %v", raw, got)
		}
	}
}

func TestSeparator(t *testing.T) {
	for lead, want := range map[string]string{
		"":             "",
		"---\n":        "---\n",
		"--- # a\n":    "--- # a\n",
		"--- ":         "---\n",
		"...\n---\t ":  "...\n---\n",
		"\xef\xbb\xbf": "\xef\xbb\xbf",
	} {
		d := Doc{Lead: []byte(lead), Raw: []byte("{a: b}\n")}
		if got := d.Separator(); string(got) != want {
			t.Errorf("Separator of %q = %q, want %q", lead, got, want)
		}
		if !bytes.Equal(d.Lead, []byte(lead)) {
			t.Errorf("Separator changed the lead %q to %q", lead, d.Lead)
		}
	}
}

// one returns the only document of data.
func one(t testing.TB, data string) *Doc {
	t.Helper()
	docs, err := Split("f.yaml", []byte(data))
	if err != nil {
		t.Fatal(err)
	}
	if len(docs) != 1 {
		t.Fatalf("%q has %d documents", data, len(docs))
	}
	return &docs[0]
}
