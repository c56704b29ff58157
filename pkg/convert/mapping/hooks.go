package mapping

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

const (
	hookAnnotation = "argocd.argoproj.io/hook"
	helmAnnotation = "helm.sh/hook"
)

// neverSynced are the hooks that no sync which goes well deploys; neverSyncedHelm are
// those of Helm, which count where Argo CD's own annotation is absent (GitOps Engine
// sync/hook/hook.go Types). A selector matches one type, never a list with commas.
var (
	neverSynced     = []string{"PostDelete", "PreDelete", "SyncFail", "Skip"}
	neverSyncedHelm = []string{"post-delete", "post-rollback", "pre-delete", "pre-rollback", "test", "test-failure", "test-success"}
)

// The selectors of both.
var (
	stripSelector     = hookAnnotation + " in (" + strings.Join(neverSynced, ",") + ")"
	stripHelmSelector = helmAnnotation + " in (" + strings.Join(neverSyncedHelm, ",") + "),!" + hookAnnotation
)

// deletePatch removes what its target selects.
const deletePatch = "$patch: delete\nkind: x\nmetadata:\n  name: x\n"

// forcePatch recreates an object whose immutable fields changed, such as a Job.
const forcePatch = `apiVersion: v1
kind: any
metadata:
  name: any
  annotations:
    kustomize.toolkit.fluxcd.io/force: enabled
`

// forwardHooks: Flux would apply a hook as an ordinary object, at once and once
// (Argo CD controller/hook.go; GitOps Engine sync/hook).
func forwardHooks(c *Cell) {
	p := c.part
	if p.kustomization() == nil || p.onlyChildren() {
		return
	}
	if unseen := p.unseen(); unseen != "" {
		note := unseen + hooksUnseen
		if p.Repo == nil {
			note += ". Pass --source"
		}
		c.absent(c.hookPath(), approximate(note, c.stripTypes(), c.stripHelmTypes()))
	}
	if p.Scan != nil && len(p.Scan.Hooks) > 0 {
		p.phases = map[string][]int{}
		c.foundHooks(p.Scan.Hooks)
	}
}

const hooksUnseen = ": of hooks there, those of deletion and failure and Helm's tests are stripped, but not where the annotation lists several types; PreSync, Sync and PostSync hooks run as ordinary objects, at the same time as the rest; sync waves are not kept"

// hookPath is where patches of the Application would stand.
func (c *Cell) hookPath() string { return c.part.Source.At + ".kustomize.patches" }

func (c *Cell) stripTypes() Target {
	return c.strip("annotationSelector", stripSelector)
}

func (c *Cell) stripHelmTypes() Target {
	return c.strip("annotationSelector", stripHelmSelector)
}

// stripHook removes a hook by its name where its annotation says too much for a selector.
func (c *Cell) stripHook(h checkout.Hook) Target {
	switch {
	case h.Helm:
		return c.strip("annotationSelector", helmAnnotation, "kind", h.Kind, "name", named(h.Name))
	case len(h.Types) == 1 && slices.Contains(neverSynced, h.Types[0]):
		return c.stripTypes()
	default:
		return c.strip("annotationSelector", hookAnnotation, "kind", h.Kind, "name", named(h.Name))
	}
}

func (c *Cell) strip(target ...any) Target {
	return c.patch(c.part.Work, object.RankStrip, node.Map(target...), deletePatch)
}

// named matches one name and no other.
func named(name string) string { return "^" + quoteMeta(name) + "$" }

func (c *Cell) foundHooks(hooks []checkout.Hook) {
	for _, h := range hooks {
		name := fmt.Sprintf("%s/%s (%s)", h.Kind, h.Name, strings.Join(h.Types, ","))
		switch {
		case h.Nameless:
			c.absent(c.hookPath(), blocking(fmt.Sprintf("hook %s in %s has generateName, which fails a kustomize build: give it a name", h.Kind, h.File)).as("hook-nameless"))
		case h.Deploys():
			c.absent(c.hookPath(), c.deployedHook(h, name))
			if ownPhase(h) {
				c.part.phases[h.Types[0]] = append(c.part.phases[h.Types[0]], len(c.unit.absences)-1)
			}
		default:
			c.absent(c.hookPath(), c.strippedHook(h, name))
		}
	}
}

func (c *Cell) strippedHook(h checkout.Hook, name string) Verdict {
	to := c.stripHook(h)
	if !h.Runs() {
		return equivalent(name+" not deployed, nor does Argo CD", to).as("hook-stripped")
	}
	return Verdict{ID: "hook-stripped", To: []Target{to}, Promise: Promise{
		Fidelity: ledger.Unsupported, Note: name + " not deployed; Flux has no such hooks",
	}}
}

// ownPhase tells whether the hook gets a Kustomization of its own, with others of its phase.
func ownPhase(h checkout.Hook) bool {
	return !h.Helm && len(h.Types) == 1 && h.Types[0] != "Sync"
}

// deployedHook: a hook of one phase before or after the sync gets a Kustomization of
// its own, which selects by the annotation; others stay among the rest.
func (c *Cell) deployedHook(h checkout.Hook, name string) Verdict {
	const when = " runs when it changes or was deleted, not on every sync; it is recreated then"
	selector, id, note := hookAnnotation, "hook-ordinary", name+when
	switch {
	case h.Helm:
		selector, id = helmAnnotation+","+helmAnnotation+" notin (crd-install),!"+hookAnnotation, "hook-helm"
		note += ". Marked by helm.sh/hook only, it runs at the same time as the rest: mark it with argocd.argoproj.io/hook or move it to a path of its own"
	case len(h.Types) > 1:
		note += ". With several types it runs once, at the same time as the rest: give each type an object of its own"
	case ownPhase(h):
		note = name + ", in a Kustomization of its own," + when
	}
	to := c.patch(c.part.Work, object.RankProtect, node.Map("annotationSelector", selector), forcePatch)
	return approximate(note, to).as(id)
}
