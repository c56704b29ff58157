package imageupdate

import (
	"reflect"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

const markedValues = `
spec:
  images:
  - name: web
    newTag: "1" # {"$imagepolicy": "ns:web:tag"}
  values:
    a:
      repository: ghcr.io/o/a
      tag: "1" # {"$imagepolicy": "ns:a:tag"}
    image: ghcr.io/o/b:1 # {"$imagepolicy":"ns:b"}
    other: x # $imagepolicy of nothing
    list:
    - c:1 # {"$imagepolicy": "ns:c"}
`

func TestFindMarks(t *testing.T) {
	got := FindMarks(yaml.MustParse(markedValues).YNode())
	want := []Mark{
		{Namespace: "ns", Name: "a", Part: TagPart, Path: []string{"a", "tag"}, Beside: map[string]string{"repository": "ghcr.io/o/a", "tag": "1"}},
		{Namespace: "ns", Name: "b", Path: []string{"image"}, Beside: map[string]string{"image": "ghcr.io/o/b:1", "other": "x"}},
		{Namespace: "ns", Name: "web", Part: TagPart, Path: []string{"newTag"}, Item: "web", Beside: map[string]string{"name": "web", "newTag": "1"}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	counts := Marks([]byte(markedValues))
	if !reflect.DeepEqual(counts, map[string]int{"ns/web": 1, "ns/a": 1, "ns/b": 1, "ns/c": 1}) {
		t.Errorf("%v", counts)
	}
}

func TestFromPolicy(t *testing.T) {
	const plain = "{spec: {image: ghcr.io/o/a}}"
	for _, c := range []struct {
		policy, repository string
		constraint         string
		settings           map[string]string
		why                string
	}{
		{"{policy: {semver: {range: '>=1.0, <2'}}}", plain, ">=1.0, <2", map[string]string{Strategy: "semver"}, ""},
		{"{policy: {semver: {range: '>=0.0.0-0'}}}", plain, "", map[string]string{Strategy: "semver"}, ""},
		{"{policy: {semver: {range: 1.x}}}", "{spec: {image: docker.io/library/i}}", "1.x", map[string]string{Strategy: "semver"}, ""},
		{"{policy: {semver: {range: ~1}}}", "{spec: {image: docker.io/library/i}}", "", nil, "docker.io/library"},
		{"{policy: {semver: {range: '*'}}, filterTags: {pattern: ^v}}", plain, ">=0.0.0", map[string]string{Strategy: "semver", AllowTags: "regexp:^v"}, ""},
		{"{policy: {alphabetical: {order: asc}}}", "{spec: {image: i, secretRef: {name: s}}}", "", map[string]string{Strategy: "alphabetical", PullSecret: "pullsecret:ns/s"}, ""},
		{`{policy: {alphabetical: {}}, filterTags: {pattern: '^v1\.2$'}, digestReflectionPolicy: Always}`, plain, "v1.2", map[string]string{Strategy: "digest"}, ""},
		{"{policy: {semver: {range: 1.x}}}", `{spec: {image: i, exclusionList: ['^.*\.sig$', '^a.*$', '^b.[0-9]\*\.c$']}}`, "1.x", map[string]string{Strategy: "semver", IgnoreTags: `a*,b?[0-9]\*.c`}, ""},
		{"{policy: {alphabetical: {}}, filterTags: {pattern: ^v1.2$}, digestReflectionPolicy: Always}", plain, "", nil, "digest"},
		{"{policy: {semver: {range: 1.x}}, digestReflectionPolicy: IfNotPresent}", plain, "", nil, "digestReflectionPolicy"},
		{"{policy: {numerical: {order: asc}}}", plain, "", nil, "numbers"},
		{"{policy: {alphabetical: {order: desc}}}", plain, "", nil, "the first"},
		{"{policy: {alphabetical: {}}, filterTags: {pattern: 'a(.*)', extract: $1}}", plain, "", nil, "a part of them"},
		{"{policy: {semver: {range: 1.x}}, suspend: true}", plain, "", nil, "suspended"},
		{"{policy: {semver: {range: 1.x}}}", "{spec: {image: i, exclusionList: [^a]}}", "", nil, "no glob"},
		{"{policy: {semver: {range: 1.x}}}", "{spec: {image: i, exclusionList: [^a+$]}}", "", nil, "no glob"},
		{"{policy: {semver: {range: 1.x}}}", "{spec: {image: i, exclusionList: ['^a,b$']}}", "", nil, "no glob"},
		{"{policy: {semver: {range: 1.x}}}", "{spec: {image: 'registry:5000/i'}}", "1.x", map[string]string{Strategy: "semver"}, ""},
		{"{policy: {semver: {range: ~1}}}", "{spec: {image: 'registry:5000/i'}}", "", nil, "no dot"},
		{"{policy: {semver: {range: ~1}}}", "{spec: {image: localhost/i}}", "", nil, "no dot"},
		{"{policy: {semver: {range: ~1}}}", "{spec: {image: 'ghcr.io:443/i'}}", "~1", map[string]string{Strategy: "semver"}, ""},
		{"{policy: {semver: {range: 1.x}}}", "{spec: {}}", "", nil, "names no image"},
	} {
		repository := yaml.MustParse(c.repository).YNode()
		got, why := FromPolicy(yaml.MustParse("spec: "+c.policy).YNode(), repository, "ns", "a")
		if (why == "") != (c.why == "") || !strings.Contains(why, c.why) {
			t.Errorf("%s: %q, want %q", c.policy, why, c.why)
		}
		want := &Image{Alias: "a", Name: node.Text(repository, "spec", "image"), Constraint: c.constraint, Settings: c.settings}
		if why == "" && !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", c.policy, got, want)
		}
	}
	if _, why := FromPolicy(yaml.MustParse("spec: {policy: {semver: {range: 1.x}}}").YNode(), yaml.MustParse("{spec: {image: i, secretRef: {name: s}}}").YNode(), "", "a"); !strings.Contains(why, "metadata.namespace") {
		t.Errorf("a Secret of an unknown namespace: %q", why)
	}
}

func TestSame(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"nginx", "docker.io/library/nginx", true}, {"o/a", "index.docker.io/o/a", true}, {"ghcr.io/o/a", "o/a", false}, {"library/a", "a", true},
	} {
		if Same(c.a, c.b) != c.same {
			t.Errorf("%s and %s: %v", c.a, c.b, !c.same)
		}
	}
}
