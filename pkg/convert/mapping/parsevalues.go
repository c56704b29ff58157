package mapping

import (
	"bytes"

	"sigs.k8s.io/kustomize/kyaml/yaml"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// parseValues reads a values file as Helm does: all documents, the later over the
// earlier (helm pkg/chart/loader LoadValues).
func parseValues(data []byte) (values *yaml.Node, ok bool) {
	docs, err := document.Split("", data)
	if err != nil {
		return nil, false
	}
	values = node.Map()
	for _, doc := range docs {
		content, err := parseDocument(doc)
		if err != nil {
			return nil, false
		}
		values = mergeValues(values, content)
	}
	return values, true
}

func parseDocument(doc document.Doc) (*yaml.Node, error) {
	if text := bytes.TrimSpace(doc.Raw); doc.Empty() || string(text) == "null" || string(text) == "~" {
		return node.Map(), nil
	}
	values, err := doc.Parse()
	if err != nil {
		return nil, err
	}
	return values, asHelm(values)
}

// asHelm turns what YAML 1.1 reads in another way than YAML 1.2 into what it means to
// Helm, which makes JSON of it: old booleans, and dates and keys that are no text.
func asHelm(values *yaml.Node) error {
	node.ResolveOldBools(values)
	node.TextDates(values)
	return node.TextKeys(values)
}

// helmTree returns values as Helm sees them: YAML to JSON to Go, so that a date is text
// and every number a float (helm pkg/chart/common/values.go ReadValues).
func helmTree(values *yaml.Node) (map[string]any, error) {
	var text bytes.Buffer
	if err := document.Encode(&text, values); err != nil {
		return nil, err
	}
	tree := map[string]any{}
	return tree, sigsyaml.Unmarshal(text.Bytes(), &tree)
}

// helmNode is the way back of a value of helmTree.
func helmNode(value any) (*yaml.Node, error) {
	text, err := sigsyaml.Marshal(value)
	if err != nil {
		return nil, err
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, err
	}
	return doc.Content[0], nil
}
