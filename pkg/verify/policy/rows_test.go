package policy

import (
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/cluster"
)

// TestDefaults: what an object does not set has the default of its controller, and what
// it sets is in the form that both tools share.
func TestDefaults(t *testing.T) {
	for _, tt := range []struct{ row, base, kind, path, value, want string }{
		{"automation", "web", "Kustomization", "spec.suspend", "false", "automatic"},
		{"automation", "Kustomization", "Application", "spec.syncPolicy", "{}", "manual"},
		{"prune", "Kustomization", "Application", "spec.syncPolicy.automated", "{}", "keeps"},
		{"prune-method", "Kustomization", "Application", "spec.syncPolicy.syncOptions", "[]", "foreground; in reverse waves"},
		{"empty-source", "Kustomization", "Application", "spec.syncPolicy.automated", "{prune: true}", "refused"},
		{"self-heal", "Kustomization", "Application", "spec.syncPolicy.automated", "{}", "leaves drift alone"},
		{"self-heal", "web", "Kustomization", "spec.interval", "90m", "undone every 1h30m"},
		{"apply-method", "Kustomization", "Application", "spec.syncPolicy.syncOptions", "[Force=true]", "client-side"},
		{"namespace-creation", "db", "HelmRelease", "spec.install", "{}", "not created"},
		{"health", "db", "HelmRelease", "spec.waitStrategy", "{name: poller}", "all resources"},
		{"retry", "Kustomization", "Application", "spec.syncPolicy.retry", "null", "5 times; after 5s, doubling up to 3m"},
		{"retry", "Kustomization", "Application", "spec.syncPolicy.retry", "{}", "never"},
		{"retry", "Kustomization", "Application", "spec.syncPolicy.retry", "{limit: -1, backoff: {duration: '300'}}", "for ever; every 3m"},
		{"retry", "web", "Kustomization", "spec.retryInterval", "", "for ever; every 10m"},
		{"retry", "db", "HelmRelease", "spec.upgrade.strategy", "{name: RetryOnFailure}", "for ever; install: every 1m, upgrade: every 5m"},
		{"timeout", "web", "Kustomization", "spec.timeout", "", "9m30s"},
		{"timeout", "db", "HelmRelease", "spec.timeout", "300s", "5m"},
		{"deletion", "web", "Kustomization", "spec.deletionPolicy", "", "deletes all"},
		{"deletion", "web", "Kustomization", "spec.deletionPolicy", "Orphan", "leaves all"},
		{"crds", "db", "HelmRelease", "spec.upgrade", "{}", "applied and updated on install, created where missing, never updated on upgrade"},
		{"ownership", "db", "HelmRelease", "spec.releaseName", "", "the tool's own rights; release data-db"},
		{"revision", "web", "GitRepository", "spec.ref", "", "branch master"},
		{"revision", "web", "GitRepository", "spec.ref", "{tag: v1, semver: 1.x, branch: b}", "tag v1"},
		{"revision", "web", "GitRepository", "spec.ref", "{name: refs/heads/b, tag: v1}", "branch b"},
		{"revision", "db", "HelmRelease", "spec.chart.spec.version", "", "versions in *"},
		{"trigger", "web", "GitRepository", "spec.interval", "180s", "looks every 3m"},
	} {
		c := converted(t, tt.base)
		mutate(t, c.right.Side, mutation{base: tt.base, kind: tt.kind, path: tt.path, value: tt.value})
		for _, r := range Compare(c.left, c.right) {
			if r.ID == tt.row && !strings.HasPrefix(r.Right.Text, tt.want) {
				t.Errorf("%s with %s %s=%s is %q, want %q", tt.row, tt.kind, tt.path, tt.value, r.Right.Text, tt.want)
			}
		}
	}
}

func TestPatterns(t *testing.T) {
	for glob, want := range map[string]string{"": "", "*": "*", "apps": "apps", "Deploy*": "regexp:Deploy.*", "{A,B}": "regexp:(A|B)", "a.b/?": `regexp:a\.b/.`} {
		if got := fromGlob(glob); got != want {
			t.Errorf("glob %q is %q, want %q", glob, got, want)
		}
	}
	for expression, want := range map[string]string{"": "*", ".*": "*", "^$": "", `^api\.v1$`: "api.v1", "api.v1": "regexp:api.v1", "web-.*": "regexp:web-.*", "web": "web"} {
		if got := fromRegexp(expression, false); got != want {
			t.Errorf("expression %q is %q, want %q", expression, got, want)
		}
	}
	for jq, want := range map[string]string{".spec.replicas": "/spec/replicas", `.a["b/c"]`: "/a/b~1c", ".a[0]": "/a/0", ".a[]": "", "": ""} {
		if got, ok := fromJQ(jq); got != want || ok != (want != "") {
			t.Errorf("jq %q is %q, want %q", jq, got, want)
		}
	}
}

// TestSettings: Argo CD's own ConfigMap decides how often it looks.
func TestSettings(t *testing.T) {
	c := converted(t, "Kustomization")
	o := &cluster.Object{Root: node.Map("data", node.Map("timeout.reconciliation", "0s"))}
	o.Kind, o.Name = "ConfigMap", "argocd-cm"
	c.right.Side.Objects.Add(o)
	if r := Compare(c.left, c.right)[0]; r.Verdict != Differs || r.Right.Text != "never looks" {
		t.Errorf("got %+v", r)
	}
}
