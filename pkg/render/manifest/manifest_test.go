package manifest

import (
	"strings"
	"testing"
)

func decode(t *testing.T, text string) []Object {
	t.Helper()
	var all []Object
	for doc := range strings.SplitSeq(text, "---\n") {
		objects, err := Decode([]byte(doc), Origin{File: "f.yaml"})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, objects...)
	}
	return all
}

func names(objects []Object) string {
	var all []string
	for i := range objects {
		all = append(all, objects[i].GetKind()+"/"+objects[i].GetNamespace()+"/"+objects[i].GetName())
	}
	return strings.Join(all, " ")
}

func TestDecode(t *testing.T) {
	objects := decode(t, `apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {n: 1}}
- {apiVersion: v1, kind: ConfigMapList, items: [{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}]}
---
# nothing
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
`)
	if got := names(objects); got != "ConfigMap//a ConfigMap//b ConfigMap//c" {
		t.Errorf("got %s", got)
	}
	if objects[1].Origin.File != "f.yaml" {
		t.Errorf("items lose their origin: %+v", objects[1].Origin)
	}
	for _, text := range []string{"kind: X\n", "- a\n", "text\n", "{apiVersion: v1, kind: List, items: [1]}\n"} {
		if _, err := Decode([]byte(text), Origin{}); err == nil {
			t.Errorf("%q is no object and was taken", text)
		}
	}
}

func TestSort(t *testing.T) {
	objects := decode(t, `{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: w}}
---
{apiVersion: example.com/v1, kind: Thing, metadata: {name: t}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: b}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: ns}}
`)
	Sort(objects)
	want := "Namespace//ns Deployment//a Deployment//b Thing//t ValidatingWebhookConfiguration//w"
	if got := names(objects); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestPlace(t *testing.T) {
	objects := decode(t, `{apiVersion: v1, kind: Namespace, metadata: {name: ns}}
---
{apiVersion: example.com/v1, kind: Wide, metadata: {name: w}}
---
{apiVersion: example.com/v1, kind: Narrow, metadata: {name: x}}
---
{apiVersion: v1, kind: Service, metadata: {name: s, namespace: own}}
---
{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: c}, spec: {group: example.com, scope: Cluster, names: {kind: Wide}}}
`)
	Place(objects, "to")
	want := "Namespace//ns Wide//w Narrow/to/x Service/own/s CustomResourceDefinition//c"
	if got := names(objects); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
