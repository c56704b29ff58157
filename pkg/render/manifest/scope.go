package manifest

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/kustomize/kyaml/openapi"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// ClusterScoped tells whether a built-in kind, or one that a CRD of objects defines,
// has no namespace. Kinds that nobody knows are taken to have one.
func ClusterScoped(apiVersion, kind string, objects []Object) bool {
	if ClusterKind(group(apiVersion), kind) {
		return true
	}
	for i := range objects {
		o := &objects[i]
		if o.GetKind() != "CustomResourceDefinition" {
			continue
		}
		text := func(keys ...string) string {
			s, _, _ := unstructured.NestedString(o.Object, append([]string{"spec"}, keys...)...)
			return s
		}
		if text("names", "kind") == kind && text("group") == group(apiVersion) {
			return text("scope") == "Cluster"
		}
	}
	return false
}

// Place gives the namespace to the objects that have none and need one.
func Place(objects []Object, namespace string) {
	if namespace == "" {
		return
	}
	for i := range objects {
		o := &objects[i]
		if o.GetNamespace() == "" && !ClusterScoped(o.GetAPIVersion(), o.GetKind(), objects) {
			o.SetNamespace(namespace)
		}
	}
}

// Namespaced tells whether a built-in kind certainly has a namespace.
func Namespaced(apiVersion, kind string) bool {
	namespaced, known := openapi.IsNamespaceScoped(yaml.TypeMeta{APIVersion: apiVersion, Kind: kind})
	return known && namespaced
}
