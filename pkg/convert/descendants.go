package convert

import (
	"bytes"
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// descendants returns the documents of checkouts that hold the children of the input's
// Applications, theirs, and so on: what families will convert. Credentials and projects
// are given to all Applications before the first is converted.
func (c *compiler) descendants(streams []stream) stream {
	var found stream
	if !c.options.followsChildren() || len(c.options.Checkouts) == 0 {
		return found
	}
	followed := map[string]bool{}
	look := func(at site, root *yaml.Node) {
		apps, _ := c.applicationsOf(at.doc, root)
		for _, app := range apps {
			for _, f := range c.familiesOf(at.doc, app) {
				found.docs = append(found.docs, c.childDocs(f, followed)...)
			}
		}
	}
	eachObject(streams, ofArgoGroup, look)
	for i := 0; i < len(found.docs); i++ {
		eachObject([]stream{{docs: slices.Clone(found.docs[i : i+1])}}, ofArgoGroup, look)
	}
	return found
}

func ofArgoGroup(d *document.Doc) bool { return bytes.Contains(d.Raw, argoGroup) }

// familiesOf returns the families of an Application that is converted and of whose sources
// there is a checkout.
func (c *compiler) familiesOf(d *document.Doc, root *yaml.Node) []*mapping.Family {
	node.ResolveOldBools(root)
	app := argocd.Read(root)
	if c.stays(d, root, app) || !slices.ContainsFunc(app.Sources, func(s *argocd.Source) bool {
		return c.options.checkoutIndex(s.RepoURL, s.Revision) >= 0
	}) {
		return nil
	}
	u, err := c.table.Convert(app, d.File, c.settings)
	if err != nil || c.restoreFlux(u) != nil {
		return nil // the conversion reports it
	}
	return u.Families()
}

// childDocs returns the documents of a family that hold a child; what cannot be cut into
// documents the conversion reports.
func (c *compiler) childDocs(f *mapping.Family, followed map[string]bool) (docs []document.Doc) {
	for _, file := range c.childFiles(f, followed) {
		if split, err := document.Split(file.name, file.data); err == nil {
			docs = append(docs, c.childrenIn(split, f.Namespace)...)
		}
	}
	return docs
}
