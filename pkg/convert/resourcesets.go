package convert

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
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
	set, p := c.readSet(root)
	if p != nil {
		return nil, p
	}
	if len(set.Directories()) > 0 {
		if err := c.repositories(j, set); err != nil {
			return nil, err
		}
		c = c.blind()
	}
	static, err := c.unitsOf(j, set.Samples)
	if err != nil {
		return nil, err
	}
	marked, err := c.exemplary(set).unitsOf(j, set.Marked)
	if err != nil {
		return nil, errors.New(set.Source(err.Error()))
	}
	entries := worst(marked[0].Entries(), static)
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

// worst are the entries of a template, each as bad as it is for any of its Applications, and
// those about what is absent that only some of these have.
func worst(entries []ledger.Entry, units []*mapping.Unit) []ledger.Entry {
	at := map[[2]string]int{}
	for i, e := range entries {
		at[subjectOf(e)] = i
	}
	for _, u := range units {
		for _, e := range u.Entries() {
			i, ok := at[subjectOf(e)]
			switch {
			case !ok && e.Absent:
				at[subjectOf(e)] = len(entries)
				e.From.Object = entries[0].From.Object
				entries = append(entries, e)
			case ok && e.Fidelity.Severity() > entries[i].Fidelity.Severity():
				entries[i].ID, entries[i].Fidelity, entries[i].Note, entries[i].Blocking = e.ID, e.Fidelity, e.Note, e.Blocking
			}
		}
	}
	return entries
}

// subjectOf is what an entry is about: a leaf has one, and what is absent has several.
func subjectOf(e ledger.Entry) [2]string {
	if !e.Absent {
		return [2]string{e.From.Path}
	}
	return [2]string{e.From.Path, e.ID}
}

// repositories converts what has the repositories of generators as its source.
func (c *compiler) repositories(j *job, set *liveset.Set) error {
	for _, d := range set.Directories() {
		u, err := c.unitOf(j, d.Application)
		if err != nil {
			return fmt.Errorf("the repository of the generator git: %w", err)
		}
		if err := d.Repository(u.Objects(), u.Entries()); err != nil {
			return err
		}
	}
	return nil
}

// examples are Applications that need the credentials that a ResourceSet of providers will
// need: those of repositories that are looked through, and, where templates are wanted, too,
// what the template makes of what stands for the answers.
func (c *compiler) examples(root *yaml.Node, templates bool) (apps []*yaml.Node) {
	if c.options.AppSet != AppSetResourceSet || !isSet(objectOf(root)) {
		return nil
	}
	set, p := c.readSet(root)
	if p != nil || !set.Live() {
		return nil
	}
	if templates {
		apps, _ = appset.Expand(set.Samples, c.sets.world)
	}
	for _, d := range set.Directories() {
		apps = append(apps, d.Application)
	}
	return apps
}

func (c *compiler) readSet(root *yaml.Node) (*liveset.Set, *appset.Problem) {
	return liveset.Read(root, liveset.World{World: c.sets.world, PathPatterns: c.settings.Flux29})
}

// blind returns a compiler that reads no checkout: nobody knows what will be in the
// directories of tomorrow.
func (c *compiler) blind() *compiler {
	return c.reading(func(string, string) *checkout.Repo { return nil })
}

// reading returns a compiler that reads other checkouts.
func (c *compiler) reading(from func(url, revision string) *checkout.Repo) *compiler {
	other, settings := *c, *c.settings
	settings.Checkout = from
	other.settings = &settings
	return &other
}

// exemplary returns a compiler that finds in checkouts, where the Application with marks
// looks, what the first of the samples finds. That the others find the same the comparison
// tells.
func (c *compiler) exemplary(set *liveset.Set) *compiler {
	other := c.reading(func(url, revision string) *checkout.Repo {
		repo := c.settings.Checkout(set.Example(url), set.Example(revision))
		if repo == nil {
			return nil
		}
		return &checkout.Repo{FS: exemplaryFS{repo.FS, set}}
	})
	other.settings.Unnamed = set.Live()
	return other
}

// exemplaryFS opens what the first of the samples names.
type exemplaryFS struct {
	fs.FS
	set *liveset.Set
}

func (f exemplaryFS) Open(name string) (fs.File, error) { return f.FS.Open(f.set.Example(name)) }

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
		u, err := c.unitOf(j, app)
		if err != nil {
			return nil, err
		}
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

// unitOf converts an Application that an ApplicationSet makes.
func (c *compiler) unitOf(j *job, app *yaml.Node) (*mapping.Unit, error) {
	part := &job{doc: j.doc}
	passes, err := c.unit(part, app)
	switch {
	case err != nil:
		return nil, fmt.Errorf("an Application that it makes is broken: %w", err)
	case passes:
		return nil, fmt.Errorf("an Application that it makes stays on Argo CD: %s", part.out.Entries[0].Note)
	}
	return part.units[0].(*mapping.Unit), nil
}

// claimSets takes the names of what ResourceSets write and make. One of which a name is
// another's stays an ApplicationSet: flux-operator and whoever applies the other object
// would undo each other's work.
func (c *compiler) claimSets(j *job) {
	j.units = slices.DeleteFunc(j.units, func(u unit) bool {
		set, ok := u.(*liveset.Unit)
		if !ok {
			return false
		}
		made := set.Made()
		twice := c.twice(set.Objects(), made)
		if twice == nil {
			for _, o := range append(made, set.Objects()...) {
				c.registry.Claim(o)
			}
			return false
		}
		root := set.Set.Root
		j.note(root, objectOf(root), "spec.template.metadata.name", "appset-resourceset-twice", fmt.Sprintf(
			"passes untouched: its ResourceSet would have the %s %s, and so has something else: give one of them another name", twice.Kind.Name, twice.Name()))
		j.rest = append(j.rest, root)
		return true
	})
	if len(j.units) == 0 && len(j.rest) == 1 && !isList(j.out.Object.Kind) && isSet(objectOf(j.rest[0])) {
		j.rest = nil
		j.pass()
	}
}

// twice returns an object that the compiler writes, or that its ResourceSet makes, of which
// there is another; nil for none.
func (c *compiler) twice(written, made []*object.Object) *object.Object {
	for _, o := range written {
		if c.registry.Stands(o) == object.Taken {
			return o
		}
	}
	for _, o := range made {
		same := func(w *object.Object) bool { return w.Ref() == o.Ref() }
		if c.registry.Stands(o) != object.Free || slices.ContainsFunc(written, same) {
			return o
		}
	}
	return nil
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
