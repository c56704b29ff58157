package convert

import (
	"slices"
	"sync"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/preserve"
)

// restoreFlux gives the objects of an Application that was converted from Flux the
// form that they had, wherever nobody has changed what came of it.
func (c *compiler) restoreFlux(u *mapping.Unit) error {
	record, images, err := c.recordOf(u.App.Root)
	if record != nil {
		u.Restored(restored(record, u.Objects(), images))
	}
	return err
}

// recordOf returns the record of an Application and what comes of it without that; nil
// where it has none that holds.
func (c *compiler) recordOf(root *yaml.Node) (*preserve.Record, []*yaml.Node, error) {
	record, err := preserve.Read(root)
	if err != nil || record == nil || c.options.plain {
		return nil, nil, err
	}
	images, err := plainly([]*yaml.Node{root}, ToFlux)
	if err != nil || !record.Holds(images) {
		return nil, nil, err
	}
	return record, images, nil
}

// restored returns the objects with what the record says.
func restored(record *preserve.Record, objects []*object.Object, images []*yaml.Node) (result []*object.Object) {
	for _, o := range objects {
		if record.Drops(o.Kind.Name) || flux.IsAddOn(o.Kind.Name) && record.Whole(o.Kind.Name) {
			continue
		}
		for _, was := range record.Objects {
			if was.Kind == o.Kind.Name && was.Whole == nil {
				image := of(o.Kind.Name, images)
				preserve.Restore(was.Changes, o.Root, preserve.Desired(image))
				if o.Name() == "" { // nobody has named it yet
					o.Rename(node.Text(image, "metadata", "name"))
				}
				o.Renamed()
			}
		}
		result = append(result, o)
	}
	for _, was := range record.Objects {
		if was.Whole != nil {
			result = append(result, object.From(node.FromValue(preserve.Decode(was.Whole))))
		}
	}
	return result
}

func of(kind string, objects []*yaml.Node) *yaml.Node {
	for _, o := range objects {
		if node.Text(o, "kind") == kind {
			return o
		}
	}
	return nil
}

// A group is the appliers that one Application with several sources became.
type group struct {
	first  *applier
	others []*applier
	once   sync.Once
	root   *yaml.Node // the Application, restored whole; nil where something has changed
	err    error
}

// whole returns the Application that the group was, or nil where it has to be
// converted like any other.
func (c *compiler) whole(g *group) (*yaml.Node, error) {
	g.once.Do(func() {
		record := g.first.record
		var trees []*yaml.Node
		for _, a := range append([]*applier{g.first}, g.others...) {
			tree, err := c.survey.cache.load(a.site)
			if err != nil {
				g.err = err
				return
			}
			trees = append(trees, tree)
			trees = append(trees, c.survey.sourcesOf(a)...)
		}
		images, err := plainly(trees, ToArgo)
		if g.err = err; err == nil && record.Holds(images) {
			g.root = node.FromValue(preserve.Decode(record.Objects[0].Whole))
		}
	})
	return g.root, g.err
}

// restoreArgo gives an Application the form that it had before it was converted to
// Flux, wherever nobody has changed what came of it.
func (c *compiler) restoreArgo(u *mapping.BackUnit, a *applier) error {
	if a.record == nil || c.options.plain {
		return nil
	}
	if a.group != nil {
		root, err := c.whole(a.group)
		if err == nil && root != nil {
			u.Whole(node.Clone(root), a == a.group.first)
		}
		return err
	}
	tree, err := c.survey.cache.load(a.site)
	if err != nil {
		return err
	}
	images, err := plainly(append([]*yaml.Node{tree}, c.survey.sourcesOf(a)...), ToArgo)
	if err != nil || !a.record.Holds(images) {
		return err
	}
	u.TrustRecord()
	restored(a.record, []*object.Object{u.App}, images)
	return nil
}

// sourcesOf returns the trees of the source objects that an applier uses.
func (s *survey) sourcesOf(a *applier) (trees []*yaml.Node) {
	for _, u := range a.uses() {
		if tree, err := u.entry.Load(); err == nil && !slices.Contains(trees, tree) {
			trees = append(trees, tree)
		}
	}
	return trees
}
