package credential

import (
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/secret"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/table"
)

// authority writes a Secret with nothing but the CA of a host; wanted is its name, or "".
func (s *Store) authority(d *draft, n Need, wanted string) string {
	key := writtenKey{namespace: n.Namespace, host: n.host()}
	if o := s.written[key]; o != nil {
		return o.Name()
	}
	o := secret.New(n.Namespace, "", d.kind)
	for _, f := range d.trusted {
		secret.Put(o, f.as, f.text, s.masked)
	}
	s.rename(o, wanted, object.Slug(n.host())+"-ca")
	s.written[key] = o
	s.trusted = append(s.trusted, trustedCA{n.host(), o})
	return o.Name()
}

// A trustedCA is a Secret with the CA of a host.
type trustedCA struct {
	host   string
	object *object.Object
}

// A Trust is the ConfigMap of CAs, which stays, and the Secrets that repeat them.
type Trust struct {
	root *yaml.Node
	file string
	made []trustedCA
}

// Trust returns the unit of the ConfigMap at root; nil where no Secret was made of it.
func (s *Store) Trust(root *yaml.Node, file string) *Trust {
	if len(s.trusted) == 0 || node.Text(root, "metadata", "name") != Authorities {
		return nil
	}
	t := &Trust{root, file, s.trusted}
	s.trusted = nil // of two such ConfigMaps the first writes
	return t
}

// Inputs returns what the unit was read from.
func (t *Trust) Inputs() []*yaml.Node { return []*yaml.Node{t.root} }

// Objects returns the Secrets.
func (t *Trust) Objects() (objects []*object.Object) {
	for _, m := range t.made {
		objects = append(objects, m.object)
	}
	return objects
}

// Entries returns one entry for each leaf of the ConfigMap.
func (t *Trust) Entries() (entries []ledger.Entry) {
	id := ledger.Object{APIVersion: "v1", Kind: "ConfigMap",
		Namespace: node.Text(t.root, "metadata", "namespace"), Name: node.Text(t.root, "metadata", "name")}
	for _, leaf := range table.NewTrie().Walk(t.root, nil) {
		e := ledger.Entry{ID: caFound.id, Fidelity: ledger.Equivalent, Note: "stays: Argo CD reads it further on", To: []ledger.To{},
			From: ledger.From{Object: id, Path: leaf.Path, File: t.file, Line: leaf.Line()}}
		for _, m := range t.made {
			if leaf.Path == ledger.Key("data", m.host) {
				e.To = append(e.To, ledger.To{Object: m.object.Ref(), Path: ledger.Key("stringData", "ca.crt")})
			}
		}
		entries = append(entries, e)
	}
	return entries
}
