package convert

import (
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/preserve"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/table"
)

// recordMade notes on an AppProject that it was made of RBAC, which stays: it goes when its
// Applications come back as what they were.
func (c *compiler) recordMade(p *mapping.TenantProject) {
	if !c.options.Preserve {
		return
	}
	record := preserve.Record{
		Objects: []preserve.Object{{Kind: "ServiceAccount"}},
		Dropped: []preserve.Dropped{{Kind: p.Kind.Name, Now: preserve.Fingerprint(preserve.Desired(p.Root))}},
	}
	if text, err := record.Text(); err == nil { // there is nothing in it that JSON cannot say
		p.Set(node.String(text), "metadata", "annotations", preserve.Annotation)
	}
}

// madeOfRights tells whether an AppProject was made of RBAC and nobody has changed it since.
func (c *compiler) madeOfRights(root *yaml.Node) bool {
	record, err := preserve.Read(root)
	return err == nil && record != nil && !c.options.plain && record.Objects[0].Kind == "ServiceAccount" &&
		len(record.Dropped) == 1 && record.Holds([]*yaml.Node{root})
}

// returns tells whether an Application of a project that was made of RBAC comes back as
// what it was, with the account that it had.
func (c *compiler) returns(of *tenant, root *yaml.Node) bool {
	if !of.made {
		return false
	}
	record, _, err := c.recordOf(root)
	return err == nil && record != nil
}

// A madeProject is an AppProject that goes, as the RBAC of which it was made is there.
type madeProject struct {
	root *yaml.Node
	file string
}

// Inputs implements unit.
func (m *madeProject) Inputs() []*yaml.Node { return []*yaml.Node{m.root} }

// Objects implements unit.
func (m *madeProject) Objects() []*object.Object { return nil }

// Entries implements unit.
func (m *madeProject) Entries() (entries []ledger.Entry) {
	for _, leaf := range table.NewTrie().Walk(m.root, nil) {
		entries = append(entries, ledger.Entry{
			ID: "preserved", Fidelity: ledger.Equivalent, Note: "made of the rights of a ServiceAccount, whose objects stayed", To: []ledger.To{},
			From: ledger.From{Object: objectOf(m.root), Path: leaf.Path, File: m.file, Line: leaf.Line()},
		})
	}
	return entries
}
