package convert

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
)

// findings is what there is to say of an applier's parent and children.
func (a *applier) findings() (found []mapping.Finding) {
	if len(a.children) > 0 {
		found = append(found, mapping.Finding{Path: "spec.path", Verdict: lost("flux-of-flux", fmt.Sprintf(
			"holds Flux objects of the input (%s), which Argo CD would apply as such: commit the converted ones in their place, then allow the sync", few(a.children)), true)})
	}
	if target := targetOf(a.parents); target != "" {
		found = append(found, mapping.Finding{Path: "metadata.namespace", Verdict: mapping.Verdict{
			ID: "parent-namespace", Promise: mapping.Promise{Fidelity: ledger.Approximate, Note: fmt.Sprintf(
				"%q, the targetNamespace of %s, whose path holds the file", target, a.parents[0].applier.Ref)},
		}})
	}
	for _, p := range a.parents {
		for _, e := range p.edits {
			if e.selects(a.Ref) {
				found = append(found, mapping.Finding{Path: "spec", Verdict: lost("parent-edits", fmt.Sprintf(
					"%s, whose path holds the file, changes this object by %s, which was not applied here: convert behind it, as with flux build, or write the change into the object", p.applier.Ref, e.at), true)})
			}
		}
	}
	if above := a.late(map[*applier]bool{a: true}); above != nil {
		found = append(found, mapping.Finding{Path: "metadata.annotations", Verdict: lost("parent-order", fmt.Sprintf(
			"%s, whose path holds the file, waits for what it depends on, and so does this object in Flux; this Application does not: let it depend on the same", above.Ref), false)})
	}
	return slices.Concat(found, a.changed(), a.outside)
}

// changed is what there is to say of kustomization files and of twins.
func (a *applier) changed() (found []mapping.Finding) {
	say := func(at, id, format, what string) {
		found = append(found, mapping.Finding{Path: at, Verdict: lost(id, fmt.Sprintf(format, what), true)})
	}
	const advice = "which was not applied here: convert behind kustomize, with -k or as a transformer, or write the change into the object"
	if len(a.edits) > 0 {
		say("spec", "kustomization-edits", "changed by %s, "+advice, firstOf(a.edits))
	}
	if len(a.sourceEdits) > 0 {
		say(a.sourcePath, "source-edits", "the source is changed by %s, "+advice, firstOf(a.sourceEdits))
	}
	if a.twin != "" {
		say("metadata.name", "several-clusters", "%s has another object of this kind, namespace and name: no cluster holds both, but both Applications would deploy to the same one; convert what each cluster has by itself", a.twin)
	}
	return found
}

func lost(id, note string, blocking bool) mapping.Verdict {
	v := lostOrder(id, note)
	v.Blocking = blocking
	return v
}

// few names the first of many objects.
func few(all []*applier) string {
	var names []string
	for _, a := range all {
		names = append(names, a.Kind+" "+a.Name)
	}
	return firstOf(names)
}

// firstOf lists the first of many names.
func firstOf(all []string) string {
	names := slices.Clone(all[:min(len(all), 3)])
	if len(all) > len(names) {
		names = append(names, fmt.Sprintf("%d more", len(all)-len(names)))
	}
	return strings.Join(slices.Compact(names), ", ")
}
