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

// TestTenantsAgain: what a run before made of a project, and of one whose name is taken, is
// what the next one makes, and nothing more.
func TestTenantsAgain(t *testing.T) {
	taken := strings.NewReplacer("name: team", "name: kustomize-controller", "project: team", "project: kustomize-controller").Replace(tenantInput)
	for _, input := range []string{tenantInput, taken} {
		for _, options := range []convert.Options{{To: convert.ToFlux}, {To: convert.ToFlux, Preserve: true}} {
			there := streams(t, outcomes(t, []convert.Input{{Name: "in.yaml", Data: []byte(input)}}, options))
			again := streams(t, outcomes(t, []convert.Input{{Name: "in.yaml", Data: []byte(input)}, {Name: "out.yaml", Data: there}}, options))
			if got, want := strings.Count(string(again), "\nkind: "), strings.Count(string(there), "\nkind: "); got != want {
				t.Errorf("%d objects, want %d:\n%s", got, want, again)
			}
		}
	}
}
