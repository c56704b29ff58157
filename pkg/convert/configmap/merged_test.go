package configmap_test

import (
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/configmap"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// TestMerged: what is there already is no addition, and the ConfigMap of the input stays as
// it is; each of its leaves has an entry.
func TestMerged(t *testing.T) {
	root := yaml.MustParse("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {one: x}\n").YNode()
	m := configmap.NewMerged(root, "in.yaml", "trust-merged")
	if m.Put("one", "x"); m.Added() {
		t.Error("what is there is added")
	}
	if m.Put("two", "y"); !m.Added() || m.Text("two") != "y" || m.Text("one") != "x" || node.At(root, "data", "two") != nil {
		t.Errorf("merged is %v, the input %v", node.Value(m.Object().Root), node.Value(root))
	}
	if entries := m.Entries(); len(entries) != 4 || entries[3].From.Path != "data.one" || entries[3].To[0].Path != "data.one" || entries[3].ID != "trust-merged" {
		t.Errorf("entries are %+v", entries)
	}
}
