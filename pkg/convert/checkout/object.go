package checkout

import (
	"slices"
	"strings"
)

// An Object is a manifest.
type Object struct {
	Group, Kind string
	// Namespace and Name are as the build leaves them, Own is the name in the file.
	Namespace, Name, Own string
	// Unsure tells that the build changes the name or namespace further: by a hash of
	// the content, or by a transformer.
	Unsure bool
}

// clusterScoped are the kinds that have no namespace and are met in repositories.
var clusterScoped = []string{
	"APIService", "CSIDriver", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "IngressClass",
	"MutatingWebhookConfiguration", "Namespace", "PersistentVolume", "PriorityClass", "RuntimeClass", "StorageClass",
	"ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration",
}

// ClusterScoped tells whether the object is of a built-in kind without namespace.
func (o Object) ClusterScoped() bool { return slices.Contains(clusterScoped, o.Kind) }

// String returns the object as findings name it.
func (o Object) String() string { return o.Kind + "/" + o.Name }

// transform does what kustomize does with namespace, namePrefix and nameSuffix; some
// kinds keep their name (api/internal/builtins/PrefixTransformer.go).
func (o *Object) transform(namespace, prefix, suffix string) {
	if namespace != "" && !o.ClusterScoped() {
		o.Namespace = namespace
	}
	if !slices.Contains([]string{"APIService", "CustomResourceDefinition", "Namespace"}, o.Kind) {
		o.Name = prefix + o.Name + suffix
	}
}

// InDefault returns the objects that say themselves that they belong in "default".
func (s *Scan) InDefault() (objects []Object) {
	for _, o := range s.Objects {
		if o.Namespace == "default" && !o.ClusterScoped() {
			objects = append(objects, o)
		}
	}
	return objects
}

// group returns the API group of an apiVersion.
func group(apiVersion string) string {
	group, _, found := strings.Cut(apiVersion, "/")
	if !found {
		return ""
	}
	return group
}
