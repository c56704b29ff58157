package credential

import (
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/secret"
)

// TestMergeNothing: a ConfigMap of the input that has all lines already is not written anew.
func TestMergeNothing(t *testing.T) {
	for line, added := range map[string]bool{"git.example.com ssh-rsa AAAA": false, "git.example.com ssh-rsa BBBB": true} {
		b := NewBack(false, "argocd")
		m := b.Merge(node.Map("metadata", node.Map("name", KnownHosts), "data", node.Map(hostKeys, "git.example.com ssh-rsa AAAA\n")), "in.yaml")
		in, err := secret.Read(node.Map("apiVersion", "v1", "kind", "Secret", "metadata", node.Map("name", "key"),
			"stringData", node.Map("identity", "x", "known_hosts", line)), "in.yaml")
		if err != nil {
			t.Fatal(err)
		}
		u := NewUnit(in, false)
		b.Repository(Repository{URL: "ssh://git@git.example.com/o/r", Type: "git", Name: "r"}, u, nil, nil, u)
		if m.Added() != added {
			t.Errorf("%s: added is %v", line, m.Added())
		}
	}
	if m := NewBack(false, "argocd"); m.Merge(node.Map("metadata", node.Map("name", KnownHosts)), "a") == nil || m.Merge(node.Map("metadata", node.Map("name", KnownHosts)), "b") != nil {
		t.Error("of two ConfigMaps of a name not the first is merged into")
	}
}
