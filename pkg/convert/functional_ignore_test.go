package convert_test

import (
	"path"
	"slices"
	"strings"
	"testing"
)

// ignoreMatcher tells of each file whether source-controller leaves it out of the
// artifact. It follows fluxcd/pkg sourceignore v0.18.0, which is not Git: the last
// line that matches decides, and a line matches a file also by a directory above it,
// so that an inclusion reaches below an excluded directory.
func ignoreMatcher(text string) func(name string) bool {
	lines := slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool {
		return strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#")
	})
	slices.Reverse(lines)
	return func(name string) bool {
		for _, line := range lines {
			pattern, include := strings.CutPrefix(line, "!")
			if ignoreMatch(pattern, strings.Split(name, "/")) {
				return !include
			}
		}
		return false
	}
}

// ignoreMatch matches one line without its "!" against the elements of a file's path.
func ignoreMatch(line string, file []string) bool {
	line, dirOnly := strings.CutSuffix(line, "/")
	if !strings.Contains(line, "/") {
		i := slices.IndexFunc(file, func(name string) bool { return globbed(line, name) })
		return i >= 0 && !(dirOnly && i == len(file)-1)
	}
	elements, matched := strings.Split(line, "/"), false
	for i := 0; i < len(elements); i++ {
		switch {
		case elements[i] == "":
		case elements[i] == "**" && i == len(elements)-1:
			return matched && !(dirOnly && len(file) == 0)
		case elements[i] == "**":
			i++
			at := slices.IndexFunc(file, func(name string) bool { return globbed(elements[i], name) })
			if at < 0 {
				return false
			}
			matched, file = true, file[at+1:]
		default:
			if len(file) == 0 || !globbed(elements[i], file[0]) {
				return false
			}
			matched, file = true, file[1:]
		}
	}
	return matched && !(dirOnly && len(file) == 0)
}

// globbed matches one element; ** is special only when it stands alone.
func globbed(pattern, name string) bool {
	if strings.Contains(pattern, "**") {
		return false
	}
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}

func TestIgnoreMatcher(t *testing.T) {
	for text, want := range map[string]string{
		"/a/*/\n":                "a/x.yaml b/y.yaml",
		"/a/x.yaml\n# b\n":       "a/s/x.yaml a/s/y.yaml b/y.yaml",
		"/a/**\n!/a/s/y.yaml\n":  "a/s/y.yaml b/y.yaml",
		"**/x.yaml\n":            "a/s/y.yaml b/y.yaml",
		"y.yaml\n":               "a/s/x.yaml a/x.yaml",
		"/a/**\n!/a/**/\n":       "a/s/x.yaml a/s/y.yaml a/x.yaml b/y.yaml",
		"/a/**\n!/a/**/x.yaml\n": "a/s/x.yaml a/x.yaml b/y.yaml",
		"s/\n":                   "a/x.yaml b/y.yaml",
	} {
		var kept []string
		ignored := ignoreMatcher(text)
		for _, name := range []string{"a/s/x.yaml", "a/s/y.yaml", "a/x.yaml", "b/y.yaml"} {
			if !ignored(name) {
				kept = append(kept, name)
			}
		}
		if got := strings.Join(kept, " "); got != want {
			t.Errorf("%q keeps %s, want %s", text, got, want)
		}
	}
}
