package convert_test

import (
	"bytes"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/imageupdate"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/schema"
)

// updaterSchema is the structure of an ImageUpdater.
var updaterSchema = sync.OnceValues(func() (*schema.Schema, error) {
	data, err := os.ReadFile("testdata/imageupdater.json")
	if err != nil {
		return nil, err
	}
	return schema.Decode(data)
})

// schemaFor returns the schema of what is written.
func schemaFor(t *testing.T, o ledger.Object) (*schema.Schema, bool) {
	t.Helper()
	if o.Kind != "ImageUpdater" {
		return schema.For(o.APIVersion, o.Kind)
	}
	s, err := updaterSchema()
	if err != nil {
		t.Fatal(err)
	}
	return s, true
}

// refused says which rules an ImageUpdater breaks that are in CEL or are those of keyed
// lists (the marks of imageupdater_types.go).
func refused(root *yaml.Node) (problems []string) {
	patterns := map[string]bool{}
	for _, ref := range node.Items(root, "spec", "applicationRefs") {
		images, pattern := node.Items(ref, "images"), node.Text(ref, "namePattern")
		if patterns[pattern] {
			problems = append(problems, "two applicationRefs have one namePattern")
		}
		patterns[pattern] = true
		if !node.True(ref, "useAnnotations") && len(images) == 0 {
			problems = append(problems, "neither images nor useAnnotations")
		}
		aliases := map[string]bool{}
		for _, i := range images {
			if alias := node.Text(i, "alias"); aliases[alias] {
				problems = append(problems, "two images have the alias "+alias)
			}
			aliases[node.Text(i, "alias")] = true
			if targets := node.Get(i, "manifestTargets"); targets != nil && len(targets.Content) != 2 {
				problems = append(problems, "manifestTargets has not exactly one target")
			}
		}
	}
	return problems
}

// TestUpdaterRules: the check itself refuses what the API server does.
func TestUpdaterRules(t *testing.T) {
	const head = "{apiVersion: argocd-image-updater.argoproj.io/v1alpha1, kind: ImageUpdater, metadata: {name: u}, "
	s, err := updaterSchema()
	if err != nil {
		t.Fatal(err)
	}
	for text, ok := range map[string]bool{
		"spec: {applicationRefs: [{namePattern: a, useAnnotations: true}]}}":                                                  true,
		"spec: {applicationRefs: [{namePattern: a, images: [{alias: a, imageName: b, manifestTargets: {helm: {tag: x}}}]}]}}": true,
		"spec: {namespace: argocd, applicationRefs: [{namePattern: a, useAnnotations: true}]}}":                               false,
		"spec: {applicationRefs: []}}":                 false,
		"spec: {applicationRefs: [{namePattern: a}]}}": false,
		"spec: {applicationRefs: [{namePattern: a, useAnnotations: true}, {namePattern: a, useAnnotations: true}]}}":                          false,
		"spec: {applicationRefs: [{namePattern: a, images: [{alias: a, imageName: b}, {alias: a, imageName: c}]}]}}":                          false,
		"spec: {applicationRefs: [{namePattern: a, images: [{alias: '-a', imageName: b}]}]}}":                                                 false,
		"spec: {applicationRefs: [{namePattern: a, images: [{alias: a, imageName: b, manifestTargets: {kustomize: {}}}]}]}}":                  false,
		"spec: {applicationRefs: [{namePattern: a, images: [{alias: a, imageName: b, manifestTargets: {helm: {}, kustomize: {name: a}}}]}]}}": false,
		"spec: {writeBackConfig: {method: push}, applicationRefs: [{namePattern: a, useAnnotations: true}]}}":                                 false,
		"spec: {applicationRefs: [{namePattern: a, images: [{alias: a, imageName: b, commonUpdateSettings: {forceUpdate: 'true'}}]}]}}":       false,
		"spec: {applicationRefs: [{namePattern: a, images: [{alias: a, imageName: b, commonUpdateSettings: {updateStrategies: semver}}]}]}}":  false,
	} {
		root := yaml.MustParse(head + text).YNode()
		if found := len(s.Validate(root)) + len(refused(root)); (found == 0) != ok {
			t.Errorf("%s: %v %v", text, s.Validate(root), refused(root))
		}
	}
}

