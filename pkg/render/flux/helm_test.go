package flux

import (
	"bytes"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/internal/tool"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

const release = `---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: shop, namespace: apps}
spec:
  interval: 1m
  chart:
    spec:
      chart: ./charts/shop
      sourceRef: {kind: GitRepository, name: fleet, namespace: flux-system}
`

// TestHelm compares with `helm template`.
func TestHelm(t *testing.T) {
	for name, c := range map[string]struct {
		spec string // of the release
		args []string
	}{
		"plain":       {"", []string{"shop", "-n", "apps", "--include-crds", "--skip-tests"}},
		"named":       {"  releaseName: other\n  targetNamespace: to\n", []string{"other", "-n", "to", "--include-crds", "--skip-tests"}},
		"target":      {"  targetNamespace: to\n", []string{"to-shop", "-n", "to", "--include-crds", "--skip-tests"}},
		"values":      {"  values: {replicas: 7, hosts: [a.example.com, b.example.com], cache: {enabled: false}, sessions: {enabled: true}}\n", []string{"shop", "-n", "apps", "--include-crds", "--skip-tests", "--set", "replicas=7,hosts={a.example.com,b.example.com},cache.enabled=false,sessions.enabled=true"}},
		"large":       {"  values: {replicas: 98765432109876}\n", []string{"shop", "-n", "apps", "--include-crds", "--skip-tests", "--set-json", "replicas=98765432109876"}},
		"no crds":     {"  install: {crds: Skip}\n", []string{"shop", "-n", "apps", "--skip-tests"}},
		"old no crds": {"  install: {skipCRDs: true}\n", []string{"shop", "-n", "apps", "--skip-tests"}},
		"no hooks":    {"  install: {disableHooks: true}\n", []string{"shop", "-n", "apps", "--include-crds", "--skip-tests", "--no-hooks"}},
		"tests":       {"  test: {enable: true}\n", []string{"shop", "-n", "apps", "--include-crds"}},
		"values from": {"  valuesFrom: [{kind: ConfigMap, name: values}, {kind: Secret, name: values, valuesKey: own}, {kind: ConfigMap, name: none, optional: true}]\n  values: {replicas: 4}\n", []string{"shop", "-n", "apps", "--include-crds", "--skip-tests", "--set", "hosts={map.example.com},image.tag=s,replicas=4"}},
		"target path": {"  valuesFrom: [{kind: ConfigMap, name: values, valuesKey: tag, targetPath: image.tag}, {kind: ConfigMap, name: values, valuesKey: quoted, targetPath: features.search}]\n", []string{"shop", "-n", "apps", "--include-crds", "--skip-tests", "--set-string", "image.tag=1.10,features.search=true"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := rendered(t, fleetSource+valuesSource+release+c.spec)
			compare(t, index(bare(got)), index(helm(t, fleet+"/charts/shop", c.args...)))
		})
	}
}

const valuesSource = `---
apiVersion: v1
kind: ConfigMap
metadata: {name: values, namespace: apps}
data: {values.yaml: "hosts: [map.example.com]\nreplicas: 9\n", tag: "'1.10'", quoted: '"true"'}
---
apiVersion: v1
kind: Secret
metadata: {name: values, namespace: apps}
stringData: {own: "image: {tag: s}\nreplicas: 8\n"}
`

// TestValuesFiles: value files replace values.yaml, and the version tells.
func TestValuesFiles(t *testing.T) {
	text := fleetSource + strings.ReplaceAll(release, "      sourceRef", "      valuesFiles: [charts/shop/values.yaml, ./charts/shop/values-prod.yaml, /none.yaml, values/shop/common.yaml]\n      ignoreMissingValuesFiles: true\n      sourceRef")
	root := copyFleet(t)
	chart := filepath.Join(root, "charts/shop/Chart.yaml")
	data, err := os.ReadFile(chart)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(chart, bytes.Replace(data, []byte("version: 1.4.0"), []byte("version: 1.4.0+1"), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	want := helm(t, root+"/charts/shop", "shop", "-n", "apps", "--include-crds", "--skip-tests",
		"-f", root+"/charts/shop/values-prod.yaml", "-f", root+"/values/shop/common.yaml")
	compare(t, index(bare(rendered(t, text))), index(want))
	if apps := renderAll(t, strings.Replace(text, "ignoreMissingValuesFiles: true", "", 1)); apps[0].Err == nil {
		t.Error("a missing value file is no error")
	}
}

// TestReleaseName: Helm refuses names that its records could not have.
func TestReleaseName(t *testing.T) {
	app := renderAll(t, fleetSource+release+"  releaseName: Not_Valid\n")[0]
	if app.Err == nil || !manifest.IsRefused(app.Err) || !strings.Contains(app.Err.Error(), "invalid release name") {
		t.Errorf("error is %v", app.Err)
	}
}

// TestPostRender: helm-controller writes its labels last, over common metadata, and
// post-renderers see hooks.
func TestPostRender(t *testing.T) {
	got := index(rendered(t, fleetSource+release+`  commonMetadata: {labels: {team: shop, helm.toolkit.fluxcd.io/name: mine}}
  postRenderers:
    - kustomize:
        images: [{name: registry.example.com/shop, newTag: "3"}]
        patches:
          - {target: {kind: Job}, patch: '[{"op": "add", "path": "/spec/backoffLimit", "value": 1}]'}
    - kustomize:
        patchesStrategicMerge: [{apiVersion: v1, kind: ConfigMap, metadata: {name: shop-motd, labels: {patched: "yes"}}}]
`))
	for key, want := range map[string]string{
		"apps/v1 Deployment apps/shop-shop":                                         `"image": "registry.example.com/shop:3"`,
		"batch/v1 Job apps/shop-migrate":                                            `"backoffLimit": 1`,
		"v1 ConfigMap apps/shop-motd":                                               `"patched": "yes"`,
		"apiextensions.k8s.io/v1 CustomResourceDefinition /orders.shop.example.com": `"helm.toolkit.fluxcd.io/name": "shop"`,
		"shop.example.com/v1 Order /first":                                          `"team": "shop"`,
		"apps/v1 StatefulSet apps/shop-cache":                                       `"helm.toolkit.fluxcd.io/name": "shop"`,
	} {
		if data := text(t, got[key]); !strings.Contains(data, want) || strings.Contains(data, fileMark) || strings.Contains(data, "mine") {
			t.Errorf("%s lacks %s:\n%s", key, want, data)
		}
	}
}

func rendered(t *testing.T, text string, checkouts ...source.Checkout) []manifest.Object {
	t.Helper()
	apps := renderAll(t, text, checkouts...)
	if len(apps) != 1 || apps[0].Err != nil {
		t.Fatalf("%d apps, %v", len(apps), apps[0].Err)
	}
	return apps[0].Objects
}

// bare takes away what helm template does not write: the marks, and the namespace that
// objects get when they are installed.
func bare(objects []manifest.Object) []manifest.Object {
	for i := range objects {
		o := &objects[i]
		labels, annotations := o.GetLabels(), o.GetAnnotations()
		maps.DeleteFunc(labels, func(key, _ string) bool {
			return strings.HasPrefix(key, helmGroup) || key == "app.kubernetes.io/managed-by"
		})
		maps.DeleteFunc(annotations, func(key, _ string) bool { return strings.HasPrefix(key, "meta.helm.sh/") })
		o.SetLabels(none(labels))
		o.SetAnnotations(none(annotations))
	}
	return objects
}

func none(pairs map[string]string) map[string]string {
	if len(pairs) == 0 {
		return nil
	}
	return pairs
}

// helm runs helm template, and gives what has no namespace the release's.
func helm(t *testing.T, chart string, args ...string) (objects []manifest.Object) {
	t.Helper()
	command := exec.Command(tool.Path(t, "helm", tool.Helm), append([]string{"template", args[0], chart}, args[1:]...)...)
	command.Env = append(os.Environ(), "HOME="+t.TempDir())
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", command.Args, err, stderr.String())
	}
	for doc := range strings.SplitSeq("\n"+string(out), "\n---\n") {
		made, err := manifest.Decode([]byte(doc), manifest.Origin{})
		if err != nil {
			t.Fatal(err)
		}
		objects = append(objects, made...)
	}
	manifest.Place(objects, args[2])
	return bare(objects)
}
