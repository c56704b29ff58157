package convert

import (
	"errors"
	"fmt"
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/liveset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// liveSet adds the ResourceSet that takes the place of the ApplicationSet at root. passes
// tells that it stays as it is: nothing of it is written unless all of it is.
func (c *compiler) liveSet(j *job, root *yaml.Node, o ledger.Object) (passes bool) {
	u, err := c.resourceSet(j, root, o)
	if err == nil {
		j.units = append(j.units, u)
		return false
	}
	p := (*appset.Problem)(nil)
	if !errors.As(err, &p) {
		p = &appset.Problem{ID: "appset-resourceset-refused", Path: "spec.template", Line: orNode(node.At(root, "spec", "template"), root).Line, Msg: err.Error()}
	}
	j.note(&yaml.Node{Line: p.Line}, o, p.Path, p.ID, "passes untouched, as it cannot be a ResourceSet: "+p.Msg)
	return true
}

func (c *compiler) resourceSet(j *job, root *yaml.Node, o ledger.Object) (*liveset.Unit, error) {
	set, p := liveset.Read(root)
	if p != nil {
		return nil, p
	}
	static, err := c.unitsOf(j, set.Samples)
	if err != nil {
		return nil, err
	}
	marked, err := c.unitsOf(j, set.Marked)
	if err != nil {
		return nil, errors.New(set.Source(err.Error()))
	}
	entries := marked[0].Entries()
	became := marked[0].Objects()
	refs := make([]ledger.Object, len(became))
	for i, o := range became {
		refs[i] = o.Ref()
	}
	samples := make([][]*object.Object, len(static))
	for i, u := range static {
		samples[i] = u.Objects()
	}
	written := set.Write(became, samples, c.placeOfSet(o))
	for _, o := range written {
		if err := liveset.Valid(o.Root); err != nil {
			return nil, err
		}
	}
	if err := set.Check(written[len(written)-1], slices.Concat(samples...)); err != nil {
		return nil, err
	}
	return &liveset.Unit{Set: set, File: j.doc.File, Written: written, Application: marked[0].App.Root, ByField: entries, Became: refs}, nil
}

// unitsOf converts the Applications of an ApplicationSet as if nothing else was there.
func (c *compiler) unitsOf(j *job, root *yaml.Node) (units []*mapping.Unit, err error) {
	apps, problems := appset.Expand(root, c.sets.world)
	if len(problems) == 0 {
		problems = c.pointless(j.doc, root, apps)
	}
	if len(problems) > 0 {
		return nil, problems[0]
	}
	releases := mapping.Releases{}
	for _, app := range apps {
		part := &job{doc: j.doc}
		passes, err := c.unit(part, app)
		switch {
		case err != nil:
			return nil, fmt.Errorf("an Application that it makes is broken: %w", err)
		case passes:
			return nil, fmt.Errorf("an Application that it makes stays on Argo CD: %s", part.out.Entries[0].Note)
		}
		u := part.units[0].(*mapping.Unit)
		releases.Claim(u)
		for _, o := range u.Objects() {
			if len(o.Names) > 0 {
				o.Rename(o.Names[0])
			}
		}
		units = append(units, u)
	}
	return units, nil
}

// placeOfSet is the namespace of a ResourceSet: that of the Flux objects of an
// Application beside the ApplicationSet, wherever these deploy to.
func (c *compiler) placeOfSet(o ledger.Object) string {
	if c.options.Placement == PlaceByNamespace && o.Namespace != "" && o.Namespace != c.options.ArgoCDNamespace {
		return o.Namespace
	}
	return c.options.FluxNamespace
}

func orNode(n, fallback *yaml.Node) *yaml.Node {
	if n == nil {
		return fallback
	}
	return n
}

var _ unit = (*liveset.Unit)(nil)
