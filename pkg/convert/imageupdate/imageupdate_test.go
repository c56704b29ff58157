package imageupdate

import (
	"reflect"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

func TestParseImage(t *testing.T) {
	for text, want := range map[string][3]string{
		"nginx":                             {"", "nginx", ""},
		"nginx:1.x":                         {"", "nginx", "1.x"},
		"web=ghcr.io/o/web:~1.2":            {"web", "ghcr.io/o/web", "~1.2"},
		"localhost:5000/web":                {"", "localhost:5000/web", ""},
		"a = localhost:5000/web:1":          {"a", "localhost:5000/web", "1"},
		"web:>=1.0":                         {"", "web", ">=1.0"},
		"a=web:latest@sha256:0123456789abc": {"a", "web", "latest"},
	} {
		if i := parseImage(text); [3]string{i.Alias, i.Name, i.Constraint} != want {
			t.Errorf("%q is %q %q %q, want %q", text, i.Alias, i.Name, i.Constraint, want)
		}
	}
}

func TestPolicy(t *testing.T) {
	for _, c := range []struct {
		constraint string
		settings   map[string]string
		want       Policy
		fails      bool
	}{
		{"", nil, Policy{Range: "*"}, false},
		{"~1.2", map[string]string{Strategy: "semver"}, Policy{Range: "~1.2"}, false},
		{"1.x", map[string]string{Strategy: "no-such"}, Policy{Range: "1.x"}, false},
		{"", map[string]string{Strategy: "name", AllowTags: "regexp:^v"}, Policy{Pattern: "^v"}, false},
		{"", map[string]string{Strategy: "alphabetical", AllowTags: "Any"}, Policy{}, false},
		{"v1.2", map[string]string{Strategy: "digest", AllowTags: "regexp:x"}, Policy{Digest: true, Pattern: `^v1\.2$`}, false},
		{"", map[string]string{IgnoreTags: "a*, ,b?[0-9]\\*.c"}, Policy{Range: "*", Exclude: []string{Signatures, "^a.*$", `^b.[0-9]\*\.c$`}}, false},
		{"", map[string]string{Strategy: "digest"}, Policy{}, true},
		{"", map[string]string{Strategy: "newest-build"}, Policy{}, true},
		{"", map[string]string{Strategy: "latest"}, Policy{}, true},
		{"", map[string]string{AllowTags: "regexp:("}, Policy{}, true},
		{"", map[string]string{AllowTags: "glob:*"}, Policy{}, true},
	} {
		i := &Image{Constraint: c.constraint, Settings: c.settings}
		p, why := i.Policy()
		if (why != "") != c.fails || !c.fails && !reflect.DeepEqual(p, c.want) {
			t.Errorf("%q %v: %+v, %q, want %+v", c.constraint, c.settings, p, why, c.want)
		}
	}
}

func TestSecret(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "pullsecret:flux-system/a": "a", "pullsecret:a": "a",
		"pullsecret:other/a": "", "secret:flux-system/a#k": "", "env:A": "", "ext:/a.sh": "",
	} {
		i := &Image{Settings: map[string]string{PullSecret: text}}
		name, why := i.Secret("flux-system")
		if name != want || (why == "") != (want != "" || text == "") {
			t.Errorf("%q: %q, %q", text, name, why)
		}
	}
}

// TestAnnotations: an image with an alias has its own settings only, one without those
// of the Application.
func TestAnnotations(t *testing.T) {
	p, err := ReadAnnotations(node.Map(Prefix+ImageList, "a=x:1, y", Prefix+"a.allow-tags", "any", Prefix+"update-strategy", "name",
		Prefix+"a.helm.image-spec", "i", Prefix+"platforms", "z", Prefix+Method, "git"))
	if err != nil {
		t.Fatal(err)
	}
	want := []map[string]string{{AllowTags: "any", HelmSpec: "i"}, {Strategy: "name"}}
	for n, i := range p.Images {
		if !reflect.DeepEqual(i.Settings, want[n]) {
			t.Errorf("%s has %v, want %v", i.Name, i.Settings, want[n])
		}
	}
	if p.Method != "git" {
		t.Errorf("method is %q", p.Method)
	}
	if _, err := ReadAnnotations(node.Map(Prefix+ImageList, "a=")); err == nil {
		t.Error("an empty image passes")
	}
}

func TestKey(t *testing.T) {
	for key, want := range map[string][3]string{
		"a.b.update-strategy":   {"a.b", Strategy, "ok"},
		"allow-tags":            {"", AllowTags, "ok"},
		"a.helm.image-name":     {"a", HelmName, "ok"},
		"image-list":            {"", ImageList, "ok"},
		"helm.image-name":       {"", "", ""},
		"platforms":             {"", "", ""},
		".allow-tags":           {"", "", ""},
		"a.write-back-method":   {"", "", ""},
		"kustomize.image-name.": {"", "", ""},
	} {
		alias, setting, ok := Key(Prefix + key)
		if alias != want[0] || setting != want[1] || ok != (want[2] != "") {
			t.Errorf("%s is %q %q %v, want %q", key, alias, setting, ok, want)
		}
	}
}
