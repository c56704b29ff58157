package convert

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

func isSet(o ledger.Object) bool { return o.Kind == appset.Kind && isArgo(o.APIVersion) }

// sets is what the conversion of ApplicationSets knows of the rest of the input.
type sets struct {
	world appset.World
	// apps are the Applications of the input, by namespace and name.
	apps map[[2]string]bool
	// makers are the first ApplicationSets of the input that make an Application, by its
	// namespace and name.
	makers map[[2]string]maker
	// given are the files of the Applications and ApplicationSets of the input.
	given map[held]string
}

// A maker is an ApplicationSet by where it is read; there may be two of one name.
type maker struct {
	name, file string
	line       int
}

// String names the set and where it stands; items of a ResourceList need not be of a file.
func (m maker) String() string {
	if m.file == "" {
		return m.name
	}
	return fmt.Sprintf("%s at %s:%d", m.name, m.file, m.line)
}

func makerAt(d *document.Doc, root *yaml.Node) maker {
	return maker{node.Text(root, "metadata", "name"), d.File, root.Line}
}

// held is an object of Argo CD by kind, namespace and name.
type held struct {
	kind string
	at   [2]string
}

// surroundings looks for what ApplicationSets and parents of Applications need. Without
// any of the former, and checkouts for the latter, nothing is parsed.
func (c *compiler) surroundings(streams []stream) *sets {
	s := &sets{world: appset.World{Checkout: c.settings.Checkout, Functions: c.options.TemplateFunctions}, apps: map[[2]string]bool{}, makers: map[[2]string]maker{}, given: map[held]string{}}
	if len(c.options.Checkouts) == 0 && !anyDocument(streams, func(d *document.Doc) bool { return bytes.Contains(d.Raw, []byte(appset.Kind)) }) {
		return s
	}
	var unread []string
	var made []func()
	anyDocument(streams, func(d *document.Doc) bool {
		for _, n := range objectsOf(d) {
			switch o := objectOf(n); {
			case isApplication(o):
				s.apps[c.placeOf(o)] = true
				s.given[held{o.Kind, c.placeOf(o)}] = d.File
			case isSet(o):
				s.given[held{o.Kind, c.placeOf(o)}] = d.File
				made = append(made, func() { c.makes(s, d, n) })
			case appset.IsCluster(n) && (o.Namespace == "" || o.Namespace == c.options.ArgoCDNamespace):
				cluster, err := appset.ReadCluster(n)
				if err != nil {
					unread = append(unread, fmt.Sprintf("%s: %v", place(d, n), err))
				}
				s.world.Clusters = append(s.world.Clusters, cluster)
			}
		}
		return false
	})
	s.world.Unread = strings.Join(unread, "; ")
	if len(made) > 1 { // one has nobody to share with
		for _, note := range made {
			note()
		}
	}
	return s
}

// makes notes what an ApplicationSet makes, once all clusters are known.
func (c *compiler) makes(s *sets, d *document.Doc, root *yaml.Node) {
	node.ResolveOldBools(root)
	if check(d, root, argocd.APIVersion, objectOf(root)) != nil {
		return
	}
	apps, _ := appset.Expand(root, s.world)
	for _, app := range apps {
		if at := c.placeOf(objectOf(app)); s.makers[at] == (maker{}) {
			s.makers[at] = makerAt(d, root)
		}
	}
}

// placeOf is where an Application is, and what it is called.
func (c *compiler) placeOf(o ledger.Object) [2]string {
	return [2]string{orElse(o.Namespace, c.options.ArgoCDNamespace), o.Name}
}

// anyDocument tells whether is holds for any document; it stops there.
func anyDocument(streams []stream, is func(*document.Doc) bool) bool {
	for _, in := range streams {
		for i := range in.docs {
			if is(&in.docs[i]) {
				return true
			}
		}
	}
	return false
}

// objectsOf returns the objects of a document that may matter to ApplicationSets. Most
// documents are never parsed, and broken ones the conversion reports.
func objectsOf(d *document.Doc) []*yaml.Node {
	if !bytes.Contains(d.Raw, []byte(appset.SecretType)) && !bytes.Contains(d.Raw, argoGroup) {
		return nil
	}
	root, err := d.Parse()
	switch {
	case err != nil:
		return nil
	case isList(node.Text(root, "kind")):
		return node.Items(root, "items")
	}
	return []*yaml.Node{root}
}

