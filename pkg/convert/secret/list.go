package secret

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// ListKind is the kind of a list whose items need not say that they are Secrets.
const ListKind = "SecretList"

// MaskAll masks a Secret, those of a list, and those that another object holds, be it as
// text: ResourceSets, values of charts, patches. A comment may quote anything, so the
// document of a Secret loses all. It returns whether anything changed.
func MaskAll(root *yaml.Node) (changed bool) {
	var m masker
	m.mask(root)
	return m.found && StripComments(root) || m.changed
}

// A masker masks what it is shown.
type masker struct{ found, changed bool }

func (m *masker) mask(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode {
		m.text(n)
		return
	}
	if holdsValues(n) {
		m.found, m.changed = true, Mask(n) || m.changed
		return
	}
	of := node.Text(n, "kind")
	for i, child := range n.Content {
		switch key := keyOf(n, i); {
		case of == ListKind && key == "items":
			m.items(child)
		case key == "patch" && node.Text(n, "target", "kind") == Kind.Name:
			m.hide(child)
		case key == "secretGenerator":
			for _, one := range child.Content {
				m.hideAll(node.Get(one, "literals"))
			}
		default:
			m.mask(child)
		}
	}
}

// keyOf is the key of the child of n at i, or "".
func keyOf(n *yaml.Node, i int) string {
	if n.Kind != yaml.MappingNode || i%2 == 0 {
		return ""
	}
	return n.Content[i-1].Value
}

// holdsValues tells a Secret from a reference to one. A patch need not say its version.
func holdsValues(n *yaml.Node) bool {
	version := node.Text(n, "apiVersion")
	if node.Text(n, "kind") != Kind.Name || version != "" && version != Kind.APIVersion {
		return false
	}
	return node.Get(n, "data") != nil || node.Get(n, "stringData") != nil || version != "" && node.Get(n, "metadata") != nil
}

func (m *masker) items(list *yaml.Node) {
	for _, item := range list.Content {
		m.found, m.changed = true, Mask(item) || m.changed
	}
}

func (m *masker) hide(n *yaml.Node) {
	hide(n, Placeholder)
	m.found, m.changed = true, true
}

func (m *masker) hideAll(list *yaml.Node) {
	if list == nil {
		return
	}
	for _, item := range list.Content {
		m.hide(item)
	}
}

// secretText finds manifests of Secrets in a text, in YAML or JSON.
var secretText = regexp.MustCompile(`kind\\?["']?\s*:\s*\\?["']?Secret\b`)

// text masks manifests in a text. Of one that cannot be read, such as a template, nothing
// is shown.
func (m *masker) text(n *yaml.Node) {
	if !secretText.MatchString(n.Value) {
		return
	}
	switch shown, changed, err := maskText(n.Value); {
	case err != nil:
		m.hide(n)
	case changed:
		n.Value, m.found, m.changed = shown, true, true
	}
}

// maskText masks the Secrets in a stream of YAML.
func maskText(text string) (shown string, changed bool, err error) {
	var all bytes.Buffer
	for decoder := yaml.NewDecoder(strings.NewReader(text)); ; {
		var doc yaml.Node
		switch err := decoder.Decode(&doc); {
		case errors.Is(err, io.EOF):
			return all.String(), changed, nil
		case err != nil:
			return "", false, err
		}
		for _, root := range doc.Content {
			var one bytes.Buffer
			changed = MaskAll(root) || changed
			if err := document.Encode(&one, root); err != nil {
				return "", false, err
			}
			if all.Len() > 0 {
				all.WriteString("---\n")
			}
			all.Write(one.Bytes())
		}
	}
}

// StripComments takes all comments away and returns whether there was one.
func StripComments(n *yaml.Node) (changed bool) {
	changed = n.HeadComment+n.LineComment+n.FootComment != ""
	n.HeadComment, n.LineComment, n.FootComment = "", "", ""
	for _, child := range n.Content {
		changed = StripComments(child) || changed
	}
	return changed
}
