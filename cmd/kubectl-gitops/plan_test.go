package main

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"
)

// TestPlanCommands: every command of ours in a runbook is one that we understand.
func TestPlanCommands(t *testing.T) {
	ours := regexp.MustCompile(`(?m)^kubectl gitops ([^>\n]*)`)
	for _, file := range []string{"argocd.yaml", "flux.yaml"} {
		args := []string{"plan", "-f", "../../pkg/cutover/testdata/" + file, "--source", "https://github.com/example/other=."}
		op, err := parse(args)
		if err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		if err := op.Run(context.Background(), streams{out: &out, err: &errs}); err != nil {
			t.Fatal(err)
		}
		found := ours.FindAllStringSubmatch(out.String(), -1)
		if len(found) != 2 {
			t.Errorf("%s: %d commands of ours, want 2", file, len(found))
		}
		for _, m := range found {
			if _, err := parse(strings.Fields(m[1])); err != nil {
				t.Errorf("kubectl gitops %s: %v", m[1], err)
			}
		}
	}
}