// set adds the Applications of the ApplicationSet at root, or what these become. passes
// tells that it stays as it is, for the reasons in the entries: it is expanded as a
// whole or not at all.
func (c *compiler) set(j *job, root *yaml.Node) (passes bool, err error) {
	node.ResolveOldBools(root)
	o := objectOf(root)
	if err := check(j.doc, root, argocd.APIVersion, o); err != nil {
		return false, err
	}
	if c.options.AppSet == AppSetResourceSet && !c.options.ExpandOnly {
		return c.liveSet(j, root, o), nil
	}
	apps, problems := appset.Expand(root, c.sets.world)
	if len(problems) == 0 {
		problems = c.pointless(j.doc, root, apps)
	}
	for _, p := range problems {
		j.note(&yaml.Node{Line: p.Line}, o, p.Path, p.ID, "passes untouched: "+p.Msg)
	}
	if len(problems) > 0 {
		return true, nil
	}
	part := &job{doc: j.doc}
	units := make([]*mapping.Unit, len(apps))
	for i, app := range apps {
		if units[i], err = c.member(part, app); err != nil {
			j.note(root, o, "spec.template", "appset-invalid", fmt.Sprintf(
				"passes untouched: the Application %s that it makes is broken: %v", node.Text(app, "metadata", "name"), err))
			return true, nil
		}
	}
	if app := unfilled(root, apps); app != nil {
		j.note(root, o, "spec.template", "appset-unfilled", fmt.Sprintf(
			"no parameter fills a part of the template, which the Application %s keeps as Argo CD would write it", node.Text(app, "metadata", "name")))
	}
	set := &mapping.Set{Root: root, File: j.doc.File, Table: c.table, Made: len(apps), Waiting: roll(appset.Steps(root, apps), units)}
	j.units = append(append(j.units, set), part.units...)
	j.rest = append(j.rest, part.rest...)
	j.out.Entries = append(j.out.Entries, part.out.Entries...)
	return false, nil
}

// pointless tells why the Applications of an ApplicationSet are of no use.
func (c *compiler) pointless(d *document.Doc, root *yaml.Node, apps []*yaml.Node) []*appset.Problem {
	problem := func(id, format string, args ...any) []*appset.Problem {
		return []*appset.Problem{{ID: id, Path: "spec.generators", Line: root.Line, Msg: fmt.Sprintf(format, args...)}}
	}
	if len(apps) == 0 {
		return problem("appset-empty", "its generators find nothing, so that no Application comes of it")
	}
	for _, app := range apps {
		o := objectOf(app)
		first, made := c.sets.makers[c.placeOf(o)]
		switch {
		case c.sets.apps[c.placeOf(o)]:
			return problem("appset-present", "the input has the Application %s, which it makes, too. Those of the input count: leave out either the ApplicationSet or all of its Applications", o.Name)
		case made && first != makerAt(d, root):
			return problem("appset-name-shared", "the ApplicationSet %s makes the Application %s, too, which Argo CD leaves to the one that made it first: let the names differ, or convert what each cluster has by itself", first, o.Name)
		}
	}
	return nil
}

// unfilled returns an Application that keeps a part of the template; nil for none.
func unfilled(root *yaml.Node, apps []*yaml.Node) *yaml.Node {
	mark := "{{"
	if node.True(root, "spec", "goTemplate") {
		mark = "<no value>"
	}
	for _, app := range apps {
		if holdsText(app, mark) {
			return app
		}
	}
	return nil
}

func holdsText(n *yaml.Node, text string) bool {
	return strings.Contains(n.Value, text) || slices.ContainsFunc(n.Content, func(child *yaml.Node) bool { return holdsText(child, text) })
}

// member adds an Application that an ApplicationSet makes, or what it becomes: a unit, or
// nil where it stays.
func (c *compiler) member(j *job, app *yaml.Node) (*mapping.Unit, error) {
	if c.options.ExpandOnly {
		j.rest = append(j.rest, app)
		return nil, check(j.doc, app, argocd.APIVersion, objectOf(app))
	}
	passes, err := c.unit(j, app)
	switch {
	case err != nil:
		return nil, err
	case passes:
		j.rest = append(j.rest, app)
		return nil, nil
	}
	u, _ := j.units[len(j.units)-1].(*mapping.Unit)
	return u, nil
}
