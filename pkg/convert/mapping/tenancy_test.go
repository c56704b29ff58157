package mapping

import (
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// TestPermits holds what Argo CD permits (pkg/apis/application/v1alpha1/app_project_types.go
// isDestinationMatched): one destination must match, and none may exclude.
func TestPermits(t *testing.T) {
	for _, c := range []struct {
		destinations, namespace string
		want                    bool
	}{
		{`[{server: "*", namespace: "*"}]`, "a", true},
		{`[{server: "https://kubernetes.default.svc", namespace: a}]`, "b", false},
		{`[{server: "*", namespace: "*"}, {server: "*", namespace: "!a"}]`, "a", false},
		{`[{server: "*", namespace: "*"}, {server: "!https://kubernetes.default.svc", namespace: "*"}]`, "a", false},
		{`[{name: "*", namespace: "*"}, {name: "!in-cluster", namespace: "*"}]`, "a", false},
		{`[{server: "*", namespace: "*"}, {server: "!https://kubernetes.default.svc", namespace: b}]`, "a", true},
		{`[{server: "!https://far.example.com", namespace: "*"}]`, "a", true},
	} {
		root, err := yaml.Parse("{kind: AppProject, spec: {destinations: " + c.destinations + "}}")
		if err != nil {
			t.Fatal(err)
		}
		if got := (&Tenancy{Root: root.YNode()}).permits(c.namespace); got != c.want {
			t.Errorf("%s permits %s: %v", c.destinations, c.namespace, got)
		}
	}
}
