package function

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/migrate"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main{M: m}.Run()) }

// runRecording runs the function with record and returns its exit code and output.
func runRecording(t *testing.T) (code int, out, stderr string) {
	t.Helper()
	in := resourceList("in-file, record: true, clusterName: kpt", example(t, "guestbook.yaml"))
	var stdout, errors bytes.Buffer
	code = Main(nil, os.Getenv, Streams{In: strings.NewReader(in), Out: &stdout, Err: &errors})
	return code, stdout.String(), errors.String()
}

func TestRecords(t *testing.T) {
	ctx := context.Background()
	dsn := storetest.Database(t)
	t.Setenv(store.DatabaseEnv, dsn)
	conn := storetest.Connect(t, dsn)

	code, out, stderr := runRecording(t)
	if code != 1 || !strings.Contains(stderr, "the items are converted, but nothing was recorded: the database has no tables") {
		t.Errorf("without tables: code %d, stderr %s", code, stderr)
	}
	if !strings.Contains(out, "kind: Kustomization") || !strings.Contains(out, "severity: error") {
		t.Errorf("a database that fails must leave the items converted:\n%s", out)
	}

	if err := migrate.Up(ctx, conn); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second run is the first one again
		if code, _, stderr := runRecording(t); code != 0 {
			t.Fatalf("code %d, stderr %s", code, stderr)
		}
	}
	var cluster, name, verb string
	var runs int
	err := conn.QueryRow(ctx, `SELECT a.cluster, a.name, c.verb, (SELECT count(*) FROM conversions)
FROM argocd_applications a JOIN conversions c USING (cluster)`).Scan(&cluster, &name, &verb, &runs)
	if err != nil || cluster != "kpt" || name != "guestbook" || verb != "convert" || runs != 1 {
		t.Errorf("cluster %q, name %q, verb %q, %d runs, %v", cluster, name, verb, runs, err)
	}
}
