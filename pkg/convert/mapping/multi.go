package mapping

import (
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

func multiRows() []Row {
	return []Row{
		{
			ID: "multi-source", Argo: []string{"spec.sources"}, Always: true,
			ToFlux:  Promise{Fidelity: ledger.Approximate, Note: "Argo CD syncs all sources as one; Flux reconciles each on its own"},
			Forward: forwardMulti,
		},
		{
			ID: "multi-source-shared", PerSource: true, Always: true,
			ToFlux: Promise{Fidelity: ledger.Unsupported}, Forward: forwardShared,
		},
	}
}

func forwardMulti(c *Cell) {
	if len(c.unit.works()) <= 1 {
		c.say(implied("no second source deploys"))
		return
	}
	note := c.row.ToFlux.Note
	if blind := c.unit.uncompared(); len(blind) > 0 {
		note += ". An object that several sources render is the last one's in Argo CD; in Flux they overwrite one another (not compared: " + strings.Join(blind, ", ") + ")"
	}
	c.about("spec.sources", approximate(note))
}

// uncompared lists the sources that may render what nobody saw.
func (u *Unit) uncompared() (sources []string) {
	for _, p := range u.works() {
		if p.release() != nil || p.unseen() != "" || len(p.moves()) > 0 {
			sources = append(sources, p.Source.At)
		}
	}
	return sources
}

// forwardShared: of an object in several sources Argo CD keeps the last
// (controller/state.go NormalizeTargetObjects); two Kustomizations would take it from
// each other for ever.
func forwardShared(c *Cell) {
	for _, earlier := range c.unit.Parts {
		if earlier == c.part {
			return
		}
		if both := c.unit.shared(earlier, c.part); len(both) > 0 {
			c.unit.block(earlier)
			c.absent(c.part.Source.At, blocking("holds objects that "+earlier.Source.At+" holds too: "+some(both)+
				". Argo CD deploys those of the last source, in Flux they overwrite one another: leave each object in one source"))
		}
	}
}

// shared lists the objects that both parts hold.
func (u *Unit) shared(a, b *Part) (names []string) {
	if a.kustomization() == nil || b.kustomization() == nil || a.Scan == nil || b.Scan == nil {
		return nil
	}
	known := map[checkout.Object]bool{}
	for _, o := range a.Scan.Objects {
		known[u.identity(o)] = !o.Unsure
	}
	for _, o := range b.Scan.Objects {
		if known[u.identity(o)] && !o.Unsure {
			names = append(names, o.String())
		}
	}
	return names
}

// identity returns what tells the object from others in the cluster.
func (u *Unit) identity(o checkout.Object) checkout.Object {
	switch {
	case o.ClusterScoped():
		o.Namespace = ""
	case o.Namespace == "":
		o.Namespace = u.App.DestinationNamespace()
	}
	o.Own = ""
	return o
}
