package cutover

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/resourceset"
)

// A guardian deploys apps, or sets that make them.
type guardian struct {
	thing
	made  bool // an ApplicationSet of the input makes it
	steps []Step
	depth int
}

// guardians freezes what would undo a freeze: the parents of apps and of sets, and the sets.
// What deploys another of them is frozen before it, since it would turn that on again.
func guardians(apps []*app, sets []thing) Stage {
	s := Stage{Title: "Freeze what deploys the apps", Why: "A parent or a set that goes on would turn its apps on again, or create them anew. What is above comes first."}
	var all []guardian
	for _, t := range sets {
		all = append(all, guardian{thing: t, steps: []Step{t.release()}})
	}
	for _, a := range apps {
		if a.parent {
			all = append(all, guardian{thing: a.thing, made: a.made, steps: []Step{a.freeze()}})
		}
	}
	for i := range all {
		all[i].depth = all[i].below(all, map[string]bool{})
	}
	slices.SortStableFunc(all, func(x, y guardian) int { return cmp.Compare(x.depth, y.depth) })
	for _, g := range all {
		s.Steps = append(s.Steps, g.steps...)
	}
	return s
}

// below counts what is above the guardian; a cycle ends it.
func (g guardian) below(all []guardian, seen map[string]bool) (n int) {
	if seen[g.key()] {
		return 0
	}
	seen[g.key()] = true
	defer delete(seen, g.key())
	owners := g.owners()
	for _, other := range all {
		// Which of the ApplicationSets makes it is not known, and does not matter here.
		if slices.Contains(owners, other.key()) || g.made && other.Kind == "ApplicationSet" {
			n = max(n, 1+other.below(all, seen))
		}
	}
	return n
}

// release ends what a set does to the objects that it has made.
func (t thing) release() Step {
	step := Step{Commands: []string{t.patch(t.off())}}
	if t.Kind == resourceset.Kind {
		step.What = "Switch off " + t.key()
		step.Why = "It would undo what is patched, and create anew what is deleted. Take it out of what applies it, too."
		step.Check = []string{t.show(".metadata.annotations."+strings.ReplaceAll(operatorReconcile, ".", `\.`)) + " # prints disabled"}
		step.Rollback = []string{t.patch(t.on())}
		return step
	}
	step.What = "Release the Applications of " + t.key()
	step.Why = "Without finalizers and with --cascade=orphan its Applications stay, as plain ones. Generators add none from here on."
	step.Commands = append(step.Commands, t.delete())
	step.Check = []string{fmt.Sprintf("kubectl get applications.argoproj.io -n %s -o custom-columns='NAME:.metadata.name,OWNER:.metadata.ownerReferences[*].name' # all are there, and none names %s", Word(t.Namespace), t.Name)}
	step.Rollback = []string{"kubectl apply -f " + t.file()}
	return step
}
