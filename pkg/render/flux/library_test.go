package flux

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	generator "github.com/fluxcd/pkg/kustomize"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/chart"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/cluster"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/env"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

const fleetURL = "https://git.example.com/fleet"

const fleet = "../testdata/repos/fleet"

// fleetSource is the GitRepository of the fixture, and what variables come from.
const fleetSource = `
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: fleet, namespace: flux-system}
spec: {url: ` + fleetURL + `, ref: {branch: main}, interval: 1m}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: vars, namespace: flux-system}
data: {name: from-map, zone: "010", region: from-map}
---
apiVersion: v1
kind: Secret
metadata: {name: vars, namespace: flux-system}
data: {region: ZnJvbS1zZWNyZXQ=}
stringData: {zone: "on"}
`

// renderAll renders what the text holds, over the fixture and what else is given.
func renderAll(t *testing.T, text string, checkouts ...source.Checkout) (apps []*manifest.App) {
	t.Helper()
	checkouts = append(checkouts, source.Checkout{URL: fleetURL, Dir: fleet})
	e := &env.Env{
		Sources: &source.Sources{Checkouts: checkouts, Offline: true},
		Charts:  chart.NewEngine(), Objects: cluster.NewObjects(), Scratch: t.TempDir(),
	}
	docs, err := document.Split("input.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for i := range docs {
		if docs[i].Empty() {
			continue
		}
		root, err := docs[i].Parse()
		if err != nil {
			t.Fatal(err)
		}
		ref := flux.ObjectRef(root, "")
		e.Objects.Add(&cluster.Object{Ref: ref, Root: root, File: docs[i].File, Line: docs[i].Line})
		if flux.IsApplier(ref.Kind) {
			apps = append(apps, &manifest.App{Root: root, File: docs[i].File, Line: docs[i].Line, Object: ledger.Object{
				APIVersion: node.Text(root, "apiVersion"), Kind: ref.Kind, Namespace: ref.Namespace, Name: ref.Name,
			}})
		}
	}
	for _, app := range apps {
		Render(context.Background(), e, app)
	}
	return apps
}

// TestLibrary compares with what Flux's own library builds on the disk, step for step
// as kustomize-controller calls it.
func TestLibrary(t *testing.T) {
	for name, spec := range map[string]string{
		"plain":            `path: ./plain, targetNamespace: shop`,
		"nested":           `path: nested`,
		"nested built":     `path: ./nested/built/`,
		"root of a base":   `path: /kustomize/base, namePrefix: p-, nameSuffix: -s`,
		"overlay":          `path: ./kustomize/overlays/prod`,
		"components":       `path: ./kustomize/base, components: [../components/tls, ../components/audit]`,
		"missing":          `path: ./kustomize/base, components: [../components/none, ../components/audit], ignoreMissingComponents: true`,
		"images":           `path: ./kustomize/base, images: [{name: registry.example.com/api, digest: "sha256:0000000000000000000000000000000000000000000000000000000000000000"}, {name: registry.example.com/proxy, newName: mirror.example.com/proxy, newTag: "1.10"}]`,
		"patches":          `path: ./plain, patches: [{target: {kind: Deployment, labelSelector: app=web}, patch: '[{"op": "replace", "path": "/spec/replicas", "value": 7}]'}, {patch: '{apiVersion: v1, kind: ConfigMap, metadata: {name: web}, data: {more: "1"}}'}]`,
		"old patches":      `path: ./plain, patchesStrategicMerge: [{apiVersion: v1, kind: Service, metadata: {name: web, labels: {old: "true"}}}], patchesJson6902: [{target: {version: v1, kind: Service, name: web}, patch: [{op: add, path: /spec/type, value: NodePort}]}]`,
		"mixed":            `path: ./mixed, targetNamespace: to`,
		"mixed as it is":   `path: ./mixed`,
		"definitions":      `path: ./crds, targetNamespace: to, commonMetadata: {labels: {team: web, kustomize.toolkit.fluxcd.io/name: mine}, annotations: {owner: "on"}}`,
		"json":             `path: ./json`,
		"hooks":            `path: ./hooks`,
		"variables":        `path: ./variables, postBuild: {substitute: {name: "given", zone: "1"}}`,
		"variables from":   `path: ./variables, postBuild: {substitute: {name: inline}, substituteFrom: [{kind: ConfigMap, name: vars}, {kind: Secret, name: vars}]}`,
		"no variables":     `path: ./variables, postBuild: {substitute: {}}`,
		"build metadata":   `path: ./kustomize/base, buildMetadata: [originAnnotations]`,
		"components alone": `path: ./empty, components: [../kustomize/components/audit]`,
	} {
		t.Run(name, func(t *testing.T) {
			text := fleetSource + "---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: app, namespace: flux-system}\nspec: {sourceRef: {kind: GitRepository, name: fleet}, interval: 1m, prune: true, " + spec + "}\n"
			root := copyFleet(t)
			if err := os.Mkdir(filepath.Join(root, "empty"), 0o755); err != nil {
				t.Fatal(err)
			}
			apps := renderAll(t, text, source.Checkout{URL: fleetURL, Dir: root})
			got, err := index(apps[0].Objects), apps[0].Err
			want, wantErr := library(t, text, copyOf(t, root))
			if err != nil || wantErr != nil {
				t.Fatalf("error %v, the library's %v", err, wantErr)
			}
			compare(t, got, want)
		})
	}
}

