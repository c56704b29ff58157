package convert_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

const whole = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
spec:
  project: default
  source: {repoURL: https://github.com/o/r, path: app}
  destination: {name: in-cluster, namespace: prod}
`

// TestBroken: broken input gives one error that says where and what, and nothing
// that looks like a result.
func TestBroken(t *testing.T) {
	tests := []struct{ name, input, want string }{
		{"invalid YAML", "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: [a\n", "in.yaml:3: "},
		{"invalid YAML that is not ours", "a: [1\nb: 2\n", "in.yaml:"},
		{"tabs", strings.Replace(whole, "  name", "\tname", 1), "in.yaml:4: tabs cannot indent YAML"},
		{"duplicate key", whole + "metadata: {}\n", "in.yaml:9: duplicate key metadata, first on line 3"},
		{"deep duplicate key", strings.Replace(whole, "  project", "  destination: {}\n  project", 1), "in.yaml:9: duplicate key spec.destination, first on line 6"},
		{"unknown version", strings.Replace(whole, "v1alpha1", "v1", 1), `in.yaml:1: Application "web": unknown apiVersion "argoproj.io/v1"`},
		{"alias bomb", bomb(), "aliases make the document too large"},
		{"binary", "kind: \x00\n", "in.yaml:1: not YAML text"},
		{"not UTF-8", "kind: \xff\n", "in.yaml:1: not YAML text"},
		{"missing name", strings.Replace(whole, "name: web", "namespace: web", 1), `in.yaml:1: Application "": metadata.name is missing`},
		{"map for a list", strings.Replace(whole, "path: app", "path: app, helm: {valueFiles: {a: b}}", 1), `in.yaml:7: Application "web": spec.source.helm.valueFiles: expected a list, found a map`},
		{"text for a map", strings.Replace(whole, "destination: {name: in-cluster, namespace: prod}", "destination: here", 1), `in.yaml:8: Application "web": spec.destination: expected a map`},
		{"number for text", strings.Replace(whole, "path: app", "path: 1", 1), `in.yaml:7: Application "web": spec.source.path: expected a string`},
		{"source and sources", whole + "  sources: [{repoURL: https://a.b/c, path: x}]\n", `in.yaml:1: Application "web": spec.source and spec.sources are both set`},
		{"two renderers", strings.Replace(whole, "path: app", "path: app, helm: {}, kustomize: {}", 1), `in.yaml:1: Application "web": spec.source has kustomize and helm`},
		{"one ref twice", strings.Replace(whole, "source: {repoURL: https://github.com/o/r, path: app}", "sources: [{repoURL: https://a.b/c, ref: v}, {repoURL: https://a.b/d, ref: v}, {repoURL: https://a.b/e, path: x}]", 1), `in.yaml:1: Application "web": spec.sources[1].ref: "v" names an earlier source`},
		{"keys that YAML 1.1 reads alike", strings.Replace(whole, "path: app", `path: app, helm: {values: "{y: 1, on: 2}"}`, 1), `spec.source.helm.values: the key "on" is "true", which is there already`},
		{"server and name", strings.Replace(whole, "{name", "{server: https://a.b, name", 1), `in.yaml:1: Application "web": spec.destination.server and spec.destination.name are both set`},
		{"values that are no YAML", strings.Replace(whole, "path: app", `path: app, helm: {values: "a: ["}`, 1), `in.yaml:1: Application "web": spec.source.helm.values: in.yaml:7: `},
		{"too deep", whole + "status: " + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + "\n", "in.yaml:9: "},
		{"a list", "- kind: Application\n  apiVersion: argoproj.io/v1alpha1\n", "in.yaml:1: expected a map"},
		{"too large", whole + "  info: [{name: a, value: " + strings.Repeat("x", 17<<20) + "}]\n", "in.yaml:1: the document is too large to convert"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := outcomes(t, []convert.Input{{Name: "in.yaml", Data: []byte(tt.input)}}, convert.Options{})
			if len(out) != 1 || out[0].Status != convert.Failed || len(out[0].Out) != 0 || out[0].Err == nil {
				t.Fatalf("got %+v, want one failure", out)
			}
			if got := out[0].Err.Error(); !strings.HasPrefix(got, tt.want) && !strings.Contains(got, tt.want) {
				t.Errorf("error is %q, want %q", got, tt.want)
			}
		})
	}
}

// bomb is ten levels of ten aliases.
func bomb() string {
	var b strings.Builder
	b.WriteString("apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n")
	for i := 1; i <= 10; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [%s*a%d]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d,", i-1), 9), i-1)
	}
	return b.String()
}

// TestBrokenBesideWhole: a broken object does not stop the others.
func TestBrokenBesideWhole(t *testing.T) {
	input := whole + "---\n" + strings.Replace(whole, "path: app", "path: 1", 1) + "---\n" + whole
	out := outcomes(t, []convert.Input{{Name: "in.yaml", Data: []byte(input)}}, convert.Options{})
	if len(out) != 3 || out[0].Err != nil || out[1].Err == nil || out[2].Err != nil {
		t.Fatalf("got %+v", out)
	}
}

// TestOptions: options that make no sense are refused.
func TestOptions(t *testing.T) {
	for _, o := range []convert.Options{{Placement: "x"}, {RefValues: "x"}, {FluxVersion: "1.2"}, {FluxVersion: "2"}, {FluxVersion: "2.x"}, {To: convert.ToFlux, Substitute: true}, {ConvertedPath: "../flux"}, {ConvertedPath: "/flux"}, {ConvertedPath: "."}} {
		if _, err := convert.Convert(nil, o); err == nil {
			t.Errorf("%+v was taken", o)
		}
	}
}

// FuzzConvert: no input makes the compiler panic, lose a leaf or write text that is
// no YAML.
func FuzzConvert(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte(fmt.Sprintf(application, 1, 2)))
	f.Fuzz(func(t *testing.T, data []byte) {
		seq, err := convert.Convert([]convert.Input{{Name: "in.yaml", Data: data}}, convert.Options{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		var passed []byte
		all := true
		for out := range seq {
			all = all && out.Status == convert.Passed
			for _, o := range out.Out {
				passed = append(append(passed, o.Lead...), o.Data...)
			}
			if out.Status == convert.Converted {
				checkValid(t, "fuzz", out)
			}
		}
		if all && !bytes.Equal(passed, data) {
			t.Errorf("what passed is not the input")
		}
	})
}
