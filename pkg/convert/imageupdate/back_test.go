package imageupdate

import (
	"reflect"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"
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
		{Namespace: "ns", Name: "a", Part: TagPart, Path: []string{"a", "tag"}, Beside: []Setting{{"repository", "ghcr.io/o/a"}, {"tag", "1"}}},
		{Namespace: "ns", Name: "b", Path: []string{"image"}, Beside: []Setting{{"image", "ghcr.io/o/b:1"}, {"other", "x"}}},
		{Namespace: "ns", Name: "web", Part: TagPart, Path: []string{"newTag"}, Item: "web"},
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
	const plain = "{metadata: {namespace: ns}, spec: {image: ghcr.io/o/a}}"
	for _, c := range []struct{ policy, repository, item, settings, why string }{
		{"{policy: {semver: {range: '>=1.0, <2'}}}", plain, "a=ghcr.io/o/a:>=1.0 <2", "a.update-strategy=semver", ""},
		{"{policy: {semver: {range: '*'}}, filterTags: {pattern: ^v}}", plain, "a=ghcr.io/o/a", "a.update-strategy=semver a.allow-tags=regexp:^v", ""},
		{"{policy: {alphabetical: {order: asc}}}", "{metadata: {namespace: ns}, spec: {image: i, secretRef: {name: s}}}", "a=i", "a.update-strategy=alphabetical a.pull-secret=pullsecret:ns/s", ""},
		{`{policy: {alphabetical: {}}, filterTags: {pattern: '^v1\.2$'}, digestReflectionPolicy: Always}`, plain, "a=ghcr.io/o/a:v1.2", "a.update-strategy=digest", ""},
		{"{policy: {alphabetical: {}}, filterTags: {pattern: ^v1.2$}, digestReflectionPolicy: Always}", plain, "", "", "digest"},
		{"{policy: {semver: {range: 1.x}}, digestReflectionPolicy: IfNotPresent}", plain, "", "", "digestReflectionPolicy"},
		{"{policy: {numerical: {order: asc}}}", plain, "", "", "numbers"},
		{"{policy: {alphabetical: {order: desc}}}", plain, "", "", "the first"},
		{"{policy: {alphabetical: {}}, filterTags: {pattern: 'a(.*)', extract: $1}}", plain, "", "", "a part of them"},
		{"{policy: {semver: {range: 1.x}}, suspend: true}", plain, "", "", "suspended"},
		{"{policy: {semver: {range: 1.x}}}", "{spec: {image: i, exclusionList: [^a]}}", "", "", "globs"},
		{"{policy: {semver: {range: 1.x}}}", "{spec: {}}", "", "", "names no image"},
	} {
		item, settings, why := FromPolicy(yaml.MustParse("spec: "+c.policy).YNode(), yaml.MustParse(c.repository).YNode(), "a")
		var texts []string
		for _, s := range settings {
			texts = append(texts, s.Key+"="+s.Value)
		}
		if (why == "") != (c.why == "") || !strings.Contains(why, c.why) {
			t.Errorf("%s: %q, want %q", c.policy, why, c.why)
		}
		if why == "" && (item != c.item || strings.Join(texts, " ") != c.settings) {
			t.Errorf("%s: %s %q, want %s %q", c.policy, item, texts, c.item, c.settings)
		}
	}
}
