package mapping

import (
	"fmt"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/schema"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/table"
)

// SetKind is the kind that the patterns of Row.Sets are about.
const SetKind = "ApplicationSet"

// generators are where generators stand, as deep as Argo CD nests them
// (applicationset_types.go: a matrix or merge takes a nested one, and that takes none).
var generators = func() []string {
	all := []string{"spec.generators[]"}
	for _, outer := range []string{"matrix", "merge"} {
		all = append(all, "spec.generators[]."+outer+".generators[]")
		for _, inner := range []string{"matrix", "merge"} {
			all = append(all, "spec.generators[]."+outer+".generators[]."+inner+".generators[]")
		}
	}
	return all
}()

// inGenerators are patterns of fields of generators, wherever these stand.
func inGenerators(fields ...string) (patterns []string) {
	for _, at := range generators {
		for _, field := range fields {
			patterns = append(patterns, at+"."+field)
		}
	}
	return patterns
}

// setRows say what becomes of an ApplicationSet whose Applications took its place. What
// these say has entries of its own.
func setRows() []Row {
	into := func(f ledger.Fidelity, note string) Promise { return Promise{Fidelity: f, Note: note, Implied: true} }
	return append([]Row{
		{
			ID: "appset-expanded", ToFlux: into(ledger.Equivalent, "expanded into the Applications"),
			Sets: append([]string{
				"apiVersion", "metadata.name", "metadata.namespace", "spec.goTemplate", "spec.goTemplateOptions[]", "spec.templatePatch",
				"spec.template.**", "spec.generators[].**",
				"spec.generators[].matrix.generators[].matrix.**", "spec.generators[].matrix.generators[].merge.**",
				"spec.generators[].merge.generators[].matrix.**", "spec.generators[].merge.generators[].merge.**",
			}, inGenerators("git.template.**", "oci.template.**", "clusters.template.**")...),
		},
		{ID: "appset-kind", Sets: []string{"kind"}, ToFlux: into(ledger.Approximate, "its Applications take its place, as of this run: %d. To delete it in the cluster, keep them: kubectl delete --cascade=orphan")},
		{ID: "appset-found", Sets: inGenerators("git.**", "oci.**", "clusters.**"), ToFlux: into(ledger.Approximate, "what the generator finds is expanded as of this run: nothing follows later changes, so convert again")},
		{ID: "appset-requeue", Sets: inGenerators("git.requeueAfterSeconds", "oci.requeueAfterSeconds"), ToFlux: into(ledger.Approximate, "nothing asks the generator again: convert again when what it finds has changed")},
		{
			ID: "appset-generator-live", Sets: inGenerators("scmProvider.**", "pullRequest.**", "plugin.**", "clusterDecisionResource.**"),
			ToFlux: into(ledger.Unsupported, "asks what cannot be asked here: the ApplicationSet passes untouched"),
		},
		{
			ID: "appset-namespace", Sets: []string{"spec.template.metadata.namespace"},
			ToFlux: into(ledger.Equivalent, "Argo CD ignores it: Applications are in the namespace of their ApplicationSet"),
		},
		{
			ID: "appset-finalizer", Sets: []string{"spec.syncPolicy.preserveResourcesOnDeletion"},
			ToFlux: into(ledger.Equivalent, "says whether the Applications have the finalizer that deletes what they deploy"),
		},
		{ID: "appset-metadata", Sets: []string{"metadata.**"}, ToFlux: into(ledger.Approximate, "about the ApplicationSet itself, which is gone")},
	}, setPolicyRows(into)...)
}

