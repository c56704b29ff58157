package appset

import (
	"path"
	"regexp"
	"strings"
)

// A pathspec is a pattern of git ls-files, which the controller uses for files unless it
// is told otherwise (LsFiles in util/git/client.go). Unlike in a shell, * and ? match
// slashes, too, and a pattern that names a directory matches all below.
type pathspec struct {
	text  string
	globs *regexp.Regexp // nil without special characters
}

func newPathspec(text string) (*pathspec, error) {
	if strings.HasPrefix(text, ":") || strings.HasPrefix(text, "/") {
		return nil, invalid("the path %q is no relative path: give one from the root of the repository", text)
	}
	directory := strings.HasSuffix(text, "/")
	s := &pathspec{text: path.Clean(text)}
	if s.text == ".." || strings.HasPrefix(s.text, "../") {
		return nil, invalid("the path %q leads out of the repository", text)
	}
	if s.text == "." {
		s.text = ""
	} else if directory {
		s.text += "/"
	}
	if !strings.ContainsAny(s.text, `*?[\`) {
		return s, nil
	}
	pattern, ok := globPattern(s.text)
	if !ok {
		return nil, invalid("the path %q is a broken pattern", text)
	}
	globs, err := regexp.Compile(pattern)
	if err != nil {
		return nil, invalid("the path %q is a broken pattern", text)
	}
	s.globs = globs
	return s, nil
}

func (s *pathspec) match(name string) bool {
	rest, ok := strings.CutPrefix(name, s.text)
	if ok && (rest == "" || rest[0] == '/' || s.text == "" || strings.HasSuffix(s.text, "/")) {
		return true
	}
	return s.globs != nil && s.globs.MatchString(name)
}

// globPattern writes a pattern of git's wildmatch without WM_PATHNAME as a regular
// expression.
func globPattern(glob string) (string, bool) {
	out := "(?s)^"
	for i := 0; i < len(glob); i++ {
		switch c := glob[i]; c {
		case '*':
			out += ".*"
		case '?':
			out += "."
		case '\\':
			if i++; i == len(glob) {
				return "", false
			}
			out += regexp.QuoteMeta(glob[i : i+1])
		case '[':
			class, length, ok := globClass(glob[i:])
			if !ok {
				return "", false
			}
			out += class
			i += length - 1
		default:
			out += regexp.QuoteMeta(glob[i : i+1])
		}
	}
	return out + "$", true
}

// globClass reads a class such as [!a-z] at the beginning of glob.
func globClass(glob string) (class string, length int, ok bool) {
	class, i := "[", 1
	if strings.HasPrefix(glob[i:], "!") || strings.HasPrefix(glob[i:], "^") {
		class += "^"
		i++
	}
	for first := i; i < len(glob); i++ {
		switch c := glob[i]; {
		case c == ']' && i > first:
			return class + "]", i + 1, true
		case strings.HasPrefix(glob[i:], "[:"):
			end := strings.Index(glob[i:], ":]")
			if end < 0 {
				return "", 0, false
			}
			class += glob[i : i+end+2]
			i += end + 1
		case c == '\\' && i+1 < len(glob):
			i++
			class += regexp.QuoteMeta(glob[i : i+1])
		case c == '-' && i > first:
			class += "-"
		default:
			class += regexp.QuoteMeta(glob[i : i+1])
		}
	}
	return "", 0, false
}
