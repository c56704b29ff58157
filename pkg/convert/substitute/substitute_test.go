package substitute

import (
	"bytes"
	"strings"
	"testing"

	"github.com/fluxcd/pkg/envsubst"
	"sigs.k8s.io/kustomize/kyaml/yaml"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

func parse(t testing.TB, text string) *yaml.Node {
	t.Helper()
	d := document.Doc{File: "in.yaml", Line: 1, Raw: []byte(text)}
	root, err := d.Parse()
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func encode(t testing.TB, root *yaml.Node) string {
	t.Helper()
	var b bytes.Buffer
	if err := document.Encode(&b, root); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestApply: what becomes of one line, as kustomize-controller does it.
func TestApply(t *testing.T) {
	v := &Values{vars: map[string]string{"A": "a", "N": "3", "E": "", "Y": "yes", "LIST": "[x, y]", "MAP": "{x: 1}", "T": "2020-01-02", "C": "a # b"}}
	for _, c := range []struct{ in, want string }{
		{"v: ${A}", "v: a"},
		{"v: x${A}y", "v: xay"},
		{"v: $A", "v: $A"},
		{"v: ${N}", "v: 3"},
		{`v: "${N}"`, "v: 3"}, // quotes of the manifest protect nothing
		{`v: "x ${N}"`, `v: "x 3"`},
		{`v: '${A}'`, `v: 'a'`},
		{"v: ${Y}", "v: yes"},
		{`v: "${Y}"`, "v: yes"},
		{"v: ${E}", "v:"},
		{`v: "${T}"`, `v: "2020-01-02"`},
		{`v: ${LIST}`, `v: [x, y]`},
		{`v: ${MAP}`, `v: {x: 1}`},
		{`v: ${C}`, "v: a"},
		{"v: [1, '${A}', 3]", "v: [1, 'a', 3]"},
		{"v: |\n  ${A}\n  ${N}", "v: |\n  a\n  3"},
		{"${A}: 1", "a: 1"},
		{"z: 1\n${A}.b: 2\nc: ${N}", "z: 1\na.b: 2\nc: 3"},
		{"v: ${X:=d}", "v: d"},
		{"v: ${X:-d e}", "v: d e"},
		{"v: ${X:-${A}}", "v: a"},
		{"v: ${A:=d}", "v: a"},
		{"v: ${E:=d}", "v: d"},
		{"v: $${A}", "v: ${A}"},
		{"v: $$", "v: $"},
		{"v: ${A^}", "v: A"},
		{"v: ${#A}", "v: 1"},
		{"v: ${A/a/b}", "v: b"},
		{"v: a # ${A}", "v: a # ${A}"},
		{"v: ${A} # c", "v: a # c"},
	} {
		got, err := v.Apply(parse(t, c.in+"\n"))
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		if text := strings.TrimSuffix(encode(t, got), "\n"); text != c.want {
			t.Errorf("%s becomes\n%s\nwant\n%s", c.in, text, c.want)
		}
	}
}

// TestRefused: what Flux fails on, and what the input cannot tell. No value shows.
func TestRefused(t *testing.T) {
	set := map[string]string{"A": "SECRET: [", "D": "b"}
	open := unread{"Secret ns/s", "values of Secrets are not read"}
	for _, c := range []struct {
		in, variable, want string
		values             Values
	}{
		{"v: ${X}", "X", "the variable X has neither a value nor a default", Values{vars: set}},
		{"v: ${X/a/b}", "X", "the variable X has neither", Values{vars: set}},
		{"v: ${1}", "", "the variable 1 has neither", Values{vars: set}},
		{"v: ${X[@]}", "", "an expression in ${} is broken", Values{vars: set}},
		{"v: ${A}", "", "what comes out is no object", Values{vars: set}},
		{"b: 1\n${D}: 2", "", "what comes out is no object: duplicate key b", Values{vars: set}},
		{"v: ${X}", "X", "the variable X may come from Secret ns/s: values of Secrets are not read", Values{vars: set, open: open}},
		{"v: ${X:=d}", "X", "the variable X may come from Secret ns/s", Values{vars: set, open: open}},
		{"v: ${X:=d}", "X", "the variable X may come from Secret ns/s", Values{open: open}},
		{"v: $$", "", "whether Flux substitutes at all depends on Secret ns/s", Values{open: open}},
		{"v: ${X:=d}", "X", "the variable X may come from", Values{open: open, always: true}},
		{"v: " + strings.Repeat("$$", 70_000), "", "too large to substitute", Values{vars: set}},
		{"v: " + strings.Repeat("${L}", 100), "", "the values make the object too large", Values{vars: map[string]string{"L": strings.Repeat("x", 1<<16)}}},
	} {
		root := parse(t, c.in+"\n")
		before := encode(t, root)
		got, err := c.values.Apply(root)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%.40s: got %v, want %q", c.in, err, c.want)
			continue
		}
		if variable := err.(*Error).Variable; c.variable != "" && variable != c.variable {
			t.Errorf("%.40s: blames %q, want %q", c.in, variable, c.variable)
		}
		if got != nil && got != root || encode(t, root) != before {
			t.Errorf("%.40s: the object changed", c.in)
		}
	}
}

// TestUntouched: what is not substituted is the very same node.
func TestUntouched(t *testing.T) {
	set := &Values{vars: map[string]string{"A": "a"}}
	for _, c := range []struct {
		in     string
		values *Values
	}{
		{"v: ${X:=d} $$", &Values{}}, // the strategy WithVariables
		{"v: plain $A $1", set},
		{"metadata: {labels: {kustomize.toolkit.fluxcd.io/substitute: disabled}}\nv: ${A}", set},
		{"metadata: {annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}}\nv: ${A}", set},
		{"v: [1, 2]", &Values{open: unread{"a", "b"}}},
	} {
		root := parse(t, c.in+"\n")
		if got, err := c.values.Apply(root); err != nil || got != root {
			t.Errorf("%s: changed, %v", c.in, err)
		}
	}
	if got, err := (&Values{always: true}).Apply(parse(t, "v: ${X:=d}\n")); err != nil || encode(t, got) != "v: d\n" {
		t.Errorf("the strategy Always: %v", err)
	}
}

// TestRead: ConfigMaps in order, then substitute; what is not read leaves open what
// came before it.
func TestRead(t *testing.T) {
	maps := func(ref flux.Ref, _ string) (*yaml.Node, string) {
		if ref.Namespace != "ns" {
			t.Errorf("asked for %s", ref)
		}
		switch ref.Name {
		case "one":
			return parse(t, "A: one\nB: |\n  one\n  more\n"), ""
		case "two":
			return parse(t, "A: two\nC: two\n"), ""
		case "empty":
			return nil, ""
		case "number":
			return parse(t, "A: 1\n"), ""
		case "nested":
			return parse(t, "A: $${B}\n"), ""
		case "sops":
			return parse(t, "A: ENC[AES256_GCM,data:x]\n"), ""
		}
		return nil, "it is not in the input"
	}
	for _, c := range []struct{ postBuild, want string }{
		{"substituteFrom: [{kind: ConfigMap, name: one}, {kind: ConfigMap, name: two}]", "A=two B=onemore C=two"},
		{"substituteFrom: [{kind: ConfigMap, name: two}], substitute: {A: own}", "A=own C=two"},
		{"substituteFrom: [{kind: ConfigMap, name: empty}]", ""},
		{"substituteFrom: [{kind: ConfigMap, name: one}, {kind: Secret, name: s}]", "open: Secret ns/s: values of Secrets are not read"},
		{"substituteFrom: [{kind: Secret, name: s, optional: true}, {kind: ConfigMap, name: one}]", "A=one B=onemore open: Secret ns/s: values of Secrets are not read"},
		{"substituteFrom: [{kind: ConfigMap, name: x, optional: true}], substitute: {A: own}", "A=own open: ConfigMap ns/x: it is not in the input"},
		{"substituteFrom: [{kind: ConfigMap, name: number}]", "open: ConfigMap ns/number: A is not text: quote it"},
		{"substituteFrom: [{kind: ConfigMap, name: nested}]", "open: ConfigMap ns/nested: its values hold variables themselves"},
		{"substituteFrom: [{kind: ConfigMap, name: sops}]", "open: ConfigMap ns/sops: it is encrypted"},
		{"substitute: {A: 1}", "error: spec.postBuild.substitute: A is not text: quote it"},
		{"substitute: {A-B: x}", `error: "A-B" is no name of a variable`},
		{"substituteStrategy: Always", "always"},
	} {
		k := parse(t, "kind: Kustomization\nmetadata: {name: a, namespace: ns}\nspec:\n  postBuild: {"+c.postBuild+"}\n")
		got := describe(Read(flux.ReadApplier(k, ""), "in.yaml", maps))
		if !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s gives %s, want %s", c.postBuild, got, c.want)
		}
	}
}

func describe(v *Values, err error) string {
	if err != nil {
		return "error: " + err.Error()
	}
	var parts []string
	for _, name := range []string{"A", "B", "C"} {
		if value, ok := v.vars[name]; ok {
			parts = append(parts, name+"="+value)
		}
	}
	if v.open.name != "" {
		parts = append(parts, "open: "+v.open.name+": "+v.open.why)
	}
	if v.always {
		parts = append(parts, "always")
	}
	return strings.Join(parts, " ")
}

// upstream is varSubstitution of fluxcd/pkg kustomize/kustomize_varsub.go on the text
// of AsYAML.
func upstream(root *yaml.Node, vars map[string]string) (string, error) {
	var value any
	if err := root.Decode(&value); err != nil {
		return "", err
	}
	text, err := sigsyaml.Marshal(value)
	if err != nil {
		return "", err
	}
	output, err := envsubst.Eval(string(text), func(name string) (string, bool) {
		value, ok := vars[name]
		return value, ok
	})
	if err != nil {
		return "", err
	}
	data, err := sigsyaml.YAMLToJSON([]byte(output))
	return string(data), err
}

// FuzzApply: what comes out reads in Kubernetes as what the controller applies, or
// both fail. Only this package refuses what is no map, keys that become the same, and
// what readers of YAML do not agree on.
func FuzzApply(f *testing.F) {
	for _, seed := range []string{
		"${A}", "a: ${A}", "$${A} ${A:=x} ${B/x/y}", "[${A}, '${B}']", "|\n  ${A}\n  ${B}\n", "${A:1:-1}", "x ${#B} ${B^^} ${B%o*} y",
		strings.Repeat("long words ", 12) + "${A} ${B}", "yes ${A}", "1${B}2", "{${A}: ${B}, c: d}", ">\n  ${A}\n\n  b\n",
	} {
		f.Add(seed, "3", "foo")
		f.Add(seed, "yes", "{a: [b]}")
		f.Add(seed, "", "x: y # z")
	}
	f.Fuzz(func(t *testing.T, text, a, b string) {
		d := document.Doc{Line: 1, Raw: []byte("k: x\nv: " + text + "\nw: \"" + text + "\"\n")}
		root, err := d.Parse()
		if err != nil || len(text) > 1000 || len(a) > 100 {
			return
		}
		vars := map[string]string{"A": strings.ReplaceAll(a, "\n", ""), "B": strings.ReplaceAll(b, "\n", "")}
		want, wantErr := upstream(root, vars)
		was := node.Clone(root)
		got, gotErr := (&Values{vars: vars}).Apply(root)
		switch {
		case got == root && wantErr == nil:
			if same, err := upstream(was, nil); err == nil && same != want {
				t.Fatalf("nothing changed, but in Flux:\n%s", want)
			}
		case gotErr != nil && wantErr == nil:
			if !strings.HasPrefix(gotErr.Error(), "what comes out ") {
				t.Fatalf("refused what Flux takes: %v", gotErr)
			}
		case gotErr == nil && wantErr != nil:
			t.Fatalf("took what Flux refuses: %v\n%s", wantErr, encode(t, got))
		case gotErr == nil:
			var text bytes.Buffer
			if err := document.Encode(&text, got); err != nil {
				return // Rewrite reports it
			}
			if data, err := sigsyaml.YAMLToJSON(text.Bytes()); err != nil || string(data) != want {
				t.Fatalf("reads as\n%s, %v\nwant\n%s\ntext\n%s", data, err, want, text.String())
			}
		}
	})
}
