package store_test

import (
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

const guestbook = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: guestbook, namespace: argocd}
spec:
  project: default
  source:
    repoURL: https://github.com/argoproj/argocd-example-apps.git
    path: guestbook
    targetRevision: HEAD
  destination: {server: https://kubernetes.default.svc, namespace: guestbook}
  syncPolicy: {automated: {prune: true, selfHeal: true}}
`

const plugin = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: plugin, namespace: argocd}
spec:
  project: default
  source: {repoURL: https://example.com/r.git, path: p, targetRevision: main, plugin: {name: x}}
  destination: {server: https://kubernetes.default.svc, namespace: p}
`

const podinfo = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: podinfo, namespace: flux-system}
spec: {url: https://github.com/stefanprodan/podinfo, interval: 1m, ref: {branch: master}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: podinfo, namespace: flux-system}
spec:
  interval: 10m
  path: ./kustomize
  prune: true
  sourceRef: {kind: GitRepository, name: podinfo}
  decryption: {provider: sops}
`

// TestConversionRows: what became of each object, in both directions.
func TestConversionRows(t *testing.T) {
	dsn := database(t)
	convertInto(t, dsn, guestbook+"---\n"+plugin, convert.ToFlux, false)
	convertInto(t, dsn, podinfo, convert.ToArgo, false)
	equal(t, "runs", query(t, dsn, `SELECT verb, direction, tool_version, objects, converted, passed, failed,
exact > 0, unsupported > 0, unknown FROM conversions ORDER BY recorded_at`),
		"convert|flux|v0|2|1|1|0|t|t|0", "convert|argocd|v0|2|2|0|0|t|t|0")
	const objects = `SELECT from_namespace, from_kind, from_name, file, line, status, coalesce(to_kind, '-'), coalesce(to_name, '-')
FROM conversion_objects JOIN conversions ON id = conversion WHERE direction = '%s' ORDER BY ordinal, target`
	equal(t, "to Flux", query(t, dsn, strings.Replace(objects, "%s", "flux", 1)),
		"argocd|Application|guestbook|in.yaml|1|converted|GitRepository|argocd-example-apps",
		"argocd|Application|guestbook|in.yaml|1|converted|Kustomization|guestbook",
		"argocd|Application|plugin|in.yaml|13|passed|-|-")
	equal(t, "to Argo CD", query(t, dsn, strings.Replace(objects, "%s", "argocd", 1)),
		"flux-system|GitRepository|podinfo|in.yaml|1|converted|Application|podinfo",
		"flux-system|Kustomization|podinfo|in.yaml|6|converted|Application|podinfo")
	equal(t, "verdicts", query(t, dsn, `SELECT direction, kind, name, status, fidelity, blocking FROM verdicts ORDER BY 1, 2, 3`),
		"argocd|GitRepository|podinfo|converted|approximate|f", "argocd|Kustomization|podinfo|converted|unsupported|t",
		"flux|Application|guestbook|converted|approximate|f", "flux|Application|plugin|passed|-|f")
}

// TestFindings: neither exact nor runtime entries, unless somebody wants every one. Each
// belongs to a row of conversion_objects, and the counts of the run count all.
func TestFindings(t *testing.T) {
	dsn := database(t)
	app := guestbook + "status: {health: {status: Healthy}}\n"
	convertInto(t, dsn, app, convert.ToFlux, false)
	equal(t, "kept", query(t, dsn, "SELECT DISTINCT fidelity FROM findings ORDER BY 1"), "approximate", "equivalent")
	convertInto(t, dsn, app+"---\n"+podinfo, convert.ToFlux, true)
	equal(t, "kept", query(t, dsn, "SELECT DISTINCT fidelity FROM findings ORDER BY 1"), "approximate", "equivalent", "exact", "runtime")
	equal(t, "lost", query(t, dsn, `SELECT f.* FROM findings f LEFT JOIN conversion_objects o USING (cluster, conversion, ordinal) WHERE o.ordinal IS NULL`))
	equal(t, "counts", query(t, dsn, `WITH n AS (SELECT conversion, count(*) AS every, count(*) FILTER (WHERE fidelity = 'equivalent') AS equivalent FROM findings GROUP BY 1)
SELECT n.equivalent = c.equivalent, n.every = c.exact + c.equivalent + c.approximate + c.unsupported + c.runtime + c.unknown
FROM n JOIN conversions c ON c.id = conversion ORDER BY recorded_at`), "t|f", "t|t")
	equal(t, "a finding", query(t, dsn, `SELECT DISTINCT id, fidelity, absent, path, field, file, line > 0, note <> '', jsonb_array_length(targets) > 0
FROM findings WHERE path = 'spec.syncPolicy.automated.selfHeal'`), "self-heal|approximate|f|spec.syncPolicy.automated.selfHeal|spec.syncPolicy.automated.selfHeal|in.yaml|t|t|f")
}

// TestRepeatedRuns: a run that repeats the last one over the same objects is that run.
func TestRepeatedRuns(t *testing.T) {
	dsn := database(t)
	a, b := guestbook, strings.Replace(guestbook, "prune: true", "prune: false", 1)
	runs := []string{}
	for _, manifests := range []string{a, a, b, b, a, a} {
		runs = append(runs, convertInto(t, dsn, manifests, convert.ToFlux, false).Run)
	}
	if runs[0] != runs[1] || runs[2] != runs[3] || runs[4] != runs[5] || runs[0] == runs[2] || runs[2] == runs[4] || runs[0] == runs[4] {
		t.Errorf("runs %v", runs)
	}
	equal(t, "runs", query(t, dsn, "SELECT id FROM conversions ORDER BY recorded_at"), runs[0], runs[2], runs[4])
	equal(t, "verdict", query(t, dsn, "SELECT conversion FROM verdicts"), runs[4])
	before := dump(t, dsn)
	convertInto(t, dsn, a, convert.ToFlux, false)
	if after := dump(t, dsn); after != before {
		t.Errorf("a rerun turns\n%s\ninto\n%s", before, after)
	}
	// Another verb, direction or set of objects is another scope: neither hides the other.
	record(t, dsn, sequence(read(inputs(a))))
	wider := convertInto(t, dsn, a+"---\n"+plugin, convert.ToFlux, false)
	if again := convertInto(t, dsn, a, convert.ToFlux, false); !again.Repeated || again.Run != runs[4] {
		t.Errorf("%+v does not repeat %s", again, runs[4])
	}
	equal(t, "newest run of each", query(t, dsn, "SELECT name, conversion FROM verdicts ORDER BY 1"),
		"guestbook|"+wider.Run, "plugin|"+wider.Run)
	equal(t, "runs", query(t, dsn, "SELECT count(*) FROM conversions"), "5")
}

// TestFailedObjects: what is broken has a row that says so.
func TestFailedObjects(t *testing.T) {
	dsn := database(t)
	convertInto(t, dsn, guestbook+"---\n"+strings.Replace(plugin, "path: p", "path: {p: q}", 1)+"---\nkind: [\n", convert.ToFlux, false)
	equal(t, "objects", query(t, dsn, "SELECT DISTINCT from_name, status FROM conversion_objects ORDER BY 2, 1"),
		"guestbook|converted", "|failed", "plugin|failed")
	equal(t, "verdicts", query(t, dsn, "SELECT name, status FROM verdicts ORDER BY 1"), "guestbook|converted", "plugin|failed")
}
