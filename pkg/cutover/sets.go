package cutover

import (
	"fmt"
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
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

// settleSets returns the ApplicationSets that make apps of the plan, or may: these would
// create them anew. The held are those of which nobody here knows what they make.
func settleSets(sets []thing, apps []*app, outcomes []convert.Outcome, namespaces map[string]string) (ours []thing, unknown []Held) {
	entries := map[string][]ledger.Entry{}
	for _, out := range outcomes {
		for _, e := range out.Entries {
			key := thing{Object: settled(e.From.Object, namespaces)}.key()
			entries[key] = append(entries[key], e)
		}
	}
	for _, set := range sets {
		own := entries[set.key()]
		held := Held{App: set.key(), Findings: findings(own),
			Why: "nobody here knows what it makes: it stays, and so do its Applications. Give what the findings name, or add its Applications to the input, and plan again"}
		near := slices.DeleteFunc(slices.Clone(apps), func(a *app) bool { return a.made || a.Namespace != set.Namespace })
		switch {
		case says(own, "appset-kind", "appset-present") || slices.ContainsFunc(near, func(a *app) bool { return a.ownedBy(set) }):
			ours = append(ours, set)
			continue
		case says(own, "appset-name-shared") || slices.ContainsFunc(near, func(a *app) bool { return !a.live() }):
			ours = append(ours, set)
			held.Why = "an app of this plan may be one of its Applications, so it is taken away, and the others stay as plain ones. Do what the findings say, or read the Applications from the cluster, which tells whose they are, and plan again"
		}
		unknown = append(unknown, held)
	}
	return ours, unknown
}

// says tells whether a finding of one of the IDs is among the entries.
func says(entries []ledger.Entry, ids ...string) bool {
	return slices.ContainsFunc(entries, func(e ledger.Entry) bool { return slices.Contains(ids, e.ID) })
}

// live tells whether a cluster has written the app, and so who made it.
func (a *app) live() bool { return node.Text(a.root, "metadata", "uid") != "" }

// ownedBy tells whether the controller wrote that the app is one of the set.
func (a *app) ownedBy(set thing) bool {
	return slices.ContainsFunc(node.Items(a.root, "metadata", "ownerReferences"), func(ref *yaml.Node) bool {
		return node.Text(ref, "kind") == set.Kind && node.Text(ref, "name") == set.Name
	})
}
