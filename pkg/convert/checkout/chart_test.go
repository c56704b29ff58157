package checkout

import (
	"reflect"
	"testing"
)

func TestMissingDependencies(t *testing.T) {
	r := tree(map[string]string{
		"new/Chart.yaml": "name: new\ndependencies: [{name: a}, {name: b}, {name: b, alias: c}, {name: d}, {name: e}]\n",
		// The name of a directory says nothing, that of an archive ends before the version.
		"new/charts/a/Chart.yaml": "name: other\n", "new/charts/x/Chart.yaml": "name: d\n", "new/charts/b-c-1.0.0.tgz": "",
		"new/charts/e-v1.2.3-rc.1.tgz": "",
		"old/Chart.yaml":               "name: old\n", "old/requirements.yaml": "dependencies: [{name: a}]\n",
		"none/values.yaml": "",
	})
	for dir, want := range map[string][]string{"new": {"a", "b"}, "old": {"a"}, "none": nil} {
		if got, ok := r.MissingDependencies(dir); !reflect.DeepEqual(got, want) || ok != (dir != "none") {
			t.Errorf("%s lacks %v (%v), want %v", dir, got, ok, want)
		}
	}
}

func TestScanChart(t *testing.T) {
	r := tree(map[string]string{
		"c/Chart.yaml": "name: c\n", "c/.github/a.yaml": "", "c/charts/s/templates/a.tpl": "{{ .Files.Get }}",
		"c/charts/s-1.0.0.tgz": "", "c/docs/a.png": "", "c/.git/b.png": "", "d/a.png": "",
	})
	s := r.ScanChart("c")
	if !reflect.DeepEqual(s.Excluded, []string{".github/", "docs/a.png"}) || !s.ReadsFiles || !s.Complete() {
		t.Errorf("got %+v", s)
	}
	if all := r.ScanChart(""); len(all.Excluded) != 3 {
		t.Errorf("got %+v", all)
	}
}

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
