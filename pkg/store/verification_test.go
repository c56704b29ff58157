package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/storetest"
)

func found(edit func(*store.VerifiedDeployment)) store.Verification {
	d := store.VerifiedDeployment{
		Tool: "argocd", Object: ledger.Object{APIVersion: "argoproj.io/v1alpha1", Kind: "Application", Namespace: "argocd", Name: "web"},
		File: "apps.yaml", Line: 3, PairedBy: "name", Content: "differs", Objects: 2, Fields: 12,
		Counterpart: []ledger.Object{{APIVersion: "kustomize.toolkit.fluxcd.io/v1", Kind: "Kustomization", Namespace: "flux-system", Name: "web"}},
		Differences: []store.VerifiedDifference{{Object: ledger.Object{APIVersion: "v1", Kind: "ConfigMap", Name: "map"}, Path: "data.a"}},
		Policies:    []store.VerifiedPolicy{{ID: "prune", Verdict: "differs", Left: "no", Right: "yes", Meaning: "it deletes"}},
	}
	if edit != nil {
		edit(&d)
	}
	other := d
	other.Object.Name, other.Content, other.Good, other.Policies, other.Differences = "other", "equivalent", true, nil, nil
	return store.Verification{Cluster: "production", Version: "v1", Deployments: []store.VerifiedDeployment{d, other}}
}

func verified(t *testing.T, dsn string, v store.Verification) (id string, repeated bool) {
	t.Helper()
	ctx := context.Background()
	id, repeated, err := store.RecordVerification(ctx, storetest.Connect(t, dsn), v)
	if err != nil {
		t.Fatal(err)
	}
	return id, repeated
}

func TestVerification(t *testing.T) {
	dsn := database(t)
	first, repeated := verified(t, dsn, found(nil))
	if repeated {
		t.Error("the first run repeats nothing")
	}
	equal(t, "the run", query(t, dsn, "SELECT deployments, good, tool_version FROM verifications"), "2|1|v1")
	equal(t, "deployments", query(t, dsn, `SELECT name, content, good, objects, counterpart -> 0 ->> 'name', differences -> 0 ->> 'path'
FROM verified_deployments ORDER BY ordinal`), "web|differs|f|2|web|data.a", "other|equivalent|t|2|web|-")
	equal(t, "policies", query(t, dsn, "SELECT ordinal, policy, verdict, left_value, right_value FROM verified_policies"),
		"0|prune|differs|no|yes")
	equal(t, "the view", query(t, dsn, "SELECT name, good, differences, policies FROM stats_verified ORDER BY name"),
		"other|t|0|0", "web|f|1|1")

	if again, repeated := verified(t, dsn, found(nil)); !repeated || again != first {
		t.Errorf("the same again is run %s, repeated %v, want %s", again, repeated, first)
	}
	if next, repeated := verified(t, dsn, found(func(d *store.VerifiedDeployment) {
		d.Good, d.Content, d.Policies[0].Accepted = true, "equivalent", true
	})); repeated || next == first {
		t.Error("what found something else is a run of its own")
	}
	equal(t, "the newest counts", query(t, dsn, "SELECT name, good, policies FROM stats_verified ORDER BY name"), "other|t|0", "web|t|0")
	equal(t, "runs", query(t, dsn, "SELECT count(*) FROM verifications"), "2")
}

func TestVerificationHidesSecrets(t *testing.T) {
	const secret = "ghp_0123456789abcdef0123456789abcdef0123"
	dsn := database(t)
	verified(t, dsn, found(func(d *store.VerifiedDeployment) {
		d.File, d.Reasons = "https://user:"+secret+"@example.com/a.yaml", []string{"fetch https://x:" + secret + "@example.com: no"}
		d.Policies[0].Left, d.Policies[0].Meaning = "token="+secret, secret
		d.Differences[0].Path = "data[" + secret + "]\x00"
	}))
	for _, table := range []string{"verifications", "verified_deployments", "verified_policies"} {
		if text := strings.Join(query(t, dsn, "SELECT to_jsonb(t)::text FROM "+table+" t"), "\n"); strings.Contains(text, secret) {
			t.Errorf("%s holds the secret: %s", table, text)
		}
	}
}

// recordVerified records a verification of n deployments, of which every tenth is not good.
func recordVerified(t *testing.T, conn *pgx.Conn, cluster string, n int) {
	t.Helper()
	v := store.Verification{Cluster: cluster, Version: "v0"}
	for i := range n {
		d := found(nil).Deployments[1]
		if i%10 == 0 {
			d = found(nil).Deployments[0]
		}
		d.Object.Name = fmt.Sprintf("app-%06d", i)
		v.Deployments = append(v.Deployments, d)
	}
	if _, _, err := store.RecordVerification(context.Background(), conn, v); err != nil {
		t.Fatal(err)
	}
}
