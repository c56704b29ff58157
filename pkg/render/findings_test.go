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

var noted = regexp.MustCompile(`\b[nN]ote\("([a-z-]+)"`)

// TestFindings: no finding has the ID of one of the conversion. That each is explained is
// checked where the catalogue is, in pkg/finding.
func TestFindings(t *testing.T) {
	ids := matches(noted, code(t, "."))
	if len(ids) == 0 {
		t.Fatal("the code has no findings")
	}
	conversion := code(t, "../convert")
	for _, id := range ids {
		if strings.Contains(conversion, `"`+id+`"`) {
			t.Errorf("%s is an ID of the conversion", id)
		}
	}
}

// code returns the text of all code below a directory.
func code(t *testing.T, root string) string {
	t.Helper()
	var b strings.Builder
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		data, err := os.ReadFile(path.Join(root, name))
		b.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func matches(pattern *regexp.Regexp, text string) (ids []string) {
	for _, match := range pattern.FindAllStringSubmatch(text, -1) {
		ids = append(ids, match[1])
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
