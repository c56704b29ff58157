package content_test

import (
	"context"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/content"
)

// rendered are the Applications of pkg/render's fixtures and the Flux objects of
// testdata/flux.yaml, by name, as far as they render.
func rendered(t testing.TB) (argo, flux map[string]content.Side) {
	t.Helper()
	repos := "../../render/testdata/repos"
	sources := &source.Sources{Offline: true}
	names, err := os.ReadDir(repos)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range names {
		sources.Checkouts = append(sources.Checkouts, source.Checkout{URL: "https://example.com/" + d.Name(), Dir: filepath.Join(repos, d.Name())})
	}
	for url, name := range map[string]string{
		"https://charts.example.com": "charts/web", "registry.example.com/charts": "charts/web", "oci://oci.example.com/charts": "charts",
	} {
		sources.Checkouts = append(sources.Checkouts, source.Checkout{URL: url, Dir: filepath.Join(repos, name)})
	}
	files, err := filepath.Glob("../../render/argocd/testdata/apps/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var inputs []render.Input
	for _, file := range append(files, "testdata/flux.yaml") {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		inputs = append(inputs, render.Input{Name: file, Data: data})
	}
	argo, flux = map[string]content.Side{}, map[string]content.Side{}
	for app := range render.New(inputs, render.Options{Sources: sources, KubeVersion: "1.33.4"}).Apps(context.Background()) {
		side := content.Side{Tool: content.ArgoCD, Objects: app.Objects, Omitted: app.Left}
		all := argo
		if app.Kind != "Application" {
			side.Tool, all = content.Flux, flux
			if app.Err != nil {
				t.Fatalf("%s: %v", app.Name, app.Err)
			}
		}
		if app.Err == nil {
			all[app.Name] = side
		}
	}
	const least = 100
	if len(argo) < least || len(flux) == 0 {
		t.Fatalf("only %d and %d apps render", len(argo), len(flux))
	}
	return argo, flux
}

// TestSelf: what is rendered is equal to itself, also in another order.
func TestSelf(t *testing.T) {
	argo, flux := rendered(t)
	objects := 0
	for _, sides := range []map[string]content.Side{argo, flux} {
		for name, side := range sides {
			objects += len(side.Objects)
			turned := side
			turned.Objects = slices.Clone(side.Objects)
			slices.Reverse(turned.Objects)
			if result := content.Compare(side, turned); !result.Equal() {
				t.Errorf("%s: %+v", name, result.Differences)
			}
		}
	}
	t.Logf("%d objects of %d Applications and %d Flux objects", objects, len(argo), len(flux))
}

var update = flag.Bool("update", false, "write the expected text anew")

// TestTools compares the Applications of a repository with what a person would write for
// Flux. Only what the tools do differently is different.
func TestTools(t *testing.T) {
	argo, flux := rendered(t)
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(flux)) {
		left, ok := argo[name]
		if !ok {
			t.Fatalf("no Application %s", name)
		}
		b.WriteString("== " + name + "\n")
		result := content.Compare(left, flux[name])
		if err := content.Write(&b, result, left.Tool, flux[name].Tool); err != nil {
			t.Fatal(err)
		}
	}
	const golden = "testdata/tools.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func clone(side content.Side) content.Side {
	objects := make([]manifest.Object, len(side.Objects))
	for i, o := range side.Objects {
		o.Unstructured = *o.DeepCopy()
		objects[i] = o
	}
	side.Objects = objects
	return side
}
