package convert_test

import (
	"bytes"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

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
	changed, back := 0, 0
	for _, file := range files {
		sc := readScenario(t, file)
		o := sc.Options
		docs, err := document.Split("input.yaml", []byte(sc.Sections["input.yaml"]))
		if err != nil {
			t.Fatal(err)
		}
		var all []*yaml.Node
		for i := range docs {
			if docs[i].Empty() {
				continue
			}
			root, err := docs[i].Parse()
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, root)
			if o.To != convert.ToArgo {
				changed += perturb(t, file, root, o)
			}
		}
		switch {
		case o.To == convert.ToArgo:
			back += perturbAll(t, file, all, o)
		case strings.HasPrefix(file, "testdata/credentials/"): // needs the Applications
			changed += perturbAll(t, file, all, o)
		}
	}
	if changed < 300 || back < 200 {
		t.Errorf("only %d leaves of Applications and %d of Flux objects were changed", changed, back)
	}
	t.Logf("%d leaves of Applications and %d of Flux objects changed", changed, back)
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

// perturbAll is perturb for objects that are converted together. Of many leaves under
// one rule in one object, such as values, a few are changed.
func perturbAll(t *testing.T, file string, roots []*yaml.Node, o convert.Options) (changed int) {
	base := convertTrees(t, roots, o)
	before := streams(t, base)
	for i, out := range base {
		if out.Status != convert.Converted || out.Object.Kind == "List" { // entries are about its items
			continue
		}
		leaves, tried := scalars(roots[i], ""), map[string]int{}
		for _, e := range out.Entries {
			leaf := leaves[e.From.Path]
			if leaf == nil || e.Absent || len(e.To) == 0 || e.Fidelity > ledger.Equivalent || e.ID == "api-version" || tried[e.ID] == 4 {
				continue
			}
			tried[e.ID]++
			was := *leaf
			mutate(leaf)
			after := convertTrees(t, roots, o)
			if !failed(after) && bytes.Equal(before, streams(t, after)) {
				t.Errorf("%s: %s %s: %s is %s by %s, but the output does not depend on it", file, out.Object.Kind, out.Object.Name, e.From.Path, e.Fidelity, e.ID)
			}
			*leaf = was
			changed++
		}
	}
	return changed
}

func failed(outs []convert.Outcome) bool {
	return slices.ContainsFunc(outs, func(o convert.Outcome) bool { return o.Err != nil })
}

func streams(t *testing.T, outs []convert.Outcome) []byte {
	t.Helper()
	var all []byte
	for _, out := range outs {
		all = append(all, stream(t, out)...)
	}
	return all
}

func convertTrees(t *testing.T, roots []*yaml.Node, o convert.Options) []convert.Outcome {
	t.Helper()
	var buf bytes.Buffer
	for _, root := range roots {
		buf.WriteString("---\n")
		if err := document.Encode(&buf, root); err != nil {
			t.Fatal(err)
		}
	}
	return outcomes(t, []convert.Input{{Name: "input.yaml", Data: buf.Bytes()}}, o)
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
	if n == nil {
		return found
	}
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
	o := convert.Options{To: convert.ToFlux}
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
			changed += perturb(t, in.Name, root, o)
		}
	}
	t.Logf("%d leaves changed", changed)
}

// TestCorpusPerturbationBack takes each Kustomization and HelmRelease of the public
// objects with what it refers to by name.
func TestCorpusPerturbationBack(t *testing.T) {
	changed := 0
	for _, in := range corpus(t, "flux") {
		docs, err := document.Split(in.Name, in.Data)
		if err != nil {
			t.Fatal(err)
		}
		var appliers []*yaml.Node
		others := map[string][]*yaml.Node{} // sources and ConfigMaps by name
		for i := range docs {
			head := docs[i].Peek()
			root, err := docs[i].Parse()
			switch {
			case err != nil || root == nil: // TestCorpus reports it
			case head.Kind == "Kustomization" || head.Kind == "HelmRelease":
				appliers = append(appliers, root)
			default:
				name := node.Text(root, "metadata", "name")
				others[name] = append(others[name], root)
			}
		}
		for i, root := range appliers {
			if i%3 != 0 { // many are of one shape, and each leaf costs a conversion
				continue
			}
			changed += perturbAll(t, in.Name, append(referred(root, others), root), convert.Options{To: convert.ToArgo})
		}
	}
	t.Logf("%d leaves changed", changed)
}

// referred returns the objects whose names stand in references of root, and theirs.
func referred(root *yaml.Node, others map[string][]*yaml.Node) (found []*yaml.Node) {
	for queue := []*yaml.Node{root}; len(queue) > 0; queue = queue[1:] {
		for path, leaf := range scalars(node.Get(queue[0], "spec"), "spec") {
			if !strings.HasSuffix(path, "Ref.name") && !strings.Contains(path, "valuesFrom[") {
				continue
			}
			for _, other := range others[leaf.Value] {
				if !slices.Contains(found, other) {
					found = append(found, other)
					queue = append(queue, other)
				}
			}
		}
	}
	slices.SortFunc(found, func(a, b *yaml.Node) int { return a.Line - b.Line })
	return found
}
