package document

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// Each input stands behind another document of three lines.
func TestParseErrors(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", "4: expected a map (an object with apiVersion and kind), found nothing"},
		{"# a\n", "4: expected a map (an object with apiVersion and kind), found nothing"},
		{"- a\n", "4: expected a map (an object with apiVersion and kind), found a list"},
		{"\nsecret\n", "5: expected a map (an object with apiVersion and kind), found a string"},
		{"12\n", "4: expected a map (an object with apiVersion and kind), found a number"},
		{"true\n", "4: expected a map (an object with apiVersion and kind), found a boolean"},
		{"a:\n\tb: secret\n", "5: tabs cannot indent YAML: use spaces"},
		{"a: |\n\tsecret\n", "5: tabs cannot indent YAML: use spaces"},
		{"a: b\nc: |\n\n\tsecret\n", "7: tabs cannot indent YAML: use spaces"},
		{"a: b\nc: @secret\n", "5: a value begins with a character that it cannot begin with: quote it"},
		{"a: \"secret\nb: c\n", "4: a quoted text that begins here has no end: close the quotes"},
		{"a: b\nc: \"secret\nb: c\n", "5: a quoted text that begins here has no end: close the quotes"},
		{"a: b\nc: \"\\secret\"\n", "5: unknown escape in a double-quoted text: write a backslash as \\\\, or use single quotes"},
		{"a: b\nc: secret: d\n", "5: a \": \" is not allowed here: quote text that contains \": \", and check the indentation"},
		{"a: b\nsecret\nc: d\n", "5: expected \"key: value\": check the indentation and the quotes"},
		{"a: b\nc: d\n}\n", "6: this line or one below it does not fit into the map that it stands in: check the indentation and the quotes"},
		{"a: b\nc:\n  d: e\n f: secret\n", "7: this line or one below it does not fit into the map that it stands in: check the indentation and the quotes"},
		{"a: b\nc: 'secret's'\n", "5: this line or one below it does not fit into the map that it stands in: check the indentation and the quotes"},
		{"a: b\nc:\n- d\ne: f\n- g\n", "8: this line or one below it does not fit into the map that it stands in: check the indentation and the quotes"},
		{"a: b\nc:\n  - d\n  secret: e\n", "6: this line or one below it does not fit into the list that it stands in: check the indentation and the quotes"},
		{"a: b\nc: [d\ne: f\n", "5: a [list] on this line or below lacks a comma or its end: check the indentation and the quotes"},
		{"a: b\nc: {d: secret\ne: f\n", "5: a {map} on this line or below lacks a comma or its end: check the indentation and the quotes"},
		{"{{ secret }\n", "4: a {map} on this line or below lacks a comma or its end: check the indentation and the quotes"},
		{"a: b\nc: {{ .Values.secret }}\n", "5: a key must be a scalar, found a map: quote it; a template must be rendered first"},
		{"{\"a\": 1}\n{\"b\": 2}\n", "5: the document goes on after its end: put \"---\" on a line of its own between documents"},
		{"a: b\nc: *secret\n", "5: an alias refers to an anchor that is not defined above it: quote text that begins with *"},
		{"a: b\nc: \"d\x01secret\"\n", "5: control characters are not allowed in YAML"},
		{"a: b\nc: d\u007fe\n", "5: control characters are not allowed in YAML"},
		{"a: b\nc: !x!secret d\n", "5: a tag uses a handle that is not defined"},
		{"a: &x\n  b: *x\n", "5: an alias refers to a map or list that contains it"},
		{"a: &x\n- - *x\n", "5: an alias refers to a map or list that contains it"},
		{"a: b\n\na: secret\n", "6: duplicate key a, first on line 4"},
		{"a:\n  b.c:\n  - 1: d\n    \"1\": secret\n", "7: duplicate key a[\"b.c\"][0].1, first on line 6"},
		{"<<: {a: b}\n<<: {a: c}\n", "5: duplicate key [\"<<\"], first on line 4"},
		{"a: b\n<<: secret\n", "5: a merge key (<<) needs a map or a list of maps, found a string"},
		{"a: b\n<<: [{c: d}, [secret]]\n", "5: a merge key (<<) needs a map or a list of maps, found a list"},
		{"? [a]\n: b\n", "4: a key must be a scalar, found a list: quote it; a template must be rendered first"},
		{"a: b\n... c\n", "5: the document goes on after its end: put \"---\" on a line of its own between documents"},
		{"a: " + strings.Repeat("[", 1001) + strings.Repeat("]", 1001) + "\n", "4: maps and lists nest too deeply"},
		{"a: " + strings.Repeat("[", 20000) + "\n", "4: maps and lists nest too deeply"},
		{"a: |\n" + strings.Repeat(" b\n", MaxBytes/3+1), "4: the document is too large to convert: split it; the limit is 16 MiB"},
	} {
		docs, err := Split("f.yaml", []byte("x: 1\n\n---\n"+tt.in))
		if err != nil {
			t.Fatal(err)
		}
		_, err = docs[1].Parse()
		shown := tt.in[:min(len(tt.in), 60)]
		if err == nil || err.Error() != "f.yaml:"+tt.want {
			t.Errorf("%q:\n got %v\nwant f.yaml:%s", shown, err, tt.want)
			continue
		}
		if _, ok := errors.AsType[*Error](err); !ok || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: error %#v", shown, err)
		}
	}
}

