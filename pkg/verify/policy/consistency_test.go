package policy

import (
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/cluster"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/deployment"
)

// touches are the ledger IDs that speak of each row; one with a colon counts only where
// the path ends in what follows it.
var touches = map[string][]string{
	"trigger":             {"chart-strategy", "flux-chart-strategy", "flux-source-suspend", "interval@source"},
	"revision":            {"revision", "revision-head", "revision-range", "revision-tag", "revision-branch", "revision-short-sha", "revision-assumed", "tag-prefix", "flux-semver-filter", "flux-verify", "flux-verify-git", "project-signatures"},
	"automation":          {"automated", "manual-sync", "suspended", "skip-reconcile", "project-windows"},
	"prune":               {"prune", "prune-always", "sync-option-prune", "sync-option-prune-confirm"},
	"prune-method":        {"sync-option-propagation", "sync-option-prune-last"},
	"empty-source":        {"allow-empty"},
	"self-heal":           {"self-heal", "self-heal-always", "interval@Kustomization"},
	"drift-exceptions":    {"ignore-differences", "ignore-managers-unsupported", "ignore-jq-unsupported", "ignore-needs-flux-2.9", "ignore-rule-unsupported", "flux-ignore-selectors", "compare-options", "sync-option-respect-ignore"},
	"apply-method":        {"sync-option-server-side-apply", "sync-option-client-side-apply", "sync-option-replace", "sync-option-force", "sync-option-validate", "sync-option-skip-dry-run", "sync-option-out-of-sync-only", "sync-option-apply-migration", "apply-migration-manager", "flux-force", "flux-upgrade", "flux-preserve-values", "flux-old-validation", "sync-option:serverSideApply", "sync-option:disableOpenAPIValidation"},
	"namespace-creation":  {"sync-option-create-namespace", "create-namespace-remote", "namespace-metadata", "sync-option:createNamespace"},
	"namespace-placement": {"destination-namespace", "namespace-fill", "no-destination-namespace", "helm-namespace-split", "helm-namespace", "kustomize-namespace", "release-namespace-unknown", "target-namespace-fill"},
	"destination-cluster": {"destination-cluster", "remote-cluster"},
	"ordering":            {"sync-wave", "flux-depends-on", "flux-ready-expr", "depends-on-cycle", "manifest-waves"},
	"hooks":               {"hooks", "hook-stripped", "hook-ordinary", "hook-helm", "hook-nameless", "hooks-run", "hook-annotations", "flux-helm-hooks", "flux-uninstall-hooks", "flux-test", "helm-real-release", "helm-tests"},
	"health":              {"health:wait", "flux-health-checks", "flux-health-exprs", "ignore-healthcheck", "flux-release-waits:disableWait", "flux-release-waits:disableWaitForJobs", "flux-release-waits:waitStrategy.name"},
	"retry":               {"retry", "retry-limit", "retry-refresh", "retry-none", "flux-remediation"},
	"timeout":             {"health:timeout", "health:spec.syncPolicy", "flux-release-waits:timeout"},
	"deletion":            {"deletion", "deletion-uninstalls", "sync-option-delete", "sync-option-delete-confirm", "object-sync-options", "flux-object-prune", "object-kept"},
	"crds":                {"helm-crds", "crds-kept", "crds-updated", "helm-real-release@HelmRelease"},
	"ownership":           {"project", "project-limits", "project-tenant", "project-forbidden", "tenant-project", "tenant-outside", "sync-option-shared-resource", "flux-take-ownership", "helm-release-name", "release-name-too-long", "release-name-shared"},
	"processing":          {"flux-decryption", "flux-post-build"},
}

// about tells whether a ledger entry speaks of a row.
func about(row string, e ledger.Entry, allowBlocking bool) bool {
	if row == "automation" && e.Blocking && !allowBlocking {
		return true // what is written is turned off
	}
	return slices.ContainsFunc(touches[row], func(pattern string) bool {
		id, suffix, onPath := strings.Cut(pattern, ":")
		id, kind, onKind := strings.Cut(id, "@")
		applier := e.From.Kind == "Kustomization" || e.From.Kind == "HelmRelease"
		return e.ID == id && (!onPath || strings.HasSuffix(e.From.Path, suffix)) &&
			(!onKind || kind == e.From.Kind || kind == "source" && !applier)
	})
}

// worst is the entry that promises least for a row, and how many speak of the row.
func (c conversion) worst(row string) (entry ledger.Entry, n int) {
	entry.Fidelity = ledger.Exact
	for _, e := range c.entries {
		if about(row, e, c.allowBlocking) && e.Fidelity != ledger.Runtime {
			n++
			if e.Fidelity.Severity() >= entry.Fidelity.Severity() {
				entry = e
			}
		}
	}
	return entry, n
}

// TestLedger holds rows and ledger to each other over all scenarios: what the ledger
// calls approximate or worse is never the same, and what it calls exact or equivalent
// throughout, or does not speak of, never differs.
func TestLedger(t *testing.T) {
	compared, used := 0, map[int]int{}
	for _, c := range conversions(t) {
		for _, r := range Compare(c.left, c.right) {
			entry, n := c.worst(r.ID)
			if n > 0 {
				compared++
			}
			lossy := entry.Fidelity.Severity() > ledger.Equivalent.Severity()
			if lossy && r.Verdict != Same || !lossy && r.Verdict == Same || n == 0 && r.Verdict == CannotCompare {
				continue
			}
			if x := excepted(c, r, entry); x >= 0 {
				used[x]++
			} else {
				t.Errorf("%s: %s is %s, the ledger says %s (%s %s: %s)\n   %s | %s\n   %s", c.name, r.ID, r.Verdict, entry.Fidelity, entry.ID, entry.From.Path, entry.Note, r.Left.Text, r.Right.Text, r.Meaning)
			}
		}
	}
	for i, x := range exceptions {
		if used[i] == 0 {
			t.Errorf("the exception of %s for %s (%s) is needed nowhere", x.row, x.id, x.why)
		}
		t.Logf("%2d × %s %s: %s", used[i], x.row, x.verdict, x.why)
	}
	t.Logf("%d rows compared with the ledger", compared)
}

