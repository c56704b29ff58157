package ledger

import (
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

func TestExists(t *testing.T) {
	root, err := yaml.Parse(`
metadata: {annotations: {a.b/c: x, "": y, 'q"': z}}
spec: {sources: [{ref: a}, {helm: {valueFiles: [one, two]}}], gone: null}
`)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{
		"":                                     true,
		"spec":                                 true,
		"spec.gone":                            true,
		"spec.sources[0].ref":                  true,
		"spec.sources[1].helm.valueFiles[1]":   true,
		`metadata.annotations["a.b/c"]`:        true,
		`metadata.annotations[""]`:             true,
		`metadata.annotations["q\""]`:          true,
		"spec.sources[2]":                      false,
		"spec.sources[-1]":                     false,
		"spec.sources[0].helm":                 false,
		"spec.sources.ref":                     false,
		"spec.sources[1].helm.valueFiles[2]":   false,
		"spec.sources[1].helm.valueFiles[0].x": false,
		"spec.gone.more":                       false,
		"spec.so":                              false,
		"metadata.annotations.a":               false,
		`metadata.annotations["a.b/d"]`:        false,
		"spec[0]":                              false,
		"spec.sources[0":                       false,
		`metadata.annotations["a.b/c`:          false,
	} {
		if Exists(root.YNode(), path) != want {
			t.Errorf("%q exists: %v", path, !want)
		}
	}
	for _, keys := range [][]string{{"metadata", "annotations", "a.b/c"}, {"metadata", "annotations", `q"`}} {
		path := ""
		for _, key := range keys {
			path = Key(path, key)
		}
		if !Exists(root.YNode(), path) {
			t.Errorf("%s, which Key made, does not exist", path)
		}
	}
}
