package oracle

import (
	"fmt"
	"slices"
	"strings"

	"github.com/argoproj/gitops-engine/pkg/utils/kube"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// namespaced holds the built-in kinds of the fixtures, and whether objects of them have
// a namespace.
var namespaced = map[schema.GroupKind]bool{
	{Kind: "Namespace"}:                 false,
	{Kind: "PersistentVolume"}:          false,
	{Kind: "ConfigMap"}:                 true,
	{Kind: "Pod"}:                       true,
	{Kind: "Secret"}:                    true,
	{Kind: "Service"}:                   true,
	{Kind: "ServiceAccount"}:            true,
	{Group: "apps", Kind: "Deployment"}: true,
	{Group: "batch", Kind: "Job"}:       true,
	{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition"}: false,
	{Group: "rbac.authorization.k8s.io", Kind: "ClusterRole"}:         false,
	{Group: "rbac.authorization.k8s.io", Kind: "ClusterRoleBinding"}:  false,
	{Group: "rbac.authorization.k8s.io", Kind: "Role"}:                true,
	{Group: "rbac.authorization.k8s.io", Kind: "RoleBinding"}:         true,
	{Group: "apps", Kind: "StatefulSet"}:                              true,
	{Group: "networking.k8s.io", Kind: "Ingress"}:                     true,
	{Group: "storage.k8s.io", Kind: "StorageClass"}:                   false,
}

// cluster answers the controller's question as one does in which the CRDs among the
// objects are installed.
type cluster map[schema.GroupKind]bool

func clusterWith(objects []*unstructured.Unstructured) cluster {
	c := cluster{}
	for _, o := range objects {
		if o.GetKind() == "CustomResourceDefinition" {
			group, _, _ := unstructured.NestedString(o.Object, "spec", "group")
			kind, _, _ := unstructured.NestedString(o.Object, "spec", "names", "kind")
			scope, _, _ := unstructured.NestedString(o.Object, "spec", "scope")
			c[schema.GroupKind{Group: group, Kind: kind}] = scope == "Namespaced"
		}
	}
	return c
}

// IsNamespaced implements kube.ResourceInfoProvider.
func (c cluster) IsNamespaced(gk schema.GroupKind) (bool, error) {
	if is, ok := namespaced[gk]; ok {
		return is, nil
	}
	if is, ok := c[gk]; ok {
		return is, nil
	}
	if !strings.Contains(gk.Group, "example") && gk.Group != "kustomize.config.k8s.io" { // which no cluster serves
		panic(fmt.Sprintf("%s: have it in the table of built-in kinds", gk))
	}
	return false, fmt.Errorf("%s is not known", gk)
}

// place gives objects their namespaces and drops all but the last of one identity, with
// a warning. It follows DeduplicateTargetObjects (controller/state.go), which cannot be
// called: in the module argo-cd v3.2.12 the controller's package does not compile
// (controller/cache/info.go names a function that util/settings lacks).
func place(objects []*unstructured.Unstructured, namespace string) (kept []*unstructured.Unstructured, repeated []string) {
	c := clusterWith(objects)
	last, times := map[kube.ResourceKey]*unstructured.Unstructured{}, map[kube.ResourceKey]int{}
	for i, o := range objects {
		if !kube.IsNamespacedOrUnknown(c, o.GroupVersionKind().GroupKind()) {
			o.SetNamespace("")
		} else if o.GetNamespace() == "" {
			o.SetNamespace(namespace)
		}
		key := kube.GetResourceKey(o)
		if key.Name == "" && o.GetGenerateName() != "" {
			key.Name = fmt.Sprintf("%s%d", o.GetGenerateName(), i)
		}
		last[key] = o
		times[key]++
	}
	for key, o := range last {
		kept = append(kept, o)
		if times[key] > 1 {
			repeated = append(repeated, fmt.Sprintf("Resource %s appeared %d times among application resources.", key.String(), times[key]))
		}
	}
	sortByName(kept)
	slices.Sort(repeated)
	return kept, repeated
}
