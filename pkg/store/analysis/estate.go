package analysis

import (
	"time"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/inventory"
)

// An Estate is what is at hand of an installation.
type Estate struct {
	cluster string
	now     time.Time
	objects []seen
	sources map[inventory.Key]inventory.Object

	direction string
	verdicts  []verdict
}

// seen is a row of the view gitops_objects.
type seen struct {
	inventory.Object
	tool string
}

type verdict struct {
	kind string
	store.Verdict
	losses []ledger.Entry
}

// NewEstate returns one without objects. Now is when they were read.
func NewEstate(cluster string, now time.Time) *Estate {
	return &Estate{cluster: cluster, now: now, sources: map[inventory.Key]inventory.Object{}}
}

// Add takes an object. Of one that occurs twice both count: in files they may be of
// different clusters.
func (e *Estate) Add(o inventory.Object) {
	o.Definition = nil
	switch o.Class {
	case inventory.Application:
		e.objects = append(e.objects, seen{o, "argocd"})
	case inventory.Config:
		e.objects = append(e.objects, seen{o, "flux"})
	default:
		e.sources[o.Key] = o
	}
}

// Convert takes what a conversion in a direction made of the objects.
func (e *Estate) Convert(direction convert.Direction, o convert.Outcome) {
	v, ok := store.VerdictOf(o)
	if !ok || v.Status == "incomplete" || o.Object.Name == "" {
		return
	}
	e.direction = string(direction)
	row := verdict{kind: o.Object.Kind, Verdict: v}
	for _, entry := range o.Entries {
		if entry.Blocking || entry.Fidelity == ledger.Unsupported || entry.Fidelity == ledger.Unknown {
			row.losses = append(row.losses, entry)
		}
	}
	e.verdicts = append(e.verdicts, row)
}

// repository is where an object deploys from.
func (e *Estate) repository(o seen) string {
	if o.Class == inventory.Config {
		return e.sources[o.Source].Repository
	}
	return o.Repository
}

// target is the revision that an object asks for, itself or by its source.
func (e *Estate) target(o seen) string {
	if o.TargetRevision == "" && o.Class == inventory.Config {
		return e.sources[o.Source].TargetRevision
	}
	return o.TargetRevision
}
