package render

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	noted     = regexp.MustCompile(`\b[nN]ote\("([a-z-]+)"`)
	described = regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\|")
)

// TestFindings: every finding is on the page, no other is, and none has the ID of a row
// of the conversion.
func TestFindings(t *testing.T) {
	page, err := os.ReadFile("../../docs/render-findings.md")
	if err != nil {
		t.Fatal(err)
	}
	want := matches(described, string(page))
	var code strings.Builder
	read := func(root string, to *strings.Builder) {
		err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
				return err
			}
			data, err := os.ReadFile(path.Join(root, name))
			to.Write(data)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	read(".", &code)
	if got := matches(noted, code.String()); !slices.Equal(got, want) {
		t.Errorf("the code has   %v\nthe page has   %v", got, want)
	}
	var conversion strings.Builder
	read("../convert", &conversion)
	for _, id := range want {
		if strings.Contains(conversion.String(), `"`+id+`"`) {
			t.Errorf("%s is an ID of the conversion", id)
		}
	}
}

func matches(pattern *regexp.Regexp, text string) (ids []string) {
	for _, match := range pattern.FindAllStringSubmatch(text, -1) {
		ids = append(ids, match[1])
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
