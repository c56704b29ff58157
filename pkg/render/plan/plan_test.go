package plan_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/cluster"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/plan"
)

var update = flag.Bool("update", false, "write what the plans are into testdata")

// TestPlans plans what each file of testdata holds: owners, each followed by the
// objects that it renders to, in the files NAME.yaml and NAME.objects.yaml. AppProjects
// are in projects.yaml.
func TestPlans(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			b, apps := planned(t, archive)
			compare(t, file, archive, b.Plan(), apps)
		})
	}
}

// planned adds the apps of an archive to a plan.
func planned(t *testing.T, archive *txtar.Archive) (*plan.Builder, []*manifest.App) {
	t.Helper()
	objects := cluster.NewObjects()
	var apps []*manifest.App
	for _, f := range archive.Files {
		switch {
		case strings.HasPrefix(f.Name, "want/") || strings.HasSuffix(f.Name, ".objects.yaml"):
		case f.Name == "projects.yaml":
			for _, text := range documents(f.Data) {
				addObject(t, objects, f.Name, text)
			}
		default:
			root := addObject(t, objects, f.Name, f.Data)
			apps = append(apps, app(t, root, f.Name, find(archive, strings.TrimSuffix(f.Name, ".yaml")+".objects.yaml")))
		}
	}
	b := plan.NewBuilder(objects)
	for _, a := range apps {
		b.Add(a)
	}
	return b, apps
}

// written writes the plan of an archive as a directory.
func written(t *testing.T, archive *txtar.Archive, dir string) {
	t.Helper()
	b, apps := planned(t, archive)
	d, err := plan.NewDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for _, a := range apps {
		if err := d.Add(a, b.Stages(a)); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Finish(b.Plan()); err != nil {
		t.Fatal(err)
	}
}

func find(archive *txtar.Archive, name string) []byte {
	for _, f := range archive.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

func documents(data []byte) [][]byte { return bytes.Split(data, []byte("\n---\n")) }

func addObject(t *testing.T, objects *cluster.Objects, name string, data []byte) *yaml.Node {
	t.Helper()
	root, err := yaml.Parse(string(data))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	objects.Add(&cluster.Object{Ref: flux.ObjectRef(root.YNode(), ""), Root: root.YNode(), File: name, Line: 1})
	return root.YNode()
}

// app is an app as the renderers leave it. A file without objects is one that failed.
func app(t *testing.T, root *yaml.Node, name string, objects []byte) *manifest.App {
	t.Helper()
	a := &manifest.App{Root: root, File: name, Line: 1, Object: ledger.Object{
		APIVersion: node.Text(root, "apiVersion"), Kind: node.Text(root, "kind"),
		Namespace: node.Text(root, "metadata", "namespace"), Name: node.Text(root, "metadata", "name"),
	}}
	for _, keys := range [][]string{{"spec", "destination", "namespace"}, {"spec", "targetNamespace"}, {"metadata", "namespace"}} {
		if a.Target = node.Text(root, keys...); a.Target != "" {
			break
		}
	}
	if objects == nil {
		a.Err = errors.New("not rendered")
		return a
	}
	for _, text := range documents(objects) {
		made, err := manifest.Decode(text, manifest.Origin{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for i := range made {
			if a.Kind == "HelmRelease" && made[i].GetKind() == "CustomResourceDefinition" {
				made[i].Part = manifest.CRD
			}
		}
		a.Objects = append(a.Objects, made...)
	}
	manifest.Sort(a.Objects)
	leave(a)
	return a
}

// leave moves what the tools do not apply where the renderers put it.
func leave(a *manifest.App) {
	a.Objects = slices.DeleteFunc(a.Objects, func(o manifest.Object) bool {
		notes := o.GetAnnotations()
		left := notes["kustomize.toolkit.fluxcd.io/ssa"] == "Ignore" || slices.Contains([]string{"Skip", "PostDelete"}, notes["argocd.argoproj.io/hook"])
		if left {
			a.Left = append(a.Left, o)
		}
		return left
	})
}

// compare holds the plan, its script and the findings against the archive's.
func compare(t *testing.T, file string, archive *txtar.Archive, p *plan.Plan, apps []*manifest.App) {
	t.Helper()
	text, err := p.YAML()
	if err != nil {
		t.Fatal(err)
	}
	_, script, _ := bytes.Cut(p.Script(), []byte("trap finish EXIT\n"))
	var findings bytes.Buffer
	for _, a := range apps {
		for _, e := range a.Findings {
			fmt.Fprintf(&findings, "%s:%d %s %s %s: %s\n", e.From.File, e.From.Line, e.ID, e.Fidelity, e.From.Path, e.Note)
		}
	}
	want := []txtar.File{{Name: "want/plan.yaml", Data: text}, {Name: "want/apply.sh", Data: script}, {Name: "want/findings", Data: findings.Bytes()}}
	if *update {
		archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return strings.HasPrefix(f.Name, "want/") })
		archive.Files = append(archive.Files, want...)
		if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	for _, w := range want {
		if got := string(w.Data); got != string(find(archive, w.Name)) {
			t.Errorf("%s is\n%s\nwant\n%s", w.Name, got, find(archive, w.Name))
		}
	}
}