const updated = `
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
  annotations:
    argocd-image-updater.argoproj.io/image-list: a=ghcr.io/o/a:~1.2, b=ghcr.io/o/b:latest
    argocd-image-updater.argoproj.io/a.update-strategy: semver
    argocd-image-updater.argoproj.io/a.allow-tags: regexp:^v
    argocd-image-updater.argoproj.io/a.ignore-tags: "*-rc?,x"
    argocd-image-updater.argoproj.io/a.kustomize.image-name: a
    argocd-image-updater.argoproj.io/b.update-strategy: digest
    argocd-image-updater.argoproj.io/write-back-method: git
    example.com/other: x
spec:
  project: default
  source:
    repoURL: https://github.com/o/r
    path: app
    targetRevision: main
    kustomize:
      images: ["a=ghcr.io/o/a:1.2.0", "ghcr.io/o/b@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"]
  destination: {server: https://kubernetes.default.svc, namespace: prod}
`

const updaterHead = `---
apiVersion: argocd-image-updater.argoproj.io/v1alpha1
kind: ImageUpdater
metadata: {name: web, namespace: argocd}
spec:
  applicationRefs:
`

const imagePrefix = "argocd-image-updater.argoproj.io/"

// updatersOf returns the ImageUpdaters of a text.
func updatersOf(t *testing.T, data []byte) (all []*imageupdate.Updater) {
	t.Helper()
	for _, root := range parse(t, "input.yaml", data) {
		if node.Text(root, "kind") == "ImageUpdater" {
			all = append(all, imageupdate.ReadUpdater(root))
		}
	}
	return all
}

// TestImageUpdatesComeBack: annotations come back as an ImageUpdater that says the same, or
// as they were.
func TestImageUpdatesComeBack(t *testing.T) {
	want, err := imageupdate.ReadAnnotations(node.At(parse(t, "input.yaml", []byte(updated))[0], "metadata", "annotations"))
	if err != nil {
		t.Fatal(err)
	}
	for _, keep := range []bool{false, true} {
		flux, _ := there(t, []byte(updated), convert.Options{To: convert.ToFlux, Preserve: keep})
		back, _ := there(t, flux, convert.Options{To: convert.ToArgo})
		switch all := updatersOf(t, back); {
		case keep && len(all) > 0 || !keep && len(all) != 1:
			t.Fatalf("preserve %v: %d ImageUpdaters", keep, len(all))
		case !keep:
			got, _ := all[0].Plan("argocd", "web", nil, true)
			for n, i := range want.Images {
				i.Alias, i.Wide, got.Images[n].Wide = []string{"web-a", "web-b"}[n], nil, nil
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%+v came back, want %+v", got, want)
			}
		}
		if bytes.Contains(back, []byte("kind: ImagePolicy")) || bytes.Contains(back, []byte("kind: ImageRepository")) {
			t.Errorf("preserve %v: objects of Flux are left:\n%s", keep, back)
		}
		annotations, none := annotationsOf(t, back, imagePrefix), annotationsOf(t, []byte(updated), imagePrefix)
		if !keep {
			none = nil
		}
		if !slices.Equal(annotations, none) {
			t.Errorf("preserve %v: %q came back, want %q", keep, annotations, none)
		}
	}
}

