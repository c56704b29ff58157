package function

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

const (
	ownHeader       = "apiVersion: fn.kubectl-gitops.io/v1alpha1\nkind: GitOpsConvert\n"
	configMapHeader = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"
)

func TestParseConfigReadsEveryKey(t *testing.T) {
	const keys = `{to: argocd, fluxNamespace: f, argocdNamespace: a, placement: single,
  defaultBranch: trunk, fluxVersion: "2.8", refValues: inline, layout: per-app,
  failOn: unsupported, namespace: n, clusterName: k, `
	want := config{
		options: convert.Options{
			To:            convert.ToArgo,
			FluxNamespace: "f", ArgoCDNamespace: "a", Placement: convert.PlaceSingle,
			DefaultBranch: "trunk", FluxVersion: "2.8", RefValues: convert.RefInline, Preserve: true,
			Namespace: "n", AllowBlocking: true,
			SourceURLs: []convert.SourceURL{
				{Name: "a/b", URL: "https://git.example.com/c"},
				{Name: "d", URL: "ssh://git@example.com/e", Revision: "v1"},
			},
		},
		perApp: true,
		failOn: thresholds["unsupported"],
		record: true, cluster: "k",
	}
	for _, text := range []string{
		ownHeader + "spec: " + keys + `preserve: true, allowBlocking: true, record: true, sourceUrls: [
  {name: a/b, url: https://git.example.com/c}, {name: d, url: ssh://git@example.com/e, revision: v1}]}`,
		configMapHeader + "data: " + keys + `preserve: "true", allowBlocking: "true", record: "true",
  sourceUrls: "a/b=https://git.example.com/c\n\n d=ssh://git@example.com/e@v1\n"}`,
	} {
		got, err := parseConfig(yaml.MustParse(text))
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, want %+v", text, got, want)
		}
	}
}

func TestParseConfigDefaults(t *testing.T) {
	for _, node := range []*yaml.RNode{
		nil,
		yaml.MustParse(ownHeader),
		yaml.MustParse(ownHeader + "spec:\n"),
		yaml.MustParse(configMapHeader),
	} {
		got, err := parseConfig(node)
		if err != nil {
			t.Fatal(err)
		}
		want := config{options: convert.Options{To: convert.ToFlux}, failOn: thresholds["unknown"], cluster: "default"}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

func TestParseConfigRefuses(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"unknown key", ownHeader + "spec: {toTool: flux}", "unknown key spec.toTool: known are to, fluxNamespace,"},
		{"unknown ConfigMap key", configMapHeader + "data: {x: y}", "unknown key data.x: known are to,"},
		{"unknown top-level key", ownHeader + "data: {}", "unknown key data: known are apiVersion, kind, metadata, spec"},
		{"other kind", "apiVersion: v1\nkind: Secret\n", `"v1" "Secret" is not known`},
		{"other version", "apiVersion: fn.kubectl-gitops.io/v1\nkind: GitOpsConvert\n", "is not known: use fn.kubectl-gitops.io/v1alpha1"},
		{"not an object", "[a]", "must be a mapping"},
		{"number", ownHeader + "spec: {fluxVersion: 2.9}", "spec.fluxVersion must be a string (quote numbers)"},
		{"null", ownHeader + "spec: {to: null}", "spec.to must be a string"},
		{"mapping", ownHeader + "spec: {to: {}}", "spec.to must be a string"},
		{"string for boolean", ownHeader + `spec: {preserve: "true"}`, "spec.preserve must be true or false"},
		{"boolean in ConfigMap", configMapHeader + "data: {preserve: true}", "data.preserve must be a string"},
		{"list for section", ownHeader + "spec: []", "spec must be a mapping"},
		{"to another tool", ownHeader + "spec: {to: fleet}", `spec.to "fleet" is not available: use flux, argocd`},
		{"string for list", ownHeader + "spec: {sourceUrls: a=b}", "spec.sourceUrls must be a list of name, url and revision"},
		{"string in list", ownHeader + "spec: {sourceUrls: [a=b]}", "spec.sourceUrls item 1 must be a mapping of name, url and revision"},
		{"unknown key in list", ownHeader + "spec: {sourceUrls: [{name: a, url: b}, {ref: c}]}", "spec.sourceUrls item 2 has the unknown key ref: known are name, url, revision"},
		{"number in list", ownHeader + "spec: {sourceUrls: [{name: a, url: b, revision: 1.2}]}", "spec.sourceUrls item 1 needs a string as revision (quote numbers)"},
		{"no url in list", ownHeader + "spec: {sourceUrls: [{name: a}]}", "spec.sourceUrls item 1 needs a name and a url"},
		{"list in ConfigMap", configMapHeader + "data: {sourceUrls: [a=b]}", "data.sourceUrls must be a string of lines NAME=URL[@REV]"},
		{"bad line in ConfigMap", configMapHeader + `data: {sourceUrls: "a=b\nc"}`, `data.sourceUrls line 2: give NAME=URL[@REV]`},
		{"bad enum", ownHeader + "spec: {failOn: always}", `spec.failOn "always" is not available: use unknown, unsupported, approximate, never`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parseConfig(yaml.MustParse(tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestHelpNamesEveryField(t *testing.T) {
	text := help()
	for _, f := range fields {
		if !strings.Contains(text, "\n  "+f.name+": ") {
			t.Errorf("the help does not describe %s", f.name)
		}
	}
	for line := range strings.Lines(text) {
		if len(line) > 81 {
			t.Errorf("line of %d columns: %q", len(line)-1, line)
		}
	}
}

func TestReadmeListsEveryField(t *testing.T) {
	data, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range fields {
		values, standard := f.kind(), "none"
		if f.values != nil {
			values = "`" + strings.Join(f.values, "`, `") + "`"
		}
		if f.standard != "" {
			standard = "`" + f.standard + "`"
		}
		if row := fmt.Sprintf("\n| `%s` | %s | %s | ", f.name, values, standard); !strings.Contains(string(data), row) {
			t.Errorf("fn/README.md lacks the row %q", row)
		}
	}
}
