package convert

import (
	"bytes"
	"fmt"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/liveset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/schema"
)

// render writes the text of a converted document and its ledger.
func (c *compiler) render(j *job) {
	j.out.Status = Converted
	for _, u := range j.units {
		entries := u.Entries()
		c.present.lost(entries, u.Objects())
		if c.options.Preserve {
			if err := c.preserve(u); err != nil {
				j.fail(err)
				return
			}
			if set, ok := u.(*liveset.Unit); ok {
				entries = append(entries, set.Unrecorded())
			}
		}
		j.out.Entries = append(j.out.Entries, entries...)
	}
	if c.options.Suspend {
		c.suspend(j)
	}
	if j.kept != nil {
		j.out.Out = append(j.out.Out, Output{Object: j.out.Object, Lead: j.doc.Lead, Data: j.kept})
	}
	var buf bytes.Buffer
	for _, o := range j.objects {
		if err := j.write(&buf, o.Ref(), o.Root, !o.Restored); err != nil {
			j.fail(err)
			return
		}
	}
	for _, item := range j.rest {
		if err := j.write(&buf, objectOf(item), item, false); err != nil {
			j.fail(err)
			return
		}
	}
	// The trees are large and the text is all that is needed from here on.
	j.units, j.objects, j.rest = nil, nil, nil
}

// write appends one document. Ours must satisfy the schema of its kind: a violation
// is an input that no rule foresaw.
func (j *job) write(buf *bytes.Buffer, id ledger.Object, root *yaml.Node, ours bool) error {
	if s, ok := schema.For(id.APIVersion, id.Kind); ok && ours {
		for _, p := range s.Validate(root) {
			return fmt.Errorf("%s:%d: %s %q would be written with %s: %s: check the fields that it is made of",
				j.doc.File, j.doc.Line, id.Kind, id.Name, p.Path, p.Message)
		}
	}
	if len(j.out.Out) == 0 && j.comment != "" {
		root.HeadComment = j.comment
	}
	buf.Reset()
	if err := document.Encode(buf, root); err != nil {
		return fmt.Errorf("%s:%d: %s %q: %w", j.doc.File, j.doc.Line, id.Kind, id.Name, err)
	}
	out := Output{Object: id, Data: bytes.Clone(buf.Bytes())}
	if len(j.out.Out) == 0 {
		out.Lead = j.doc.Separator()
	}
	j.out.Out = append(j.out.Out, out)
	return nil
}
