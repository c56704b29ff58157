package flux

import (
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

func TestReleaseName(t *testing.T) {
	for _, c := range []struct{ object, want string }{
		{`{metadata: {name: web}}`, "web"},
		{`{metadata: {name: web}, spec: {targetNamespace: prod}}`, "prod-web"},
		{`{metadata: {name: web}, spec: {targetNamespace: prod, releaseName: api}}`, "api"},
		{`{metadata: {name: web, namespace: here}, spec: {storageNamespace: there}}`, "web"},
		{`{metadata: {name: ` + strings.Repeat("a", 53) + `}}`, strings.Repeat("a", 53)},
		{`{metadata: {name: ` + strings.Repeat("a", 54) + `}}`, strings.Repeat("a", 40) + "-a3f01b693925"},
		{`{metadata: {name: ` + strings.Repeat("a", 49) + `}, spec: {targetNamespace: prod}}`, "prod-" + strings.Repeat("a", 35) + "-60067cbe0f09"},
	} {
		root, err := yaml.Parse(c.object)
		if err != nil {
			t.Fatal(err)
		}
		if got := ReadApplier(root.YNode(), "").ReleaseName(); got != c.want {
			t.Errorf("%s is released as %q, want %q", c.object, got, c.want)
		}
	}
}

// TestFind: the namespace decides where both sides say one, then the directory. A nearer
// one without a namespace makes it ambiguous.
func TestFind(t *testing.T) {
	x := NewIndex()
	for _, e := range []struct{ namespace, name, file string }{
		{"flux-system", "app", "prod/flux/app.yaml"},
		{"team", "app", "prod/team/app.yaml"},
		{"", "open", "prod/open.yaml"},
		{"", "charts", "prod/charts.yaml"},
		{"", "charts", "staging/charts.yaml"},
		{"", "twice", "prod/a.yaml"},
		{"", "twice", "prod/b.yaml"},
		{"team", "both", "prod/team/both.yaml"},
		{"", "both", "prod/both.yaml"},
	} {
		x.Add(&Entry{Ref: Ref{"GitRepository", e.namespace, e.name}, File: e.file})
	}
	for _, c := range []struct {
		namespace, name, file string
		want                  []string
	}{
		{"flux-system", "app", "prod/x.yaml", []string{"prod/flux/app.yaml"}},
		{"team", "app", "prod/x.yaml", []string{"prod/team/app.yaml"}},
		{"other", "app", "prod/x.yaml", nil},
		{"", "app", "prod/x.yaml", []string{"prod/flux/app.yaml", "prod/team/app.yaml"}},
		{"", "app", "prod/team/x.yaml", []string{"prod/team/app.yaml"}},
		{"any", "open", "staging/x.yaml", []string{"prod/open.yaml"}},
		{"any", "charts", "prod/apps/web/x.yaml", []string{"prod/charts.yaml"}},
		{"any", "charts", "staging/apps/x.yaml", []string{"staging/charts.yaml"}},
		{"any", "charts", "x.yaml", []string{"prod/charts.yaml", "staging/charts.yaml"}},
		{"any", "twice", "prod/a.yaml", []string{"prod/a.yaml"}},
		{"any", "twice", "prod/x.yaml", []string{"prod/a.yaml", "prod/b.yaml"}},
		{"team", "both", "prod/team/x.yaml", []string{"prod/team/both.yaml"}},
		{"team", "both", "prod/x.yaml", []string{"prod/team/both.yaml"}},
		{"team", "both", "prod/both.yaml", []string{"prod/team/both.yaml", "prod/both.yaml"}},
		{"any", "nothing", "prod/x.yaml", nil},
	} {
		var files []string
		for _, e := range x.Find(Ref{"GitRepository", c.namespace, c.name}, c.file) {
			files = append(files, e.File)
		}
		if !slices.Equal(files, c.want) {
			t.Errorf("%s/%s seen from %s is in %v, want %v", c.namespace, c.name, c.file, files, c.want)
		}
	}
	if found := x.Find(Ref{"OCIRepository", "team", "app"}, "prod/x.yaml"); found != nil {
		t.Errorf("another kind is found: %v", found)
	}
}
