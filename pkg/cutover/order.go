package cutover

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// arrange finds the parents of apps and sets, what is held back, and the waves of the rest.
func arrange(apps []*app, sets []thing) {
	byKey := map[string]*app{}
	for _, a := range apps {
		byKey[a.key()] = a
	}
	adopt := func(t thing) {
		for _, key := range t.owners() {
			if p := byKey[key]; p != nil && key != t.key() {
				p.parent = true
			}
		}
	}
	for _, set := range sets {
		adopt(set)
	}
	for _, a := range apps {
		adopt(a.thing)
		if !a.application() {
			for _, ref := range flux.ReadApplier(a.root, a.Namespace).DependsOn() {
				a.needs = append(a.needs, ref.Kind+" "+ref.Namespace+"/"+ref.Name)
			}
		}
	}
	for _, a := range apps {
		a.hold()
	}
	for _, a := range apps {
		if a.held != "" {
			keep(a, byKey)
		}
	}
	number(apps, byKey)
}

// owners are the keys of what may have deployed the object itself: its makers, the tracking
// that Argo CD writes (docs/user-guide/resource_tracking.md), or Flux's owner labels.
func (t thing) owners() (keys []string) {
	label := func(name string) string { return node.Text(t.root, "metadata", "labels", name) }
	if id := node.Text(t.root, "metadata", "annotations", "argocd.argoproj.io/tracking-id"); id != "" {
		parent, _, _ := strings.Cut(id, ":")
		keys = append(keys, "Application "+t.Namespace+"/"+parent)
	}
	if instance := label("app.kubernetes.io/instance"); instance != "" {
		keys = append(keys, "Application "+t.Namespace+"/"+instance)
	}
	const group = "kustomize.toolkit.fluxcd.io"
	if name := label(group + "/name"); name != "" {
		keys = append(keys, flux.Kustomization.Name+" "+label(group+"/namespace")+"/"+name)
	}
	for _, maker := range t.makers() {
		keys = append(keys, maker.key())
	}
	return keys
}

// hold says why an app cannot move as it is.
func (a *app) hold() {
	for _, e := range a.blocking {
		a.parent = a.parent || e.ID == "flux-of-flux"
	}
	switch {
	case a.parent:
		a.held = "it deploys other objects of this plan and would undo their move: put the converted objects into its source, then plan it alone"
	case len(a.blocking) > 0:
		a.held = "something else would be deployed: decide, change the object, and plan again"
	case len(a.targets) == 0:
		a.held = "no object of the other tool can stand for it: see the findings of the conversion"
	}
}

// keep holds what a held app waits for: an object that is gone is never ready.
func keep(a *app, byKey map[string]*app) {
	for _, key := range a.needs {
		if n := byKey[key]; n != nil && n.held == "" {
			n.held = a.String() + ", which stays, depends on it"
			keep(n, byKey)
		}
	}
}

// number gives each app that moves its wave: after what it needs, and in the order of
// sync waves. Waves count from 1.
func number(apps []*app, byKey map[string]*app) {
	var moving []*app
	for _, a := range apps {
		if a.held == "" {
			moving = append(moving, a)
		}
	}
	type place struct{ wave, depth int }
	at := func(a *app) place { return place{a.syncWave(), depth(a, byKey, map[*app]bool{})} }
	slices.SortStableFunc(moving, func(x, y *app) int {
		p, q := at(x), at(y)
		return cmp.Or(cmp.Compare(p.wave, q.wave), cmp.Compare(p.depth, q.depth))
	})
	for i, a := range moving {
		a.wave = 1
		if i > 0 {
			a.wave = moving[i-1].wave
			if at(a) != at(moving[i-1]) {
				a.wave++
			}
		}
	}
}

// depth is the length of the longest chain of dependencies; a cycle ends it.
func depth(a *app, byKey map[string]*app, seen map[*app]bool) int {
	if seen[a] {
		return 0
	}
	seen[a] = true
	defer delete(seen, a)
	n := 0
	for _, key := range a.needs {
		if need := byKey[key]; need != nil {
			n = max(n, 1+depth(need, byKey, seen))
		}
	}
	return n
}
