package imageupdate

import (
	"reflect"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"

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
		{"", nil, Policy{Range: ">=0.0.0-0"}, false},
		{"~1.2", map[string]string{Strategy: "semver"}, Policy{Range: "~1.2"}, false},
		{"1.x", map[string]string{Strategy: "no-such"}, Policy{Range: "1.x"}, false},
		{"", map[string]string{Strategy: "name", AllowTags: "regexp:^v"}, Policy{Pattern: "^v"}, false},
		{"", map[string]string{Strategy: "alphabetical", AllowTags: "Any"}, Policy{}, false},
		{"v1.2", map[string]string{Strategy: "digest", AllowTags: "regexp:x"}, Policy{Digest: true, Pattern: `^v1\.2$`}, false},
		{"", map[string]string{IgnoreTags: "a*, ,b?[0-9]\\*.c"}, Policy{Range: ">=0.0.0-0", Exclude: []string{Signatures, "^a.*$", `^b.[0-9]\*\.c$`}}, false},
		{"", map[string]string{Strategy: "digest"}, Policy{}, true},
		{"latest", nil, Policy{}, true},
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

// TestAnnotations: an image with an alias has its own settings before those of the
// Application, which one without has alone.
func TestAnnotations(t *testing.T) {
	p, err := ReadAnnotations(node.Map(Prefix+ImageList, "a=x:1, y", Prefix+"a.allow-tags", "any", Prefix+"update-strategy", "name",
		Prefix+"a.helm.image-spec", "i", Prefix+"platforms", "z", Prefix+Method, "git"))
	if err != nil {
		t.Fatal(err)
	}
	want := []map[string]string{{AllowTags: "any", HelmSpec: "i", Strategy: "name"}, {Strategy: "name"}}
	for n, i := range p.Images {
		if !reflect.DeepEqual(i.Settings, want[n]) {
			t.Errorf("%s has %v, want %v", i.Name, i.Settings, want[n])
		}
	}
	if wide := p.Images[0].Wide; !wide[Strategy] || wide[AllowTags] {
		t.Errorf("%v are the Application's", wide)
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

const updater = `
metadata: {name: u, namespace: argocd}
spec:
  commonUpdateSettings: {updateStrategy: alphabetical, ignoreTags: [a, b], allowTags: any}
  writeBackConfig: {method: git, gitConfig: {branch: main, pullRequest: {github: {}}}}
  imagesVerification: {cosignKey: {secretName: s, key: k}}
  applicationRefs:
  - {namePattern: "*", useAnnotations: true}
  - {namePattern: "?*", images: [{alias: z, imageName: z}]}
  - namePattern: "web-*"
    commonUpdateSettings: {allowTags: "regexp:x"}
    writeBackConfig: {gitConfig: {branch: other}}
    images:
    - alias: a
      imageName: ghcr.io/o/a:~1
      commonUpdateSettings: {updateStrategy: semver, platforms: [linux/arm64]}
      manifestTargets: {helm: {name: n, tag: t}}
    - {alias: b, imageName: b, manifestTargets: {plugin: {spec: X}}}
  - namePattern: "web-*"
    labelSelectors:
      matchLabels: {team: a}
      matchExpressions: [{key: tier, operator: NotIn, values: [x]}, {key: gone, operator: DoesNotExist}]
    images: [{alias: c, imageName: c}]
  - {namePattern: web-1, images: [{alias: d, imageName: d}]}
`

func TestUpdater(t *testing.T) {
	u := ReadUpdater(yaml.MustParse(updater).YNode())
	alias := func(namespace, name string, labels ...any) string {
		p, annotated := u.Plan(namespace, name, node.Map(labels...), name != "unlisted")
		switch {
		case annotated:
			return "annotated"
		case p == nil:
			return ""
		}
		return p.Images[0].Alias
	}
	for _, c := range []struct{ got, want string }{
		{alias("argocd", "web-1"), "d"},
		{alias("argocd", "web-2"), "a"},
		{alias("", "web-2", "team", "a"), "c"},
		{alias("argocd", "web-2", "team", "a", "tier", "x"), "a"},
		{alias("argocd", "web-2", "team", "a", "gone", "x"), "a"},
		{alias("argocd", "api"), "annotated"},
		{alias("other", "web-1"), ""},
		{alias("argocd", "unlisted"), "z"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
	p, _ := u.Plan("argocd", "web-2", nil, true)
	want := map[string]string{Strategy: "semver", AllowTags: "regexp:x", IgnoreTags: "a,b", Platforms: "linux/arm64", HelmName: "n", HelmTag: "t"}
	if got := p.Images[0]; got.Name != "ghcr.io/o/a" || got.Constraint != "~1" || !reflect.DeepEqual(got.Settings, want) {
		t.Errorf("%+v", got)
	}
	if p.Method != "git" || p.Branch != "other" || len(p.Lost) != 3 {
		t.Errorf("%+v", p)
	}
}
