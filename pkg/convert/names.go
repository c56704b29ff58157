package convert

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/secret"
)

// name gives the objects of a job their names and drops those that exist already. It
// runs in input order, so that it also tells what two Applications claim, which is part of
// what an object has to be the same in.
func (c *compiler) name(j *job) {
	c.claimSets(j)
	var entries []ledger.Entry
	for _, u := range j.units {
		if forward, ok := u.(*mapping.Unit); ok {
			c.twins.Claim(forward)
			forward.NameCluster(c.clusters)
			entries = append(entries, c.claims(forward)...)
		}
		for _, o := range u.Objects() {
			if err := c.clash(j, o); err != nil {
				c.forget(j)
				j.fail(err)
				return
			}
			if c.place(o) {
				j.objects = append(j.objects, o)
			}
		}
	}
	j.out.Entries = append(j.out.Entries, entries...)
	for _, u := range j.units {
		if forward, ok := u.(*mapping.Unit); ok {
			c.met = append(c.met, forward.Families()...)
		}
	}
}

// claims tells Applications of each other: of one release, and of one Namespace where the
// input does not hold it, so that one of them has it written.
func (c *compiler) claims(u *mapping.Unit) []ledger.Entry {
	entries := c.releases.Claim(u)
	if c.present.namespace(u.App.DestinationNamespace()) {
		return entries
	}
	return append(entries, c.namespaces.Claim(u)...)
}

// forget lets others have what a job that fails would have written.
func (c *compiler) forget(j *job) {
	for _, o := range j.objects {
		c.registry.Forget(o)
	}
}

// place tells whether an object is to be written, and gives it a name. On the way back the
// survey has named all but the Secrets, which Argo CD finds by what they hold.
func (c *compiler) place(o *object.Object) bool {
	if c.survey != nil && o.Kind != secret.Kind {
		return c.present.holds(o, o.Name()) != object.Same
	}
	return c.registry.Place(o)
}
