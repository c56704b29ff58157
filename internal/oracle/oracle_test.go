package oracle

import (
	"bytes"
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/sirupsen/logrus"
	"k8s.io/apimachinery/pkg/util/yaml"
)

var update = flag.Bool("update", false, "write the goldens")

const (
	repos   = "../../pkg/render/testdata/repos"
	apps    = "../../pkg/render/argocd/testdata/apps"
	goldens = "../../pkg/render/argocd/testdata/goldens"
)

func TestGoldens(t *testing.T) {
	logrus.SetOutput(io.Discard)
	if err := installTools(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(apps, "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no Applications in %s: %v", apps, err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		for _, app := range applications(t, file) {
			if seen[app.Name] {
				t.Fatalf("two Applications are called %s", app.Name)
			}
			seen[app.Name] = true
			t.Run(app.Name, func(t *testing.T) { check(t, app) })
		}
	}
	t.Logf("%d Applications", len(seen))
	files, err = filepath.Glob(filepath.Join(goldens, "*.yaml"))
	if err != nil || len(files) != len(seen) {
		t.Errorf("%d goldens of %d Applications (%v): remove those of none", len(files), len(seen), err)
	}
}

func check(t *testing.T, app *v1alpha1.Application) {
	dir, err := copyOf(repos, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	got, err := (&renderer{repos: dir, app: app}).render(context.Background()).text()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(goldens, app.Name+".yaml")
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("Argo CD renders\n%s\nand not what %s says; if that is right: make oracle ARGS=-update", got, file)
	}
}

func applications(t *testing.T, file string) (all []*v1alpha1.Application) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	decoder := yaml.NewYAMLOrJSONDecoder(f, 4096)
	for {
		app := &v1alpha1.Application{}
		switch err := decoder.Decode(app); err {
		case nil:
			all = append(all, app)
		case io.EOF:
			return all
		default:
			t.Fatalf("%s: %v", file, err)
		}
	}
}
