package policy

import (
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/deployment"
)

// touches are the ledger IDs that speak of each row; one with a colon counts only where
// the path ends in what follows it.
var touches = map[string][]string{
	"trigger":             {"chart-strategy", "flux-chart-strategy", "flux-source-suspend", "interval@source"},
	"revision":            {"revision", "revision-head", "revision-range", "revision-tag", "revision-branch", "revision-short-sha", "revision-assumed", "tag-prefix", "flux-semver-filter", "flux-verify", "flux-verify-git"},
	"automation":          {"automated", "manual-sync", "suspended", "skip-reconcile"},
	"prune":               {"prune", "prune-always", "sync-option-prune", "sync-option-prune-confirm"},
	"prune-method":        {"sync-option-propagation", "sync-option-prune-last"},
	"empty-source":        {"allow-empty"},
	"self-heal":           {"self-heal", "self-heal-always", "interval@Kustomization"},
	"drift-exceptions":    {"ignore-differences", "ignore-managers-unsupported", "ignore-jq-unsupported", "ignore-needs-flux-2.9", "ignore-rule-unsupported", "flux-ignore-selectors", "compare-options", "sync-option-respect-ignore"},
	"apply-method":        {"sync-option-server-side-apply", "sync-option-client-side-apply", "sync-option-replace", "sync-option-force", "sync-option-validate", "sync-option-skip-dry-run", "sync-option-out-of-sync-only", "sync-option-apply-migration", "apply-migration-manager", "flux-force", "flux-upgrade", "flux-old-validation", "sync-option:serverSideApply", "sync-option:disableOpenAPIValidation"},
	"namespace-creation":  {"sync-option-create-namespace", "create-namespace-remote", "namespace-metadata", "sync-option:createNamespace"},
	"namespace-placement": {"destination-namespace", "namespace-fill", "no-destination-namespace", "helm-namespace-split", "helm-namespace", "kustomize-namespace", "release-namespace-unknown"},
	"destination-cluster": {"destination-cluster", "remote-cluster"},
	"ordering":            {"sync-wave", "flux-depends-on", "flux-ready-expr", "depends-on-cycle", "manifest-waves"},
	"hooks":               {"hooks", "hook-stripped", "hook-ordinary", "hook-helm", "hook-nameless", "hooks-run", "hook-annotations", "flux-helm-hooks", "flux-uninstall-hooks", "flux-test", "helm-real-release", "helm-tests"},
	"health":              {"health:wait", "flux-health-checks", "flux-health-exprs", "ignore-healthcheck", "flux-release-waits:disableWait", "flux-release-waits:disableWaitForJobs", "flux-release-waits:waitStrategy.name"},
	"retry":               {"retry", "retry-limit", "retry-refresh", "retry-none", "flux-remediation"},
	"timeout":             {"health:timeout", "flux-release-waits:timeout"},
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

// TestLedger holds rows and ledger to each other over all scenarios: what the ledger
// calls approximate or worse is never the same, and what it calls exact or equivalent
// throughout never differs.
func TestLedger(t *testing.T) {
	compared, used := 0, map[int]int{}
	for _, c := range conversions(t) {
		for _, r := range Compare(c.left, c.right) {
			worst, entry := ledger.Exact, ledger.Entry{}
			n := 0
			for _, e := range c.entries {
				if about(r.ID, e, c.allowBlocking) && e.Fidelity != ledger.Runtime {
					n++
					if e.Fidelity.Severity() >= worst.Severity() {
						worst, entry = e.Fidelity, e
					}
				}
			}
			if n == 0 {
				continue
			}
			compared++
			lossy := worst.Severity() > ledger.Equivalent.Severity()
			if lossy != (r.Verdict == Same) && (lossy || r.Verdict != CannotCompare) {
				continue
			}
			if x := excepted(c, r, entry); x >= 0 {
				used[x]++
			} else {
				t.Errorf("%s: %s is %s, the ledger says %s (%s %s: %s)\n   %s | %s\n   %s", c.name, r.ID, r.Verdict, worst, entry.ID, entry.From.Path, entry.Note, r.Left.Text, r.Right.Text, r.Meaning)
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
func sourceless(_ conversion, r Row) bool { return strings.Contains(r.Meaning, "not in the input") }

func signedByProject(_ conversion, r Row) bool {
	return strings.Contains(r.Meaning, "signed by keys of AppProject")
}

func placedByAnother(c conversion, _ Row) bool { return c.left.Appliers[0].Kind == "HelmRelease" }

func windowed(_ conversion, r Row) bool { return strings.Contains(r.Meaning, "sync windows") }

func signed(_ conversion, r Row) bool { return strings.Contains(r.Left.Text, "signed as spec.verify") }

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
	// The ledger knows something of the input that the two deployments do not hold.
	{"revision", "revision", Differs, signed, "the ledger says of the source object that it is verified"},
	{"revision", "revision", CannotCompare, sourceless, "the source is no object of the input"},
	{"namespace-placement", "destination-namespace", CannotCompare, nil, "the ledger follows the Kustomization that places the HelmRelease"},
	{"namespace-placement", "destination-namespace", Differs, placedByAnother, "the ledger follows the Kustomization that places the HelmRelease"},
	{"namespace-creation", "sync-option-create-namespace", Differs, nil, "the Namespace object was written for another Application"},
	{"ownership", "project", Differs, nil, "of two releases of one name the ledger accuses the later one"},
	// A suspended object does nothing, which the ledger says of its automation only.
	{"self-heal", "interval", Same, suspended, "nothing is healed while suspended"},
	{"self-heal", "self-heal", Same, suspended, "nothing is healed while suspended"},
	{"self-heal", "self-heal-always", Same, suspended, "nothing is healed while suspended"},
	// The ledger speaks of an option or a field whatever else is set.
	{"prune-method", "sync-option-propagation", Same, nil, "nothing is pruned, so how does not matter"},
	{"deletion", "sync-option-delete-confirm", Same, nil, "without the finalizer there is nothing to confirm"},
	{"deletion", "deletion", Same, nil, "the ledger calls every finalizer approximate: with Delete=false, and with the propagation of a HelmRelease, both do the same"},
	{"drift-exceptions", "sync-option-respect-ignore", Same, nil, "there is no rule to respect"},
	{"crds", "helm-crds", Same, nil, "helm.sh/resource-policy keeps all objects of the release, CRDs among the templates too"},
	{"crds", "crds-kept", Same, inspected, "a label keeps all objects, which Argo CD loses: the ledger blocks that"},
	{"namespace-placement", "no-destination-namespace", Same, nil, "Argo CD, too, refuses namespaced objects without a namespace"},
	{"revision", "revision-branch", Same, nil, "targetBranch of a hydrator is a branch, and nothing else"},
	{"health", "health", Same, nil, "wait: true means what the health of an Application means"},
	// The ledger promises more than the row can see.
	{"health", "health", Differs, nil, "the ledger takes wait: false for a default that asks for nothing, but an Application then shows what a Kustomization did not"},
	{"deletion", "deletion", Differs, suspended, "the ledger takes the deletion of a suspended object for settled, but resuming it arms the deletion"},
	{"crds", "helm-crds", CannotCompare, nil, "the ledger speaks of CRDs among the templates only where skipCrds is unset"},
	{"destination-cluster", "destination-cluster", CannotCompare, nil, "whether two Secrets lead to one cluster is not looked into"},
	{"revision", "revision", Differs, signedByProject, "of signatures the ledger speaks at the AppProject that wants them"},
	{"automation", "automated", Differs, windowed, "of sync windows the ledger speaks at the AppProject that has them"},
	{"revision", "revision", CannotCompare, nil, "a short name is a branch or a tag by habit, which only the repository can tell"},
}

// excepted returns the index of the exception that covers a row, or -1.
func excepted(c conversion, r Row, e ledger.Entry) int {
	return slices.IndexFunc(exceptions, func(x exception) bool {
		return x.row == r.ID && x.id == e.ID && x.verdict == r.Verdict && (x.when == nil || x.when(c, r))
	})
}
