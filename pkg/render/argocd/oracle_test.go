package argocd_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/chart"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/cluster"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/env"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

// A golden is what Argo CD itself makes of an Application. internal/oracle writes it.
type golden struct {
	Error    string
	Repeated []string
	Withheld []string
	Objects  []struct {
		Phases   []string
		Manifest json.RawMessage
	}
}

// TestOracle holds what is rendered, object by object, against what Argo CD's own code
// renders of the same fixtures.
func TestOracle(t *testing.T) {
	var apps, objects, failed int
	for _, app := range applications(t, "testdata/apps/*.yaml") {
		apps++
		t.Run(app.Name, func(t *testing.T) {
			want := readGolden(t, app.Name)
			argocd.Render(context.Background(), fixtures(t), app)
			if (app.Err != nil) != (want.Error != "") {
				t.Fatalf("error %v\nand Argo CD says %q", app.Err, want.Error)
			}
			if want.Error != "" {
				failed++
				t.Log(app.Err)
				return
			}
			objects += len(want.Objects)
			compare(t, app, want)
		})
	}
	t.Logf("%d Applications: %d objects are those of Argo CD, %d Applications fail as there", apps, objects, failed)
}

func compare(t *testing.T, app *manifest.App, want golden) {
	var got, expected []string
	for i := range app.Objects {
		data, err := json.Marshal(app.Objects[i].Object)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, text(t, data))
		if app.Objects[i].Origin.Source == "" {
			t.Errorf("%s: no origin", app.Objects[i].ID())
		}
	}
	hooks := 0
	for _, o := range want.Objects {
		expected = append(expected, text(t, o.Manifest))
		if len(o.Phases) > 0 {
			hooks++
		}
	}
	slices.Sort(got)
	slices.Sort(expected)
	for _, o := range got {
		if !slices.Contains(expected, o) {
			t.Errorf("Argo CD does not render\n%s", o)
		}
	}
	for _, o := range expected {
		if !slices.Contains(got, o) {
			t.Errorf("lacks what Argo CD renders\n%s", o)
		}
	}
	if len(got) != len(expected) {
		t.Errorf("%d objects, and Argo CD renders %d", len(got), len(expected))
	}
	count(t, app, "repeated-object", len(want.Repeated))
	count(t, app, "hook-not-applied", len(want.Withheld))
	marked := slices.DeleteFunc(slices.Clone(app.Objects), func(o manifest.Object) bool { return o.Part != manifest.Hook })
	if len(marked) != hooks {
		t.Errorf("%d hooks, and Argo CD sees %d", len(marked), hooks)
	}
}

// count checks how many findings of an ID there are.
func count(t *testing.T, app *manifest.App, id string, want int) {
	t.Helper()
	n := 0
	for _, f := range app.Findings {
		if f.ID == id {
			n++
		}
	}
	if n != want {
		t.Errorf("%d findings %s, want %d: %v", n, id, want, app.Findings)
	}
}

// text writes an object so that equal ones are equal texts.
func text(t *testing.T, data []byte) string {
	t.Helper()
	var u unstructured.Unstructured
	if err := u.UnmarshalJSON(data); err != nil {
		t.Fatal(err)
	}
	data, err := yaml.Marshal(u.Object)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func readGolden(t *testing.T, name string) (g golden) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata/goldens", name+".yaml"))
	if err != nil {
		t.Fatalf("%v: make oracle ARGS=-update", err)
	}
	if err := yaml.Unmarshal(data, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

// applications reads files of Applications.
func applications(t *testing.T, pattern string) (apps []*manifest.App) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no Applications: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		apps = append(apps, parse(t, file, string(data))...)
	}
	return apps
}

// fixtures are the repositories of pkg/render/testdata, as the oracle maps them.
func fixtures(t *testing.T) *env.Env {
	t.Helper()
	repos, err := filepath.Abs("../testdata/repos")
	if err != nil {
		t.Fatal(err)
	}
	sources := &source.Sources{Offline: true}
	for _, name := range []string{"charts", "fleet", "hooks", "jsonnet", "kustomize", "mixed", "odd", "plain", "values"} {
		sources.Checkouts = append(sources.Checkouts, source.Checkout{URL: "https://example.com/" + name, Dir: filepath.Join(repos, name)})
	}
	for url, name := range map[string]string{
		"https://charts.example.com":   "charts/web",
		"registry.example.com/charts":  "charts/web",
		"oci://oci.example.com/charts": "charts",
	} {
		sources.Checkouts = append(sources.Checkouts, source.Checkout{URL: url, Dir: filepath.Join(repos, name)})
	}
	return &env.Env{Sources: sources, Charts: chart.NewEngine(), Objects: cluster.NewObjects(), KubeVersion: kubeVersion}
}

// kubeVersion is that of the cluster that the oracle renders for.
const kubeVersion = "1.33.4"
