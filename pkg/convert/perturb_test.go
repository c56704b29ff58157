package convert_test

import (
	"bytes"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// TestPerturbation changes each leaf that the ledger says was carried over: the
// output must change with it. Claiming is not using.
func TestPerturbation(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	changed := 0
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sections := map[string]string{}
		for _, f := range archive.Files {
			sections[f.Name] = string(f.Data)
		}
		o := scenarioOptions(t, sections)
		docs, err := document.Split("input.yaml", []byte(sections["input.yaml"]))
		if err != nil {
			t.Fatal(err)
		}
		for i := range docs {
			if docs[i].Empty() {
				continue
			}
			root, err := docs[i].Parse()
			if err != nil {
				t.Fatal(err)
			}
			changed += perturb(t, file, root, o)
		}
	}
	if changed < 300 {
		t.Errorf("only %d leaves were changed", changed)
	}
	t.Logf("%d leaves changed", changed)
}

func perturb(t *testing.T, file string, root *yaml.Node, o convert.Options) (changed int) {
	base := convertTree(t, root, o)
	if base.Status != convert.Converted || base.Object.Kind != "Application" {
		return 0
	}
	before := stream(t, base)
	leaves := scalars(root, "")
	for _, e := range base.Entries {
		leaf := leaves[e.From.Path]
		if leaf == nil || e.Absent || len(e.To) == 0 || e.Fidelity > ledger.Equivalent || e.From.Path == "kind" {
			continue
		}
		was := *leaf
		mutate(leaf)
		after := convertTree(t, root, o)
		if after.Status == convert.Converted && bytes.Equal(before, stream(t, after)) {
			t.Errorf("%s: %s is %s by %s, but the output does not depend on it", file, e.From.Path, e.Fidelity, e.ID)
		}
		*leaf = was
		changed++
	}
	return changed
}

func convertTree(t *testing.T, root *yaml.Node, o convert.Options) convert.Outcome {
	t.Helper()
	var buf bytes.Buffer
	if err := document.Encode(&buf, root); err != nil {
		t.Fatal(err)
	}
	return outcomes(t, []convert.Input{{Name: "input.yaml", Data: buf.Bytes()}}, o)[0]
}

func scalars(n *yaml.Node, path string) map[string]*yaml.Node {
	found := map[string]*yaml.Node{}
	if node.Leaf(n) {
		if n.Kind == yaml.ScalarNode {
			found[path] = n
		}
		return found
	}
	for i, child := range n.Content {
		at := ledger.Index(path, i)
		if n.Kind == yaml.MappingNode {
			if i%2 == 0 {
				continue
			}
			at = ledger.Key(path, n.Content[i-1].Value)
		}
		for p, leaf := range scalars(child, at) {
			found[p] = leaf
		}
	}
	return found
}

// mutate changes a scalar and keeps its type.
func mutate(n *yaml.Node) {
	switch n.ShortTag() {
	case yaml.NodeTagBool:
		n.Value = strconv.FormatBool(n.Value != "true")
	case yaml.NodeTagInt:
		n.Value += "1"
	default:
		n.Tag = yaml.NodeTagString
		n.Value += "x"
	}
}

// TestCorpusPerturbation is TestPerturbation over the public objects.
func TestCorpusPerturbation(t *testing.T) {
	changed := 0
	for _, in := range corpus(t, "argo") {
		docs, err := document.Split(in.Name, in.Data)
		if err != nil {
			t.Fatal(err)
		}
		for i := range docs {
			head := docs[i].Peek()
			if head.OK && head.Kind != "Application" || docs[i].Empty() {
				continue
			}
			root, err := docs[i].Parse()
			if err != nil {
				continue // TestCorpus reports it
			}
			changed += perturb(t, in.Name, root, convert.Options{})
		}
	}
	t.Logf("%d leaves changed", changed)
}
