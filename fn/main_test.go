package main

import (
	"flag"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the files that the scripts compare; read the diff")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"gitops-convert": main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: true, UpdateScripts: *update,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"items": items},
	})
}

// items prints a ResourceList without its results: the messages are the compiler's.
//
//	items FILE
func items(ts *testscript.TestScript, _ bool, args []string) {
	list, _, _ := strings.Cut(ts.ReadFile(args[0]), "\nresults:\n")
	_, err := ts.Stdout().Write([]byte(strings.TrimSuffix(list, "\n") + "\n"))
	ts.Check(err)
}
