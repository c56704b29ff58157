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
type mark struct{ text, source, target string }

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
		if m.source == p.source {
			return m.text
		}
	}
	value := ""
	if all := s.elements(); p.param != nil && len(all) > 0 {
		value = node.Text(all[0], p.param...)
	}
	for _, shape := range shapes {
		if shape.like.MatchString(value) {
			text := fmt.Sprintf(shape.make, len(s.marks))
			s.marks = append(s.marks, mark{text, p.source, p.target})
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

// reference finds a parameter that all inputs have.
func (s *Set) reference(path []string) (string, bool) {
	for _, p := range s.providers {
		if _, ok := p.reference(path); !ok {
			return "", false
		}
	}
	if s.Live() {
		return s.providers[0].reference(path)
	}
	for _, in := range s.inputs {
		if at := node.At(in, path...); at == nil || at.Kind != yaml.ScalarNode {
			return "", false
		}
	}
	return input(path), true
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
		s.unmark(child, n.Kind == yaml.MappingNode && i%2 == 0)
	}
	if n.Kind != yaml.ScalarNode {
		return
	}
	n.LineComment, n.HeadComment, n.FootComment = "", "", ""
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
