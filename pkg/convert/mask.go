package convert

import (
	"bytes"
	"fmt"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/secret"
)

// mask hides the values of Secrets that are not converted. What a conversion writes is
// masked where it is written.
func (c *compiler) mask(j *job) {
	for _, item := range j.rest {
		maskAll(item)
	}
	switch {
	case j.kept != nil:
		j.maskText(&j.kept)
	case j.out.Status == Passed && len(j.out.Out) == 1:
		j.maskText(&j.out.Out[0].Data)
	}
}

// maskText masks the document. What cannot be parsed cannot be masked either.
func (j *job) maskText(text *[]byte) {
	if !bytes.Contains(*text, []byte(secret.Kind.Name)) {
		return
	}
	root, err := j.doc.Parse()
	if err != nil {
		if bytes.Contains(*text, []byte("kind: "+secret.Kind.Name)) {
			j.fail(fmt.Errorf("%w: values of Secrets cannot be redacted in what cannot be read", err))
		}
		return
	}
	if !maskAll(root) {
		return
	}
	var buf bytes.Buffer
	if err := document.Encode(&buf, root); err != nil {
		j.fail(fmt.Errorf("%s:%d: %w", j.doc.File, j.doc.Line, err))
		return
	}
	*text = buf.Bytes()
}

// maskAll masks a Secret, or those of a list.
func maskAll(root *yaml.Node) (changed bool) {
	if secret.Is(objectOf(root)) {
		return secret.Mask(root)
	}
	if isList(node.Text(root, "kind")) || node.Text(root, "kind") == "SecretList" {
		for _, item := range node.Items(root, "items") {
			changed = maskAll(item) || changed
		}
	}
	return changed
}
