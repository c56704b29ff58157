package store_test

import (
	"context"
	"fmt"
	"iter"
	"os"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/inventory"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/migrate"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/storetest"
)

func TestMain(m *testing.M) {
	if dsn := os.Getenv(childEnv); dsn != "" {
		hangingClient(dsn)
		return
	}
	os.Exit(storetest.Main{M: m}.Run())
}

// database returns the address of a migrated database.
func database(t testing.TB) string {
	t.Helper()
	dsn := storetest.Database(t)
	if err := migrate.Up(context.Background(), storetest.Connect(t, dsn)); err != nil {
		t.Fatal(err)
	}
	return dsn
}

// with adds parameters to an address.
func with(dsn, parameters string) string {
	if strings.Contains(dsn, "?") {
		return dsn + "&" + parameters
	}
	return dsn + "?" + parameters
}

// record writes objects and fails the test where it cannot.
func record(t testing.TB, dsn string, objects iter.Seq2[inventory.Object, error]) store.Summary {
	t.Helper()
	conn := storetest.Connect(t, dsn)
	defer conn.Close(context.Background())
	summary, err := store.Record(context.Background(), conn, snapshot(objects))
	if err != nil {
		t.Fatal(err)
	}
	return summary
}

func snapshot(objects iter.Seq2[inventory.Object, error]) store.Run {
	return store.Run{Cluster: "c", Verb: "record", Version: "v0", Objects: objects}
}

// estate makes n objects as an installation of that size has them: nine of ten are
// Applications or Kustomizations, the others sources. Edition changes all of them.
func estate(n, edition int) iter.Seq2[inventory.Object, error] {
	return func(yield func(inventory.Object, error) bool) {
		for i := range n {
			if !yield(synthetic(i, edition), nil) {
				return
			}
		}
	}
}

func synthetic(i, edition int) inventory.Object {
	o := inventory.Object{
		APIVersion: "argoproj.io/v1alpha1", TargetRevision: "main", Revision: fmt.Sprintf("%040x", i%7+edition),
		Repository: fmt.Sprintf("https://git.example.com/team-%d/deploy.git", i%100),
	}
	o.Key = inventory.Key{Namespace: "argocd", Kind: "Application", Name: fmt.Sprintf("app-%06d", i)}
	o.Sync, o.Health = "Synced", "Healthy"
	o.Project, o.Destination = fmt.Sprintf("team-%d", i%100), fmt.Sprintf("cluster-%d", i%20)
	switch {
	case i%50 == 7:
		o.Sync, o.Health, o.Message = "OutOfSync", "Degraded", "Deployment exceeded its progress deadline"
	case i%10 == 3:
		o.Class, o.Kind, o.Namespace = inventory.Config, "Kustomization", "flux-system"
		o.Source = inventory.Key{Namespace: "flux-system", Kind: "GitRepository", Name: fmt.Sprintf("app-%06d", i/50*50+9)}
		o.Project, o.Repository = "", ""
	case i%50 == 9:
		o.Class, o.Kind, o.Namespace = inventory.Repository, "GitRepository", "flux-system"
		o.Authentication = inventory.Authentication{Kind: "reference", SecretRef: "deploy-key"}
	}
	values := strings.Repeat(fmt.Sprintf(`"key-%d": "value %d of some length", `, i, i*7919), 12)
	o.Definition = fmt.Appendf(nil, `{"apiVersion": %q, "kind": %q, "metadata": {"name": %q, "namespace": %q, "labels": {"edition": "%d"}},
"spec": {"destination": {"name": %q, "namespace": "team"}, "source": {"repoURL": %q, "path": "apps/%d", "helm": {"valuesObject": {%s"end": %d}}}}}`,
		o.APIVersion, o.Kind, o.Name, o.Namespace, edition, o.Destination, o.Repository, i, values, i)
	return o
}

func sequence(objects []inventory.Object) iter.Seq2[inventory.Object, error] {
	return func(yield func(inventory.Object, error) bool) {
		for _, o := range objects {
			if !yield(o, nil) {
				return
			}
		}
	}
}
