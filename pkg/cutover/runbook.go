// Package cutover plans how objects move from one tool to the other: a runbook of
// steps, each with its commands, its check and its way back. At no step do both tools
// reconcile the same app, and nothing is deleted with its workload.
package cutover

import (
	"fmt"
	"slices"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/resourceset"
)

// A Runbook is a cut-over in order.
type Runbook struct {
	To        convert.Direction `json:"to"`
	Preflight []Step            `json:"preflight"`
	// Decide lists what stays with the tool that has it, and why.
	Decide []Held  `json:"decide"`
	Owners []Owner `json:"owners"`
	Stages []Stage `json:"stages"`
}

// A Stage is complete before the next begins.
type Stage struct {
	Title string `json:"title"`
	Why   string `json:"why"`
	Steps []Step `json:"steps"`
}

// A Step is done by its commands, seen by its checks, and undone by its rollback once
// all later steps are undone.
type Step struct {
	What     string   `json:"what"`
	Why      string   `json:"why,omitempty"`
	Commands []string `json:"commands"`
	Check    []string `json:"check,omitempty"`
	Rollback []string `json:"rollback,omitempty"`
}

// A Held app is not moved.
type Held struct {
	App      string   `json:"app"`
	Why      string   `json:"why"`
	Findings []string `json:"findings,omitempty"`
}

// An Owner says which tool reconciles an app; "nobody" while it is frozen.
type Owner struct {
	App       string `json:"app"`
	Namespace string `json:"namespace"`
	Wave      int    `json:"wave"` // 0: it stays
	Before    string `json:"before"`
	Frozen    string `json:"frozen"`
	After     string `json:"after"`
}

// Options say what the commands of the runbook are.
type Options struct {
	To convert.Direction
	// Arguments are those of convert that read the same input, ready for a shell.
	Arguments string
	// FluxNamespace and ArgoCDNamespace stand in where objects name none.
	FluxNamespace, ArgoCDNamespace string
}

// New plans the move of the inputs, and of what Made returned of them. The outcomes are what
// a conversion without Options.Suspend makes of the inputs. It fails where an object is
// broken.
func New(inputs, made []convert.Input, outcomes []convert.Outcome, o Options) (*Runbook, error) {
	namespaces := map[string]string{
		"Application": o.ArgoCDNamespace, "ApplicationSet": o.ArgoCDNamespace,
		"Kustomization": o.FluxNamespace, "HelmRelease": o.FluxNamespace, resourceset.Kind: o.FluxNamespace,
	}
	apps, sets, err := readAll(inputs, made, o.To, namespaces)
	if err != nil {
		return nil, err
	}
	if err := join(apps, outcomes, o.To, namespaces); err != nil {
		return nil, err
	}
	old, err := outdated(inputs, namespaces)
	if err != nil {
		return nil, err
	}
	sets, left := settleSets(append(sets, unread(apps, sets)...), apps, outcomes, namespaces)
	arrange(apps, sets)
	r := &Runbook{To: o.To, Preflight: preflight(apps, old, o), Decide: append([]Held{}, left...), Owners: []Owner{}}
	last := 0
	for _, a := range apps {
		last = max(last, a.wave)
		r.describe(a)
	}
	r.Stages = append(r.Stages, save(apps, sets, o), create(apps, o), compare(o))
	if s := guardians(apps, sets); len(s.Steps) > 0 {
		r.Stages = append(r.Stages, s)
	}
	for w := 1; w <= last; w++ {
		r.Stages = append(r.Stages, wave(w, apps))
	}
	return r, nil
}

// describe notes who owns the app, and why where it stays.
func (r *Runbook) describe(a *app) {
	before, after := "Argo CD", "Flux"
	if !a.application() {
		before, after = after, before
	}
	owner := Owner{App: a.key(), Namespace: a.destination(), Wave: a.wave, Before: before, Frozen: "nobody", After: after}
	if a.held == "" && !slices.ContainsFunc(a.targets, thing.runs) {
		owner.After += ", off"
	}
	if a.held != "" {
		owner.After = before
		if !a.parent {
			owner.Frozen = before
		} else {
			owner.After = "nobody"
		}
		r.Decide = append(r.Decide, Held{App: a.key(), Why: a.held, Findings: findings(a.blocking)})
	}
	r.Owners = append(r.Owners, owner)
}

// findings are entries as lines for people.
func findings(entries []ledger.Entry) (lines []string) {
	for _, e := range entries {
		lines = append(lines, fmt.Sprintf("%s:%d %s %s: %s", e.From.File, e.From.Line, e.ID, e.From.Path, e.Note))
	}
	return lines
}
