package argocd

import (
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// TestAllows reads the lists of an AppProject.
func TestAllows(t *testing.T) {
	for text, want := range map[string]bool{
		"{list: [{server: '*', namespace: '*'}]}":                                           true,
		"{list: [{server: a, namespace: b}, {server: '*', namespace: '*'}]}":                true,
		"{list: [{server: '*', namespace: a}, {server: a, namespace: '*'}]}":                false,
		"{list: [{server: '*', namespace: '!kube-system'}, {server: '*', namespace: '*'}]}": false,
		"{list: []}": false,
	} {
		if got := allows(yaml.MustParse(text).YNode(), "list", "server", "namespace"); got != want {
			t.Errorf("%s: got %v", text, got)
		}
	}
	if !allows(yaml.MustParse("{list: ['*']}").YNode(), "list") || allows(yaml.MustParse("{list: ['*', '!a']}").YNode(), "list") {
		t.Error("plain texts")
	}
}
