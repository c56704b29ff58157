package collapse

import (
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// Plain returns a copy of an Application as templates leave it: without comments, in
// block style, each text in the style that it has by itself.
func Plain(app *yaml.Node) *yaml.Node {
	made := &yaml.Node{Kind: app.Kind, Tag: app.Tag, Value: app.Value, Line: app.Line}
	if app.Kind == yaml.ScalarNode && app.ShortTag() == yaml.NodeTagString {
		made = node.String(app.Value)
		made.Line = app.Line
	}
	for _, child := range app.Content {
		made.Content = append(made.Content, Plain(child))
	}
	return made
}

// Shape is the same text for Applications that differ in nothing but texts: they have
// the same keys in the same order, lists of one length, the same numbers and switches.
func Shape(app *yaml.Node) string {
	var b strings.Builder
	shape(&b, app)
	return b.String()
}

func shape(b *strings.Builder, n *yaml.Node) {
	if n.Kind == yaml.ScalarNode {
		if tag := n.ShortTag(); tag != yaml.NodeTagString {
			b.WriteString(tag + strconv.Quote(n.Value))
		}
		b.WriteByte('\n')
		return
	}
	open, end := byte('['), byte(']')
	if n.Kind == yaml.MappingNode {
		open, end = '{', '}'
	}
	b.WriteByte(open)
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			b.WriteString(strconv.Quote(child.Value))
			continue
		}
		shape(b, child)
	}
	b.WriteByte(end)
}
