package convert

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/preserve"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/table"
)

// preserveTenant keeps an AppProject on the ServiceAccount that it became, with
// fingerprints of all that it became: where somebody has changed these, they count.
func preserveTenant(u *mapping.TenantUnit) error {
	record := preserve.Compare(u.Inputs(), nil)
	for _, o := range u.Objects() {
		record.Dropped = append(record.Dropped, preserve.Dropped{Kind: o.Kind.Name, Now: preserve.Fingerprint(preserve.Desired(o.Root))})
	}
	text, err := record.Text()
	if err != nil {
		return err
	}
	first := u.Objects()[0]
	first.Set(node.String(text), "metadata", "annotations", preserve.Annotation)
	for _, o := range u.Objects()[1:] {
		o.Set(node.String(tenantKey(first.Ref())), "metadata", "annotations", preserve.PartOf)
	}
	return nil
}

func tenantKey(o ledger.Object) string { return o.Kind + "/" + o.Namespace + "/" + o.Name }

// A restoredTenant is an object that an AppProject became, which comes back.
type restoredTenant struct {
	root    *yaml.Node
	file    string
	project *object.Object
	writes  bool
}

// Inputs implements unit.
func (r *restoredTenant) Inputs() []*yaml.Node { return []*yaml.Node{r.root} }

// Objects implements unit.
func (r *restoredTenant) Objects() []*object.Object {
	if !r.writes {
		return nil
	}
	return []*object.Object{r.project}
}

// Entries implements unit.
func (r *restoredTenant) Entries() (entries []ledger.Entry) {
	for _, leaf := range table.NewTrie().Walk(r.root, nil) {
		entries = append(entries, ledger.Entry{
			ID: "preserved", Fidelity: ledger.Equivalent, Note: "part of an AppProject that is restored whole",
			From: ledger.From{Object: objectOf(r.root), Path: leaf.Path, File: r.file, Line: leaf.Line()},
			To:   []ledger.To{{Object: r.project.Ref(), Path: "metadata.name"}},
		})
	}
	return entries
}

// A member is an object of the input that an AppProject became.
type member struct {
	at   site
	root *yaml.Node
}

// restoredTenants finds the AppProjects that a conversion kept on ServiceAccounts.
func (c *compiler) restoredTenants(streams []stream) map[site]*restoredTenant {
	found := map[site]*restoredTenant{}
	if c.options.plain {
		return found
	}
	members := map[string][]member{}
	var order []string
	kept := func(d *document.Doc) bool { return mentions(preserve.Annotation)(d) || mentions(preserve.PartOf)(d) }
	eachObject(streams, kept, func(at site, root *yaml.Node) {
		o := objectOf(root)
		key := node.Text(root, "metadata", "annotations", preserve.PartOf)
		if record, err := preserve.Read(root); err == nil && record != nil && o.Kind == "ServiceAccount" {
			key = tenantKey(o)
			order = append(order, key)
		}
		if strings.HasPrefix(key, "ServiceAccount/") {
			members[key] = append(members[key], member{at, root})
		}
	})
	for _, key := range order {
		restoreTenant(found, key, members[key])
	}
	return found
}

// restoreTenant takes the objects that an AppProject became for it, if they are all there
// and as they were.
func restoreTenant(found map[site]*restoredTenant, key string, members []member) {
	i := slices.IndexFunc(members, func(m member) bool { return tenantKey(objectOf(m.root)) == key })
	record, err := preserve.Read(members[i].root)
	if err != nil || len(record.Objects) != 1 || record.Objects[0].Whole == nil || len(record.Dropped) != len(members) {
		return
	}
	for _, m := range members {
		now := preserve.Dropped{Kind: objectOf(m.root).Kind, Now: preserve.Fingerprint(preserve.Desired(m.root))}
		if !slices.Contains(record.Dropped, now) {
			return
		}
	}
	project := object.From(node.FromValue(preserve.Decode(record.Objects[0].Whole)))
	if project.Kind.Name != "AppProject" {
		return
	}
	for n, m := range members {
		found[m.at] = &restoredTenant{m.root, m.at.doc.File, project, n == i}
	}
}

// restoredDocument converts a document that an AppProject became.
func (c *compiler) restoredDocument(j *job) bool {
	r := c.restored[site{j.doc, -1}]
	return r != nil && j.settle(r.root, func() (taken, passes bool, err error) {
		j.units = append(j.units, r)
		return true, false, nil
	})
}
