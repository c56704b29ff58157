package render

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

const benchURL = "https://git.example.com/bench"

// write makes a file of a tree.
func write(t testing.TB, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

const gitSource = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: bench, namespace: flux-system}
spec: {url: ` + benchURL + `, ref: {branch: main}}
`

// small is a manifest of a small app.
const small = `apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec:
  replicas: 1
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec:
      containers:
      - {name: app, image: registry.example.com/app:1.0.0, ports: [{containerPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: app}
spec: {selector: {app: app}, ports: [{port: 80}]}
`

// kustomizations makes n small kustomizations and the objects that deploy them.
func kustomizations(t testing.TB, dir string, n int) string {
	var in strings.Builder
	in.WriteString(gitSource)
	for i := range n {
		app := fmt.Sprintf("app-%d", i)
		write(t, dir, app+"/kustomization.yaml", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamePrefix: "+app+"-\nresources: [app.yaml]\n")
		write(t, dir, app+"/app.yaml", small)
		fmt.Fprintf(&in, `---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: %s, namespace: flux-system}
spec: {sourceRef: {kind: GitRepository, name: bench}, path: ./%[1]s, prune: true, targetNamespace: apps}
`, app)
	}
	return in.String()
}

// releases makes a chart like that of `helm create`, and n releases of it.
func releases(t testing.TB, dir string, n int) string {
	write(t, dir, "chart/Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.0.0\n")
	write(t, dir, "chart/values.yaml", "replicas: 1\nimage: {repository: registry.example.com/app, tag: 1.0.0}\nservice: {port: 80}\n")
	write(t, dir, "chart/templates/_helpers.tpl", `{{- define "app.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}
`)
	write(t, dir, "chart/templates/deployment.yaml", `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  labels: {{- include "app.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {{- include "app.labels" . | nindent 6 }}
  template:
    metadata:
      labels: {{- include "app.labels" . | nindent 8 }}
    spec:
      containers:
        - name: app
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          ports: [{containerPort: {{ .Values.service.port }}}]
`)
	write(t, dir, "chart/templates/service.yaml", `apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}
  labels: {{- include "app.labels" . | nindent 4 }}
spec:
  selector: {{- include "app.labels" . | nindent 4 }}
  ports: [{port: {{ .Values.service.port }}}]
`)
	var in strings.Builder
	in.WriteString(gitSource)
	for i := range n {
		fmt.Fprintf(&in, `---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: app-%d, namespace: apps}
spec:
  interval: 1m
  values: {replicas: %[1]d}
  chart: {spec: {chart: ./chart, sourceRef: {kind: GitRepository, name: bench, namespace: flux-system}}}
`, i)
	}
	return in.String()
}

// renderBench renders everything and counts the objects.
func renderBench(t testing.TB, dir, in string) (objects int) {
	t.Helper()
	run := New([]Input{{Name: "in.yaml", Data: []byte(in)}}, Options{
		Sources: &source.Sources{Offline: true, Checkouts: []source.Checkout{{URL: benchURL, Dir: dir}}},
	})
	for app := range run.Apps(context.Background()) {
		if app.Err != nil {
			t.Fatal(app.Err)
		}
		objects += len(app.Objects)
	}
	return objects
}

func BenchmarkKustomizations(b *testing.B) { benchmark(b, kustomizations) }
func BenchmarkReleases(b *testing.B)       { benchmark(b, releases) }

func benchmark(b *testing.B, make func(testing.TB, string, int) string) {
	const n = 1000
	dir := b.TempDir()
	in := make(b, dir, n)
	for b.Loop() {
		if got := renderBench(b, dir, in); got != 2*n {
			b.Fatalf("%d objects", got)
		}
	}
}
