package cutover

import (
	"fmt"
	"slices"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/resourceset"
)

// Made returns the Applications that the ApplicationSets of the inputs make: a cluster has
// them. Options are those of the conversion.
func Made(inputs []convert.Input, o convert.Options) (made []convert.Input, err error) {
	if o.To != convert.ToFlux {
		return nil, nil
	}
	o.ExpandOnly = true
	outcomes, err := convert.Convert(inputs, o)
	if err != nil {
		return nil, err
	}
	for out := range outcomes {
		for _, one := range out.Out {
			if out.Status == convert.Converted && one.Object.Kind == "Application" {
				made = append(made, convert.Input{Name: fmt.Sprintf("%s:%d (expanded)", out.File, out.Line), Data: one.Data})
			}
		}
	}
	return made, nil
}

// settleSets returns the sets that make apps of the plan, or may: these would create them
// anew. The held are those of which somebody has to know more.
func settleSets(sets []thing, apps []*app, outcomes []convert.Outcome, namespaces map[string]string) (ours []thing, unknown []Held) {
	entries := map[string][]ledger.Entry{}
	for _, out := range outcomes {
		for _, e := range out.Entries {
			// What becomes of the fields of a set that is expanded says nothing here.
			if e.Fidelity.Severity() < ledger.Unsupported.Severity() && e.ID != "appset-kind" {
				continue
			}
			key := thing{Object: settled(e.From.Object, namespaces)}.key()
			entries[key] = append(entries[key], e)
		}
	}
	for _, set := range sets {
		known, maybe := set.made(apps)
		in, why := set.settle(known, maybe, entries[set.key()])
		if in {
			ours = append(ours, set)
		}
		if why != "" {
			unknown = append(unknown, Held{App: set.key(), Why: why, Findings: findings(entries[set.key()])})
		}
	}
	return ours, unknown
}

// settle tells whether the set has to stop before apps move, and what somebody has to know.
func (t thing) settle(known, maybe bool, own []ledger.Entry) (stops bool, why string) {
	switch {
	case t.Kind == resourceset.Kind && (known || maybe):
		return true, "it is switched off, and stays. Of its objects, those move that the input holds: read all from the cluster, and leave the ResourceSet itself out. Switched off, it may be deleted: what it has made stays"
	case t.Kind == resourceset.Kind:
		return false, "its objects do not move, as the input lacks them: read them from the cluster instead of it, and plan again"
	case known || says(own, "appset-kind", "appset-present"):
		return true, ""
	case maybe || says(own, "appset-name-shared"):
		return true, "an app of this plan may be one of its Applications, so it is taken away, and the others stay as plain ones. Do what the findings say, or read the Applications from the cluster, which tells whose they are, and plan again"
	default:
		return false, "nobody here knows what it makes: it stays, and so do its Applications. Give what the findings name, or add its Applications to the input, and plan again"
	}
}

// makers are the sets that say to have made the object: ApplicationSets by their references
// (applicationset/controllers), ResourceSets by the labels of flux-operator
// (internal/controller/resourceset_controller.go).
func (t thing) makers() (sets []thing) {
	for _, ref := range node.Items(t.root, "metadata", "ownerReferences") {
		if t.application() && node.Text(ref, "kind") == "ApplicationSet" {
			sets = append(sets, thing{Object: ledger.Object{APIVersion: "argoproj.io/v1alpha1", Kind: "ApplicationSet", Namespace: t.Namespace, Name: node.Text(ref, "name")}})
		}
	}
	const label = "resourceset." + flux.OperatorGroup
	if name := node.Text(t.root, "metadata", "labels", label+"/name"); name != "" {
		sets = append(sets, thing{Object: ledger.Object{APIVersion: flux.OperatorGroup + "/v1", Kind: resourceset.Kind,
			Namespace: node.Text(t.root, "metadata", "labels", label+"/namespace"), Name: name}})
	}
	return slices.DeleteFunc(sets, func(set thing) bool { return set.check("") != nil }) // no cluster has such a one
}

// unread are the makers of apps that the input lacks. A cluster has them.
func unread(apps []*app, sets []thing) (more []thing) {
	have := map[string]bool{}
	for _, set := range sets {
		have[set.key()] = true
	}
	for _, a := range apps {
		for _, set := range a.makers() {
			if !have[set.key()] {
				more = append(more, set)
			}
			have[set.key()] = true
		}
	}
	return more
}

// made tells whether the set has made one of the apps, and whether it may have: only what was
// read from a cluster says so. An ApplicationSet makes Applications of its own namespace.
func (t thing) made(apps []*app) (known, maybe bool) {
	for _, a := range apps {
		if a.made || t.Kind == "ApplicationSet" && a.Namespace != t.Namespace {
			continue
		}
		known = known || slices.Contains(a.owners(), t.key())
		maybe = maybe || !a.live()
	}
	return known, maybe
}

// says tells whether a finding of one of the IDs is among the entries.
func says(entries []ledger.Entry, ids ...string) bool {
	return slices.ContainsFunc(entries, func(e ledger.Entry) bool { return slices.Contains(ids, e.ID) })
}

// live tells whether a cluster has written the app, and so who made it.
func (a *app) live() bool { return node.Text(a.root, "metadata", "uid") != "" }
