package secret

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// Values are the texts that a Secret keeps, in the forms that other texts quote them in.
type Values []string

// Label is the one by which Argo CD knows its Secrets (common/common.go).
const Label = "argocd.argoproj.io/secret-type"

// ValuesOf returns the values of the Secret at root, but for ciphertext and what Argo CD
// reads as a setting.
func ValuesOf(root *yaml.Node) (v Values) {
	argo := node.Text(root, "metadata", "labels", Label) != ""
	for _, field := range []string{"data", "stringData"} {
		content := contentOf(node.Get(root, field))
		for i := 1; i < len(content); i += 2 {
			text := content[i].Value
			if argo && slices.Contains(open, content[i-1].Value) || strings.HasPrefix(text, ciphertext) {
				continue
			}
			if decoded, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), "")); field == "data" && err == nil {
				text = string(decoded)
			}
			v.add(text)
			for _, leaf := range leavesOf(text) {
				v.add(leaf)
			}
		}
	}
	return v
}

// add takes a value, as it is, in base64, and as JSON writes it.
func (v *Values) add(text string) {
	if text = strings.TrimSpace(text); text == "" {
		return
	}
	quoted, _ := json.Marshal(text) // strings always marshal
	*v = append(*v, text, base64.StdEncoding.EncodeToString([]byte(text)), string(quoted[1:len(quoted)-1]))
}

// shortest is the length from which a text within a value counts by itself: kubeconfigs
// and Docker configurations are full of short words that are no secrets.
const shortest = 8

// leavesOf returns the texts within a value that is itself YAML or JSON: a kubeconfig, the
// configuration of a cluster or of Docker.
func leavesOf(text string) (leaves []string) {
	var root yaml.Node
	if !strings.Contains(text, ":") || yaml.Unmarshal([]byte(text), &root) != nil {
		return nil
	}
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) { // an alias has no content of its own
		if n.Kind == yaml.ScalarNode && len(n.Value) >= shortest {
			leaves = append(leaves, n.Value)
		}
		for i, child := range n.Content {
			if n.Kind != yaml.MappingNode || i%2 == 1 {
				walk(child)
			}
		}
	}
	walk(&root)
	return leaves
}

// In tells whether a text quotes one of the values.
func (v Values) In(text string) bool {
	return slices.ContainsFunc(v, func(value string) bool { return strings.Contains(text, value) })
}

// hidden is Placeholder as a label may hold it.
const hidden = "redacted"

// Without returns the value of a label or an annotation, or a placeholder where it quotes
// one of the values.
func (v Values) Without(field, text string) string {
	switch {
	case !v.In(text):
		return text
	case field == "labels":
		return hidden
	default:
		return Placeholder
	}
}
