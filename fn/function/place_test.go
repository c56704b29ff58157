package function

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// item returns an object that came from a file.
func item(path, index string) *yaml.RNode {
	node := yaml.MustParse("apiVersion: v1\nkind: Old\nmetadata: {name: old}\n")
	if path != "" {
		node.PipeE(yaml.SetAnnotation("internal.config.kubernetes.io/path", path))
	}
	if index != "" {
		node.PipeE(yaml.SetAnnotation("internal.config.kubernetes.io/index", index))
	}
	return node
}

// made returns a new object.
func made(kind, name string) *yaml.RNode {
	return yaml.MustParse(fmt.Sprintf("apiVersion: v1\nkind: %s\nmetadata: {name: %q}\n", kind, name))
}

func TestPlace(t *testing.T) {
	slots := []slot{
		{item: item("a/x.yaml", "0")},
		{item: item("a/x.yaml", "1"), converted: true, out: []*yaml.RNode{made("Git", "r"), made("Kust", "k")}},
		{item: item("a/x.yaml", "2")},
		{item: item("b.yaml", "7")},
		{item: item("a/kust-k.yaml", "0")},
		{item: item("j.json", "0"), converted: true, out: []*yaml.RNode{made("Git", "a:b")}},
		{item: item("", ""), converted: true, out: []*yaml.RNode{made("Git", "free")}},
		{item: item("gone.yaml", "0"), converted: true},
		{item: item("c.yaml", "0"), converted: true},
		{item: item("c.yaml", "1")},
	}
	tests := []struct {
		perApp bool
		want   []string
	}{
		{false, []string{
			"Old a/x.yaml 0", "Git a/x.yaml 1", "Kust a/x.yaml 2", "Old a/x.yaml 3", "Old b.yaml 7",
			"Old a/kust-k.yaml 0", "Git git-a-b.yaml 0", "Git  ", "Old c.yaml 0",
		}},
		{true, []string{
			"Old a/x.yaml 0", "Git a/git-r.yaml 0", "Kust a/kust-k-2.yaml 0", "Old a/x.yaml 2",
			"Old b.yaml 7", "Old a/kust-k.yaml 0", "Git git-a-b.yaml 0", "Git  ", "Old c.yaml 1",
		}},
	}
	for _, tt := range tests {
		copies := slices.Clone(slots)
		for i, s := range copies {
			copies[i].item = s.item.Copy()
			copies[i].out = nil
			for _, node := range s.out {
				copies[i].out = append(copies[i].out, node.Copy())
			}
		}
		items, err := place(copies, tt.perApp)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, node := range items {
			index := node.GetAnnotations()["internal.config.kubernetes.io/index"]
			got = append(got, strings.Join([]string{node.GetKind(), pathOf(node), index}, " "))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("per-app %t: got %q, want %q", tt.perApp, got, tt.want)
		}
	}
}

func TestStripAnnotations(t *testing.T) {
	node := yaml.MustParse(`kind: A
metadata:
  name: a
  annotations:
    internal.config.kubernetes.io/path: a.yaml
    internal.config.kubernetes.io/annotations-migration-resource-id: "0"
    internal.config.kubernetes.io/package-path: p
    internal.kpt.dev/kpt-resource-id: "1"
    config.kubernetes.io/path: a.yaml
    config.kubernetes.io/index: "0"
    config.k8s.io/id: "1"
    kustomize.config.k8s.io/id: "1"
    config.kubernetes.io/local-config: "true" # kept
`)
	if err := stripAnnotations(node); err != nil {
		t.Fatal(err)
	}
	const want = `kind: A
metadata:
  name: a
  annotations:
    config.kubernetes.io/local-config: "true" # kept
`
	if got := node.MustString(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