func TestParseErrorPath(t *testing.T) {
	_, err := one(t, "a:\n- b: c\n  b: d\n").Parse()
	if e, ok := errors.AsType[*Error](err); !ok || e.Path != "a[0].b" || e.Line != 3 {
		t.Errorf("got %#v", err)
	}
	pairs := strings.Builder{}
	for i := range 100 {
		fmt.Fprintf(&pairs, "k%d: v\n", i)
	}
	_, err = one(t, pairs.String()+"k7: v\n").Parse()
	if err == nil || err.Error() != "f.yaml:101: duplicate key k7, first on line 8" {
		t.Errorf("got %v", err)
	}
}

func TestParseInline(t *testing.T) {
	for in, want := range map[string]string{
		"--- {a: b}\n":      "",
		"--- &x\na: b\n":    "",
		"--- !!map\na: b\n": "",
		"--- a: b\n":        "f.yaml:1: a \": \" is not allowed here: quote text that contains \": \", and check the indentation",
		"--- |\n a: b\n":    "f.yaml:1: expected a map (an object with apiVersion and kind), found a string",
	} {
		root, err := one(t, in).Parse()
		if want != "" {
			if err == nil || err.Error() != want {
				t.Errorf("%q: error %v", in, err)
			}
		} else if err != nil || textOf(root, "a") != "b" {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func TestParseMerges(t *testing.T) {
	for in, want := range map[string]string{
		"a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}\n":                              "d: {b: 1, c: 3}",
		"a: &x {b: 1, c: 2}\nd: {c: 3, <<: *x}\n":                              "d: {c: 3, b: 1}",
		"a: &x {b: 1}\nc: &y {b: 2, d: 3}\ne: {<<: [*x, *y]}\n":                "e: {b: 1, d: 3}",
		"a: &x {b: 1}\nc: &y {<<: *x, d: 3}\ne: {<<: *y}\n":                    "e: {b: 1, d: 3}",
		"a: {<<: {b: 1}}\n":                                                    "a: {b: 1}",
		"a: {\"<<\": 1}\n":                                                     "a: {\"<<\": 1}",
		"a: &x [1, &y {b: c}]\nd: [*x, *y]\n":                                  "d: [[1, {b: c}], {b: c}]",
		"a: &x b\n*x : c\n":                                                    "b: c",
		"a: &x 1\nb: &x 2\nc: *x\n":                                            "c: 2",
		"# h\na: &x {b: 1}\n\n# i\nc: *x # j\n":                                "c: {b: 1} # j",
		"a: &x {b: {c: 1}}\nd: &y {<<: *x, e: 2}\nf: {<<: [*y, {g: 3, e: 4}]}": "f: {b: {c: 1}, e: 2, g: 3}",
	} {
		root, err := one(t, in).Parse()
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		if got := encode(t, root); !strings.Contains(got, want) {
			t.Errorf("%q: got\n%s\nwant\n%s", in, got, want)
		}
	}
}

func TestParseCopies(t *testing.T) {
	root, err := one(t, "a: &x {b: 1}\nc: *x\nd: *x\n").Parse()
	if err != nil {
		t.Fatal(err)
	}
	root.Content[3].Content[1].Value = "2"
	if got := encode(t, root); got != "a: {b: 1}\nc: {b: 2}\nd: {b: 1}\n" {
		t.Errorf("got %s", got)
	}
}

func TestParseBomb(t *testing.T) {
	bomb := strings.Builder{}
	bomb.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 20; i++ {
		fmt.Fprintf(&bomb, "a%d: &a%d [%s]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9))
	}
	nested := strings.Builder{}
	nested.WriteString("a0: &a0 {}\n")
	for i := 1; i < 2000; i++ {
		fmt.Fprintf(&nested, "a%d: &a%d [*a%d]\n", i, i, i-1)
	}
	for in, want := range map[string]string{
		bomb.String():   "f.yaml:6: aliases make the document too large",
		nested.String(): "f.yaml:448: aliases make the document too large",
	} {
		begin := time.Now()
		_, err := one(t, in).Parse()
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
		if took := time.Since(begin); took > 2*time.Second {
			t.Errorf("took %v", took)
		}
	}
}

// Lines of nodes, and comments around the document.
func TestParseLines(t *testing.T) {
	docs, err := Split("f.yaml", []byte("%YAML 1.2\n---\na: b\n---\n# c\n\nd:\n- e: f\n\n# g\n"))
	if err != nil {
		t.Fatal(err)
	}
	root, err := docs[1].Parse()
	if err != nil {
		t.Fatal(err)
	}
	if root.HeadComment != "# c" || root.FootComment != "# g" {
		t.Errorf("comments %q and %q", root.HeadComment, root.FootComment)
	}
	d, e := root.Content[0], root.Content[1].Content[0].Content[0]
	if d.Line != 7 || e.Line != 8 {
		t.Errorf("lines %d and %d", d.Line, e.Line)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		deployment, kustomization,
		"a: &x [1]\n<<: {b: *x}\nc: *x\n", "a: &x\n  b: *x\n", "? [a]\n: \"b\n", "--- !x\na: 1\n... #\n", "a:\n\tb: 1\n", "a: \x01",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		docs, _ := Split("f.yaml", data)
		last := 1 + strings.Count(string(data), "\n") + strings.Count(string(data), "\r")
		for i := range docs {
			root, err := docs[i].Parse()
			if err == nil {
				checkPlain(t, root)
				continue
			}
			e, ok := errors.AsType[*Error](err)
			if !ok || e.File != "f.yaml" || e.Line < docs[i].Line || e.Msg == "" {
				t.Errorf("%q: error %#v", docs[i].Raw, err)
			}
			if e.Line > last && !hasRareBreak(data) {
				t.Errorf("%q: error at line %d of %d", docs[i].Raw, e.Line, last)
			}
		}
	})
}

// checkPlain checks that nothing in the tree needs resolving.
func checkPlain(t *testing.T, n *yaml.Node) {
	t.Helper()
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		t.Fatalf("node %#v is left", n)
	}
	for _, child := range n.Content {
		checkPlain(t, child)
	}
}

func BenchmarkParse(b *testing.B) {
	d := one(b, kustomization)
	b.SetBytes(int64(len(kustomization)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Parse(); err != nil {
			b.Fatal(err)
		}
	}
}
