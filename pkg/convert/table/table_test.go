package table

import (
	"reflect"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

func trie(t *testing.T, patterns ...string) *Trie {
	t.Helper()
	tr := NewTrie()
	for i, p := range patterns {
		if err := tr.Add(p, i); err != nil {
			t.Fatal(err)
		}
	}
	return tr
}

func TestWalk(t *testing.T) {
	tr := trie(t, "a.b", "l[]", "l[].x", "m{}", "m{k/1}", "m{p.*}", "free.**", "free.known", "block")
	n, err := yaml.Parse(`
a: {b: 1, c: 2}
l: [x, {x: 1, y: 2}]
m: {k/1: 1, p.q: 2, other: 3}
free: {any: {deep: [1]}, known: 2}
block: {}
spec: {sources: [{a: 1}, {a: 2}]}
`)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	sources := map[string]int{}
	for _, l := range tr.Walk(n.YNode(), nil) {
		got[l.Path] = l.Row
		if l.Source >= 0 {
			sources[l.Path] = l.Source
		}
	}
	want := map[string]int{
		"a.b": 0, "a.c": None, "l[0]": 1, "l[1].x": 2, "l[1].y": None, `m["k/1"]`: 4, `m["p.q"]`: 5, "m.other": 3,
		"free.any.deep[0]": 6, "free.known": 7, "block": 8, "spec.sources[0].a": None, "spec.sources[1].a": None,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if !reflect.DeepEqual(sources, map[string]int{"spec.sources[0].a": 0, "spec.sources[1].a": 1}) {
		t.Errorf("sources are %v", sources)
	}
}

func TestFind(t *testing.T) {
	tr := trie(t, "a.{}", "s[].n", "v.**")
	for leaf, want := range map[string]int{"a.{}": 0, "s[].n": 1, "s[].m": None, "v.**": 2, "v.x.y": 2, "z": None} {
		if got, err := tr.Find(leaf); got != want || err != nil {
			t.Errorf("Find(%q) = %d, %v, want %d", leaf, got, err, want)
		}
	}
}

func TestAddRefuses(t *testing.T) {
	tr := trie(t, "a.b", "c.**")
	for _, pattern := range []string{"a.b", "c.**", "", "a..b", "a{b"} {
		if err := tr.Add(pattern, 9); err == nil {
			t.Errorf("%q was taken", pattern)
		}
	}
}
