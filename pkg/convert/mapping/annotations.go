package mapping

import (
	"strconv"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/notify"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/preserve"
)

const preservedNote = "a record of an earlier conversion: what nobody has changed since is as it was"

func annotation(key string) string { return "metadata.annotations{" + key + "}" }

// dropped is a row of annotations that mean nothing outside of Argo CD.
func dropped(id, note string, keys ...string) Row {
	r := Row{
		ID: id, ToFlux: Promise{Fidelity: ledger.Equivalent, Note: note, Implied: true},
		Forward: func(c *Cell) { c.keep() },
	}
	for _, key := range keys {
		r.Argo = append(r.Argo, annotation(key))
	}
	return r
}

func annotationRows() []Row {
	return append([]Row{
		{
			ID: "annotations", Argo: []string{"metadata.annotations.{}"}, Flux: fluxKinds("metadata.annotations.{}"),
			Back: backAnnotations, BackSource: spendMeta,
			ToFlux: Promise{Fidelity: ledger.Exact}, ToArgo: Promise{Fidelity: ledger.Exact},
			Forward: forwardAnnotations,
		},
		{
			ID: "last-applied", Argo: []string{annotation("kubectl.kubernetes.io/last-applied-configuration")},
			Flux:   allKinds(annotation("kubectl.kubernetes.io/last-applied-configuration")),
			ToFlux: Promise{Fidelity: ledger.Runtime, Note: "written by kubectl"},
			ToArgo: Promise{Fidelity: ledger.Runtime, Note: "written by kubectl"},
		},
		{
			ID: "sync-wave", Argo: []string{annotation("argocd.argoproj.io/sync-wave")},
			ToFlux: Promise{Fidelity: ledger.Approximate, Note: "orders the Application among others of the same parent; Flux applies all at once: set dependsOn where the order matters"},
		},
		{
			ID: "object-sync-options", Argo: []string{annotation("argocd.argoproj.io/sync-options")},
			Writes:  both("metadata.annotations.{}"),
			ToFlux:  Promise{Fidelity: ledger.Approximate},
			Forward: forwardObjectOptions,
		},
		{
			ID: "compare-options", Argo: []string{annotation("argocd.argoproj.io/compare-options")},
			ToFlux: Promise{Fidelity: ledger.Approximate, Note: "Flux compares by a server-side dry run and has no other way"},
		},
		{
			ID: "skip-reconcile", Argo: []string{annotation("argocd.argoproj.io/skip-reconcile")}, Writes: both("spec.suspend"),
			ToFlux:  Promise{Fidelity: ledger.Exact},
			Forward: forwardSkip,
		},
		{
			ID: "ignore-healthcheck", Argo: []string{annotation("argocd.argoproj.io/ignore-healthcheck")},
			ToFlux: Promise{Fidelity: ledger.Approximate, Note: "the health of this object counted for no parent; a Flux parent that waits counts it"},
		},
		{
			ID: "apply-migration-manager", Argo: []string{annotation("argocd.argoproj.io/client-side-apply-migration-manager")},
			ToFlux: Promise{Fidelity: ledger.Approximate, Note: "see --override-manager of kustomize-controller"},
		},
		dropped("one-shot-annotations", "a request that is done, or of Argo CD's own cache and user interface",
			"argocd.argoproj.io/refresh", "argocd.argoproj.io/hydrate", "argocd.argoproj.io/deletion-approved",
			"argocd.argoproj.io/manifest-generate-paths", "argocd.argoproj.io/managed-by-url"),
	}, addOnAnnotationRows()...)
}

// addOnAnnotationRows are annotations of --preserve, hooks and what is left of Argo CD's.
func addOnAnnotationRows() []Row {
	return []Row{
		{
			ID: "preserved", Argo: []string{annotation(preserve.Annotation), annotation(preserve.PartOf)},
			Flux:   append(allKinds(annotation(preserve.Annotation)), allKinds(annotation(preserve.PartOf))...),
			ToFlux: Promise{Fidelity: ledger.Equivalent, Implied: true, Note: preservedNote},
			ToArgo: Promise{Fidelity: ledger.Equivalent, Implied: true, Note: preservedNote},
		},
		{
			ID: "hook-annotations", Argo: []string{annotation("argocd.argoproj.io/hook"), annotation("argocd.argoproj.io/hook-delete-policy")},
			ToFlux: Promise{Fidelity: ledger.Unsupported, Note: "the Application is a hook of its parent; Flux has no hooks"},
		},
		{
			ID: "argocd-annotations", Argo: []string{annotation("argocd.argoproj.io/*")},
			ToFlux: Promise{Fidelity: ledger.Approximate, Note: "an annotation of Argo CD itself; dropped"},
		},
	}
}

func forwardAnnotations(c *Cell) {
	annotations := node.At(c.app().Root, "metadata", "annotations")
	for i, key := range pairs(annotations) {
		value := annotations.Content[2*i+1]
		l := c.of(value)
		if l == nil {
			continue
		}
		v := Verdict{To: c.eachWork("metadata.annotations", key, value)}
		if strings.HasSuffix(key.Value, notify.Legacy) {
			v.ID, v.Promise = "notifications", unsupported("the old form of a subscription, to a trigger of your own, for which Flux has no event").Promise
		}
		c.claim(l, v)
	}
}

// forwardObjectOptions: on an Application the options govern the Application
// object itself, as a child of an app-of-apps.
func forwardObjectOptions(c *Cell) {
	key := node.String("kustomize.toolkit.fluxcd.io/prune")
	for _, l := range c.leaves {
		var to []Target
		note := "options of the Application as a child of its parent"
		if strings.Contains(l.Node.Value, "Prune=false") || strings.Contains(l.Node.Value, "Delete=false") {
			to = c.eachWork("metadata.annotations", key, node.String("disabled"))
			note = "kept by Flux both when pruning and on deletion"
		}
		c.claim(l, approximate(note, to...))
	}
}

func forwardSkip(c *Cell) {
	for _, l := range c.leaves {
		// controller/appcontroller.go canProcessApp reads it with ParseBool.
		if skip, _ := strconv.ParseBool(l.Node.Value); !skip {
			c.claim(l, implied("the default"))
			continue
		}
		var to []Target
		for _, p := range c.unit.works() {
			to = append(to, c.set(p.Work, "spec.suspend", node.Bool(true)))
		}
		c.claim(l, equivalent("suspended", to...))
	}
}
