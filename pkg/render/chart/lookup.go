package chart

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	helm "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/engine"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
)

// Lookups names what the templates ask the cluster for, once each and in order. The chart
// is rendered once more for that, unless nothing in it speaks of it. An error is none: it
// is that of Template as well.
func (c *Chart) Lookups(r Release) []string {
	if !speaksOf(c.helm, "lookup") && !strings.Contains(fmt.Sprint(r.Values), "lookup") {
		return nil
	}
	copied, values, err := c.prepared(r)
	if err != nil {
		return nil
	}
	asked := &emptyCluster{}
	_, _ = engine.RenderWithClientProvider(copied, values, asked)
	slices.Sort(asked.names)
	return slices.Compact(asked.names)
}

// speaksOf tells whether a word is in a template or a value of a chart or its subcharts.
func speaksOf(c *helm.Chart, word string) bool {
	return slices.ContainsFunc(c.Templates, func(f *common.File) bool { return strings.Contains(string(f.Data), word) }) ||
		strings.Contains(fmt.Sprint(c.Values), word) ||
		slices.ContainsFunc(c.Dependencies(), func(sub *helm.Chart) bool { return speaksOf(sub, word) })
}

// An emptyCluster is an API server that has nothing and notes what it is asked for.
type emptyCluster struct{ names []string }

// GetClientFor implements engine.ClientProvider.
func (e *emptyCluster) GetClientFor(_, kind string) (dynamic.NamespaceableResourceInterface, bool, error) {
	return &emptyKind{cluster: e, kind: kind}, true, nil
}

// An emptyKind answers for one kind, in one namespace or in all.
type emptyKind struct {
	dynamic.NamespaceableResourceInterface // Helm calls no other method

	cluster         *emptyCluster
	kind, namespace string
}

// Namespace implements dynamic.NamespaceableResourceInterface.
func (k *emptyKind) Namespace(namespace string) dynamic.ResourceInterface {
	return &emptyKind{cluster: k.cluster, kind: k.kind, namespace: namespace}
}

// Get implements dynamic.ResourceInterface.
func (k *emptyKind) Get(_ context.Context, name string, _ metav1.GetOptions, _ ...string) (*unstructured.Unstructured, error) {
	return nil, k.missing(name)
}

// List implements dynamic.ResourceInterface.
func (k *emptyKind) List(context.Context, metav1.ListOptions) (*unstructured.UnstructuredList, error) {
	return nil, k.missing("*")
}

func (k *emptyKind) missing(name string) error {
	k.cluster.names = append(k.cluster.names, k.kind+" "+strings.TrimPrefix(k.namespace+"/"+name, "/"))
	return apierrors.NewNotFound(schema.GroupResource{Resource: k.kind}, name)
}
