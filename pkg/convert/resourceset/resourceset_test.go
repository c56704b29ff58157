package resourceset

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

func tree(t testing.TB, text string) *yaml.Node {
	t.Helper()
	d := document.Doc{File: "in.yaml", Line: 1, Raw: []byte(text)}
	root, err := d.Parse()
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// set is a ResourceSet of the namespace apps with the spec.
func set(t testing.TB, spec string) *yaml.Node {
	t.Helper()
	return tree(t, "apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata:\n  name: set\n  namespace: apps\nspec:\n  "+
		strings.ReplaceAll(strings.TrimSpace(spec), "\n", "\n  ")+"\n")
}

func text(t testing.TB, objects []*yaml.Node) string {
	t.Helper()
	var b bytes.Buffer
	for i, o := range objects {
		if i > 0 {
			b.WriteString("---\n")
		}
		if err := document.Encode(&b, o); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// one makes one ConfigMap with the value, which is YAML.
func one(value string) string {
	return "inputs:\n- {name: web, n: 3, big: 12345678, label: Web App, map: {b: 1, a: x}, list: [x, y], text: \"a: b\", flag: true, nothing: null}\n" +
		"resources:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: m}\n  data:\n    v: " + value
}

// TestTemplates: what becomes of one value.
func TestTemplates(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"plain", "v: plain"},
		{"<< inputs.name >>", "v: web"},
		{"x-<< inputs.name >>-y", "v: x-web-y"},
		{"<< inputs.n >>", "v: 3"},
		{"<< inputs.n | int >>", "v: 3"},
		{"<< inputs.n | quote >>", `v: "3"`},
		{`"<< inputs.n | quote >>"`, `v: "3"`},
		{"<< inputs.big | int >>", "v: 12345678"},
		{"<< inputs.flag >>", "v: true"},
		{"<< inputs.flag | quote >>", `v: "true"`},
		{"<< inputs.text | quote >>", `v: "a: b"`},
		{`<< get inputs "missing" | default inputs.name >>`, "v: web"},
		{"<< inputs.map | toYaml | nindent 4 >>", "v:\n    a: x\n    b: 1"},
		{"<< inputs.list | toJson >>", `v: ["x", "y"]`},
		{`<< inputs.list | join "-" >>`, "v: x-y"},
		{"<< keys inputs.map | join \"-\" >>", "v: a-b"},
		{"<< inputs.provider.kind >>/<< inputs.provider.namespace >>/<< inputs.provider.name >>", "v: ResourceSet/apps/set"},
		{"<< inputs.name | slugify >>", "v: web"},
		{`<< if eq inputs.name "web" >>yes-web<< else >>no<< end >>`, "v: yes-web"},
		{"'{{ .Values.x }}'", "v: '{{ .Values.x }}'"},
	} {
		objects, err := Expand(set(t, one(c.in)), "")
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		got := strings.TrimPrefix(text(t, objects), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata:\n  ")
		if strings.TrimSpace(got) != c.want {
			t.Errorf("%s becomes\n%s\nwant\n%s", c.in, got, c.want)
		}
	}
}

// TestDynamic: what only the operator can tell. No value shows.
func TestDynamic(t *testing.T) {
	for _, c := range []struct{ in, path, want string }{
		{"inputsFrom: [{name: p}]", "spec.inputsFrom", "providers"},
		{"steps: [{name: a}]", "spec.steps", "steps"},
		{"inputStrategy: {name: Permute}", "spec.inputStrategy.name", "combines"},
		{"newField: x", "spec.newField", "no rule knows"},
		{"commonMetadata: {labels: {a: << inputs.x >>}}", "spec.commonMetadata", "template"},
		{"inputs: [x]", "spec.inputs[0]", "not a map"},
		{one("<< inputs.id >>"), "spec.resources[0]", "inputs.id"},
		{one("<< len inputs.id >>"), "spec.resources[0]", "inputs.id"},
		{one("<< inputs.id | sha256sum >>"), "spec.resources[0]", "inputs.id"},
		{one("x<< inputs.big >>"), "spec.resources[0]", "how it takes numbers"},
		{one("<< kindOf inputs.n >>"), "spec.resources[0]", "how it takes numbers"},
		{one("<< inputs.map | toYaml | sha256sum >>"), "spec.resources[0]", "inputs.id"},
		{one("<< inputs.label | slugify >>"), "spec.resources[0]", "broken, or fails"},
		{one("<< inputs.PLANTED >>"), "spec.resources[0]", "no input has the key PLANTED"},
		{one("<< .x >>"), "spec.resources[0]", "broken, or fails"},
		{one("<< inputs.nothing >>"), "spec.resources[0]", "not there"},
		{one("<< now >>"), "spec.resources[0]", "the function now"},
		{one(`<< env "HOME" >>`), "spec.resources[0]", "the function env"},
		{one("<< randAlphaNum 5 >>"), "spec.resources[0]", "the function randAlphaNum"},
		{one("<< fail inputs.label >>"), "spec.resources[0]", "broken, or fails"},
		{one("<< if >>"), "spec.resources[0]", "broken, or fails"},
		{one("<< inputs.text >>"), "spec.resources[0]", "no object"},
		{one("x\n  metadata: {annotations: {fluxcd.controlplane.io/copyFrom: a/b}, name: m}"), "spec.resources[0]", "copyFrom"},
		{"resources: [{kind: ConfigMap}]", "spec.resources[0]", "no apiVersion, kind or name"},
		{"inputs: [{v: x}, {v: y}]\nresources:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: m}, data: {v: << inputs.v >>}}", "spec.resources[0]", "different objects of one name"},
		{"resourcesTemplate: '<< inputs.x >>'", "spec.resourcesTemplate", "no input has the key x"},
		{"resourcesTemplate: 'just text'", "spec.resourcesTemplate", "no object"},
		{"resourcesTemplate: |\n  v: << inputs.id >>", "spec.resourcesTemplate", "inputs.id"},
	} {
		root := set(t, strings.ReplaceAll(c.in, "metadata: {name: m}\n  data:\n    v: x\n  metadata", "data: {}\n  metadata"))
		objects, err := Expand(root, "")
		dynamic := (*Dynamic)(nil)
		if !errors.As(err, &dynamic) || dynamic.Path != c.path || !strings.Contains(err.Error(), c.want) || dynamic.Line < 2 {
			t.Errorf("%.60s: got %d objects, %+v, want %s: %s", c.in, len(objects), err, c.path, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "Web App") {
			t.Errorf("%.60s: the error shows a value: %v", c.in, err)
		}
	}
	paused := tree(t, "apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata: {name: a, annotations: {fluxcd.controlplane.io/reconcile: disabled}}\n")
	if _, err := Expand(paused, ""); err == nil || !strings.Contains(err.Error(), "switched off") {
		t.Errorf("paused: %v", err)
	}
}

// TestNamespace: a ResourceSet without a namespace has the one that is given, or none.
func TestNamespace(t *testing.T) {
	root := tree(t, "apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata: {name: set}\nspec:\n  "+
		strings.ReplaceAll(one("<< inputs.provider.namespace >>"), "\n", "\n  ")+"\n")
	if objects, err := Expand(root, "given"); err != nil || node.Text(objects[0], "data", "v") != "given" {
		t.Errorf("got %v", err)
	}
	if _, err := Expand(root, ""); err == nil || !strings.Contains(err.Error(), "no input has the key namespace") {
		t.Errorf("got %v", err)
	}
}

// TestExpand: shared objects once, switched off ones not at all, the template after
// the list and below it where both make one.
func TestExpand(t *testing.T) {
	objects, err := Expand(set(t, `
commonMetadata:
  labels: {team: a}
inputs:
- {name: one, on: disabled}
- {name: two, on: enabled}
resources:
- apiVersion: v1
  kind: Namespace
  metadata: {name: shared, labels: {team: b, x: "1"}}
- apiVersion: v1
  kind: ServiceAccount
  metadata:
    name: << inputs.name >>
    annotations: {fluxcd.controlplane.io/reconcile: << inputs.on >>}
resourcesTemplate: |
  <<- range $i := list "x" "y" >>
  ---
  apiVersion: v1
  kind: ConfigMap
  metadata:
    name: << inputs.name >>-<< $i >>
  <<- end >>
  ---
  apiVersion: v1
  kind: Namespace
  metadata:
    name: shared
`), "")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range objects {
		got = append(got, node.Text(o, "kind")+" "+node.Text(o, "metadata", "name")+" "+node.Text(o, "metadata", "labels", "team"))
	}
	want := "Namespace shared a|ServiceAccount two a|ConfigMap one-x a|ConfigMap one-y a|ConfigMap two-x a|ConfigMap two-y a"
	if strings.Join(got, "|") != want {
		t.Errorf("got %s\nwant %s", strings.Join(got, "|"), want)
	}
	if node.Text(objects[0], "metadata", "labels", "x") != "1" || node.Get(objects[0], "kind").Line != 14 || node.Get(objects[2], "kind").Line != 21 {
		t.Errorf("lines are %d and %d", node.Get(objects[0], "kind").Line, node.Get(objects[2], "kind").Line)
	}
}

// TestBounds: what would take time or memory out of proportion is refused at once.
func TestBounds(t *testing.T) {
	double := strings.Repeat(`<< $x = printf "%s%s" $x $x >>`, 60)
	lists := strings.Repeat(`<< $x = list $x $x >>`, 60)
	for name, template := range map[string]string{
		"repeat":    `<< repeat 1000000000 "x" >>`,
		"nested":    `<< repeat 1000 (repeat 1000 (repeat 1000 "x")) >>`,
		"double":    `<< $x := "x" >>` + double + `<< $x >>`,
		"lists":     `<< $x := "x" >>` + lists + `<< $x | toJson >>`,
		"print":     `<< $x := "x" >>` + strings.ReplaceAll(double, `printf "%s%s"`, "print") + `<< $x >>`,
		"replace":   `<< $x := repeat 10000 "x" >><< replace "x" $x $x >>`,
		"join":      `<< $x := repeat 10000 "x" >><< join $x (splitList "" $x) >>`,
		"pad":       strings.Repeat(`<< printf "%1000000d" 1 >>`, 100),
		"indent":    `<< indent 100000000 "x" >>`,
		"until":     `<< until 1000000000 >>`,
		"loop":      `<< range 10000000000 >><< end >>`,
		"loops":     `<< range 1000 >><< range 1000 >><< if true >><< range 1000 >><< end >><< end >><< end >><< end >>`,
		"text":      `<< range 10000 >><< repeat 1000 "x" >><< end >>`,
		"recursion": `<< define "a" >><< template "a" >><< template "a" >><< end >><< template "a" >>`,
	} {
		start := time.Now()
		root := set(t, "resourcesTemplate: 'x'\ninputs: [{a: b}]")
		node.At(root, "spec", "resourcesTemplate").Value = template
		if _, err := Expand(root, ""); err == nil {
			t.Errorf("%s was taken", name)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s took %s", name, took)
		}
	}
	many := set(t, "resourcesTemplate: |\n  << range until 1001 >>\n  ---\n  {apiVersion: v1, kind: X, metadata: {name: x<< . >>}}\n  << end >>")
	node.At(many, "spec", "resourcesTemplate").Value += " "
	if _, err := Expand(many, ""); err == nil || !strings.Contains(err.Error(), "more than 1000 objects") {
		t.Errorf("got %v", err)
	}
}

// TestFunctions: every function keeps its signature under the bounds.
func TestFunctions(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`<< add 1 2 3 >>`, "6"}, {`<< printf "%s-%d" "a" 1 >>`, "a-1"}, {`<< list 1 2 | len >>`, "2"},
		{`<< ternary "a" "b" true >>`, "a"}, {`<< dict "a" "b" | toJson >>`, `{"a":"b"}`}, {`<< print 1 "x" >>`, "1x"},
		{`<< values (dict "b" 2 "a" 1) | join "," >>`, "1,2"}, {`<< regexReplaceAll "a" "banana" "o" >>`, "bonono"},
		{`<< html "<" >>`, "&lt;"}, {`<< coalesce "" "x" >>`, "x"}, {`<< "x" | b64enc >>`, "eA=="}, {`<< trimSuffix "-a" "x-a" >>`, "x"},
	} {
		b := newBudget()
		got, err := render(&b, c.in, input{data: []byte("{}")}, guesses[0])
		if err != nil || got != c.want {
			t.Errorf("%s gives %q, %v, want %q", c.in, got, err, c.want)
		}
	}
}

// FuzzExpand: no template makes the expansion panic, and the same comes out twice.
func FuzzExpand(f *testing.F) {
	for _, seed := range []string{"<< inputs.name >>", "<< range $k, $v := inputs >><< $k >><< end >>", "<< dig \"a\" 1 inputs >>", "<< index inputs \"name\" >>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, template string) {
		root := set(t, "inputs: [{name: web, map: {a: 1}}]\nresources: [{apiVersion: v1, kind: X, metadata: {name: x}, v: x}]\nresourcesTemplate: x")
		node.Items(root, "spec", "resources")[0].Content[7].Value = template
		node.At(root, "spec", "resourcesTemplate").Value = "{apiVersion: v1, kind: Y, metadata: {name: y}, v: " + template + "}"
		first, err1 := Expand(root, "")
		second, err2 := Expand(root, "")
		if (err1 == nil) != (err2 == nil) || len(first) != len(second) {
			t.Fatalf("two runs differ: %v, %v", err1, err2)
		}
	})
}
