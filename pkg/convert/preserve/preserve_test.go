package preserve

import (
	"encoding/json"
	"reflect"
	"testing"
	"unicode/utf8"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

func tree(t testing.TB, text string) *yaml.Node {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil || len(doc.Content) == 0 {
		t.Fatalf("%q: %v", text, err)
	}
	return doc.Content[0]
}

// through writes changes as the annotation does and reads them again.
func through(t testing.TB, changes []Change) (read []Change) {
	t.Helper()
	text, err := json.Marshal(changes)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	return read
}

// What comes back unchanged becomes what was, whatever the two are.
func TestRestore(t *testing.T) {
	for _, c := range []struct{ was, image string }{
		{"{a: 1}", "{a: 1}"},
		{"{a: 1}", "{a: 2}"},
		{"{a: 1, b: {c: x}}", "{a: 1}"},
		{"{a: 1}", "{a: 1, b: {c: x}}"},
		{"{a: null}", "{}"},
		{"{}", "{a: null}"},
		{"{a: {}}", "{a: {b: 1}}"},
		{"{a: [1, 2]}", "{a: [1, 3]}"},
		{"{a: [1, 2]}", "{a: [1]}"},
		{"{a: [{b: 1}, {c: 2}]}", "{a: [{b: 1}, {c: 3, d: 4}]}"},
		{"{a: '1'}", "{a: 1}"},
		{"{a: 1.0}", "{a: 1}"},
		{"{a: {b: 1}}", "{a: [b]}"},
		{"{a.b/c: x}", "{a.b/c: y}"},
	} {
		image := tree(t, c.image)
		changes := through(t, Diff(node.Value(tree(t, c.was)), node.Value(image)))
		Restore(changes, image, node.Value(tree(t, c.image)))
		if got, want := node.Value(image), node.Value(tree(t, c.was)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s came back of %s as %v", c.was, c.image, got)
		}
	}
}

// What somebody has changed since stays; the rest is restored.
func TestPresentWins(t *testing.T) {
	was, image := "{a: 1, b: 2, c: {d: 3, e: 4}}", "{a: 10, b: 20, c: {d: 30}, f: 60}"
	for _, c := range []struct{ today, want string }{
		{"{a: 11, b: 20, c: {d: 30}, f: 60}", "{a: 11, b: 2, c: {d: 3, e: 4}}"},
		{"{a: 10, b: 20, c: {d: 31}, f: 61}", "{a: 1, b: 2, c: {d: 31, e: 4}, f: 61}"},
		{"{b: 20, c: {d: 30}, f: 60}", "{b: 2, c: {d: 3, e: 4}}"},
		{"{a: 10, b: 20, c: {d: 30, e: 5}, f: 60}", "{a: 1, b: 2, c: {d: 3, e: 5}}"},
		{"{a: 10, b: 20, c: gone, f: 60}", "{a: 1, b: 2, c: gone}"},
	} {
		changes := through(t, Diff(node.Value(tree(t, was)), node.Value(tree(t, image))))
		root := tree(t, c.today)
		Restore(changes, root, node.Value(tree(t, c.today)))
		if got, want := node.Value(root), node.Value(tree(t, c.want)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s became %v, want %v", c.today, got, want)
		}
	}
}

// What nobody had set stays set where its default has come to mean something else.
func TestAnchors(t *testing.T) {
	was := "{metadata: {name: a}, spec: {prune: true}}"
	image := "{metadata: {name: a, namespace: m}, spec: {releaseName: a, targetNamespace: n, prune: true, deletionPolicy: D}}"
	for _, c := range []struct{ edited, want string }{
		{image, was},
		{"{metadata: {name: b, namespace: m}, spec: {releaseName: a, targetNamespace: n, prune: true, deletionPolicy: D}}",
			"{metadata: {name: b}, spec: {releaseName: a, prune: true}}"},
		{"{metadata: {name: a, namespace: m}, spec: {releaseName: a, targetNamespace: o, prune: true, deletionPolicy: D}}",
			"{metadata: {name: a}, spec: {releaseName: a, targetNamespace: o, prune: true}}"},
		{"{metadata: {name: a, namespace: o}, spec: {releaseName: a, targetNamespace: n, prune: true, deletionPolicy: D}}",
			"{metadata: {name: a, namespace: o}, spec: {releaseName: a, targetNamespace: n, prune: true}}"},
		{"{metadata: {name: a, namespace: m}, spec: {releaseName: a, targetNamespace: n, prune: false, deletionPolicy: D}}",
			"{metadata: {name: a}, spec: {prune: false, deletionPolicy: D}}"},
	} {
		changes := through(t, Diff(node.Value(tree(t, was)), node.Value(tree(t, image))))
		root := tree(t, c.edited)
		Restore(changes, root, node.Value(tree(t, c.edited)))
		if got, want := node.Value(root), node.Value(tree(t, c.want)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s became %v, want %v", c.edited, got, want)
		}
	}
}

// Anybody can write an annotation.
func TestReadRefuses(t *testing.T) {
	for text, ok := range map[string]bool{
		`{"objects":[{"kind":"A","changes":[{"at":["spec"]}]}]}`:                                                              true,
		`{"objects":[{"kind":"A","whole":{"apiVersion":"argoproj.io/v1alpha1","kind":"A","metadata":{"name":"a"}}}]}`:         true,
		`{"objects":[{"kind":"A","whole":{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"A","metadata":{"name":"a"}}}]}`: false,
		`{"objects":[{"kind":"A","changes":[{"at":[]}]}]}`:                                                                    false,
		`{"objects":[{"kind":"A","changes":[{"was":1}]}]}`:                                                                    false,
		`{"objects":[{"kind":"A","whole":[1]}]}`:                                                                              false,
		`{"objects":[{"kind":"A","whole":{"kind":"B","metadata":{"name":"a"}}}]}`:                                             false,
		`{"objects":[{"kind":"A","whole":{"kind":"A","metadata":"a"}}]}`:                                                      false,
		`{"objects":[]}`: false,
		`[`:              false,
	} {
		root := node.Map("metadata", node.Map("annotations", node.Map(Annotation, text)))
		if r, err := Read(root); (err == nil) != ok || (r != nil) != ok {
			t.Errorf("%s: got %v, %v", text, r, err)
		}
	}
}

// FuzzRestore is TestRestore for any two objects.
func FuzzRestore(f *testing.F) {
	f.Add("{a: 1, b: [x, {c: d}]}", "{a: 2, b: [x, {c: e}], f: {}}")
	f.Add("{a: {b: {c: [1, [2]]}}}", "{a: {b: {c: [1, [3]]}}}")
	f.Add("{\"\": 1, 0: 2}", "{x: null}")
	f.Fuzz(func(t *testing.T, was, image string) {
		trees := make([]*yaml.Node, 3)
		for i, text := range []string{was, image, image} {
			var doc yaml.Node
			if yaml.Unmarshal([]byte(text), &doc) != nil || len(doc.Content) != 1 || !plain(doc.Content[0]) {
				return
			}
			trees[i] = doc.Content[0]
		}
		if trees[0].Kind != yaml.MappingNode || trees[1].Kind != yaml.MappingNode {
			return
		}
		Restore(through(t, Diff(node.Value(trees[0]), node.Value(trees[1]))), trees[1], node.Value(trees[2]))
		if got, want := node.Value(trees[1]), node.Value(trees[0]); Fingerprint(got) != Fingerprint(want) {
			t.Errorf("%q came back of %q as %v", was, image, got)
		}
	})
}

// plain tells whether the parser of documents would have let the tree through: no
// aliases, no key twice, nothing but text in keys, UTF-8.
func plain(n *yaml.Node) bool {
	if n.Kind == yaml.AliasNode || !utf8.ValidString(n.Value) {
		return false
	}
	seen := map[string]bool{}
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			if child.Kind != yaml.ScalarNode || seen[child.Value] {
				return false
			}
			seen[child.Value] = true
		}
		if !plain(child) {
			return false
		}
	}
	return true
}
