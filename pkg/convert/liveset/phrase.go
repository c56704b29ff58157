package liveset

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A phrase is what a parameter is for flux-operator: text and expressions in turn, most
// often one expression alone.
type phrase []word

// A word is literal text, or an expression without delimiters.
type word struct{ literal, target string }

// expression is the phrase of one expression.
func expression(target string) phrase { return phrase{{target: target}} }

// pieces are the phrase in the place of what the template says.
func (f phrase) pieces(source string, param []string) (pieces []piece) {
	for _, w := range f {
		switch {
		case w.target == "":
			pieces = append(pieces, piece{literal: w.literal})
		case len(f) == 1:
			pieces = append(pieces, piece{source: source, target: w.target, param: param})
		default:
			pieces = append(pieces, piece{source: "*", target: w.target})
		}
	}
	return pieces
}

// target is the phrase as one expression.
func (f phrase) target() string {
	if len(f) == 1 && f[0].target != "" {
		return f[0].target
	}
	format, args := "", ""
	for _, w := range f {
		if w.target == "" {
			format += strings.ReplaceAll(w.literal, "%", "%%")
			continue
		}
		format += "%v"
		args += " " + grouped(w.target)
	}
	if args == "" {
		return strconv.Quote(strings.ReplaceAll(format, "%%", "%"))
	}
	return "printf " + strconv.Quote(format) + args
}

// grouped lets an expression stand as an operand.
func grouped(target string) string {
	if strings.Contains(target, " ") && !strings.HasPrefix(target, `"`) {
		return "(" + target + ")"
	}
	return target
}

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// input is how templates of flux-operator call an input.
func input(path []string) string {
	if !slices.ContainsFunc(path, func(key string) bool { return !identifier.MatchString(key) }) {
		return "inputs." + strings.Join(path, ".")
	}
	var b strings.Builder
	b.WriteString("index inputs")
	for _, key := range path {
		b.WriteString(" " + strconv.Quote(key))
	}
	return b.String()
}

var (
	letters = regexp.MustCompile(`[^-+.:0-9_eExXoO]`) // no number has one
	digits  = regexp.MustCompile(`[^-+]`)
)

// numeric tells whether a phrase of several words may come to a number for some inputs.
func (f phrase) numeric() bool {
	text := ""
	for _, w := range f {
		text += w.literal
	}
	begins := f[0].target == "" || text == ""
	return !letters.MatchString(text) && (begins || digits.MatchString(text))
}
