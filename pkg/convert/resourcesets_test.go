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
			if node.Empty(node.At(set, "spec", "inputs")) {
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