// An exception is where a row and the ledger do not agree, and why neither is to change.
type exception struct {
	row, id string
	verdict Verdict
	when    func(conversion, Row) bool
	why     string
}

func inspected(c conversion, _ Row) bool { return c.inspected }

// sourceless: the URL of the source was an option, or its object is ambiguous.
func sourceless(_ conversion, r Row) bool { return slices.Contains(r.Open, BySource) }

func placedByAnother(c conversion, _ Row) bool { return c.left.Appliers[0].Kind == "HelmRelease" }

// polled: the ledger speaks of the interval of the applier.
func polled(c conversion, _ Row) bool {
	return slices.ContainsFunc(c.entries, func(e ledger.Entry) bool { return e.ID == "interval" && e.From.Object == c.left.Appliers[0].Object })
}

// held: the input has the Namespace that the Application would create.
func held(c conversion, _ Row) bool {
	return slices.ContainsFunc(c.left.Side.Objects.Kind("Namespace"), func(o *cluster.Object) bool {
		return o.Name == c.left.Appliers[0].App().DestinationNamespace()
	})
}

// unautomated: the Application waits for a person.
func unautomated(c conversion, _ Row) bool {
	if c.left.Side.Tool == deployment.ArgoCD {
		return !c.left.Appliers[0].App().Automated()
	}
	return !c.right.Appliers[0].App().Automated()
}

func suspended(c conversion, _ Row) bool {
	return slices.ContainsFunc(append(c.left.Appliers, c.right.Appliers...), func(m *deployment.Member) bool { return m.Applier().Suspended() })
}

var exceptions = []exception{
	// A checkout answered what the objects leave open.
	{"revision", "revision", Differs, inspected, "the checkout shows what the name is"},
	{"namespace-placement", "kustomize-namespace", Differs, inspected, "the checkout shows that no object names another namespace"},
	{"processing", "flux-decryption", Differs, inspected, "the checkout shows that nothing is encrypted"},
	{"processing", "flux-post-build", CannotCompare, inspected, "the checkout shows that there is no variable"},
	{"deletion", "object-kept", Same, inspected, "the marks are in the checkout"},
	{"crds", "", Differs, inspected, "the checkout shows that all children are converted, and none is a CRD"},
	// The ledger knows something of the input that the two deployments do not hold.
	{"revision", "revision", CannotCompare, sourceless, "the source is no object of the input"},
	{"namespace-placement", "destination-namespace", CannotCompare, nil, "the ledger follows the Kustomization that places the HelmRelease"},
	{"namespace-placement", "destination-namespace", Differs, placedByAnother, "the ledger follows the Kustomization that places the HelmRelease"},
	{"trigger", "", Differs, polled, "that Argo CD polls at one global interval stands at the interval of the applier, where the source stays or has none"},
	{"namespace-creation", "sync-option-create-namespace", Differs, held, "the Namespace is of the input, and is there on both sides"},
	// A suspended object does nothing, which the ledger says of its automation only.
	{"self-heal", "interval", Same, suspended, "nothing is healed while suspended"},
	{"self-heal", "self-heal", Same, suspended, "nothing is healed while suspended"},
	{"self-heal", "self-heal-always", Same, suspended, "nothing is healed while suspended"},
	// The ledger speaks of an option or a field whatever else is set.
	{"prune-method", "sync-option-prune-last", Same, unautomated, "nothing is pruned while nothing syncs"},
	{"prune-method", "sync-option-propagation", Same, nil, "nothing is pruned, so how does not matter"},
	{"deletion", "sync-option-delete-confirm", Same, nil, "without the finalizer there is nothing to confirm"},
	{"drift-exceptions", "sync-option-respect-ignore", Same, nil, "there is no rule to respect"},
	{"crds", "helm-crds", Same, nil, "the row does not ask who undoes the drift of CRDs"},
	{"crds", "crds-kept", Same, inspected, "a label keeps all objects, which Argo CD loses: the ledger blocks that"},
	{"revision", "revision-branch", Same, nil, "targetBranch of a hydrator is a branch, and nothing else"},
	{"health", "health", Same, nil, "both assess all resources, by checks of their own, which the row takes for the same"},
	// The ledger promises more than the row can see.
	{"destination-cluster", "destination-cluster", CannotCompare, nil, "whether two Secrets lead to one cluster is not looked into"},
	{"revision", "revision", CannotCompare, nil, "a short name is a branch or a tag by habit, which only the repository can tell"},
}

// excepted returns the index of the exception that covers a row, or -1.
func excepted(c conversion, r Row, e ledger.Entry) int {
	return slices.IndexFunc(exceptions, func(x exception) bool {
		return x.row == r.ID && x.id == e.ID && x.verdict == r.Verdict && (x.when == nil || x.when(c, r))
	})
}
