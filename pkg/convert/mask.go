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
	if !mayHold(*text) {
		return
	}
	root, err := j.doc.Parse()
	if err != nil {
		if kind := j.doc.Peek().Kind; kind == secret.Kind.Name || kind == secretList || isList(kind) {
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

// mayHold tells whether a text may hold a Secret; a backslash may stand within the word.
func mayHold(text []byte) bool {
	return bytes.Contains(text, []byte(secret.Kind.Name)) || bytes.IndexByte(text, '\\') >= 0
}

// secretList is the kind of a list whose items need not say that they are Secrets.
const secretList = "SecretList"

// maskAll masks a Secret, or those of a list.
func maskAll(root *yaml.Node) (changed bool) {
	kind := node.Text(root, "kind")
	if secret.Is(objectOf(root)) {
		return secret.Mask(root)
	}
	if !isList(kind) && kind != secretList {
		return false
	}
	for _, item := range node.Items(root, "items") {
		if kind == secretList {
			changed = secret.Mask(item) || changed
			continue
		}
		changed = maskAll(item) || changed
	}
	return changed
}
