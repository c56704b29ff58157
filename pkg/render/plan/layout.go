package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/hook"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// layout turns the tasks of an app, in order, into stages.
func (u *unit) layout(app *manifest.App, m *method) {
	main := mainSet(app, m)
	// Objects that are applied the other way need a set of their own: kubectl apply
	// does one or the other.
	other := &set{name: parentName(app.Kind, app.Namespace, app.Name, "other"), server: !main.server}
	u.stages = groups(m.tasks, func(t *task) *set {
		switch {
		case !t.member:
			return nil
		case t.server == main.server:
			return main
		}
		return other
	})
	for _, s := range []*set{main, other} {
		if len(s.kinds) > 0 {
			u.sets = append(u.sets, s)
			u.owner.ApplySets = append(u.owner.ApplySets, &ApplySet{s.ref(), s.object()})
		}
	}
	if len(u.sets) > 1 {
		app.Note("plan-two-sets", ledger.Approximate, "metadata.name",
			"some objects are applied on the server's side and others not, and so they are two ApplySets: when the last object of one is gone from the source, kubectl does not prune it")
	}
	u.waits(app, m)
	u.keep()
	for _, s := range u.sets {
		u.prune(m, s)
	}
	u.cleanup()
	for _, s := range u.stages {
		s.Owner, s.cluster = &u.owner.Object, u.owner.Cluster
		if s.Skipped = u.owner.Skipped; s.set != nil {
			s.ApplySet = s.set.ref()
		}
	}
}

// mainSet is the set of the objects that are applied as the app says.
func mainSet(app *manifest.App, m *method) *set {
	return &set{name: parentName(app.Kind, app.Namespace, app.Name), server: m.server || m.replace}
}

// groups makes one stage of neighbours that one command can apply.
func groups(tasks []*task, of func(*task) *set) (stages []*Stage) {
	var last *task
	for _, t := range tasks {
		if last == nil || !last.like(t) || t.alone {
			s := &Stage{Phase: t.phase, Wave: t.wave, Action: t.action, Flags: t.flags, set: of(t)}
			stages = append(stages, s)
		}
		last = t
		s := stages[len(stages)-1]
		s.Objects = append(s.Objects, &Object{
			Object: t.ID(), GenerateName: t.GetGenerateName(), DeletePolicy: t.policy, index: t.index,
			File: fileName(len(s.Objects)+1, t.GetKind(), t.GetName()+t.GetGenerateName()),
		})
		s.tasks = append(s.tasks, t)
		if s.set != nil {
			s.set.add(t.gk(), t.GetNamespace())
			s.set.lax = s.set.lax || t.lax
		}
	}
	return stages
}

// fileName is the name of a manifest: kubectl applies the files of a directory in the
// order of their names.
func fileName(number int, kind, name string) string {
	text := plainName(kind + "-" + name)
	const most = 100
	return fmt.Sprintf("%04d-%s.yaml", number, text[:min(len(text), most)])
}

// plainName is text that is good in the name of a file, and to a shell.
func plainName(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r == '-', r == '.':
			return r
		}
		return '-'
	}, strings.ToLower(text))
}

// waits lets each wave wait for its objects at its end, and what is defined be there at
// once. Argo CD does not wait for the last wave where it has no hooks (sync_context.go
// Sync).
func (u *unit) waits(app *manifest.App, m *method) {
	var unknown, never []string
	var pending []Wait
	for i, s := range u.stages {
		waits, odd := s.waits(m)
		if s.tasks[0].definition() != "" {
			s.Wait = waits
			continue
		}
		pending, unknown = append(pending, waits...), append(unknown, odd...)
		if i+1 < len(u.stages) && u.stages[i+1].Phase == s.Phase && u.stages[i+1].Wave == s.Wave {
			continue
		}
		last := i+1 == len(u.stages) || u.stages[i+1].Phase == SyncFail
		if !last || app.Kind != "Application" || u.hooks(s.Phase, s.Wave) {
			s.Wait = append(s.Wait, pending...)
			never = append(never, unknown...)
		}
		pending, unknown = nil, nil
	}
	noteWaits(app, never)
	if last := u.lastOf(Sync); last >= 0 {
		u.stages[last].Wait = append(u.stages[last].Wait, m.checks...)
	}
}