// TestUpdaterOfTheInput: where an ImageUpdater names the Application there is no other.
func TestUpdaterOfTheInput(t *testing.T) {
	flux, _ := there(t, []byte(updated), convert.Options{To: convert.ToFlux})
	for _, c := range []struct {
		name, refs  string
		annotations int
		updaters    []string
		kept        string
	}{
		{"annotated", "  - {namePattern: w*, useAnnotations: true}\n", 7, []string{"web"}, ""},
		{"the same", `  - namePattern: web
    images:
    - {alias: x, imageName: 'ghcr.io/o/a:~1.2', commonUpdateSettings: {allowTags: 'regexp:^v', ignoreTags: ['*-rc?', x]}}
    - {alias: y, imageName: 'ghcr.io/o/b:latest', commonUpdateSettings: {updateStrategy: digest}}
`, 0, []string{"web"}, ""},
		{"another range", `  - namePattern: web
    images:
    - {alias: x, imageName: 'ghcr.io/o/a:~1.3', commonUpdateSettings: {allowTags: 'regexp:^v', ignoreTags: ['*-rc?', x]}}
    - {alias: y, imageName: 'ghcr.io/o/b:latest', commonUpdateSettings: {updateStrategy: digest}}
`, 0, []string{"web"}, "web-a"},
		{"of others", "  - {namePattern: other, useAnnotations: true}\n", 0, []string{"web-images", "web"}, ""},
	} {
		back, _ := there(t, append(slices.Clone(flux), updaterHead+c.refs...), convert.Options{To: convert.ToArgo})
		if got := annotationsOf(t, back, imagePrefix); len(got) != c.annotations {
			t.Errorf("%s: annotations %q", c.name, got)
		}
		var names []string
		for _, u := range updatersOf(t, back) {
			names = append(names, u.Name)
		}
		if !slices.Equal(names, c.updaters) {
			t.Errorf("%s: ImageUpdaters %q, want %q", c.name, names, c.updaters)
		}
		kept := strings.Contains(string(back), "kind: ImagePolicy\nmetadata:\n  name: "+c.kept)
		if strings.Contains(string(back), "kind: ImagePolicy") != (c.kept != "") || c.kept != "" && !kept {
			t.Errorf("%s: kept is not %q:\n%s", c.name, c.kept, back)
		}
	}
}

// TestPoliciesComeBack: what an ImageUpdater was made of comes back from it. It has no *, and
// says the same by a range.
func TestPoliciesComeBack(t *testing.T) {
	sections := readScenario(t, "testdata/back/image-policies.txtar").Sections
	argo, _ := there(t, []byte(sections["input.yaml"]), convert.Options{To: convert.ToArgo})
	back, _ := there(t, argo, convert.Options{To: convert.ToFlux})
	was, is := specsOf(t, []byte(sections["input.yaml"])), specsOf(t, back)
	for application, policies := range map[string][]string{"web": {"web", "side"}, "chart": {"web", "job", "again"}} {
		for _, policy := range policies {
			if got, want := is[application+"-"+policy], strings.Replace(was[policy], " * ", " >=0.0.0 ", 1); want == "" || got != want {
				t.Errorf("%s of %s is %q, want %q", policy, application, got, want)
			}
		}
	}
}

// specsOf returns what ImagePolicies choose, by their names.
func specsOf(t *testing.T, data []byte) map[string]string {
	t.Helper()
	images, specs := map[string]string{}, map[string]string{}
	roots := parse(t, "input.yaml", data)
	for _, root := range roots {
		if node.Text(root, "kind") == "ImageRepository" {
			images[node.Text(root, "metadata", "name")] = node.Text(root, "spec", "image")
		}
	}
	for _, root := range roots {
		if node.Text(root, "kind") != "ImagePolicy" {
			continue
		}
		spec := node.Get(root, "spec")
		parts := []string{images[node.Text(spec, "imageRepositoryRef", "name")], node.Text(spec, "policy", "semver", "range"), node.Text(spec, "filterTags", "pattern"), node.Text(spec, "digestReflectionPolicy")}
		if node.At(spec, "policy", "alphabetical") != nil {
			parts = append(parts, "alphabetical")
		}
		specs[node.Text(root, "metadata", "name")] = strings.Join(parts, " ")
	}
	return specs
}
