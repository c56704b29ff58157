// Package reread edits objects as controllers do that know no fields: the object
// becomes text, the text is edited, and the result is read again. So a string can turn
// into a number or into a map, and quotes of the manifest protect nothing.
package reread

import (
	"bytes"
	"errors"

	"sigs.k8s.io/kustomize/kyaml/yaml"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// Text returns the object as kustomize's AsYAML does (api/resource/resource.go):
// without comments, keys in order, quotes only where YAML needs them.
func Text(root *yaml.Node) (string, error) {
	var value any
	if err := root.Decode(&value); err != nil {
		return "", errors.New("it cannot be written as JSON")
	}
	text, err := sigsyaml.Marshal(value)
	if err != nil {
		return "", errors.New("it cannot be written as JSON")
	}
	return string(text), nil
}

// Edit returns the object at root after edit changed its text; that is root itself
// where the text stays the same. What the edit left alone keeps its node, and what it
// changed the line and the comments that it had.
func Edit(root *yaml.Node, edit func(text string) (string, error)) (*yaml.Node, error) {
	text, err := Text(root)
	if err != nil {
		return nil, err
	}
	changed, err := edit(text)
	if err != nil || changed == text {
		return root, err
	}
	before, err := read(text)
	if err != nil {
		return nil, err
	}
	after, err := read(changed)
	if err != nil {
		return nil, err
	}
	result := merge(quoted(node.Clone(root)), before, after)
	if err := prove(result, changed); err != nil {
		return nil, err
	}
	return result, nil
}

// prove checks that Kubernetes reads the same in result, once that is written, as in
// the text that the controller makes: the YAML libraries disagree in corners.
func prove(result *yaml.Node, text string) error {
	var written bytes.Buffer
	if err := document.Encode(&written, result); err != nil {
		return errors.New("what comes out cannot be written")
	}
	want, err := sigsyaml.YAMLToJSON([]byte(text))
	if err != nil {
		return errors.New("what comes out is no YAML for Kubernetes")
	}
	if got, err := sigsyaml.YAMLToJSON(written.Bytes()); err != nil || !bytes.Equal(got, want) {
		return errors.New("what comes out means different things to different readers of YAML: write it by hand")
	}
	return nil
}

// read parses a text that no file holds. Errors of package document show no values,
// but lines that are of no use here.
func read(text string) (*yaml.Node, error) {
	doc := document.Doc{Line: 1, Raw: []byte(text)}
	root, err := doc.Parse()
	if broken := (*document.Error)(nil); errors.As(err, &broken) {
		return nil, errors.New("what comes out is no object: " + broken.Msg)
	}
	return root, err
}
