package policy

import (
	"regexp"
	"strconv"
	"strings"
)

// A pattern of either tool in one form: * for anything, core for the group without a
// name, the text where only one matches, else regexp: and the expression.

// fromGlob reads a group or kind of ignoreDifferences (Argo CD
// util/argo/normalizers/diff_normalizer.go; github.com/gobwas/glob).
func fromGlob(glob string) string {
	if !strings.ContainsAny(glob, `*?[{\`) {
		return glob
	}
	if strings.Trim(glob, "*") == "" {
		return "*"
	}
	var b strings.Builder
	for _, r := range glob {
		switch r {
		case '*':
			b.WriteString(".*")
		case '?':
			b.WriteString(".")
		case '{':
			b.WriteString("(")
		case '}':
			b.WriteString(")")
		case ',':
			b.WriteString("|")
		case '[', ']', '\\':
			b.WriteRune(r)
		case '!':
			b.WriteString("^")
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	return "regexp:" + b.String()
}

// fromRegexp reads a selector of Flux, which is anchored at both ends and matches
// anything where it is empty (fluxcd/pkg ssa/jsondiff/selector.go). dot tells that a bare
// dot means a dot, as in the names of groups, where nothing else could match it.
func fromRegexp(expression string, dot bool) string {
	if anything(expression) {
		return "*"
	}
	text := strings.TrimSuffix(strings.TrimPrefix(expression, "^"), "$")
	literal := strings.NewReplacer(`\.`, ".", `\-`, "-").Replace(text)
	if dot && regexp.QuoteMeta(strings.ReplaceAll(literal, ".", "")) == strings.ReplaceAll(literal, ".", "") {
		return literal
	}
	if regexp.QuoteMeta(literal) == strings.ReplaceAll(text, `\-`, "-") {
		return literal
	}
	return "regexp:" + text
}

var jqStep = regexp.MustCompile(`^(?:\.([A-Za-z_][A-Za-z0-9_]*)|\.?\["([^"\\]+)"\]|\.?\[([0-9]+)\]|\."([^"\\]+)")`)

// fromJQ turns a path of jq that only descends into a JSON pointer (RFC 6901).
func fromJQ(expression string) (pointer string, ok bool) {
	for rest := strings.TrimSpace(expression); rest != ""; {
		m := jqStep.FindStringSubmatch(rest)
		if m == nil {
			return "", false
		}
		rest = rest[len(m[0]):]
		if m[3] != "" {
			if _, err := strconv.Atoi(m[3]); err != nil {
				return "", false
			}
		}
		pointer += "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(m[1]+m[2]+m[3]+m[4])
	}
	return pointer, pointer != ""
}
