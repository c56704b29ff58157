package convert

import (
	"bytes"
	"sync"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/substitute"
)

// substitute replaces variables in the documents before anything else reads them.
func (c *compiler) substitute(streams []stream) *substitute.Result {
	if !c.options.Substitute {
		return nil
	}
	var docs, maps []*document.Doc
	for _, in := range streams {
		for i := range in.docs {
			d := &in.docs[i]
			docs = append(docs, d)
			if head := d.Peek(); (!head.OK || head.Kind == "ConfigMap" || isList(head.Kind)) && bytes.Contains(d.Raw, []byte("ConfigMap")) {
				maps = append(maps, d)
			}
		}
	}
	index := sync.OnceValue(func() *flux.Index { return c.options.indexOf(maps) })
	return substitute.Run(docs, substitute.Source{
		Namespace: c.options.Namespace, Members: c.options.members,
		Maps: func(ref flux.Ref, file string) (*yaml.Node, string) { return variables(index(), ref, file) },
	})
}

// indexOf makes the ConfigMaps of documents known by name. Each is read when it is asked
// for: its own variables may have got their values by then.
func (o *Options) indexOf(docs []*document.Doc) *flux.Index {
	index := flux.NewIndex()
	for _, d := range docs {
		objects, _ := o.open(d) // the conversion reports a broken one
		for i, object := range objects {
			if node.Text(object, "kind") != "ConfigMap" {
				continue
			}
			index.Add(&flux.Entry{Ref: flux.ObjectRef(object, ""), File: d.File, Load: func() (*yaml.Node, error) {
				again, err := o.open(d)
				if err != nil {
					return nil, err
				}
				return again[i], nil
			}})
		}
	}
	return index
}

// open returns the objects of a document.
func (o *Options) open(d *document.Doc) ([]*yaml.Node, error) {
	root, err := d.Parse()
	if err != nil {
		return nil, err
	}
	if members, ok := o.members(root); ok {
		return members, nil
	}
	return []*yaml.Node{root}, nil
}

// variables returns the data of a ConfigMap, or why it has none to offer.
func variables(index *flux.Index, ref flux.Ref, file string) (data *yaml.Node, why string) {
	switch found := index.Find(ref, file); len(found) {
	case 0:
		return nil, "it is not in the input"
	case 1:
		root, err := found[0].Load()
		if err != nil {
			return nil, "it is broken"
		}
		return node.Get(root, "data"), ""
	default:
		return nil, "several objects of the input may be it"
	}
}

// notes returns what there is to say of variables in a document.
func (c *compiler) notes(d *document.Doc) []ledger.Entry {
	if c.substituted == nil {
		return nil
	}
	return c.substituted.Notes(d)
}

// postBuild says what became of the variables of a Kustomization; nil where nobody
// asked.
func (c *compiler) postBuild(at site) *mapping.PostBuild {
	if c.substituted == nil {
		return nil
	}
	note, ok := c.substituted.Account(substitute.Site{Doc: at.doc, Item: at.item})
	return &mapping.PostBuild{Note: note, Done: ok}
}

// literal tells whether what looks like a variable is meant as it stands.
func (c *compiler) literal(at site) bool {
	return c.substituted != nil && c.substituted.Literal(substitute.Site{Doc: at.doc, Item: at.item})
}
