package main

import (
	"context"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/storetest"
)

var update = flag.Bool("update", false, "rewrite what the scripts compare output with")

func TestMain(m *testing.M) {
	testscript.Main(storetest.Main{M: m}, map[string]func(){
		"kubectl-gitops": main,
		completerName:    main,
	})
}

// TestScript runs the scripts of testdata/script against the real program. $SERVER
// is a small API server that serves the script's own files too; $KUBECONFIG leads to it.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			server := httptest.NewServer(newAPI(env.WorkDir))
			env.Defer(server.Close)
			kubeconfig := filepath.Join(env.WorkDir, "kubeconfig")
			env.Setenv("SERVER", server.URL)
			env.Setenv("KUBECONFIG", kubeconfig)
			env.Setenv("HOME", filepath.Join(env.WorkDir, "home"))
			return os.WriteFile(kubeconfig, []byte(kubeconfigFor(server.URL)), 0o600)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code":     runForCode,
			"database": makeDatabase,
			"query":    queryDatabase,
		},
	})
}

// runForCode runs a program that must end with the given exit code: code 2 program args...
func runForCode(ts *testscript.TestScript, _ bool, args []string) {
	want, got := args[0], "0"
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		got = exitCodeOf(err)
	}
	if got != want {
		ts.Fatalf("exit code %s, want %s", got, want)
	}
}

// makeDatabase makes an empty database, to which the environment then leads.
func makeDatabase(ts *testscript.TestScript, _ bool, _ []string) {
	dsn, remove, err := storetest.Create()
	ts.Check(err)
	ts.Defer(remove)
	ts.Setenv(store.DatabaseEnv, dsn)
}

// queryDatabase prints what a query answers: query SQL.
func queryDatabase(ts *testscript.TestScript, _ bool, args []string) {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, ts.Getenv(store.DatabaseEnv))
	ts.Check(err)
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, strings.Join(args, " "))
	ts.Check(err)
	for rows.Next() {
		values, err := rows.Values()
		ts.Check(err)
		fmt.Fprintln(ts.Stdout(), values...)
	}
	ts.Check(rows.Err())
}
