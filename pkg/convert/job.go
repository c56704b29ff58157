package convert

import (
	"bytes"
	"fmt"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// A job is one document on its way.
type job struct {
	doc     *document.Doc
	done    bool // nothing is left to do: it passed or failed
	units   []unit
	objects []*object.Object
	// rest are items of a list that no conversion takes.
	rest []*yaml.Node
	// kept is the document itself where it stays besides what it becomes.
	kept []byte
	// comment stood above the document.
	comment string
	out     Outcome
}

// A unit is what one deployment, or one source, becomes.
type unit interface {
	Inputs() []*yaml.Node
	Objects() []*object.Object
	Entries() []ledger.Entry
}

var argoGroup = []byte("argoproj.io/")

// compile decides what the document is and converts it.
func (c *compiler) compile(j *job) {
	c.noteAddOns(j)
	if c.secretDocument(j) {
		return
	}
	root := j.parse(isArgo)
	switch {
	case root == nil:
	case isList(j.out.Object.Kind) && (bytes.Contains(j.doc.Raw, argoGroup) || holdsCredentials(j.doc)):
		c.list(j, root)
	case isProject(j.out.Object) && !c.options.ExpandOnly:
		j.settle(root, func() (taken, passes bool, err error) {
			passes, err = c.project(j, site{j.doc, -1}, root)
			return true, passes, err
		})
	case c.converts(j.out.Object):
		j.comment = takeHeadComment(root)
		if passes, err := c.one(j, root); err != nil {
			j.fail(err)
		} else if passes {
			j.pass()
		}
	default:
		j.pass()
	}
}

// parse reads the document where its head may be of the API versions of ours
// or a list; otherwise, or when it does not parse, the job is done and parse
// returns nil. Most documents of a large input are never parsed.
func (j *job) parse(ours func(apiVersion string) bool) *yaml.Node {
	d := j.doc
	j.out.File, j.out.Index, j.out.Line = d.File, d.Index, d.Line
	head := d.Peek()
	if head.OK && !ours(head.APIVersion) && !isList(head.Kind) || d.Empty() {
		j.out.Object = ledger.Object{APIVersion: head.APIVersion, Kind: head.Kind}
		j.pass()
		return nil
	}
	root, err := d.Parse()
	if err != nil {
		j.fail(err)
		return nil
	}
	j.out.Object = objectOf(root)
	return root
}

func isList(kind string) bool {
	return kind == "List" || kind == "ApplicationList" || kind == "ApplicationSetList"
}

func isApplication(o ledger.Object) bool {
	return o.Kind == "Application" && isArgo(o.APIVersion)
}

func isProject(o ledger.Object) bool { return o.Kind == "AppProject" && isArgo(o.APIVersion) }

func isArgo(apiVersion string) bool { return strings.HasPrefix(apiVersion, string(argoGroup)) }

func objectOf(root *yaml.Node) ledger.Object {
	return ledger.Object{
		APIVersion: node.Text(root, "apiVersion"), Kind: node.Text(root, "kind"),
		Namespace: node.Text(root, "metadata", "namespace"), Name: node.Text(root, "metadata", "name"),
	}
}

// pass keeps the document byte for byte.
func (j *job) pass() {
	j.done = true
	j.out.Status = Passed
	j.out.Out = []Output{{Object: j.out.Object, Lead: j.doc.Lead, Data: j.doc.Raw}}
}

func (j *job) fail(err error) {
	j.done = true
	j.out.Status, j.out.Err, j.out.Out, j.out.Entries = Failed, err, nil, nil
}

// converts tells whether a kind is converted.
func (c *compiler) converts(o ledger.Object) bool {
	return isSet(o) || isApplication(o) && !c.options.ExpandOnly
}

// besides converts an AppProject or a credential of a list.
func (c *compiler) besides(j *job, at site, item *yaml.Node) (taken, passes bool, err error) {
	if isProject(objectOf(item)) && !c.options.ExpandOnly {
		passes, err = c.project(j, at, item)
		return true, passes, err
	}
	return c.credential(j, at, item)
}

// one converts an Application or an ApplicationSet. passes tells that it stays.
func (c *compiler) one(j *job, root *yaml.Node) (passes bool, err error) {
	if isSet(objectOf(root)) {
		return c.set(j, root)
	}
	return c.unit(j, root)
}

// list converts what a conversion takes of a List and keeps the other items.
func (c *compiler) list(j *job, root *yaml.Node) {
	for i, item := range node.Items(root, "items") {
		if !c.converts(objectOf(item)) {
			taken, passes, err := c.besides(j, site{j.doc, i}, item)
			if err != nil {
				j.fail(err)
				return
			}
			if !taken || passes {
				j.rest = append(j.rest, item)
			}
			continue
		}
		if passes, err := c.one(j, item); err != nil {
			j.fail(err)
			return
		} else if passes {
			j.rest = append(j.rest, item)
		}
	}
	if len(j.units) == 0 {
		j.pass()
	}
}

// unit adds the unit of the Application at root. passes tells that it stays as it
// is, for the reasons in the entries.
func (c *compiler) unit(j *job, root *yaml.Node) (passes bool, err error) {
	node.ResolveOldBools(root)
	if err := check(j.doc, root, argocd.APIVersion, objectOf(root)); err != nil {
		return false, err
	}
	app := argocd.Read(root)
	if fields := app.Missing(); len(fields) > 0 {
		j.incomplete(app, fields)
		return true, nil
	}
	if err := whole(j.doc, app); err != nil {
		return false, err
	}
	if r := mapping.Refuse(app); r != nil {
		j.out.Entries = append(j.out.Entries, c.table.Refused(app, j.doc.File, r)...)
		return true, nil
	}
	u, err := c.table.Convert(app, j.doc.File, c.settings)
	if err != nil {
		return false, fmt.Errorf("%s: %w", place(j.doc, root), err)
	}
	if err := c.restoreFlux(u); err != nil {
		return false, fmt.Errorf("%s: %w", place(j.doc, root), err)
	}
	j.units = append(j.units, u)
	return false, nil
}

// incomplete reports an Application that another tool completes; guessing would
// deploy something else.
func (j *job) incomplete(app *argocd.App, fields []string) {
	for _, field := range fields {
		j.out.Entries = append(j.out.Entries, ledger.Entry{
			ID: "incomplete-object", Fidelity: ledger.Unsupported, To: []ledger.To{}, Absent: true,
			From: ledger.From{Object: app.ID(), Path: field, File: j.doc.File, Line: app.Root.Line},
			Note: "missing or a placeholder, so the object passes untouched: convert behind kustomize, with -k or as a transformer",
		})
	}
}

// takeHeadComment removes the comment above the document from the tree. The YAML
// library hangs it on the first key.
func takeHeadComment(root *yaml.Node) string {
	comment := root.HeadComment
	root.HeadComment = ""
	if len(root.Content) > 0 && comment == "" {
		comment, root.Content[0].HeadComment = root.Content[0].HeadComment, ""
	}
	return comment
}
