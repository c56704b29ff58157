package mapping

import (
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

const syncOptions = "spec.syncPolicy.syncOptions"

func optionRows() []Row {
	return []Row{
		{
			ID: "sync-option", Argo: []string{syncOptions + "[]"},
			Back: backOptions, BackAlways: true,
			Flux: []string{
				"HelmRelease:spec.install.createNamespace", "HelmRelease:spec.install.serverSideApply",
				"HelmRelease:spec.upgrade.serverSideApply", "HelmRelease:spec.install.disableOpenAPIValidation",
				"HelmRelease:spec.upgrade.disableOpenAPIValidation",
			},
			ToFlux:  Promise{Fidelity: ledger.Approximate, Note: "each option has its own rule"},
			ToArgo:  Promise{Fidelity: ledger.Exact},
			Forward: forwardOptions, Always: true,
		},
		{
			ID: "namespace-metadata",
			Argo: []string{
				"spec.syncPolicy.managedNamespaceMetadata.labels.{}", "spec.syncPolicy.managedNamespaceMetadata.annotations.{}",
			},
			Flux:    []string{"Namespace:metadata.labels.{}", "Namespace:metadata.annotations.{}"},
			ToFlux:  Promise{Fidelity: ledger.Approximate, Note: "on a Namespace object, which Flux merges with what others set"},
			Forward: forwardNamespaceMetadata,
		},
	}
}

// An option is one known value of syncOptions: the complete list that Argo CD v3.6.1
// reads (controller/sync.go, controller/state.go, controller/appcontroller.go).
type option struct {
	id, value string
	verdict   Verdict
}

var options = []option{
	{"sync-option-server-side-apply", "ServerSideApply=true", implied("Flux always applies on the server")},
	{"sync-option-client-side-apply", "ServerSideApply=false", approximate(clientSideNote)},
	{"sync-option-replace", "Replace=true", unsupported("Flux never replaces; force only recreates on immutable fields")},
	{"sync-option-replace", "Replace=false", implied("the default")},
	{"sync-option-force", "Force=true", implied("has no effect at application level in Argo CD, so nothing is lost")},
	{"sync-option-validate", "Validate=false", unsupported("Flux always validates on the server")},
	{"sync-option-validate", "Validate=true", implied("the default")},
	{"sync-option-skip-dry-run", "SkipDryRunOnMissingResource=true", approximate("Flux fails on an unknown kind and retries; put CRDs in an earlier Kustomization with dependsOn")},
	{"sync-option-prune-last", "PruneLast=true", approximate("Flux prunes after all applies but before it waits for health")},
	{"sync-option-prune-last", "PruneLast=false", approximate(pruneOrder)},
	{"sync-option-out-of-sync-only", "ApplyOutOfSyncOnly=true", implied("Flux applies only what drifted")},
	{"sync-option-out-of-sync-only", "ApplyOutOfSyncOnly=false", implied("Flux applies only what drifted, to the same effect")},
	{"sync-option-shared-resource", "FailOnSharedResource=true", unsupported("Flux takes an object over from another Kustomization without a word")},
	{"sync-option-shared-resource", "FailOnSharedResource=false", implied("the default")},
	{"sync-option-respect-ignore", "RespectIgnoreDifferences=true", implied("Flux never applies an ignored field")},
	{"sync-option-respect-ignore", "RespectIgnoreDifferences=false", approximate("Flux leaves ignored fields alone during apply too")},
	{"sync-option-propagation", "PrunePropagationPolicy=background", implied("Flux deletes in the background")},
	{"sync-option-propagation", "PrunePropagationPolicy=foreground", approximate("Flux deletes in the background")},
	{"sync-option-propagation", "PrunePropagationPolicy=orphan", unsupported("Flux deletes dependents too")},
	{"sync-option-prune", "Prune=false", implied("prune: false")},
	{"sync-option-prune", "Prune=true", implied("the default")},
	{"sync-option-prune-confirm", "Prune=confirm", unsupported("Flux asks nobody: pruning is off instead")},
	{"sync-option-delete", "Delete=false", implied("deletionPolicy: Orphan")},
	{"sync-option-delete", "Delete=true", implied("the default")},
	{"sync-option-delete-confirm", "Delete=confirm", unsupported("Flux asks nobody: resources are kept instead")},
	{"sync-option-apply-migration", "ClientSideApplyMigration=false", unsupported("only steers Argo CD's own field ownership; see --override-manager of kustomize-controller")},
	{"sync-option-apply-migration", "ClientSideApplyMigration=true", implied("the default")},
	{"sync-option-create-namespace", "CreateNamespace=false", implied("the default")},
}

const clientSideNote = "Argo CD applied on the client: fields later removed from Git stay until kustomize-controller runs with --override-manager=argocd-controller"

const releaseSideNote = "Argo CD applied on the client, Helm applies on the server: fields later removed from the chart stay where the manager argocd-controller owns them"

func forwardOptions(c *Cell) {
	serverSide := false
	for _, item := range node.Items(c.app().Spec("syncPolicy"), "syncOptions") {
		l := c.of(item)
		if l == nil {
			continue
		}
		value := item.Value
		serverSide = serverSide || strings.HasPrefix(value, "ServerSideApply=")
		if value == "CreateNamespace=true" {
			c.createNamespace(l)
			continue
		}
		c.claim(l, c.option(value))
	}
	if !serverSide {
		note := clientSideNote
		if len(c.releases()) == len(c.unit.works()) {
			note = releaseSideNote
		}
		c.absent(syncOptions, approximate(note).as("sync-option-client-side-apply"))
	}
	c.pruneDefaults()
}

func (c *Cell) option(value string) Verdict {
	for _, o := range options {
		if o.value == value {
			return c.optionForHelm(o)
		}
	}
	return implied("Argo CD ignores this option, so nothing is lost; check the spelling").as("sync-option-unknown")
}

// optionForHelm refines what a HelmRelease can say and a Kustomization cannot.
func (c *Cell) optionForHelm(o option) Verdict {
	v := o.verdict.as(o.id)
	releases := c.releases()
	switch {
	case len(releases) == 0:
	case o.value == "RespectIgnoreDifferences=true":
		v = approximate("every upgrade of a release writes ignored fields").as(o.id)
	case o.value == "ServerSideApply=true":
		for _, r := range releases {
			v.To = append(v.To, c.set(r, "spec.install.serverSideApply", node.Bool(true)),
				c.set(r, "spec.upgrade.serverSideApply", node.String("enabled")))
		}
	case o.value == "Validate=false":
		for _, r := range releases {
			v.To = append(v.To, c.set(r, "spec.install.disableOpenAPIValidation", node.Bool(true)),
				c.set(r, "spec.upgrade.disableOpenAPIValidation", node.Bool(true)))
		}
		if len(releases) == len(c.unit.works()) {
			v.Promise = Promise{Fidelity: ledger.Approximate, Note: "Helm's own validation is off; the server still validates what it applies"}
		}
	case strings.HasPrefix(o.value, "Delete=") && o.value != "Delete=true" && !c.unit.keepsRelease():
		v = unsupported("deleting a HelmRelease uninstalls its resources: suspend it first").as(o.id)
	case o.value == "Prune=false" && c.unit.keepsRelease():
		v.Note = "prune: false, and helm.sh/resource-policy on releases"
	case o.value == "Prune=false":
		v = unsupported("Helm deletes what leaves the chart on every upgrade").as(o.id)
	}
	return v
}

func (c *Cell) releases() (releases []*object.Object) {
	for _, p := range c.unit.works() {
		if r := p.release(); r != nil {
			releases = append(releases, r)
		}
	}
	return releases
}

// createNamespace: neither tool creates the namespace unless told (helm-controller
// install.createNamespace; a Kustomization needs a Namespace object).
func (c *Cell) createNamespace(l *leaf) {
	var to []Target
	if c.unit.helmCreates() {
		for _, r := range c.releases() {
			to = append(to, c.set(r, "spec.install.createNamespace", node.Bool(true)))
		}
	}
	switch {
	case c.unit.Namespace != nil:
		to = append(to, Target{Object: c.unit.Namespace, Path: "metadata.name"})
		c.claim(l, approximate("a Namespace object, kept on deletion, as Argo CD keeps it; applied at once, also where the Kustomization is suspended, while Argo CD creates it when it syncs", to...).as("sync-option-create-namespace"))
	case len(to) == len(c.unit.works()):
		c.claim(l, equivalent("Helm creates it on install", to...).as("sync-option-create-namespace"))
	case c.unit.remote():
		c.claim(l, unsupported("the namespace is on another cluster, where a Namespace object beside the Flux objects does not reach: create it there").as("create-namespace-remote"))
	default:
		c.claim(l, implied("the namespace exists on every cluster, or none is named").as("sync-option-create-namespace"))
	}
}

// forwardNamespaceMetadata only matters together with CreateNamespace=true
// (controller/sync_namespace.go).
func forwardNamespaceMetadata(c *Cell) {
	for _, group := range []string{"labels", "annotations"} {
		keys := pairs(c.app().Root, "spec", "syncPolicy", "managedNamespaceMetadata", group)
		for i, key := range keys {
			value := c.app().Spec("syncPolicy", "managedNamespaceMetadata", group).Content[2*i+1]
			switch {
			case c.unit.Namespace != nil:
				c.claim(c.of(value), Verdict{To: []Target{c.set(c.unit.Namespace, "metadata."+group, node.Clone(value), key.Value)}})
			case !c.app().SyncOption("CreateNamespace=true"):
				c.claim(c.of(value), implied("has no effect in Argo CD without CreateNamespace=true"))
			default:
				c.claim(c.of(value), unsupported("no Namespace object is written for this destination; set it on the namespace itself"))
			}
		}
	}
}
