package convert_test

import (
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/preserve"
)

const tenantInput = `apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: team, namespace: argocd}
spec:
  description: the team's
  sourceRepos: ["*"]
  destinations: [{name: in-cluster, namespace: web}]
  clusterResourceWhitelist: [{group: "", kind: Namespace}]
  syncWindows: [{kind: deny, schedule: "* * * * *", duration: 1h}]
` + tenantApp

// TestTenantComesBack: with Preserve an AppProject comes back whole, and its rights go with
// it; unless somebody has changed one of these, which then stay, and make the AppProject.
func TestTenantComesBack(t *testing.T) {
	there := string(streams(t, outcomes(t, []convert.Input{{Name: "in.yaml", Data: []byte(tenantInput)}}, convert.Options{To: convert.ToFlux, Preserve: true})))
	back := func(text string) map[string][]any {
		return comeBack(t, convert.Input{Name: "in.yaml", Data: []byte(text)}, convert.ToArgo)
	}
	doc := parsed(t, []byte(strings.Split(tenantInput, "---\n")[0]))
	if got := back(there); !contains(got[identity(doc)], preserve.Desired(doc)) || len(got) != 2 {
		t.Errorf("came back: %v, from\n%s", got, there)
	}
	changed := strings.Replace(there, "- namespaces", "- nodes", 1)
	if changed == there {
		t.Fatalf("there is no rule to change in\n%s", there)
	}
	if got := back(changed); contains(got[identity(doc)], preserve.Desired(doc)) || len(got) != 6 {
		t.Errorf("what was changed did not count: %v", got)
	}
}