// setPolicyRows are about what the controller does with Applications once they exist.
func setPolicyRows(into func(ledger.Fidelity, string) Promise) []Row {
	return []Row{
		{
			ID: "appset-runtime", ToFlux: into(ledger.Runtime, "written by the cluster"),
			Sets: []string{
				"status.**", "metadata.creationTimestamp", "metadata.uid", "metadata.resourceVersion", "metadata.generation",
				"metadata.selfLink", "metadata.deletionTimestamp", "metadata.deletionGracePeriodSeconds", "metadata.managedFields[].**",
			},
		},
		{ID: "appset-nested-selectors", Sets: []string{"spec.applyNestedSelectors"}, ToFlux: into(ledger.Equivalent, "Argo CD ignores it: nested selectors always apply")},
		{
			ID: "appset-differences", Sets: []string{"spec.ignoreApplicationDifferences[].**"},
			ToFlux: into(ledger.Unsupported, "no controller makes the objects any more, so that nothing undoes changes; those in Git have to be made there"),
		},
		{
			ID: "appset-preserved-fields", Sets: []string{"spec.preservedFields.**"},
			ToFlux: into(ledger.Approximate, "labels and annotations that others add to Flux objects stay, unless Git says otherwise"),
		},
		{
			ID: "appset-strategy", Sets: []string{"spec.strategy.rollingSync.steps[].maxUpdate", "spec.strategy.deletionOrder"},
			ToFlux: into(ledger.Unsupported, "nothing limits how many change at once, or deletes in order"),
		},
		{
			ID: "appset-steps", Sets: []string{"spec.strategy.type", "spec.strategy.rollingSync.steps[].matchExpressions[].**"},
			ToFlux: into(ledger.Approximate, "what a step becomes waits, by dependsOn, for what the step before it becomes; Kustomizations and HelmReleases do not wait for each other. What is in no step, or synced by hand, Argo CD would sync in another way"),
		},
		{
			ID: "appset-sync", Sets: []string{"spec.syncPolicy.applicationsSync"},
			ToFlux: into(ledger.Approximate, "no controller updates or deletes the objects any more: what is in Git counts"),
		},
	}
}

// A Set accounts for an ApplicationSet whose Applications took its place.
type Set struct {
	Root  *yaml.Node
	File  string
	Table *Table
	// Made is how many Applications there are.
	Made int
	// Waiting are the objects that wait for those of an earlier step.
	Waiting []*object.Object
}

// Inputs returns what the unit was read from.
func (s *Set) Inputs() []*yaml.Node { return []*yaml.Node{s.Root} }

// Objects returns nothing: the Applications have units of their own.
func (s *Set) Objects() []*object.Object { return nil }

// Entries returns one entry for each leaf.
func (s *Set) Entries() (entries []ledger.Entry) {
	id := ledger.Object{
		APIVersion: node.Text(s.Root, "apiVersion"), Kind: SetKind,
		Namespace: node.Text(s.Root, "metadata", "namespace"), Name: node.Text(s.Root, "metadata", "name"),
	}
	unknown := schema.Unknown(argocd.APIVersion, SetKind, s.Root)
	for _, leaf := range s.Table.flux[SetKind].Walk(s.Root, nil) {
		v := unknownField("Argo CD 3.6.1")
		switch {
		case leaf.Row == table.None || unknown(leaf.Path): // in a generator or the template, too: the API server drops it
		case node.Null(leaf.Node):
			v = s.Table.emptyVerdict()
		default:
			v = s.verdict(&s.Table.Rows[leaf.Row])
		}
		entries = append(entries, entry(ledger.From{Object: id, Path: leaf.Path, File: s.File, Line: leaf.Line()}, v, false))
	}
	return entries
}

// verdict is what the row promises, in the light of what came of it.
func (s *Set) verdict(r *Row) Verdict {
	v := Verdict{ID: r.ID, Promise: r.ToFlux}
	switch {
	case r.ID == "appset-kind":
		v.Note = fmt.Sprintf(v.Note, s.Made)
	case r.ID != "appset-steps":
	case node.Text(s.Root, "spec", "strategy", "type") != "RollingSync":
		v.Promise = Promise{Fidelity: ledger.Equivalent, Note: "Argo CD syncs all at once, and so does Flux"}
	case len(s.Waiting) == 0:
		v.Promise = Promise{Fidelity: ledger.Unsupported, Note: "nothing waits for an earlier step: write dependsOn where the order matters"}
	default:
		for _, o := range s.Waiting {
			v.To = append(v.To, Target{Object: o, Path: "spec.dependsOn"})
		}
	}
	return v
}
