package convert

import (
	"bytes"
	"fmt"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/secret"
)

// mask hides the values of Secrets that are not converted. What a conversion writes is
// masked where it is written.
func (c *compiler) mask(j *job) {
	for _, item := range j.rest {
		secret.MaskAll(item)
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
		if kind := j.doc.Peek().Kind; kind == secret.Kind.Name || kind == secret.ListKind || isList(kind) {
			j.fail(fmt.Errorf("%w: values of Secrets cannot be redacted in what cannot be read", err))
		}
		return
	}
	if !secret.MaskAll(root) {
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
