package schema

import (
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

func TestUnknown(t *testing.T) {
	const text = `
metadata: {name: a, nam: b}
spec:
  generators:
    - list: {elements: [{free: 1}], element: [{x: 1}]}
  tem: {late: {d: x}}
`
	root := yaml.MustParse(text).YNode()
	unknown := Unknown("argoproj.io/v1alpha1", "ApplicationSet", root)
	for path, want := range map[string]bool{
		"metadata.name": false, "metadata.nam": true,
		"spec.generators[0].list.elements[0].free": false, "spec.generators[0].list.element[0].x": true,
		"spec.tem.late.d": true, "spec.template.metadata.name": false,
	} {
		if unknown(path) != want {
			t.Errorf("%s: unknown is %v, want %v", path, !want, want)
		}
	}
	if Unknown("v1", "Other", root)("spec.tem") {
		t.Error("a kind without a schema knows a field not")
	}
}
