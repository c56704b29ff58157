package checkout

import (
	"reflect"
	"testing"
)

// Patterns expand as in Argo CD: files of a directory before its directories.
func TestExpand(t *testing.T) {
	r := tree(map[string]string{"v/z.yaml": "", "v/n/a.yaml": "", "v/a.yaml": "", "v/a.md": ""})
	for pattern, want := range map[string][]string{
		"v/**/*.yaml": {"v/a.yaml", "v/z.yaml", "v/n/a.yaml"}, "v/*": {"v/a.md", "v/a.yaml", "v/n", "v/z.yaml"},
		"/v/{a,z}.y*": {"v/a.yaml", "v/z.yaml"}, "w/*": nil,
	} {
		if got, err := r.Expand(pattern); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s gives %v, %v", pattern, got, err)
		}
	}
	if _, err := r.Expand("v/["); err == nil {
		t.Error("a broken pattern was expanded")
	}
}
