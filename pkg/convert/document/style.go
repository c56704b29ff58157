package document

import (
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// The library's styles under short names; plain is the one without a bit.
var (
	plain        yaml.Style
	singleQuoted = yaml.SingleQuotedStyle
	doubleQuoted = yaml.DoubleQuotedStyle
	literal      = yaml.LiteralStyle
	folded       = yaml.FoldedStyle
)

// A place is where a scalar stands; it limits the styles to choose from.
type place int

const (
	asValue place = iota
	asKey
	inFlow
)

// styleOf returns the style to write a scalar in: its own if that can hold the
// text, else the nearest that can.
func styleOf(n *yaml.Node, at place) yaml.Style {
	multiline := strings.Contains(n.Value, "\n")
	switch {
	case !hasOnly(n.Value, isPrintableOrBlank) || n.Style&doubleQuoted != 0:
		return doubleQuoted
	case multiline || n.Style&(literal|folded) != 0:
		if at != asValue || n.Style&singleQuoted != 0 || strings.Trim(n.Value, " \t\n") == "" {
			return doubleQuoted
		}
		if n.Style&folded != 0 && foldable(n.Value) {
			return folded
		}
		return literal
	case n.Style&singleQuoted != 0:
		return singleQuoted
	case n.Style&yaml.TaggedStyle == 0 && n.ShortTag() == yaml.NodeTagString && resolvedTag(n.Value) != yaml.NodeTagString:
		return doubleQuoted
	case strings.Contains(n.Value, "\t"):
		return doubleQuoted // where a tab can be seen
	case !fitsPlain(n.Value, at):
		return singleQuoted
	default:
		return plain
	}
}

// foldable reports whether folded style can hold s as it is: no line begins with
// a blank, which would switch folding off.
func foldable(s string) bool {
	return !isBlank(s[0]) && !strings.Contains(s, "\n ") && !strings.Contains(s, "\n\t")
}

// fitsPlain reports whether one line of text means itself without quotes.
func fitsPlain(s string, at place) bool {
	if s == "" {
		return true
	}
	switch first := s[0]; {
	case strings.IndexByte("#,[]{}&*!|>'\"%@` \t", first) >= 0:
		return false
	case strings.IndexByte("?:-", first) >= 0 && (len(s) == 1 || isBlank(s[1]) || at == inFlow && !negative(s)):
		return false
	case strings.HasPrefix(s, "---") || strings.HasPrefix(s, "..."):
		return false
	}
	if at == inFlow && strings.ContainsAny(s, ",?[]{}:") {
		return false
	}
	last := s[len(s)-1]
	return last != ':' && last != ' ' &&
		!strings.Contains(s, ": ") && !strings.Contains(s, " #")
}

// negative reports whether s begins as a number below zero does, which quotes would make
// text of.
func negative(s string) bool {
	return s[0] == '-' && (s[1] == '.' || s[1] >= '0' && s[1] <= '9')
}

// hasTag reports whether n's tag must be written.
func hasTag(n *yaml.Node) bool {
	if n.Tag == "" || n.Tag == "!" {
		return false
	}
	if n.Style&yaml.TaggedStyle != 0 {
		return true
	}
	tag := n.ShortTag()
	switch {
	case n.Kind == yaml.MappingNode:
		return tag != yaml.NodeTagMap
	case n.Kind == yaml.SequenceNode:
		return tag != yaml.NodeTagSeq
	case tag == yaml.NodeTagString:
		return false // quoted where the text alone would be something else
	default:
		return styleOf(n, asValue) != plain || tag != resolvedTag(n.Value)
	}
}

// tag writes the tag that n needs, if any, and then the text that goes between
// it and what follows.
func (e *emitter) tag(n *yaml.Node, then string) {
	if !hasTag(n) {
		return
	}
	tag := n.ShortTag()
	name := strings.TrimLeft(tag, "!")
	if name == "" || len(tag)-len(name) > 2 || wordLen([]byte(name)) != len(name) {
		e.fail("cannot encode the tag of a node")
	}
	e.WriteString(tag + then)
}

// resolvedTag is the type that plain text has.
func resolvedTag(s string) string {
	n := yaml.Node{Kind: yaml.ScalarNode, Value: s}
	return n.ShortTag()
}

func hasOnly(s string, ok func(rune) bool) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !ok(r) }) < 0
}

func isPrintableOrBlank(r rune) bool { return r == '\n' || r == '\t' || isPrintable(r) }

// isPrintable reports whether r can stand for itself in any style. Line breaks
// other than LF, which readers disagree on, and byte order marks cannot.
func isPrintable(r rune) bool {
	switch {
	case r < 0xa0:
		return r >= ' ' && r < 0x7f
	case r == '\u2028' || r == '\u2029' || r == '\ufeff':
		return false
	default:
		return r != 0xfffe && r != 0xffff
	}
}
