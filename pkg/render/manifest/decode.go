package manifest

import (
	"errors"
	"fmt"
	"strings"

	yamlv2 "go.yaml.in/yaml/v2"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/json"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"
	"sigs.k8s.io/yaml"
)

// Decode reads one YAML or JSON document as the API server's clients do: lists become
// their items, and a document without content is no object.
func Decode(document []byte, origin Origin) ([]Object, error) {
	data, err := yaml.YAMLToJSON(document)
	if err != nil {
		return nil, err
	}
	var content map[string]any
	if err := json.Unmarshal(data, &content); err != nil {
		return nil, errors.New("not a map")
	}
	if len(content) == 0 {
		return nil, nil
	}
	return FromContent(content, origin)
}

// DecodeRewritten is Decode for text that kustomize reads and writes before: words such
// as "yes" and "on" are text to it.
func DecodeRewritten(document []byte, origin Origin) ([]Object, error) {
	var root kyaml.Node
	if err := kyaml.Unmarshal(document, &root); err != nil || root.IsZero() {
		return nil, err
	}
	content, err := Content(&root)
	if err != nil || len(content) == 0 {
		return nil, err
	}
	return FromContent(content, origin)
}

// FromContent makes objects of decoded content, whose numbers are int64 or float64.
func FromContent(content map[string]any, origin Origin) ([]Object, error) {
	o := Object{Unstructured: unstructured.Unstructured{Object: content}, Origin: origin}
	if o.GetKind() == "" || o.GetAPIVersion() == "" {
		return nil, errors.New("no object: it lacks apiVersion or kind")
	}
	items, ok := content["items"].([]any)
	if !ok || !strings.HasSuffix(o.GetKind(), "List") {
		return []Object{o}, nil
	}
	var all []Object
	for i, item := range items {
		content, ok := item.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("items[%d] is no map", i)
		}
		objects, err := FromContent(content, origin)
		if err != nil {
			return nil, fmt.Errorf("items[%d]: %w", i, err)
		}
		all = append(all, objects...)
	}
	return all, nil
}

// Encode writes an object as YAML with sorted keys, the same text as sigs.k8s.io/yaml
// without its way through JSON.
func Encode(content map[string]any) ([]byte, error) { return yamlv2.Marshal(content) }
