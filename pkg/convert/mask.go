package convert

import (
	"bytes"
	"fmt"

	"sigs.k8s.io/kustomize/kyaml/yaml"

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
	if mayHold(*text) {
		j.hideIn(j.doc, secret.MaskAll, text)
	}
}

// hideIn writes the text of a document anew, if hide changes anything in it.
func (j *job) hideIn(d *document.Doc, hide func(*yaml.Node) bool, text *[]byte) {
	root, err := d.Parse()
	if err != nil {
		if kind := d.Peek().Kind; kind == secret.Kind.Name || kind == secret.ListKind || isList(kind) {
			j.fail(fmt.Errorf("%w: values of Secrets cannot be redacted in what cannot be read", err))
		}
		return
	}
	if !hide(root) {
		return
	}
	var buf bytes.Buffer
	if err := document.Encode(&buf, root); err != nil {
		j.fail(fmt.Errorf("%s:%d: %w", j.doc.File, j.doc.Line, err))
		return
	}
	*text = buf.Bytes()
}

// redact hides what is left to hide in what is written: the Secrets within other objects,
// and the comments of documents of Secrets.
func (c *compiler) redact(j *job) {
	own := secret.Is(j.out.Object) || isList(j.out.Object.Kind) && mayHold(j.doc.Raw)
	if j.doc.Empty() && j.out.Status == Passed {
		j.out.Out = nil // comments stand in front of what they are about
		return
	}
	for i := range j.out.Out {
		j.redactOutput(&j.out.Out[i], own)
		if j.out.Err != nil {
			return
		}
	}
}

// redactOutput redacts one output; own tells that it is made of a document of Secrets. Secrets
// that the conversion wrote have placeholders already.
func (j *job) redactOutput(out *Output, own bool) {
	written := j.out.Status == Converted && secret.Is(out.Object)
	hide := func(root *yaml.Node) bool { return !written && secret.MaskAll(root) }
	if own {
		inner := hide
		hide = func(root *yaml.Node) bool { changed := inner(root); return secret.StripComments(root) || changed }
		if bytes.IndexByte(out.Lead, '#') >= 0 {
			out.Lead = []byte("---\n")
		}
	}
	if own || mayHold(out.Data) {
		j.hideIn(&document.Doc{File: j.doc.File, Line: j.doc.Line, Raw: out.Data}, hide, &out.Data)
	}
}

// mayHold tells whether a text may hold a Secret; a backslash may stand within the word.
func mayHold(text []byte) bool {
	return bytes.Contains(text, []byte(secret.Kind.Name)) || bytes.IndexByte(text, '\\') >= 0
}
