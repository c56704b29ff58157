package policy

import (
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// touches are the ledger IDs that speak of each row; one with a colon counts only where
// the path ends in what follows it.
var touches = map[string][]string{
	"trigger":             {"chart-strategy", "flux-chart-strategy", "flux-source-suspend", "interval@source"},
	"revision":            {"revision", "revision-head", "revision-range", "revision-tag", "revision-branch", "revision-short-sha", "revision-assumed", "tag-prefix", "flux-semver-filter"},
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
	"deletion":            {"deletion", "deletion-uninstalls", "sync-option-delete", "sync-option-delete-confirm", "object-sync-options", "flux-object-prune"},
	"crds":                {"helm-crds", "crds-kept", "crds-updated"},
	"ownership":           {"project", "project-limits", "sync-option-shared-resource", "flux-take-ownership", "helm-release-name", "release-name-too-long", "release-name-shared"},
	"processing":          {"flux-decryption", "flux-post-build"},
}

// about tells whether a ledger entry speaks of a row.
func about(row string, e ledger.Entry) bool {
	if row == "automation" && e.Blocking {
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
	compared := 0
	for _, c := range conversions(t) {
		for _, r := range Compare(c.left, c.right) {
			worst, entry := ledger.Exact, ledger.Entry{}
			n := 0
			for _, e := range c.entries {
				if about(r.ID, e) && e.Fidelity != ledger.Runtime {
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
			if lossy == (r.Verdict == Same) || !lossy && r.Verdict == CannotCompare {
				t.Errorf("%s: %s is %s, the ledger says %s (%s %s: %s)\n   %s | %s\n   %s", c.name, r.ID, r.Verdict, worst, entry.ID, entry.From.Path, entry.Note, r.Left.Text, r.Right.Text, r.Meaning)
			}
		}
	}
	t.Logf("%d rows compared with the ledger", compared)
}
