// Package docs holds what is written about the product, and the tests that keep it true.
package docs

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/migrate"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/storetest"
)

var (
	programs string // the directory of the built plugin
	build    sync.Once
	buildErr error
)

func TestMain(m *testing.M) {
	code := storetest.Main{M: m}.Run()
	if programs != "" {
		os.RemoveAll(programs)
	}
	os.Exit(code)
}

// plugin builds kubectl-gitops as users have it and returns its directory.
func plugin(t testing.TB) string {
	t.Helper()
	build.Do(func() {
		if programs, buildErr = os.MkdirTemp("", "kubectl-gitops-docs-"); buildErr != nil {
			return
		}
		out, err := exec.Command("go", "build", "-o", filepath.Join(programs, "kubectl-gitops"), "../cmd/kubectl-gitops").CombinedOutput()
		if err != nil {
			buildErr = fmt.Errorf("go build: %w\n%s", err, out)
		}
	})
	if buildErr != nil {
		t.Fatal(buildErr)
	}
	return programs
}

// shell runs a line of an example in the directory of the examples' files, with the
// plugin and a database, and returns what a terminal shows.
func shell(t testing.TB, dir, dsn, line string) (string, error) {
	t.Helper()
	cmd := exec.Command("sh", "-c", strings.ReplaceAll(line, "kubectl gitops", "kubectl-gitops"))
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+plugin(t)+string(os.PathListSeparator)+os.Getenv("PATH"), store.DatabaseEnv+"="+dsn)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// migrated returns the address of a database with tables.
func migrated(t testing.TB) string {
	t.Helper()
	dsn := storetest.Database(t)
	if err := migrate.Up(context.Background(), storetest.Connect(t, dsn)); err != nil {
		t.Fatal(err)
	}
	return dsn
}

// recordFleet records the objects of the examples and their conversion.
func recordFleet(t testing.TB, dsn string) {
	t.Helper()
	for _, line := range []string{
		"kubectl gitops record -q -f fleet.yaml --cluster-name production",
		"kubectl gitops convert -q --to flux -f fleet.yaml --cluster-name production --record >/dev/null",
		"kubectl gitops verify -q --to flux --offline -f fleet.yaml --cluster-name production --record >/dev/null || test $? = 1",
	} {
		if out, err := shell(t, "testdata", dsn, line); err != nil {
			t.Fatalf("%s: %v\n%s", line, err, out)
		}
	}
}
