package main

import (
	"os"
	"slices"
	"strings"
	"testing"
	"text/template"

	"sigs.k8s.io/yaml"
)

// A release is what .goreleaser.yaml says of the archives.
type release struct {
	Builds []struct {
		ID, Main, Binary string
		Goos, Goarch     []string
		Env              []string
	}
	Archives []struct {
		ID            string
		Ids           []string
		Formats       []string
		NameTemplate  string `json:"name_template"`
		WrapDirectory bool   `json:"wrap_in_directory"`
		Files         []struct{ Src string }
	}
}

// TestReleaseArchives: goreleaser makes the archives that the manifest names. Whether its
// file is valid says `make release-check`, and the workflow of each pull request.
func TestReleaseArchives(t *testing.T) {
	text, err := os.ReadFile("../.goreleaser.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var r release
	if err := yaml.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Builds) != 2 || len(r.Archives) != 2 {
		t.Fatalf("%d builds and %d archives", len(r.Builds), len(r.Archives))
	}
	build, archive := r.Builds[0], r.Archives[0]
	if build.Main != "./cmd/kubectl-gitops" || build.Binary != "kubectl-gitops" || !slices.Equal(build.Env, []string{"CGO_ENABLED=0"}) ||
		!slices.Equal(archive.Ids, []string{build.ID}) || !slices.Equal(archive.Formats, []string{"tar.gz"}) ||
		archive.WrapDirectory || len(archive.Files) != 1 || archive.Files[0].Src != "LICENSE" {
		t.Errorf("the plugin is built as %+v\nand archived as %+v", build, archive)
	}
	name := template.Must(template.New("").Parse(archive.NameTemplate))
	var names []string
	for _, system := range build.Goos {
		for _, arch := range build.Goarch {
			var b strings.Builder
			if err := name.Execute(&b, map[string]string{"Os": system, "Arch": arch}); err != nil {
				t.Fatal(err)
			}
			names = append(names, b.String()+".tar.gz")
		}
	}
	var want []string
	for _, p := range platforms() {
		want = append(want, p.archive())
	}
	if !slices.Equal(names, want) {
		t.Errorf("goreleaser makes %q, the manifest names %q", names, want)
	}
}
