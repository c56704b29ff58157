package document

import (
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// spaces is cut to indent lines.
const spaces = "                                                                "

// line begins a line. After a foot comment at the same indentation it leaves a
// blank line, or the comment would be taken for the head of what follows.
func (e *emitter) line(indent int) {
	if e.footAt == indent {
		e.WriteByte('\n')
	}
	e.footAt = -1
	e.indent(indent)
}

func (e *emitter) indent(n int) {
	for ; n > len(spaces); n -= len(spaces) {
		e.WriteString(spaces)
	}
	e.WriteString(spaces[:n])
}

// comment writes a comment on lines of its own; it may hold blank lines.
func (e *emitter) comment(indent int, text string) {
	if text == "" {
		return
	}
	for line := range strings.SplitSeq(strings.Trim(text, "\n"), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			e.line(indent)
			e.pound(line)
		}
		e.WriteByte('\n')
	}
}

// lineComment ends the current line, with the comment if there is one.
func (e *emitter) lineComment(text string) {
	if text != "" {
		e.WriteByte(' ')
		e.pound(strings.ReplaceAll(text, "\n", " "))
	}
	e.WriteByte('\n')
}

func (e *emitter) foot(indent int, text string) {
	if text != "" {
		e.comment(indent, text)
		e.footAt = indent
	}
}

// pound writes one line of a comment, marked as such.
func (e *emitter) pound(line string) {
	if line[0] != '#' {
		e.WriteString("# ")
	}
	e.WriteString(line)
}

// isFlow reports whether n is written in one line: when it is empty, or in flow
// style without comments inside, which only block style has lines for.
func isFlow(n *yaml.Node) bool {
	if n.Kind != yaml.MappingNode && n.Kind != yaml.SequenceNode {
		return false
	}
	if len(n.Content) == 0 {
		return true
	}
	return n.Style&yaml.FlowStyle != 0 && !hasComments(n.Content)
}

func hasComments(nodes []*yaml.Node) bool {
	for _, n := range nodes {
		if n.HeadComment != "" || n.LineComment != "" || n.FootComment != "" || hasComments(n.Content) {
			return true
		}
	}
	return false
}

// pairHead is the comment above a pair of a map.
func pairHead(key, value *yaml.Node) string {
	return joinComments(key.HeadComment, value.HeadComment)
}

// itemHead is the comment above an item of a list. What an item begins with
// stands behind the dash, so comments on that move above the dash.
func itemHead(item *yaml.Node) string {
	switch {
	case !isInline(item):
		return item.HeadComment
	case item.Kind == yaml.MappingNode:
		return joinComments(item.HeadComment, pairHead(item.Content[0], item.Content[1]))
	default:
		return joinComments(item.HeadComment, itemHead(item.Content[0]))
	}
}

// isInline reports whether the map or list begins on the line of its dash.
func isInline(item *yaml.Node) bool {
	return item.Kind != yaml.ScalarNode && !isFlow(item) && item.LineComment == "" && !hasTag(item)
}
