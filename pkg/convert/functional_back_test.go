package convert_test

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/internal/scenario"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

// TestFunctionalBack is TestFunctional for the way back: a converted Kustomization
// deploys in Argo CD what Flux deploys.
//
// A file of testdata/functional/back holds a repository below "checkout/" and several
// Kustomizations of it, each in "kustomization/NAME" as what its spec has beyond the
// usual, with the fields of its GitRepository in "source/NAME". "differences/NAME" is as
// in TestFunctional; "steered/NAME" lists the annotations by which Argo CD treats an
// object in its own way, as "Kind/name: KEY=VALUE".
func TestFunctionalBack(t *testing.T) {
	files, err := filepath.Glob("testdata/functional/back/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	kustomize := kustomizeProgram(t)
	for _, file := range files {
		sc := readScenario(t, file)
		for _, section := range slices.Sorted(maps.Keys(sc.Sections)) {
			if name, ok := strings.CutPrefix(section, "kustomization/"); ok {
				c := functionalCase{Scenario: sc, name: name, kustomize: kustomize, mayFail: true}
				t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar")+"/"+name, c.runBack)
			}
		}
	}
}

func (c functionalCase) runBack(t *testing.T) {
	t.Parallel()
	source := scenario.Merge(parseMap(t, `{interval: 1m, url: "https://github.com/o/r", ref: {branch: main}}`), parseMap(t, c.Sections["source/"+c.name]))
	k := scenario.Merge(parseMap(t, `{interval: 10m, prune: true, path: app, sourceRef: {kind: GitRepository, name: r}}`), parseMap(t, c.Sections["kustomization/"+c.name]))
	out := c.convertBack(t, source, k)
	var spec fluxSpec
	decode(t, k, &spec)
	flux := fluxBuild(t, c, spec, object(source).text("ignore"))
	flux = slices.DeleteFunc(flux, neverApplied)
	app := parseMap(t, string(out.Out[0].Data))
	argo := argoSide(t, c, app["spec"].(map[string]any))
	c.checkSteered(t, argo)
	steering(argo)
	steering(flux)
	c.checkDifferences(t, compare(argo, flux), out.Entries)
}

func (c functionalCase) convertBack(t *testing.T, source, kustomization map[string]any) convert.Outcome {
	t.Helper()
	var data []byte
	for _, o := range []map[string]any{
		{"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository", "metadata": map[string]any{"name": "r", "namespace": "flux-system"}, "spec": source},
		{"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "metadata": map[string]any{"name": c.name, "namespace": "flux-system"}, "spec": kustomization},
	} {
		text, err := yaml.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		data = append(append(data, "---\n"...), text...)
	}
	out := outcomes(t, []convert.Input{{Name: "input.yaml", Data: data}}, c.Options)
	if len(out) != 2 || out[1].Status != convert.Converted || len(out[1].Out) != 1 {
		t.Fatalf("not converted: %+v", out)
	}
	return out[1]
}

// neverApplied tells whether kustomize-controller leaves an object alone
// (kustomization_controller.go apply, ExclusionSelector).
func neverApplied(o object) bool {
	mark := func(key string) string { return o.text("metadata", "annotations", "kustomize.toolkit.fluxcd.io/"+key) }
	return mark("ssa") == "Ignore" || mark("reconcile") == "disabled"
}

// steers are the annotations by which Argo CD treats an object in its own way.
var steers = []string{"argocd.argoproj.io/hook", "argocd.argoproj.io/sync-options", "helm.sh/hook"}

// steering takes these annotations away, as they are no difference of what is deployed.
func steering(all []object) {
	for _, o := range all {
		if annotations, ok := o.at("metadata", "annotations").(map[string]any); ok {
			maps.DeleteFunc(annotations, func(key string, _ any) bool { return slices.Contains(steers, key) })
			if len(annotations) == 0 {
				delete(o.at("metadata").(map[string]any), "annotations")
			}
		}
	}
}

func (c functionalCase) checkSteered(t *testing.T, argo []object) {
	t.Helper()
	var got []string
	for _, o := range argo {
		for _, key := range steers {
			if value := o.text("metadata", "annotations", key); value != "" {
				got = append(got, o.text("kind")+"/"+o.text("metadata", "name")+": "+key+"="+value)
			}
		}
	}
	slices.Sort(got)
	if want := strings.TrimSpace(c.Sections["steered/"+c.name]); strings.Join(got, "\n") != want {
		t.Errorf("annotated are\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}
