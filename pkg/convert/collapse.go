package convert

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset/collapse"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// collapsed yields the outcomes with Applications of one shape made ApplicationSets. A set
// takes the place of the first Application in it.
func (c *compiler) collapsed(outcomes iter.Seq[Outcome]) iter.Seq[Outcome] {
	return func(yield func(Outcome) bool) {
		k := &collapser{compiler: c, outcomes: slices.Collect(outcomes), at: map[ledger.Object]element{}}
		for _, members := range k.groups() {
			k.group(members)
		}
		k.name()
		k.write()
		for _, out := range k.outcomes {
			if !yield(out) {
				return
			}
		}
	}
}

// A collapser has what became of the whole input.
type collapser struct {
	*compiler
	outcomes []Outcome
	sets     []*newSet
	at       map[ledger.Object]element // by Application
}

// A candidate is an Application that may go into a set.
type candidate struct {
	outcome, out int
	app          *yaml.Node
	by           *applier
}

// A newSet is an ApplicationSet and what it is made of.
type newSet struct {
	*collapse.Set
	members []candidate
	output  Output
}

// An element is the place of an Application in a set.
type element struct {
	set *newSet
	i   int
}

// groups are the Applications of one shape that the same Kustomizations apply, in input
// order: a set lies in one file, and what applies that has all of them.
func (k *collapser) groups() (groups [][]candidate) {
	known := map[string]int{}
	for _, m := range k.candidates() {
		key := k.keyOf(m.by, m.app)
		at, ok := known[key]
		if !ok {
			at, known[key] = len(groups), len(groups)
			groups = append(groups, nil)
		}
		groups[at] = append(groups[at], m)
	}
	return groups
}

// candidates are the Applications that were converted. What was written twice, for
// clusters that the input has several of, stays.
func (k *collapser) candidates() (all []candidate) {
	appliers, written := map[[2]string]*applier{}, map[ledger.Object]int{}
	for _, a := range k.survey.appliers {
		appliers[[2]string{a.namespace, a.name}] = a
	}
	for i, out := range k.outcomes {
		for j, o := range out.Out {
			written[o.Object]++
			by := appliers[[2]string{o.Object.Namespace, o.Object.Name}]
			if out.Status != Converted || by == nil || !isApplication(o.Object) {
				continue
			}
			if app, err := (&document.Doc{Raw: o.Data}).Parse(); err == nil {
				all = append(all, candidate{i, j, app, by})
			}
		}
	}
	return slices.DeleteFunc(all, func(m candidate) bool { return written[objectOf(m.app)] > 1 })
}

// keyOf is the same for what may be in one set.
func (k *collapser) keyOf(a *applier, app *yaml.Node) string {
	key := []string{node.Text(app, "metadata", "namespace"), waveOf(app)}
	for _, owner := range k.survey.claims.Owners(a.file) {
		above := owner.(*parent).applier
		key = append(key, above.file+" "+above.String())
	}
	return strings.Join(append(key, collapse.Shape(app)), "\x00")
}

const syncWave = "argocd.argoproj.io/sync-wave"

func waveOf(app *yaml.Node) string {
	return node.Text(app, "metadata", "annotations", syncWave)
}

// single are the reasons for which an Application stays out of a set. That of waves:
// Argo CD's resource_customizations/argoproj.io/ApplicationSet/health.lua.
var single = []struct {
	is  func(*collapser, candidate) bool
	why string
}{
	{
		func(_ *collapser, m candidate) bool {
			enabled := node.At(m.app, "spec", "syncPolicy", "automated", "enabled")
			return enabled != nil && !node.True(enabled)
		},
		"automated sync is off: it is turned on for one Application after the other",
	},
	{
		func(_ *collapser, m candidate) bool { return m.by.awaited },
		"another waits for it: Argo CD takes an ApplicationSet for healthy while its Applications are not",
	},
	{
		func(k *collapser, m candidate) bool {
			return node.Text(m.app, "metadata", "namespace") != k.options.ArgoCDNamespace
		},
		"it is outside of Argo CD's namespace, where ApplicationSets need a permission of their own",
	},
}

// group makes a set of Applications of one shape, or says why they stay.
func (k *collapser) group(members []candidate) {
	if len(members) < collapse.Min {
		return
	}
	for _, reason := range single {
		var stay []candidate
		members = slices.DeleteFunc(members, func(m candidate) bool {
			if is := reason.is(k, m); is {
				stay = append(stay, m)
				return true
			}
			return false
		})
		k.stay(stay, reason.why)
	}
	if len(members) < collapse.Min {
		return
	}
	set, err := collapse.Make(roots(members))
	if err != nil {
		k.stay(members, err.Error())
		return
	}
	k.sets = append(k.sets, &newSet{Set: set, members: members})
}

func roots(members []candidate) []*yaml.Node {
	apps := make([]*yaml.Node, len(members))
	for i, m := range members {
		apps[i] = m.app
	}
	return apps
}

// stay says why Applications of one shape are no set.
func (k *collapser) stay(members []candidate, why string) {
	if len(members) == 0 {
		return
	}
	k.note(members[0], "appset-not-collapsed", nil, fmt.Sprintf(
		"of the Applications of one shape, these stay single: %s. Why: %s", namesOf(members), why))
}

// namesOf lists a few Applications by name.
func namesOf(members []candidate) string {
	const few = 5
	var names []string
	for _, m := range members[:min(few, len(members))] {
		names = append(names, m.by.name)
	}
	if more := len(members) - few; more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}

// note adds a finding to what the Application was made of.
func (k *collapser) note(m candidate, id string, to []ledger.To, note string) {
	out := &k.outcomes[m.outcome]
	from := ledger.From{Object: out.Object, Path: "metadata.name", File: out.File, Line: out.Line}
	for _, e := range out.Entries {
		if e.From.Kind == m.by.Kind && e.From.Name == m.by.Name {
			from.Object, from.Line = e.From.Object, e.From.Line
			break
		}
	}
	if to == nil {
		to = []ledger.To{}
	}
	out.Entries = append(out.Entries, ledger.Entry{ID: id, Fidelity: ledger.Approximate, From: from, To: to, Absent: true, Note: note})
}
