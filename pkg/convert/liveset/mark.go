package liveset

import (
	"fmt"
	"regexp"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A mark stands for an expression while the Application is converted. It looks like a
// value, since what a value looks like decides what becomes of it: a commit, a version.
// example is what the expression is for the first of the samples, where it is one parameter.
type mark struct{ text, source, target, example string }

var shapes = []struct {
	like *regexp.Regexp
	make string // with the number of the mark
}{
	{regexp.MustCompile(`^[0-9]+$`), "907%03d31"},
	{regexp.MustCompile(`^[0-9a-f]{40}$`), "fadedcafe%031d"},
	{regexp.MustCompile(`^v[0-9]+\.[0-9]+\.[0-9]+$`), "v907.31.%d0031"},
	{regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+$`), "907.31.%d0031"},
	{regexp.MustCompile(`^https?://[^/]+$`), "https://zq%dqz.example"},
	{regexp.MustCompile(`^https?://`), "https://zq%dqz.example/zq/zq"},
	{regexp.MustCompile(``), "zq%dqz"},
}

// markOf returns the mark of an expression, the same for equal ones.
func (s *Set) markOf(p piece) string {
	for _, m := range s.marks {
		if m.target == p.target {
			return m.text
		}
	}
	value := ""
	if p.param != nil && len(s.samples) > 0 {
		value = node.Text(s.samples[0].parameters, p.param...)
	}
	for _, shape := range shapes {
		if shape.like.MatchString(value) {
			text := fmt.Sprintf(shape.make, len(s.marks))
			s.marks = append(s.marks, mark{text, p.source, p.target, value})
			return text
		}
	}
	return ""
}

// mark makes Marked.
func (s *Set) mark() *appset.Problem {
	template := node.Clone(node.At(s.Root, "spec", "template"))
	if holds(template, opening) || holds(template, closing) {
		return problem(template, "spec.template", "it holds << or >>, which are the delimiters of flux-operator")
	}
	cut := fastPieces
	if node.True(s.Root, "spec", "goTemplate") {
		cut = goPieces
	}
	if p := s.markBelow(template, cut); p != nil {
		return p
	}
	s.Marked = listing(s.Root, template, []*yaml.Node{node.Map("zq", "zq")})
	return nil
}

func (s *Set) markBelow(n *yaml.Node, cut func(string, reference) ([]piece, error)) *appset.Problem {
	if strings.Contains(n.Value, "{{") && n.ShortTag() == yaml.NodeTagString {
		pieces, err := cut(n.Value, s.reference)
		if err != nil {
			return problem(n, "spec.template", "%s", err.Error())
		}
		var b strings.Builder
		for _, p := range pieces {
			if b.WriteString(p.literal); p.source != "" {
				b.WriteString(s.markOf(p))
			}
		}
		made := node.String(b.String())
		n.Value, n.Tag, n.Style = made.Value, made.Tag, made.Style
	}
	for _, child := range n.Content {
		if p := s.markBelow(child, cut); p != nil {
			return p
		}
	}
	return nil
}

// reference finds a parameter that one of the factors gives.
func (s *Set) reference(path []string) (phrase, bool) {
	for _, f := range s.factors {
		if found, ok := f.reference(path, s.below(f)); ok {
			return found, true
		}
	}
	return nil, false
}

// Source puts what the template says in the place of marks, and of what is left of one
// in a name that was made of it.
func (s *Set) Source(text string) string {
	for _, m := range s.marks {
		text = strings.ReplaceAll(text, m.text, m.source)
	}
	return core.ReplaceAllStringFunc(text, func(found string) string {
		for _, m := range s.marks {
			if strings.Contains(m.text, found) {
				return m.source
			}
		}
		return found
	})
}

// Example puts what the first of the samples says in the place of marks.
func (s *Set) Example(text string) string {
	for _, m := range s.marks {
		if m.example != "" {
			text = strings.ReplaceAll(text, m.text, m.example)
		}
	}
	return text
}

// core is the word in a mark.
var core = regexp.MustCompile(`zq[0-9]+qz`)

// Marks tells whether text below n holds a mark.
func (s *Set) Marks(n *yaml.Node) bool {
	for _, m := range s.marks {
		if holds(n, m.text) {
			return true
		}
	}
	return false
}

// unmark puts expressions in the place of marks below n. A text that is nothing else is
// quoted, so that it stays a text whatever it says.
func (s *Set) unmark(n *yaml.Node, isKey bool) {
	for i, child := range n.Content {
		isKey := n.Kind == yaml.MappingNode && i%2 == 0
		if isKey && child.Value == "patch" {
			s.quotePatch(n.Content[i+1])
		}
		s.unmark(child, isKey)
	}
	if n.Kind != yaml.ScalarNode {
		return
	}
	n.LineComment, n.HeadComment, n.FootComment = "", "", ""
	if text := s.words(n.Value); len(text) > 1 && n.ShortTag() == yaml.NodeTagString && !isKey && text.numeric() {
		n.Value = opening + " " + text.target() + " | quote " + closing
	}
	for _, m := range s.marks {
		target := m.target
		if n.Value == m.text && n.ShortTag() == yaml.NodeTagString && !isKey {
			target += " | quote"
		}
		n.Value = strings.ReplaceAll(n.Value, m.text, opening+" "+target+" "+closing)
	}
	if strings.Contains(n.Value, opening) {
		made := node.String(n.Value)
		n.Tag, n.Style = made.Tag, made.Style
	}
}

// words cuts a text at the marks.
func (s *Set) words(text string) (all phrase) {
	for text != "" {
		at, first := len(text), mark{}
		for _, m := range s.marks {
			if i := strings.Index(text, m.text); i >= 0 && i < at {
				at, first = i, m
			}
		}
		if at > 0 {
			all = append(all, word{literal: text[:at]})
		}
		if text = text[at:]; first.text != "" {
			all, text = append(all, word{target: first.target}), text[len(first.text):]
		}
	}
	return all
}

// quotePatch quotes the expressions that are values of their own in the text of a patch,
// which is YAML itself.
func (s *Set) quotePatch(n *yaml.Node) {
	lines := strings.Split(n.Value, "\n")
	for i, line := range lines {
		for _, m := range s.marks {
			if rest, ok := strings.CutSuffix(line, " "+m.text); ok && strings.HasSuffix(rest, ":") {
				lines[i] = rest + " " + opening + " " + m.target + " | quote " + closing
			}
		}
	}
	n.Value = strings.Join(lines, "\n")
}
