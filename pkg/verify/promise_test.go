package verify

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/content"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/deployment"
)

var update = flag.Bool("update", false, "rewrite testdata/promises.txt; read the diff")

// TestPromises holds the ledger to account: it converts every fixture in memory, renders
// both sides, and fails for each difference that no approximate or unsupported entry
// announces. Entries that are exact or equivalent promise that there is none.
func TestPromises(t *testing.T) {
	h := &held{t: t, seen: map[string]bool{}, counts: map[Verdict]int{}}
	for _, f := range append(renderFixtures(t), scenarioFixtures(t)...) {
		for _, p := range promises(t, f) {
			h.hold(p)
		}
	}
	h.tables()
	const golden = "testdata/promises.txt"
	got := strings.Join(h.lines, "")
	if *update {
		write(t, golden, []byte(got))
	} else if want := string(read(t, golden)); got != want {
		t.Errorf("%s is out of date: run go test ./pkg/verify -run TestPromises -update, and read the diff", golden)
	}
}

// TestPromisesOfCorpus does the same with the public objects that render, where GITOPS_CORPUS
// names them. They come without their sources, so these are few or none.
func TestPromisesOfCorpus(t *testing.T) {
	all, rendered := 0, 0
	for _, f := range corpusFixtures(t) {
		for _, p := range promises(t, f) {
			all++
			if p.result.Content.Objects == 0 {
				continue
			}
			rendered++
			for _, v := range p.violations() {
				t.Errorf("%s: %s", p.name, v)
			}
		}
	}
	t.Logf("%d of %d deployments of the corpus render", rendered, all)
}

// TestViolations: the check itself fails where a promise is broken.
func TestViolations(t *testing.T) {
	differs := Content{Verdict: Differs, Differences: []content.Difference{{Kind: content.Value, Path: "spec.replicas", Left: "1", Right: "2"}}}
	fails := Content{Verdict: Differs, Reasons: []string{"Flux fails on Kustomization a: no"}}
	for name, c := range map[string]struct {
		content Content
		id      string
		want    int
	}{
		"equivalent":                  {Content{Verdict: Equivalent}, "", 0},
		"not announced":               {differs, "", 1},
		"announced":                   {differs, "kustomize-replicas", 0},
		"another field":               {differs, "kustomize-images", 1},
		"policy only":                 {differs, "manual-sync", 1},
		"taken back":                  {differs, "multi-source", 1},
		"fails":                       {fails, "", 1},
		"fails, announced":            {fails, "directory-not-an-object", 0},
		"fails, and not so announced": {fails, "kustomize-images", 1},
		"doubt":                       {Content{Verdict: NotProven, Reasons: []string{"Kustomization a: encrypted: x"}}, "", 0},
		"no reason":                   {Content{Verdict: NotProven, Reasons: []string{"Kustomization a: new: x"}}, "", 1},
	} {
		p := promise{result: &Result{Content: c.content}, entries: []ledger.Entry{{ID: c.id, Fidelity: ledger.Approximate}}}
		if got := p.violations(); len(got) != c.want {
			t.Errorf("%s: violations are %q", name, got)
		}
	}
}

// held is what was found so far.
type held struct {
	t      *testing.T
	lines  []string
	seen   map[string]bool // IDs and exceptions that occurred
	counts map[Verdict]int
}

// A promise is a deployment and what the ledger says about it.
type promise struct {
	name    string
	result  *Result
	entries []ledger.Entry
	// kept tells that the object was not converted, and the ledger says why.
	kept bool
}

// promises verifies a fixture; one that deploys nothing has none.
func promises(t *testing.T, f *fixture) (all []promise) {
	t.Helper()
	run, err := New(f.inputs, nil, f.options)
	if errors.Is(err, deployment.ErrNothing) {
		return nil
	}
	if err != nil {
		t.Errorf("%s: %v", f.name, err)
		return nil
	}
	for _, pair := range run.pairs {
		d := pair.Left
		if d == nil {
			d = pair.Right
		}
		p := promise{name: f.name + " " + d.Appliers[0].Name, result: run.result(context.Background(), pair)}
		if pair.Left != nil {
			p.entries, p.kept = announced(run, pair.Left)
		}
		all = append(all, p)
	}
	return all
}

