package crd

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

const helmRelease = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: shop
  namespace: apps
spec:
`

const receiver = `apiVersion: notification.toolkit.fluxcd.io/v1
kind: Receiver
metadata: {name: shop}
spec:
  type: generic-oidc
  resources: [{kind: GitRepository, name: shop}]
  oidcProviders:
`

const (
	either     = "either chart or chartRef must be set"
	notChecked = "rules were not checked: correct the other problems first"
	interval   = `must match the pattern "^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$"`
)

var cases = []struct {
	name, text string
	want       []string // line path: class: start of the message
}{
	{"valid", helmRelease + "  interval: 10m\n  chartRef: {kind: OCIRepository, name: shop}", nil},
	{"a rule is at its field", helmRelease + "  interval: 10m", []string{"6 spec: rule: " + either}},
	{"deep, in document order", helmRelease + `  upgrade:
    strategy: {name: RemediateOnFailure, retryInterval: 1m}
  chartRef: {kind: OCIRepository, name: shop}
  interval: 10m
  install:
    strategy:
      name: RemediateOnFailure
      retryInterval: 1m
`, []string{
		"8 spec.upgrade.strategy: rule: .retryInterval can only be set",
		"12 spec.install.strategy: rule: .retryInterval cannot be set",
	}},
	{"a wrong type keeps rules from running", helmRelease + "  interval: 10m\n  suspend: later", []string{
		"8 spec.suspend: structure: expected a boolean, found a string", "1 : rule: " + notChecked}},
	{"so does a missing field", helmRelease + "  timeout: 10m", []string{
		"6 spec.interval: structure: required field is missing", "1 : rule: " + notChecked}},
	{"and a value out of an enum", helmRelease + "  interval: 10m\n  driftDetection: {mode: on}", []string{
		"8 spec.driftDetection.mode: structure: must be one of", "1 : rule: " + notChecked}},
	{"a broken pattern does not", helmRelease + "  interval: often", []string{
		"6 spec: rule: " + either, "7 spec.interval: structure: " + interval}},
	{"unknown fields count for nothing", helmRelease + "  interval: 10m\n  chartref: {kind: OCIRepository, name: shop}", []string{
		"6 spec: rule: " + either, `8 spec.chartref: unknown: unknown field "chartref"; did you mean "chartRef"?`}},
	{"null is absent", helmRelease + "  interval: 10m\n  chartRef: null", []string{"6 spec: rule: " + either}},
	{"no rules, no word of them", "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: a}\nspec: 3", []string{
		"4 spec: structure: expected a map, found an integer"}},
	{"a bad name", "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata:\n  name: Team A\nspec: {}", []string{
		"4 metadata.name: structure: a lowercase RFC 1123 subdomain must consist of"}},
	{"no name", "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {}\nspec: {}", []string{
		"3 metadata.name: structure: name or generateName is required"}},
	{"which keeps rules from running, too", "apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImagePolicy\nmetadata: {}\nspec: {imageRepositoryRef: {name: a}, policy: {}, interval: 1m}", []string{
		"3 metadata.name: structure: name or generateName is required", "1 : rule: " + notChecked}},
	{"bad labels, annotations and finalizers", `apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: a
  labels:
    fine.example.com/a: b
    a b: c
    team: what they say
  annotations:
    /x: y
  finalizers:
    - example.com/a
spec: {}
`, []string{
		`7 metadata.labels["a b"]: structure: name part must consist of`,
		"8 metadata.labels.team: structure: a valid label must be",
		`10 metadata.annotations["/x"]: structure: prefix part must be non-empty`,
	}},
	{"a repeated key of a list", receiver + `    - {issuerURL: "https://a", validations: [{expression: a, message: a}]}
    - {issuerURL: "https://b", validations: [{expression: a, message: a}]}
    - {issuerURL: "https://a", validations: [{expression: a, message: a}]}
`, []string{"10 spec.oidcProviders[2]: structure: duplicate value"}},
	{"each rule once", "apiVersion: source.extensions.fluxcd.io/v1beta1\nkind: ArtifactGenerator\nmetadata: {name: a}\nspec:\n" +
		"  sources: [{alias: src, kind: Bucket, name: a}]\n" +
		"  artifacts: [{name: A, copy: [{from: '@src/a', to: '@artifact/a'}]}, {name: B, copy: [{from: '@src/a', to: '@artifact/a'}]}]\n",
		[]string{"4 spec: rule: artifact names must be valid"}},
}

func TestValidate(t *testing.T) {
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			problems, err := Validate(parse(t, test.text), Flux29)
			if err != nil || !slices.EqualFunc(problems, test.want, begins) {
				t.Errorf("got %v\n%s\nwant\n%s", err, strings.Join(lines(problems), "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

func begins(p Problem, want string) bool { return strings.HasPrefix(lineOf(p), want) }

func lineOf(p Problem) string {
	return fmt.Sprintf("%d %s: %s: %s", p.Line, p.Path, p.Class, p.Message)
}

func lines(problems []Problem) (out []string) {
	for _, p := range problems {
		out = append(out, lineOf(p))
	}
	return out
}

func TestReleases(t *testing.T) {
	text := helmRelease + "  interval: 10m\n  chart: {kind: OCIRepository, spec: {url: oci://a/b}}"
	for _, r := range []Release{0, 8, 9} {
		if problems, _ := Validate(parse(t, text), r); len(problems) == 0 {
			t.Errorf("2.%d takes a field of 2.10", r)
		}
	}
	for _, r := range []Release{10, 11} {
		if problems, err := Validate(parse(t, text), r); err != nil || len(problems) > 0 {
			t.Errorf("2.%d: %v, %v", r, problems, err)
		}
	}
}

func TestNotChecked(t *testing.T) {
	for _, text := range []string{
		"{}",
		"a: b",
		"apiVersion: v1\nkind: Secret",
		"apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet",
		"apiVersion: kustomize.toolkit.fluxcd.io/v1beta1\nkind: Kustomization", // served no longer
		"apiVersion: notification.toolkit.fluxcd.io/v1\nkind: Provider",        // of 2.10
		"apiVersion: ../../x\nkind: Application",
	} {
		if problems, err := Validate(parse(t, text), Flux29); !errors.Is(err, ErrUnknownKind) || problems != nil {
			t.Errorf("%s: %v, %v", text, problems, err)
		}
	}
	if _, err := Validate(nil, Flux29); !errors.Is(err, ErrUnknownKind) {
		t.Error(err)
	}
}

// TestAlias has a list that holds itself, which no parser makes of a file.
func TestAlias(t *testing.T) {
	root := parse(t, helmRelease+"  interval: 10m\n  valuesFrom: []")
	spec := root.Content[7]
	list := spec.Content[3]
	list.Content = append(list.Content, &yaml.Node{Kind: yaml.AliasNode, Alias: list, Line: 8})
	if _, err := Validate(root, Flux29); err == nil || err.Error() != "HelmRelease: line 8: an alias is left: resolve aliases first" {
		t.Error(err)
	}
}

func TestConcurrent(t *testing.T) {
	root := parse(t, helmRelease+"  interval: 10m")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if problems, err := Validate(root, 99); len(problems) != 1 || err != nil {
				t.Error(problems, err)
			}
		})
	}
	group.Wait()
}
