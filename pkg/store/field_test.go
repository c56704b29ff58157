package store

import "testing"

func TestFieldOf(t *testing.T) {
	for path, want := range map[string]string{
		"":                                   "",
		"spec":                               "spec",
		"spec.sources[0]":                    "spec.sources[]",
		"spec.sources[12].helm.values[3][4]": "spec.sources[].helm.values[][]",
		`metadata.annotations["a.b/c"]`:      `metadata.annotations["a.b/c"]`,
		`a["b[0]"][1]`:                       `a["b[0]"][]`,
		`a["1"][1]`:                          `a["1"][]`,
		"a[":                                 "a[",
		"a[]":                                "a[]",
	} {
		if got := fieldOf(path); got != want {
			t.Errorf("%s gives %s, want %s", path, got, want)
		}
	}
}