// announced are the entries about the objects that promise less than the same effect.
func announced(run *Run, d *deployment.Deployment) (entries []ledger.Entry, kept bool) {
	for _, m := range d.Objects() {
		entries = append(entries, run.conversion.Entries[m.Object]...)
		_, no := run.conversion.Unconverted[m.Object]
		kept = kept || no
	}
	return entries, kept
}

func (h *held) hold(p promise) {
	c := p.result.Content
	h.counts[c.Verdict]++
	violations := p.violations()
	for _, e := range p.entries {
		h.seen[e.ID] = true
	}
	if why, ok := exceptions[p.name]; ok && len(violations) > 0 {
		h.seen[p.name], violations = true, nil
		h.t.Logf("%s: %s", p.name, why)
	}
	for _, v := range violations {
		h.t.Errorf("%s: %s\n\tthe ledger announces %v", p.name, v, p.ids())
	}
	h.lines = append(h.lines, fmt.Sprintf("%s: %s: %s\n", p.name, verdictText(c), strings.Join(p.ids(), " ")))
}

func verdictText(c Content) string {
	if len(c.Differences) > 0 {
		return fmt.Sprintf("%s (%d)", c.Verdict, len(c.Differences))
	}
	return string(c.Verdict)
}

// violations are what breaks the ledger's promises.
func (p promise) violations() (all []string) {
	c := p.result.Content
	switch {
	case p.kept || c.Verdict == Equivalent:
	case c.Verdict == NotProven && !doubtful(c.Reasons):
		all = append(all, "rendered on both sides without a doubt, and not proven: "+strings.Join(c.Reasons, "; "))
	case c.Verdict == Differs && len(c.Differences) == 0 && !slices.ContainsFunc(p.entries, fails):
		all = append(all, "one side fails: "+strings.Join(c.Reasons, "; "))
	}
	for _, d := range c.Differences {
		if !p.covered(d) {
			all = append(all, fmt.Sprintf("%s %s/%s %s: %s, %s %s", d.Kind, d.Object.Kind, d.Object.Name, d.Path, d.Left, d.Right, d.Reason))
		}
	}
	return all
}

func (p promise) covered(d content.Difference) bool {
	return slices.ContainsFunc(p.entries, func(e ledger.Entry) bool {
		a, ok := announces(e)
		return ok && a.covers != nil && a.covers(d)
	})
}

func fails(e ledger.Entry) bool {
	a, ok := announces(e)
	return ok && a.fails
}

// announces returns what an entry announces.
func announces(e ledger.Entry) (announcement, bool) {
	a, ok := announcements[e.ID]
	return a, ok && strings.Contains(e.Note, a.only) && (a.unless == "" || !strings.Contains(e.Note, a.unless))
}

// ids are those of the entries that announce a difference.
func (p promise) ids() (ids []string) {
	for _, e := range p.entries {
		if _, ok := announces(e); ok {
			ids = append(ids, e.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// doubtful tells whether rendering gave a reason to doubt: a failure, or a finding.
func doubtful(reasons []string) bool {
	return slices.ContainsFunc(reasons, func(reason string) bool {
		return strings.Contains(reason, " fails on ") || reason == "neither side renders any object" ||
			slices.ContainsFunc(doubtIDs, func(id string) bool { return strings.Contains(reason, ": "+id+": ") })
	})
}

// tables checks that the tables know every ID of the ledger, each once, and no other.
func (h *held) tables() {
	for id := range h.seen {
		_, one := announcements[id]
		_, other := policyOnly[id]
		_, exception := exceptions[id]
		if one == other && !exception {
			h.t.Errorf("%q must be in one of the tables announcements and policyOnly", id)
		}
	}
	for _, id := range slices.Concat(slices.Sorted(maps.Keys(announcements)), slices.Sorted(maps.Keys(policyOnly)), slices.Sorted(maps.Keys(exceptions))) {
		if !h.seen[id] {
			h.t.Errorf("no fixture has %q any longer", id)
		}
	}
	h.t.Logf("%d equivalent, %d differ, %d not proven", h.counts[Equivalent], h.counts[Differs], h.counts[NotProven])
}
