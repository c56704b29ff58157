package convert_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset/functions"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
)

// clusters are two that the corpus' own Secrets are not.
const clusters = `apiVersion: v1
kind: Secret
metadata: {name: east, namespace: argocd, labels: {argocd.argoproj.io/secret-type: cluster, type: kubernetes, staging: "true"}}
stringData: {name: east, server: https://east.example.com}
---
apiVersion: v1
kind: Secret
metadata: {name: west, namespace: argocd, labels: {argocd.argoproj.io/secret-type: cluster, type: kubernetes, env: prod}}
stringData: {name: west, server: https://west.example.com}
`

// TestCorpusSets: every public ApplicationSet is expanded as a whole, or passes byte for
// byte with the reasons. What those of Argo CD's documentation come to is written down in
// testdata/corpus-sets.txt; the same was found with Argo CD's own generators.
func TestCorpusSets(t *testing.T) {
	golden, err := os.ReadFile("testdata/corpus-sets.txt")
	if err != nil {
		t.Fatal(err)
	}
	var documented strings.Builder
	counts := map[string]int{}
	for _, in := range corpus(t, "argo", "argo-partial") {
		docs, _ := document.Split(in.Name, in.Data)
		for _, d := range docs {
			for _, out := range expanded(t, d) {
				line := checkSet(t, out, counts)
				if strings.HasPrefix(in.Name, "argo/argoproj__a") {
					fmt.Fprintf(&documented, "%s %d %s %s\n", in.Name, d.Index, out.Object.Name, line)
				}
			}
		}
	}
	if counts["sets"] == 0 || counts["Applications"] == 0 {
		t.Error("nothing was expanded")
	}
	t.Log(counts)
	if os.Getenv("GITOPS_CORPUS") == "" {
		return // of the documentation nothing is here
	}
	if *update {
		if err := os.WriteFile("testdata/corpus-sets.txt", []byte(documented.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if documented.String() != string(golden) {
		t.Errorf("the documentation's come to\n%s", documented.String())
	}
}

// expanded expands a document by itself: examples of one name, of which a repository has
// many, are not meant for one cluster.
func expanded(t *testing.T, d document.Doc) []convert.Outcome {
	t.Helper()
	inputs := []convert.Input{{Name: d.File, Data: d.Raw}, {Name: "clusters.yaml", Data: []byte(clusters)}}
	out := outcomes(t, inputs, convert.Options{ExpandOnly: true, TemplateFunctions: functions.Map()})
	return slices.DeleteFunc(out, func(o convert.Outcome) bool { return o.Object.Kind != "ApplicationSet" })
}

// checkSet counts what became of an ApplicationSet and sums it up.
func checkSet(t *testing.T, out convert.Outcome, counts map[string]int) string {
	t.Helper()
	counts["sets"]++
	if out.Err != nil {
		t.Errorf("%s:%d: %v", out.File, out.Line, out.Err)
		return "error"
	}
	if out.Status == convert.Passed {
		if len(out.Entries) == 0 || string(out.Out[0].Data) == "" {
			t.Errorf("%s:%d: passes for no reason", out.File, out.Line)
			return "nothing"
		}
		counts[out.Entries[0].ID]++
		return out.Entries[0].ID
	}
	sum := sha256.New()
	for _, o := range out.Out {
		if o.Object.Kind != "Application" || o.Object.Name == "" {
			t.Errorf("%s:%d: makes %v", out.File, out.Line, o.Object)
		}
		sum.Write(o.Data)
	}
	counts["expanded"]++
	counts["Applications"] += len(out.Out)
	return fmt.Sprintf("%d %x", len(out.Out), sum.Sum(nil)[:6])
}