// waits are what a stage waits for, and the objects of which kubectl cannot tell.
func (s *Stage) waits(m *method) (waits []Wait, unknown []string) {
	for _, t := range s.tasks {
		if !t.health {
			continue
		}
		condition, known := await(t)
		switch {
		case !known:
			unknown = append(unknown, t.GetKind()+" "+t.GetName())
		case condition != "" && t.GetName() != "":
			waits = append(waits, Wait{Object: t.ID(), For: condition, Seconds: m.seconds})
		}
	}
	return waits, unknown
}

func noteWaits(app *manifest.App, unknown []string) {
	if len(unknown) == 0 {
		return
	}
	what := strings.Join(unknown[:min(len(unknown), 3)], ", ")
	if more := len(unknown) - 3; more > 0 {
		what += fmt.Sprintf(", %d more", more)
	}
	app.Note("plan-wait", ledger.Approximate, "metadata.name",
		"kubectl cannot tell when these are ready, so the plan does not wait for them: "+what)
}

// hooks tells whether a wave has any.
func (u *unit) hooks(phase Phase, wave int) bool {
	return slices.ContainsFunc(u.stages, func(s *Stage) bool {
		return s.Action == RunHook && s.Phase == phase && s.Wave == wave
	})
}

// ids are the labels of the owner's sets.
func (u *unit) ids() (ids []string) {
	for _, s := range u.sets {
		ids = append(ids, s.id())
	}
	return ids
}

// lastOf is the index of the last stage of a phase, or of the phases before it; -1
// where there is none.
func (u *unit) lastOf(phase Phase) int {
	last := -1
	for i, s := range u.stages {
		if phaseOrder[s.Phase] <= phaseOrder[phase] {
			last = i
		}
	}
	return last
}

// prune makes the only stage of a set prune, or adds one that does, with the objects
// of all of them, behind the last wave.
func (u *unit) prune(m *method, s *set) {
	var of []*Stage
	for _, stage := range u.stages {
		if stage.set == s {
			of = append(of, stage)
		}
	}
	flags := append(m.flags(s.server, s.lax), "--cascade="+m.cascade)
	only := of[0]
	if len(of) == 1 && only.Action == Apply && only.tasks[0].definition() == "" &&
		(!m.last || only == u.stages[u.lastOf(Sync)]) && !slices.Contains(only.Flags, "--force") {
		only.Action, only.Flags = Prune, flags
		return
	}
	last := u.lastOf(Sync)
	stage := &Stage{Phase: Sync, Wave: u.stages[last].Wave, Action: Prune, Flags: flags, set: s, of: of}
	if m.prunesBeforeHealth() {
		stage.Wait, u.stages[last].Wait = u.stages[last].Wait, nil
	}
	u.stages = slices.Insert(u.stages, last+1, stage)
}

// prunesBeforeHealth: Flux prunes before it waits for health at the end.
func (m *method) prunesBeforeHealth() bool { return m.manager != argoManager }

// keep takes what must not be pruned out of the sets, before anything is pruned:
// it may have been in one when it was applied last time.
func (u *unit) keep() {
	if len(u.sets) == 0 {
		return
	}
	var of []*Stage
	for _, s := range u.stages {
		if s.set == nil && s.Phase == Sync && s.Action != RunHook && !s.tasks[0].crd() {
			of = append(of, s)
		}
	}
	if len(of) == 0 {
		return
	}
	at := slices.IndexFunc(u.stages, func(s *Stage) bool { return s.Phase == Sync })
	u.stages = slices.Insert(u.stages, at, &Stage{Phase: Sync, Wave: u.stages[at].Wave, Action: Release, of: of, release: u.ids()})
}

// cleanup adds the deletion of hooks that have succeeded.
func (u *unit) cleanup() {
	var done []*Stage
	for _, s := range u.stages {
		if s.Action == RunHook && s.Phase != SyncFail && slices.ContainsFunc(s.Objects, func(o *Object) bool {
			return slices.Contains(o.DeletePolicy, hook.Succeeded)
		}) {
			done = append(done, s)
		}
	}
	if len(done) == 0 {
		return
	}
	at := u.lastOf(PostSync) + 1
	u.stages = slices.Insert(u.stages, at, &Stage{Phase: Cleanup, Action: Delete, of: done})
}
