package document

import (
	"bytes"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

func encode(t testing.TB, n *yaml.Node) string {
	t.Helper()
	w := bytes.NewBufferString("before\n")
	if err := Encode(w, n); err != nil {
		t.Fatal(err)
	}
	text, ok := strings.CutPrefix(w.String(), "before\n")
	if !ok {
		t.Fatal("Encode changed what was in the buffer")
	}
	return text
}

func TestEncodeKeeps(t *testing.T) {
	for _, in := range []string{
		kustomization,
		"{}\n",
		"{a: b, c: [1, 'd', {}]}\n",
		"a:\nb: null\nc: ~\nd: \"\"\ne: ''\n",
		"a: \"1\"\nb: 1e3\nc: 0x10\nd: 1.50\n\"yes\": 'on'\n",
		"a: |\n  b\n  \t c  \n\n    d\nb: |-\n  c\nc: |+\n  d\n\n# e\nd: >\n  e f\n\n  g\n",
		"a: |2\n   b\nb:\n- |2-\n\n  c\n- |2\n  \td\n",
		"a:\n- - b\n  - c: d\n    e: f\n- {}\n- []\n-\n- g # h\n",
		"# a\n\n# b\nc: d # e\n# f\n\n# g\nh:\n  i: j\n  # k\n# l\n\nm: n\n\n# o\n",
		"a: !!binary aGk=\nb: !x\n  c: d\ne: !!str 1\n",
		"!x\na: b\n",
		"a: b:c\nd: e#f\n\"g\\th\": \"i\\\\\\n\\u0085\"\n'j: k': 'l #m'\n'- n': '? o'\n-p: -q\n",
		"a: {b: -1, c: [-1.5, -.inf, -0x1F], \"d\": '-1', e: \"-1\"}\n",
		"a: {b: [], c: null}\nd: ['e,f', 'g:h', i j]\n",
	} {
		root, err := one(t, in).Parse()
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		if got := encode(t, root); got != in {
			t.Errorf("got:\n%s\nwant:\n%s", got, in)
		}
	}
}

func TestEncodeChanges(t *testing.T) {
	for in, want := range map[string]string{
		"a:\n    b:\n        - c\n":           "a:\n  b:\n  - c\n",
		"a: [b, # c\n  d]\n":                  "a:\n- b # c\n- d\n",
		"a:\n- # b\n  c: d\n":                 "a:\n# b\n- c: d\n",
		"a: >\n  b\n    c\n  d\n":             "a: |\n  b\n    c\n  d\n",
		"a: \"\\U0001F680 \\u00e4\"\n":        "a: \"🚀 ä\"\n",
		"a: 'b\n\n  c'\n":                     "a: \"b\\nc\"\n",
		"a: b\n  c\n":                         "a: b c\n",
		"!x : {!x : , a: }\n":                 "!x \"\": {!x \"\": null, a: null}\n",
		"? a\n: b\n":                          "a: b\n",
		"a: &x\n  b: c\nd: *x\ne: {<<: *x}\n": "a:\n  b: c\nd:\n  b: c\ne: {b: c}\n",
	} {
		root, err := one(t, in).Parse()
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		if got := encode(t, root); got != want {
			t.Errorf("%q: got:\n%s\nwant:\n%s", in, got, want)
		}
	}
}

func TestEncodeQuotes(t *testing.T) {
	for value, want := range map[string]string{
		"":       `""`,
		"1":      `"1"`,
		"true":   `"true"`,
		"null":   `"null"`,
		"a: b":   `'a: b'`,
		" a":     `' a'`,
		"a:":     `'a:'`,
		"---":    `'---'`,
		"a\tb":   `"a\tb"`,
		"a\rb":   `"a\rb"`,
		"\ufeff": `"\uFEFF"`,
		"a\nb":   "|-\n  a\n  b",
		"\n":     `"\n"`,
		"10m":    "10m",
		"@a":     "'@a'",
	} {
		n := mapOf("a", &yaml.Node{Kind: yaml.ScalarNode, Tag: yaml.NodeTagString, Value: value})
		if got := encode(t, n); got != "a: "+want+"\n" {
			t.Errorf("%q is encoded as %q, want %q", value, got, want)
		}
	}
}

func mapOf(key string, value *yaml.Node) *yaml.Node {
	k := &yaml.Node{Kind: yaml.ScalarNode, Tag: yaml.NodeTagString, Value: key}
	return &yaml.Node{Kind: yaml.MappingNode, Tag: yaml.NodeTagMap, Content: []*yaml.Node{k, value}}
}

func TestEncodeRefuses(t *testing.T) {
	text := &yaml.Node{Kind: yaml.ScalarNode, Value: "a"}
	for name, n := range map[string]*yaml.Node{
		"a scalar":   text,
		"an alias":   mapOf("a", &yaml.Node{Kind: yaml.AliasNode, Alias: text}),
		"not UTF-8":  mapOf("a", &yaml.Node{Kind: yaml.ScalarNode, Value: "\xff"}),
		"a long key": mapOf(strings.Repeat("k", 1025), text),
		"a tag":      mapOf("a", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!a b", Value: "a"}),
		"a map key":  {Kind: yaml.MappingNode, Content: []*yaml.Node{mapOf("a", text), text}},
	} {
		var w bytes.Buffer
		if err := Encode(&w, n); err == nil || w.Len() > 0 {
			t.Errorf("%s: error %v, text %q", name, err, w.String())
		}
	}
}

func FuzzEncode(f *testing.F) {
	f.Add([]byte(deployment))
	f.Add([]byte(kustomization))
	f.Add([]byte("a: |2+\n   b\n\n# c\nb: >-\n  c\n\n   d\n"))
	f.Add([]byte("a: [1, 'b', {c: d}, # e\n f]\n# g\n\n'h': \"\\u2028\"\n"))
	f.Add([]byte("- - a\n  # b\n- c: !x d # e\n  # f\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d := Doc{File: "f.yaml", Line: 1, Raw: data}
		want, err := d.Parse()
		if err != nil {
			return
		}
		var w bytes.Buffer
		if Encode(&w, want) != nil {
			return // odd tags and long keys
		}
		d.Raw = w.Bytes()
		got, err := d.Parse()
		if err != nil {
			t.Fatalf("cannot parse what Encode wrote for %q: %v\n%s", data, err, w.String())
		}
		if !equal(got, want) {
			t.Fatalf("%q: encoded as something else:\n%s", data, w.String())
		}
		for _, line := range commentLines(want, nil) {
			if !strings.Contains(w.String(), line) {
				t.Errorf("%q: lost %q:\n%s", data, line, w.String())
			}
		}
	})
}

// equal compares two trees without their style and comments.
func equal(a, b *yaml.Node) bool {
	if a.Kind != b.Kind || a.ShortTag() != b.ShortTag() || len(a.Content) != len(b.Content) {
		return false
	}
	if a.Value != b.Value && a.ShortTag() != yaml.NodeTagNull {
		return false
	}
	for i := range a.Content {
		if !equal(a.Content[i], b.Content[i]) {
			return false
		}
	}
	return true
}

func commentLines(n *yaml.Node, to []string) []string {
	for _, text := range []string{n.HeadComment, n.LineComment, n.FootComment} {
		for line := range strings.SplitSeq(text, "\n") {
			to = append(to, strings.TrimSpace(line))
		}
	}
	for _, child := range n.Content {
		to = commentLines(child, to)
	}
	return to
}

func BenchmarkEncode(b *testing.B) {
	root, err := one(b, kustomization).Parse()
	if err != nil {
		b.Fatal(err)
	}
	var w bytes.Buffer
	b.SetBytes(int64(len(kustomization)))
	b.ReportAllocs()
	for b.Loop() {
		w.Reset()
		if err := Encode(&w, root); err != nil {
			b.Fatal(err)
		}
	}
}
