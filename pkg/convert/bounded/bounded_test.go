package bounded

import (
	"errors"
	"strings"
	"testing"
	"text/template"
)

func render(t *testing.T, text string, data any) (string, error) {
	t.Helper()
	funcs := template.FuncMap{
		"repeat": func(n int, s string) string { return strings.Repeat(s, n) },
		"seq":    func(ends ...int) string { return strings.Repeat("1 ", ends[len(ends)-1]) },
		"list":   func(items ...any) []any { return items },
	}
	b := Budget{Read: 1 << 20, Steps: 1000, Work: 8 << 20}
	return b.Render(template.New("").Option("missingkey=error").Funcs(b.Functions(funcs)), text, data)
}

func TestRender(t *testing.T) {
	for text, want := range map[string]string{
		`{{ repeat 3 "ab" }}`:                                     "ababab",
		`{{ seq 1 2 }}`:                                           "1 1 ",
		`{{ range list 1 2 }}{{ . }};{{ end }}`:                   "1;2;",
		`{{ printf "%03d" 7 }}`:                                   "007",
		`{{ define "x" }}[{{ . }}]{{ end }}{{ template "x" .a }}`: "[b]",
	} {
		if got, err := render(t, text, map[string]any{"a": "b"}); err != nil || got != want {
			t.Errorf("%s gives %q, %v, want %q", text, got, err, want)
		}
	}
}

// TestBounds: what would take long or much ends early, by an error that shows no value.
func TestBounds(t *testing.T) {
	for text, want := range map[string]string{
		`{{ repeat 100000000 .secret }}`:                                    "too much text",
		`{{ seq 1 1 2000000000 }}`:                                          "too much text",
		`{{ printf "%99999d" 1 }}`:                                          "too much text",
		`{{ define "x" }}{{ template "x" . }}{{ end }}{{ template "x" . }}`: "too many steps",
		`{{ range .many }}{{ range $.many }}x{{ end }}{{ end }}`:            "too many steps",
		`{{ range .many }}{{ repeat 1000000 "x" | len }}{{ end }}`:          "too many steps",
		`{{ .secret.deeper }}`:                                              "what should hold deeper is no map",
		`{{ .other }}`:                                                      "no input has the key other",
		`{{ nope .secret }}`:                                                "the function nope",
		`{{ if }}`:                                                          "a template is broken",
	} {
		_, err := render(t, text, map[string]any{"secret": "PLANTED", "many": make([]int, 100)})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "PLANTED") {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
		missing := strings.HasPrefix(want, "no input") || strings.HasPrefix(want, "what should")
		if errors.Is(err, ErrMissing) != missing {
			t.Errorf("%s: is it a missing value? %v", text, !missing)
		}
	}
}

func TestSpend(t *testing.T) {
	b := Budget{Read: 10}
	if err := b.Spend(10); err != nil {
		t.Error(err)
	}
	if err := b.Spend(1); err == nil {
		t.Error("more than there was")
	}
}
