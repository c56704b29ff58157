package document

import (
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

const rewritten = `kind: First
---
# about it

kind: Second   # two

metadata: {name: a,
  labels: {x: "1"}}
spec:
    # deep
    list:
    - one

    - two: |
        text
        more
      three: 3
`

// Lines go on to count in the file, though the text is another.
func TestRewrite(t *testing.T) {
	docs, err := Split("in.yaml", []byte(rewritten))
	if err != nil {
		t.Fatal(err)
	}
	root, err := docs[1].Parse()
	if err != nil {
		t.Fatal(err)
	}
	want := lineList(root)
	node.Get(root, "spec").Content[1].Content[0].Value = "changed"
	again, err := docs[1].Rewrite(root)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := again.Parse()
	if err != nil {
		t.Fatal(err)
	}
	if got := lineList(parsed); got != want {
		t.Errorf("lines are\n%s\nwant\n%s", got, want)
	}
	if !strings.Contains(string(again.Raw), "- changed\n") || !strings.Contains(string(again.Raw), "# deep") {
		t.Errorf("the text is\n%s", again.Raw)
	}
	if string(again.Lead) != "---\n" || again.Line != 3 || again.Index != 1 {
		t.Errorf("got %q at line %d, index %d", again.Lead, again.Line, again.Index)
	}
}

// A document in the middle of the separator's line moves to one of its own.
func TestRewriteInline(t *testing.T) {
	docs, err := Split("in.yaml", []byte("--- {a: 1}\n"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := docs[0].Rewrite(node.Map("a", "2"))
	if err != nil || string(again.Lead)+string(again.Raw) != "---\na: \"2\"\n" {
		t.Errorf("got %q%q, %v", again.Lead, again.Raw, err)
	}
}

func lineList(n *yaml.Node) string {
	var b strings.Builder
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		if len(n.Content) == 0 {
			b.WriteString(n.Value + ":" + string(rune('0'+n.Line%10)) + string(rune('0'+n.Line/10)) + " ")
		}
		for _, child := range n.Content {
			walk(child)
		}
	}
	walk(n)
	return strings.ReplaceAll(b.String(), "one:", "changed:")
}
