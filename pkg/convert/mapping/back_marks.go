package mapping

import (
	"slices"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

const optionsKey = "argocd.argoproj.io/sync-options"

// A treatment is what becomes of objects with a mark of kustomize-controller: an
// annotation of Argo CD's, where a patch can add one, else a loss.
type treatment struct {
	id, key, value   string
	annotation, text string
	fidelity         ledger.Fidelity // with the annotation
	note             string
	lost             Verdict
}

// treatments: a skipped hook is never applied, and counts for nothing (GitOps Engine
// pkg/sync/sync_phase.go, Argo CD controller/state.go, controller/health.go).
var treatments = []treatment{
	{
		"object-ignored", "ssa", "Ignore", hookAnnotation, "Skip", ledger.Equivalent,
		"Flux never applies them, nor does Argo CD those that are hooks to skip, which a patch makes them",
		blocking("Flux never applies them, Argo CD would"),
	},
	{
		"object-disabled", "reconcile", "disabled", hookAnnotation, "Skip", ledger.Equivalent,
		"Flux never applies them, nor does Argo CD those that are hooks to skip, which a patch makes them",
		blocking("Flux never applies them, Argo CD would"),
	},
	{
		"object-kept", "prune", "disabled", optionsKey, "Prune=false,Delete=false", ledger.Equivalent,
		"never deleted, with the sync options Prune=false,Delete=false, which a patch adds",
		blocking("Flux never deletes them, Argo CD would, unless they have the sync options Prune=false,Delete=false"),
	},
	{
		"object-forced", "force", "enabled", optionsKey, forceOptions, ledger.Approximate,
		"with the sync options Force=true,ServerSideApply=false, which a patch adds, Argo CD recreates them, on other conflicts, too",
		unsupported("Flux recreates them where a field is immutable, Argo CD would stop, unless they have the sync option Force=true"),
	},
	{
		id: "object-if-not-present", key: "ssa", value: "IfNotPresent",
		lost: blocking("Flux creates them once and leaves them alone then, Argo CD would overwrite them"),
	},
	{
		id: "object-merged", key: "ssa", value: "Merge",
		lost: approximate("Flux keeps what others added, and so does Argo CD's server-side apply, if not in all cases"),
	},
}

// backMarks gives objects that kustomize-controller treats in their own way the like of it
// in Argo CD.
func backMarks(c *BackCell) {
	all := c.marks()
	for _, t := range treatments {
		marked := slices.DeleteFunc(slices.Clone(all), func(m checkout.Mark) bool { return m.Key != t.key || m.Value != t.value })
		if t.key == "prune" && !node.True(c.applier().Root, "spec", "prune") && !c.deletes() {
			continue // nothing is ever deleted
		}
		var written, lost []string
		for _, m := range marked {
			if c.patchable(t, marked) && !m.Label && !m.Cased && !m.Late {
				written = append(written, m.Object)
			} else {
				lost = append(lost, m.Object)
			}
		}
		if len(written) > 0 {
			c.found(written, t.id, Verdict{Promise: Promise{Fidelity: t.fidelity, Note: t.note}, To: c.treat(t)})
		}
		c.found(lost, t.id, t.lost)
	}
}

// patchable tells whether a patch of the Application may treat the marked objects. One
// for all would overwrite the options that some have already.
func (c *BackCell) patchable(t treatment, marked []checkout.Mark) bool {
	owned := slices.ContainsFunc(marked, func(m checkout.Mark) bool { return m.Owned })
	return t.annotation != "" && !c.unit.tree() && !(owned && t.annotation == optionsKey)
}

// treat adds the patches of a treatment. Options stand in one annotation, so an object
// that has two marks, or spec.force, needs them together.
func (c *BackCell) treat(t treatment) []Target {
	text, selector := t.text, markPrefix+t.key+"="+t.value
	if t.key == "prune" && node.True(c.applier().Root, "spec", "force") {
		text += "," + forceOptions
	}
	to := []Target{c.metadataPatch(node.Map(t.annotation, text), node.Map("annotationSelector", selector))}
	if t.key == "force" {
		kept := node.Map(t.annotation, "Prune=false,Delete=false,"+text)
		to = append(to, c.metadataPatch(kept, node.Map("annotationSelector", selector+","+markPrefix+"prune=disabled")))
	}
	return to
}

const markPrefix = "kustomize.toolkit.fluxcd.io/"

// marks lists the marks in the repository and those that the Kustomization sets itself.
func (c *BackCell) marks() []checkout.Mark {
	if c.applier().Release() {
		return nil
	}
	all := slices.Clone(c.unit.scanned().Marks)
	for _, text := range c.patchTexts() {
		all = append(all, checkout.PatchMarks("spec.patches", text)...)
	}
	return append(all, checkout.MetadataMarks("spec.commonMetadata", c.spec("commonMetadata"))...)
}

// patchTexts lists the patches of the Kustomization, in any form, but those that stand for
// what Argo CD does by itself.
func (c *BackCell) patchTexts() (texts []string) {
	for _, item := range node.Items(c.spec(), "patches") {
		if text := node.Text(item, "patch"); text != protectPatch && text != forcePatch {
			texts = append(texts, text)
		}
	}
	for _, patch := range append(mergePatches(c.applier().Root), jsonPatches(c.applier().Root)...) {
		if text, err := blockText(patch.tree); err == nil {
			texts = append(texts, text.Value)
		}
	}
	return texts
}
