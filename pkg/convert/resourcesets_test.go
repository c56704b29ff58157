package convert_test

import (
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset/functions"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/liveset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/resourceset"
)

// TestCorpusResourceSets: every public ApplicationSet becomes valid objects with a whole
// ledger, or passes byte for byte with the reason. What the text of a ResourceSet with
// static inputs expands to is what a run with static expansion writes.
func TestCorpusResourceSets(t *testing.T) {
	counts := map[string]int{}
	dirs := []string{"argo", "argo-partial"}
	for _, in := range append(corpus(t, dirs...), ownInputs(t, dirs)...) {
		outs := outcomes(t, []convert.Input{in}, convert.Options{AppSet: convert.AppSetResourceSet, TemplateFunctions: functions.Map()})
		checkTargets(t, outs)
		for _, out := range outs {
			if out.Object.Kind != "ApplicationSet" {
				continue
			}
			counts["sets"]++
			if out.Status == convert.Passed {
				if len(out.Entries) == 0 || len(out.Out) != 1 || !strings.Contains(string(in.Data), string(out.Out[0].Data)) {
					t.Errorf("%s:%d: passes for no reason, or not as it was", out.File, out.Line)
				}
				continue
			}
			root := source(t, []convert.Input{in}, out)
			checkLedger(t, in.Name, root, own(out))
			checkValid(t, in.Name, out)
			set := reparsed(t, out.Out[len(out.Out)-1].Data)
			if !node.Empty(node.At(set, "spec", "inputsFrom")) {
				counts["live"]++
				continue
			}
			counts["static"]++
			compareExpansion(t, in.Name, root)
		}
	}
	if counts["live"] == 0 || counts["static"] == 0 {
		t.Error("no ApplicationSet became a ResourceSet")
	}
	t.Log(counts)
}

// compareExpansion converts the ApplicationSet alone, in both ways, and compares.
func compareExpansion(t *testing.T, where string, root *yaml.Node) {
	t.Helper()
	text, err := yaml.NewRNode(root).String()
	if err != nil {
		t.Fatal(err)
	}
	alone := func(way convert.AppSet) (objects []*yaml.Node) {
		o := convert.Options{AppSet: way, TemplateFunctions: functions.Map()}
		for _, out := range outcomes(t, []convert.Input{{Name: "set.yaml", Data: []byte(text)}}, o) {
			for _, o := range out.Out {
				objects = append(objects, reparsed(t, o.Data))
			}
		}
		return objects
	}
	made, err := resourceset.Expand(alone(convert.AppSetResourceSet)[0], "flux-system")
	if err != nil || len(made) == 0 {
		t.Errorf("%s: %d objects, %v", where, len(made), err)
	}
	if err := liveset.Same(made, alone(convert.AppSetStatic)); err != nil {
		t.Errorf("%s: %v", where, err)
	}
}

func reparsed(t *testing.T, data []byte) *yaml.Node {
	t.Helper()
	doc := document.Doc{File: "output.yaml", Line: 1, Raw: data}
	root, err := doc.Parse()
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// webSet makes the Applications web-NAME, in a namespace of its own.
func webSet(namespace string, names ...string) string {
	elements := strings.Join(names, "}, {env: ")
	return `
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: ` + namespace + `, namespace: ` + namespace + `}
spec:
  goTemplate: true
  generators: [{list: {elements: [{env: ` + elements + `}]}}]
  template: {metadata: {name: 'web-{{.env}}'}, spec: {project: default, source: {repoURL: https://github.com/example/a, path: 'web/{{.env}}', targetRevision: main, kustomize: {}}, destination: {server: 'https://kubernetes.default.svc', namespace: web}, syncPolicy: {automated: {prune: true}}}}
`
}

// TestSetsTwice: items of a list, and objects of the input that pass, have names, too.
func TestSetsTwice(t *testing.T) {
	o := convert.Options{To: convert.ToFlux, AppSet: convert.AppSetResourceSet, Placement: convert.PlaceSingle}
	item := func(set string) string { return "- " + strings.ReplaceAll(strings.TrimSpace(set), "\n", "\n  ") + "\n" }
	const there = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: web-b, namespace: flux-system}\n" +
		"spec: {interval: 10m, path: ./x, prune: true, sourceRef: {kind: GitRepository, name: x}}\n"
	for _, test := range []struct {
		name, text, want string
	}{
		{"list", "apiVersion: v1\nkind: List\nitems:\n" + item(webSet("one", "a")) + item(webSet("two", "a")) + item(webSet("three", "c")),
			"ResourceSet one|ResourceSet three|ApplicationSet two"},
		{"whole list", webSet("one", "a") + "---\napiVersion: v1\nkind: List\nitems:\n" + item(webSet("two", "a")), "ResourceSet one|ApplicationSet two"},
		{"input", webSet("one", "a", "b") + "---\n" + there, "ApplicationSet one|Kustomization "},
	} {
		var got []string
		for _, out := range outcomes(t, []convert.Input{{Name: "in.yaml", Data: []byte(test.text)}}, o) {
			if out.Err != nil {
				t.Errorf("%s: %v", test.name, out.Err)
			}
			for _, one := range out.Out {
				got = append(got, one.Object.Kind+" "+one.Object.Name)
			}
		}
		if strings.Join(got, "|") != test.want {
			t.Errorf("%s: got %s, want %s", test.name, strings.Join(got, "|"), test.want)
		}
	}
}

// TestCollapsedSets: an ApplicationSet with a list comes back as one, with the elements that
// its ResourceSet had as inputs.
func TestCollapsedSets(t *testing.T) {
	there := outcomes(t, []convert.Input{{Name: "in.yaml", Data: []byte(webSet("web", "a", "b", "c"))}}, convert.Options{AppSet: convert.AppSetResourceSet})
	if len(there) != 1 || len(there[0].Out) != 1 {
		t.Fatalf("got %+v", there)
	}
	var back []convert.Output
	for _, out := range outcomes(t, []convert.Input{{Name: "set.yaml", Data: there[0].Out[0].Data}}, convert.Options{To: convert.ToArgo, Collapse: true}) {
		back = append(back, out.Out...)
	}
	if len(back) != 1 || back[0].Object.Kind != "ApplicationSet" {
		t.Fatalf("got %+v", back)
	}
	var paths []string
	for _, e := range node.Items(node.Items(reparsed(t, back[0].Data), "spec", "generators")[0], "list", "elements") {
		paths = append(paths, node.Text(e, "path"))
	}
	if strings.Join(paths, " ") != "web/a web/b web/c" {
		t.Errorf("elements have %v", paths)
	}
}

// TestProviderTargets: fields of the second generator are those of the second provider.
func TestProviderTargets(t *testing.T) {
	sc := readScenario(t, "testdata/appsets/resourceset-services.txtar")
	seen := 0
	for _, out := range outcomes(t, sc.Inputs(), convert.Options{AppSet: convert.AppSetResourceSet}) {
		for _, e := range out.Entries {
			if strings.HasPrefix(e.From.Path, "spec.generators[1].pullRequest.github.") && len(e.To) > 0 {
				if seen++; e.To[0].Name != "two-2" || e.To[0].Path != "spec.url" {
					t.Errorf("%s became %v", e.From.Path, e.To)
				}
			}
		}
	}
	if seen == 0 {
		t.Error("no second generator was seen")
	}
}
