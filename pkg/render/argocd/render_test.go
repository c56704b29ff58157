package argocd_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/chart"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/cluster"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/env"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

// parse reads Applications as the renderer does.
func parse(t *testing.T, file, data string) (apps []*manifest.App) {
	t.Helper()
	docs, err := document.Split(file, []byte(data))
	if err != nil {
		t.Fatal(err)
	}
	for i := range docs {
		root, err := docs[i].Parse()
		if err != nil {
			t.Fatal(err)
		}
		id := ledger.Object{APIVersion: "argoproj.io/v1alpha1", Kind: "Application", Namespace: "argocd", Name: node.Text(root, "metadata", "name")}
		apps = append(apps, &manifest.App{Object: id, Root: root, File: file, Line: docs[i].Line})
	}
	return apps
}

func renderTree(t *testing.T, files map[string]string, spec string) *manifest.App {
	t.Helper()
	return renderDir(t, writeTree(t, files), spec)
}

func writeTree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// renderDir renders an Application whose source is dir, with what spec adds to it. More
// documents after it are other objects of the input.
func renderDir(t *testing.T, dir, spec string) *manifest.App {
	t.Helper()
	docs := parse(t, "app.yaml", `
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: app, namespace: argocd}
spec:
  destination: {namespace: prod}
  source:
    repoURL: https://example.com/tree
    `+spec)
	objects := cluster.NewObjects()
	for _, doc := range docs[1:] {
		objects.Add(&cluster.Object{Ref: flux.ObjectRef(doc.Root, "default"), Root: doc.Root})
	}
	argocd.Render(context.Background(), &env.Env{
		Sources: &source.Sources{Offline: true, Checkouts: []source.Checkout{{URL: "https://example.com/tree", Dir: dir}}},
		Charts:  chart.NewEngine(),
		Objects: objects,
		Scratch: t.TempDir(),
	}, docs[0])
	return docs[0]
}

func names(app *manifest.App) string {
	var all []string
	for i := range app.Objects {
		all = append(all, app.Objects[i].GetName())
	}
	return strings.Join(all, " ")
}

// render renders an Application of the fixtures.
func render(t *testing.T, app *manifest.App) {
	t.Helper()
	argocd.Render(context.Background(), fixtures(t), app)
}
