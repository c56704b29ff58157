package cutover

import (
	"fmt"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

const target = dir + "/target.yaml"

func save(apps []*app, sets []thing, o Options) Stage {
	s := Stage{Title: "Save", Why: "Copies of what is there, turned off, are what a rollback creates again. Nothing changes."}
	step := Step{What: "Save what is there", Commands: []string{"mkdir -p " + dir}}
	for _, a := range apps {
		if a.held == "" {
			step.Commands = append(step.Commands, a.save())
		}
	}
	for _, t := range sets {
		step.Commands = append(step.Commands, t.save())
	}
	write := fmt.Sprintf("kubectl gitops convert %s --to %s --suspend --fail-on never > %s", o.Arguments, o.To, target)
	s.Steps = []Step{step, {What: "Write the new objects, turned off", Commands: []string{write},
		Why: "Put the same objects, without --suspend, where the new tool will read them from once the last wave is done."}}
	return s
}

func create(apps []*app, o Options) Stage {
	s := Stage{Title: "Create", Why: "The new objects exist and do nothing; sources are fetched, so that credentials show whether they work."}
	step := Step{What: "Create the new objects", Commands: []string{"kubectl apply -f " + target},
		Why:   "What the conversion passes untouched is in the file too and is applied as it was read; if one has changed in the cluster since, it is a conflict: write the file again.",
		Check: []string{"kubectl get -f " + target}}
	for _, a := range apps {
		for _, t := range a.targets {
			if p := t.guard(); p != nil {
				step.Commands = append(step.Commands, t.patch(p))
			}
			step.Rollback = append(step.Rollback, t.patch(t.off()), t.delete())
		}
	}
	if o.To == convert.ToFlux {
		step.Why += " Sources that a rollback leaves deploy nothing."
	}
	s.Steps = []Step{step}
	return s
}

func compare(o Options) Stage {
	return Stage{Title: "Compare", Why: "Both sides must deploy the same objects before one takes over from the other.",
		Steps: []Step{{What: "Render both sides and compare", Commands: []string{
			fmt.Sprintf("kubectl gitops verify %s --against %s --accept automation", o.Arguments, target),
		}, Why: "The content of each deployment should be equivalent. Rows of the policy that differ are how the two will sync in another way: read them now. automation is accepted, as the new objects are turned off until their wave."}}}
}

func (a *app) freeze() Step {
	step := Step{What: "Freeze " + a.key(), Commands: []string{a.patch(a.off())}, Rollback: []string{a.patch(a.on())}}
	if a.application() {
		step.Why = "No automated sync, and no finalizer by which a deletion would reach the workload."
		step.Check = []string{a.show(".spec.syncPolicy.automated") + " # prints nothing", a.show(".status.operationState.phase") + " # not Running"}
	} else {
		step.Why = "A suspended object applies and prunes nothing, and its deletion leaves what it deployed."
		step.Check = []string{a.show(".spec.suspend") + " # prints true"}
	}
	return step
}

// wave moves the apps of one wave.
func wave(n int, apps []*app) Stage {
	s := Stage{Title: fmt.Sprintf("Wave %d", n), Why: "One batch. Begin the next when all of this one is healthy; apps that depend on it wait for their own wave."}
	for _, step := range []func(*app) Step{(*app).freeze, (*app).adoption, (*app).remove, (*app).settle} {
		for _, a := range apps {
			if a.wave != n {
				continue
			}
			if todo := step(a); len(todo.Commands) > 0 {
				s.Steps = append(s.Steps, todo)
			}
		}
	}
	return s
}

func (a *app) adoption() Step {
	step := Step{What: "Adopt what " + a.key() + " deployed", Why: "The new object applies over what is there; pruning is off."}
	for _, t := range a.targets {
		if !t.runs() {
			continue
		}
		step.Commands = append(step.Commands, t.patch(t.adopt()))
		step.Check = append(step.Check, t.adopted()...)
		step.Rollback = append(step.Rollback, t.patch(t.off()))
	}
	return step
}

func (a *app) remove() Step {
	step := Step{What: "Remove " + a.key(), Why: "It is frozen, so that what it deployed stays.",
		Commands: []string{a.delete()}, Rollback: []string{}}
	for _, t := range a.targets {
		step.Rollback = append(step.Rollback, t.patch(t.off()))
	}
	step.Rollback = append(step.Rollback, "kubectl apply -f "+a.file())
	return step
}

func (a *app) settle() Step {
	step := Step{What: "Settle what took the place of " + a.key(),
		Why: "Pruning, deletion and automation become what the conversion says. What was manual or suspended stays off: nothing is deployed that nobody asked for, and the first run adopts."}
	for _, t := range a.targets {
		step.Commands = append(step.Commands, t.patch(t.on()))
		if p := t.guard(); p != nil {
			step.Rollback = append(step.Rollback, t.patch(p))
		}
	}
	return step
}
