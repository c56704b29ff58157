package schema

import (
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

const head = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: shop
`

const destination = `
  destination:
    server: https://kubernetes.default.svc
    namespace: shop
`

func parse(t testing.TB, text string) *yaml.Node {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	return &doc
}

func schemaFor(t testing.TB, apiVersion, kind string) *Schema {
	t.Helper()
	s, ok := For(apiVersion, kind)
	if !ok {
		t.Fatalf("no schema for %s %s", apiVersion, kind)
	}
	return s
}

var applications = []struct {
	name, text string
	want       []Problem
}{
	{"valid", head + "spec:\n  project: default" + destination, nil},
	{"list for a map", head + "spec:\n  project: default\n  source:\n    - repoURL: x" + destination, []Problem{
		{Path: "spec.source", Line: 7, Message: "expected a map, found a list"},
	}},
	{"map for a list", head + "spec:\n  project: default\n  sources:\n    repoURL: x" + destination, []Problem{
		{Path: "spec.sources", Line: 7, Message: "expected a list, found a map"},
	}},
	{"scalar types", head + "spec:\n  project: 7\n  revisionHistoryLimit: '3'\n  syncPolicy: {automated: {prune: \"true\"}}" + destination, []Problem{
		{Path: "spec.project", Line: 6, Message: "expected a string, found an integer"},
		{Path: "spec.revisionHistoryLimit", Line: 7, Message: "expected an integer, found a string"},
		{Path: "spec.syncPolicy.automated.prune", Line: 8, Message: "expected a boolean, found a string"},
	}},
	{"a date is a string, 3.0 an integer", head + "spec:\n  project: 2024-01-01\n  revisionHistoryLimit: 3.0" + destination, nil},
	{"3.5 is no integer", head + "spec:\n  project: default\n  revisionHistoryLimit: 3.5" + destination, []Problem{
		{Path: "spec.revisionHistoryLimit", Line: 7, Message: "expected an integer, found a number"},
	}},
	{"missing fields", head + "spec:\n  sources:\n    - path: .\n    - repoURL:", []Problem{
		{Path: "spec.destination", Line: 5, Message: "required field is missing"},
		{Path: "spec.project", Line: 5, Message: "required field is missing"},
		{Path: "spec.sources[0].repoURL", Line: 7, Message: "required field is missing"},
		{Path: "spec.sources[1].repoURL", Line: 8, Message: "required field is null"},
	}},
	{"null is absent", head + "  labels:\n  annotations: {a: null}\nspec:\n  project: default\n  source: ~\n  syncPolicy:" + destination, nil},
	{"null in a list", head + "spec:\n  project: default\n  sources: [~]" + destination, []Problem{
		{Path: "spec.sources[0]", Line: 7, Message: "expected a map, found null"},
	}},
	{"unknown fields", head + "spec:\n  project: default\n  syncPolciy: {}\n  syncpolicy: {}\n  \"a b\": 1" + destination, []Problem{
		{Path: "spec.syncPolciy", Line: 7, Message: `unknown field "syncPolciy"; did you mean "syncPolicy"?`, Unknown: true},
		{Path: "spec.syncpolicy", Line: 8, Message: `unknown field "syncpolicy"; did you mean "syncPolicy"?`, Unknown: true},
		{Path: `spec["a b"]`, Line: 9, Message: `unknown field "a b"`, Unknown: true},
	}},
	{"metadata", head + "  lables: {}\n  annotations: {a/b: true}\n  finalizers: [1]\n  uid: x\nspec:\n  project: default" + destination, []Problem{
		{Path: "metadata.lables", Line: 5, Message: `unknown field "lables"; did you mean "labels"?`, Unknown: true},
		{Path: `metadata.annotations["a/b"]`, Line: 6, Message: "expected a string, found a boolean"},
		{Path: "metadata.finalizers[0]", Line: 7, Message: "expected a string, found an integer"},
	}},
	{"free-form values", head + "spec:\n  project: default\n  source: {repoURL: x, helm: {valuesObject: {a: [1, {b: ~}]}}}" + destination, nil},
	{"integer or string", head + "spec:\n  project: default\n  source:\n    repoURL: x\n    kustomize:\n      replicas:\n        - {name: a, count: 2}\n        - {name: b, count: '3'}\n        - {name: c, count: true}" + destination, []Problem{
		{Path: "spec.source.kustomize.replicas[2].count", Line: 13, Message: "expected an integer or a string, found a boolean"},
	}},
	{"pattern and length", head + "spec:\n  project: default\n  sourceHydrator:\n    drySource: {repoURL: x, targetRevision: x, path: x}\n    syncSource:\n      targetBranch: x\n      path: ''" + destination, []Problem{
		{Path: "spec.sourceHydrator.syncSource.path", Line: 11, Message: "must have at least 1 character", Form: true},
		{Path: "spec.sourceHydrator.syncSource.path", Line: 11, Message: `must match the pattern "^.{2,}|[^./]$"`, Form: true},
	}},
	{"odd keys", head + "spec:\n  project: default\n  ? [a]\n  : b" + destination, []Problem{
		{Path: "spec", Line: 7, Message: "expected a plain key, found a list"},
	}},
	{"not a map", "- a", []Problem{{Line: 1, Message: "expected a map, found a list"}}},
	{"empty", "", nil},
}

func TestValidateApplication(t *testing.T) {
	s := schemaFor(t, "argoproj.io/v1alpha1", "Application")
	for _, test := range applications {
		t.Run(test.name, func(t *testing.T) {
			check(t, s.Validate(parse(t, test.text)), test.want)
		})
	}
}

func TestValidateFlux(t *testing.T) {
	for _, test := range []struct {
		name, apiVersion, kind, spec string
		want                         []Problem
	}{
		{"enum", "source.toolkit.fluxcd.io/v1", "OCIRepository", "{interval: 1m, url: 'oci://x', layerSelector: {operation: move}}", []Problem{
			{Path: "spec.layerSelector.operation", Line: 1, Message: `must be one of "extract", "copy"`},
		}},
		{"a default makes up for a missing field", "source.toolkit.fluxcd.io/v1", "OCIRepository", "{interval: 1m, url: 'oci://x', verify: {}}", nil},
		{"and for null", "source.toolkit.fluxcd.io/v1", "OCIRepository", "{interval: 1m, url: 'oci://x', verify: {provider: ~}}", nil},
		{"list length", "source.extensions.fluxcd.io/v1beta1", "ArtifactGenerator", "{sources: [], artifacts: []}", []Problem{
			{Path: "spec.sources", Line: 1, Message: "must have at least 1 item", Form: true},
			{Path: "spec.artifacts", Line: 1, Message: "must have at least 1 item", Form: true},
		}},
		{"minimum", "notification.toolkit.fluxcd.io/v1", "Receiver", "{type: github, resources: [], secretRef: {name: a}}\nstatus: {conditions: [{type: Ready, status: 'True', reason: a, message: '', lastTransitionTime: 2024-01-01T00:00:00Z, observedGeneration: -1}]}", []Problem{
			{Path: "status.conditions[0].observedGeneration", Line: 2, Message: "must be at least 0", Form: true},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := schemaFor(t, test.apiVersion, test.kind)
			check(t, s.Validate(parse(t, "spec: "+test.spec)), test.want)
		})
	}
}

func check(t *testing.T, got, want []Problem) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got problems\n%+v\nwant\n%+v", got, want)
	}
}

func TestValidateOddNodes(t *testing.T) {
	s := schemaFor(t, "argoproj.io/v1alpha1", "Application")
	key := &yaml.Node{Kind: yaml.ScalarNode, Value: "metadata"}
	for _, n := range []*yaml.Node{
		nil,
		{},
		{Kind: yaml.DocumentNode},
		{Kind: yaml.AliasNode},
		{Kind: yaml.MappingNode, Content: []*yaml.Node{key}},
		{Kind: yaml.MappingNode, Content: []*yaml.Node{key, {Kind: yaml.AliasNode}}},
		{Kind: yaml.MappingNode, Content: []*yaml.Node{{Kind: yaml.AliasNode}, key}},
	} {
		s.Validate(n) // must not panic
	}
}

func TestMessagesKeepSecrets(t *testing.T) {
	const secret = "hunter2"
	text := head + "spec:\n  project: [" + secret + "]\n  source: " + secret + "\n  syncPolicy: {automated: " + secret + "}\n" +
		"  sourceHydrator: {syncSource: {path: " + secret + ", targetBranch: {" + secret + "x: 1}}}\n"
	problems := schemaFor(t, "argoproj.io/v1alpha1", "Application").Validate(parse(t, text))
	if len(problems) < 5 {
		t.Errorf("got only %d problems", len(problems))
	}
	for _, p := range problems {
		if strings.Contains(p.Message, secret) {
			t.Errorf("%s: the message holds the value: %s", p.Path, p.Message)
		}
	}
}
