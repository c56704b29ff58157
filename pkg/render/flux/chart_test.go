package flux

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

const chartSources = `---
apiVersion: source.toolkit.fluxcd.io/v1beta2
kind: HelmRepository
metadata: {name: charts, namespace: apps}
spec: {url: https://charts.example.com/, interval: 1m}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmChart
metadata: {name: shop, namespace: apps}
spec: {chart: shop, version: 1.x, interval: 1m, sourceRef: {kind: HelmRepository, name: charts}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: shop, namespace: apps}
spec: {url: oci://registry.example.com/shop, interval: 1m, ref: {tag: 1.4.0}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: Bucket
metadata: {name: files, namespace: apps}
spec: {endpoint: s3.example.com, bucketName: fleet, interval: 1m}
`

// TestChartSources: wherever the chart is from, the same is rendered.
func TestChartSources(t *testing.T) {
	archives := t.TempDir()
	pack(t, fleet+"/charts/shop", filepath.Join(archives, "shop-1.4.0.tgz"))
	pack(t, fleet+"/charts/shop", filepath.Join(archives, "shop-2.0.0.tgz"))
	checkouts := []source.Checkout{
		{URL: "https://charts.example.com", Dir: archives},
		{URL: "oci://registry.example.com/shop", Dir: fleet + "/charts/shop"},
		{URL: "s3.example.com/fleet", Dir: fleet},
	}
	want := index(bare(helm(t, fleet+"/charts/shop", "shop", "-n", "apps", "--include-crds", "--skip-tests")))
	for name, spec := range map[string]string{
		"v2 repository":      "chart: {spec: {chart: shop, version: '>=1.0.0 <2.0.0', sourceRef: {kind: HelmRepository, name: charts}}}",
		"v2beta1 repository": "chart: {spec: {chart: shop, version: 1.4.0, sourceRef: {kind: HelmRepository, name: charts, namespace: apps}}}",
		"v2 chart":           "chartRef: {kind: HelmChart, name: shop}",
		"v2 registry":        "chartRef: {kind: OCIRepository, name: shop}",
		"v2 bucket":          "chart: {spec: {chart: ./charts/shop, sourceRef: {kind: Bucket, name: files}}}",
	} {
		version, _, _ := strings.Cut(name, " ")
		text := fleetSource + chartSources + "---\napiVersion: helm.toolkit.fluxcd.io/" + version + "\nkind: HelmRelease\nmetadata: {name: shop, namespace: apps}\nspec: {interval: 1m, " + spec + "}\n"
		t.Run(name, func(t *testing.T) {
			compare(t, index(bare(rendered(t, text, checkouts...))), want)
		})
	}
}

// pack makes an archive of a chart, as helm package does.
func pack(t *testing.T, dir, to string) {
	t.Helper()
	var b bytes.Buffer
	zipped := gzip.NewWriter(&b)
	w := tar.NewWriter(zipped)
	root := os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		if err := w.WriteHeader(&tar.Header{Name: filepath.Base(dir) + "/" + name, Mode: 0o644, Size: int64(len(data))}); err != nil {
			return err
		}
		_, err = w.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestDependencies: subcharts that charts/ lacks come from the tree, or from their
// repository; what is ignored is not there.
func TestDependencies(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"app/Chart.yaml":              "apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n- {name: lib, version: 1.x, repository: file://../lib}\n- {name: cache, version: 0.3.x, repository: https://charts.example.com}\n",
		"app/.helmignore":             "templates/ignored.yaml\n",
		"app/templates/ignored.yaml":  "{{ fail \"it is ignored\" }}\n",
		".sourceignore":               "app/templates/left-out.yaml\n",
		"app/templates/left-out.yaml": "{{ fail \"it is not in the artifact\" }}\n",
		"lib/Chart.yaml":              "apiVersion: v2\nname: lib\nversion: 1.2.3\n",
		"lib/templates/map.yaml":      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}-{{ .Chart.Version }}}\n",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text := fleetSource + strings.Replace(release, "./charts/shop", "app", 1)
	checkouts := []source.Checkout{{URL: fleetURL, Dir: root}, {URL: "https://charts.example.com", Dir: fleet + "/charts/shop/charts"}}
	got := index(rendered(t, text, checkouts...))
	for _, key := range []string{"v1 ConfigMap apps/shop-1.2.3", "apps/v1 StatefulSet apps/shop-cache"} {
		if got[key] == nil {
			t.Errorf("%s is missing", key)
		}
	}
	if apps := renderAll(t, text, checkouts[0]); apps[0].Err == nil || !strings.Contains(apps[0].Err.Error(), "dependency cache") {
		t.Errorf("a missing repository: %v", apps[0].Err)
	}
}

// TestRewritten: all that helm-controller applies goes through kustomize, to which the
// words of YAML 1.1 are texts.
func TestRewritten(t *testing.T) {
	root := t.TempDir()
	pairs := map[string]string{
		"Chart.yaml":       "apiVersion: v2\nname: app\nversion: 1.0.0\n",
		"templates/m.yaml": "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: t}\nspec: {word: yes, real: true, number: 010, big: 12345678901234567890, text: '1'}\n",
	}
	for name, text := range pairs {
		path := filepath.Join(root, "app", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got := rendered(t, fleetSource+strings.Replace(release, "./charts/shop", "app", 1), source.Checkout{URL: fleetURL, Dir: root})
	data, err := manifest.Encode(got[0].Object["spec"].(map[string]any))
	if err != nil {
		t.Fatal(err)
	}
	t.Log(string(data))
	if !strings.Contains(string(data), "word: \"yes\"") || !strings.Contains(string(data), "real: true") {
		t.Errorf("got %s", data)
	}
}
