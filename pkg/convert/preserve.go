package convert

import (
	"bytes"
	"fmt"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/liveset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/preserve"
)

// preserve records on the objects of a unit how its input was, compared with what
// comes back of them.
func (c *compiler) preserve(u unit) error {
	if len(u.Objects()) == 0 || len(u.Inputs()) == 0 {
		return nil
	}
	switch own := u.(type) {
	case *mapping.TenantUnit:
		return preserveTenant(own)
	case *mapping.AccessUnit:
		return nil // see recordMade
	case *liveset.Unit:
		return nil // nothing comes back of a ResourceSet that its operator fills in
	}
	var results []*yaml.Node
	for _, o := range core(u) {
		results = append(results, o.Root)
	}
	back := ToArgo
	if c.options.To == ToArgo {
		back = ToFlux
	}
	images, err := plainly(results, back)
	if err != nil {
		return err
	}
	record := preserve.Compare(u.Inputs(), images)
	if own, ok := u.(*mapping.BackUnit); ok && c.survey.credentials != nil {
		c.survey.credentials.lacking(own, &record)
	}
	text, err := record.Text()
	if err != nil {
		return err
	}
	annotate(u.Objects(), text)
	return nil
}

// core is what the unit writes but for what deploys nothing: a record leaves that alone,
// as it is for all Applications together.
func core(u unit) []*object.Object {
	if forward, ok := u.(*mapping.Unit); ok {
		return forward.Core()
	}
	return u.Objects()
}

// annotate puts the record on the first object that deploys, and the others' place
// beside it.
func annotate(objects []*object.Object, text string) {
	first := ""
	for _, o := range objects {
		switch {
		case !deploys(o.Kind.Name):
		case first == "":
			first = o.Kind.Name + "/" + o.Namespace() + "/" + o.Name()
			o.Set(node.String(text), "metadata", "annotations", preserve.Annotation)
		default:
			o.Set(node.String(first), "metadata", "annotations", preserve.PartOf)
		}
	}
}

func deploys(kind string) bool { return kind == "Application" || flux.IsApplier(kind) }

// plainly converts objects without any choice: what comes out depends on them alone,
// so that it can be compared with what came out another time.
func plainly(objects []*yaml.Node, to Direction) ([]*yaml.Node, error) {
	var buf bytes.Buffer
	for _, root := range objects {
		buf.WriteString("---\n")
		if err := document.Encode(&buf, root); err != nil {
			return nil, fmt.Errorf("preserve: %w", err)
		}
	}
	seq, err := Convert([]Input{{Name: "preserved", Data: buf.Bytes()}}, Options{To: to, Workers: 1, plain: true})
	if err != nil {
		return nil, err
	}
	var images []*yaml.Node
	for out := range seq {
		if out.Status != Converted {
			continue
		}
		for _, o := range out.Out {
			doc := document.Doc{File: "preserved", Line: 1, Raw: o.Data}
			root, err := doc.Parse()
			if err != nil {
				return nil, fmt.Errorf("preserve: %w", err)
			}
			images = append(images, root)
		}
	}
	return images, nil
}