// library does what the controller does.
func library(t *testing.T, text, root string) (map[string]any, error) {
	docs, err := document.Split("", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	tree, err := docs[len(docs)-1].Parse()
	if err != nil {
		t.Fatal(err)
	}
	content, err := manifest.Content(tree)
	if err != nil {
		t.Fatal(err)
	}
	object := unstructured.Unstructured{Object: content}
	path, _, _ := unstructured.NestedString(content, "spec", "path")
	dir := filepath.Join(root, path)
	if _, err := generator.NewGenerator(root, object).WriteFile(dir); err != nil {
		return nil, err
	}
	built, err := generator.SecureBuild(root, dir, true)
	if err != nil {
		return nil, err
	}
	if _, ok, _ := unstructured.NestedMap(content, "spec", "postBuild"); ok {
		variables := map[string]string{}
		if froms, _, _ := unstructured.NestedSlice(content, "spec", "postBuild", "substituteFrom"); froms != nil {
			variables = map[string]string{"name": "from-map", "zone": "on", "region": "from-secret"}
		}
		own, _, _ := unstructured.NestedStringMap(content, "spec", "postBuild", "substitute")
		maps.Copy(variables, own)
		if len(variables) > 0 {
			unstructured.SetNestedStringMap(content, variables, "spec", "postBuild", "substitute")
		}
		for _, o := range built.Resources() {
			changed, err := generator.SubstituteVariables(context.Background(), nil, object, o,
				generator.SubstituteWithDryRun(true), generator.SubstituteWithStrict(true))
			if err != nil {
				return nil, err
			}
			if changed != nil {
				if _, err := built.Replace(changed); err != nil {
					return nil, err
				}
			}
		}
	}
	data, err := built.AsYaml()
	if err != nil {
		t.Fatal(err)
	}
	var objects []manifest.Object
	for doc := range strings.SplitSeq(string(data), "\n---\n") {
		made, err := manifest.Decode([]byte(doc), manifest.Origin{})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range made {
			labels := merge(o.GetLabels(), map[string]string{group + "/name": "app", group + "/namespace": "flux-system"})
			common, _, _ := unstructured.NestedStringMap(content, "spec", "commonMetadata", "labels")
			o.SetLabels(merge(labels, common))
			if common, ok, _ := unstructured.NestedStringMap(content, "spec", "commonMetadata", "annotations"); ok {
				o.SetAnnotations(merge(o.GetAnnotations(), common))
			}
			objects = append(objects, o)
		}
	}
	return index(objects), nil
}

// index keys objects by what they are called.
func index(objects []manifest.Object) map[string]any {
	all := map[string]any{}
	for i := range objects {
		o := &objects[i]
		all[fmt.Sprintf("%s %s %s/%s", o.GetAPIVersion(), o.GetKind(), o.GetNamespace(), o.GetName())] = o.Object
	}
	return all
}

// compare tells where two sets of objects differ.
func compare(t *testing.T, got, want map[string]any) {
	t.Helper()
	for _, key := range slices.Sorted(maps.Keys(want)) {
		a, b := text(t, got[key]), text(t, want[key])
		if a != b {
			t.Errorf("%s\ngot  %s\nwant %s", key, a, b)
		}
	}
	for key := range got {
		if want[key] == nil {
			t.Errorf("%s is not wanted", key)
		}
	}
}

func text(t *testing.T, o any) string {
	data, err := json.MarshalIndent(o, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func copyFleet(t *testing.T) string { return copyOf(t, fleet) }

func copyOf(t *testing.T, dir string) string {
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}
