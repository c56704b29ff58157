package plan

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Labels and annotations of KEP-3659 (kubectl pkg/cmd/apply/applyset.go).
const (
	idLabel              = "applyset.kubernetes.io/id"
	partOfLabel          = "applyset.kubernetes.io/part-of"
	toolingAnnotation    = "applyset.kubernetes.io/tooling"
	kindsAnnotation      = "applyset.kubernetes.io/contains-group-kinds"
	namespacesAnnotation = "applyset.kubernetes.io/additional-namespaces"
	parentTypeLabel      = "applyset.kubernetes.io/is-parent-type"
	// tooling names kubectl, which refuses to touch the sets of others and writes its own
	// version: 1.27 is the first that knows ApplySets
	// (kubectl pkg/cmd/apply/applyset.go fetchParent).
	tooling = "kubectl/v1.27.0"
	// setManager owns the parent's metadata (applyset.go FieldManager).
	setManager = "kubectl-applyset"
)

const (
	setGroup = "plan.kubectl-gitops.io"
	setKind  = "ApplySet"
	setName  = "applysets." + setGroup
)

// A set collects what belongs to an ApplySet.
//
// The parent is an object of a kind of our own, without namespace. kubectl takes
// ConfigMaps and Secrets as well, but then requires --namespace and refuses objects of
// any other one (apply.go GetObjects); and which namespaces an app deploys into can
// change with every commit, while the parent must stay the same for pruning to go on.
type set struct {
	name       string
	server     bool // applied on the server
	kinds      []string
	namespaces []string
	// lax tells that an object of the set is not validated.
	lax bool
}

// add makes an object part of the set.
func (s *set) add(gk schema.GroupKind, namespace string) {
	if kind := gk.String(); !slices.Contains(s.kinds, kind) {
		s.kinds = append(s.kinds, kind)
	}
	if namespace != "" && !slices.Contains(s.namespaces, namespace) {
		s.namespaces = append(s.namespaces, namespace)
	}
}

// ref is the value of --applyset.
func (s *set) ref() string { return setName + "/" + s.name }

// id is the value of both labels: of the parent's, and of the members'.
func (s *set) id() string { return ApplySetID(s.name, "", setKind, setGroup) }

// object is the parent as kubectl leaves it after pruning.
func (s *set) object() map[string]any {
	slices.Sort(s.kinds)
	slices.Sort(s.namespaces)
	return s.parent(strings.Join(s.kinds, ","), strings.Join(s.namespaces, ","))
}

func (s *set) parent(kinds, namespaces string) map[string]any {
	return map[string]any{"apiVersion": APIVersion, "kind": setKind, "metadata": map[string]any{
		"name":   s.name,
		"labels": map[string]any{idLabel: s.id()},
		"annotations": map[string]any{
			toolingAnnotation: tooling, kindsAnnotation: kinds, namespacesAnnotation: namespaces,
		},
	}}
}

// empty is the parent before the first member is applied.
func (s *set) empty() map[string]any { return s.parent("", "") }

// ApplySetID is the identity of the set that a parent object stands for, by the
// parent's name, namespace, kind and group (KEP-3659, V1ApplySetIdFormat).
func ApplySetID(name, namespace, kind, group string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{name, namespace, kind, group}, ".")))
	return "applyset-" + base64.RawURLEncoding.EncodeToString(sum[:]) + "-v1"
}

// parentName is the name of an owner's parent object. It holds the owner's namespace,
// since owners of several may deploy into one.
func parentName(parts ...string) string {
	const most = 253 // of names that are DNS subdomains
	name := strings.ToLower(strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "."))
	if len(name) <= most {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return name[:most-17] + "." + hex.EncodeToString(sum[:8])
}

// parentType is the definition of our own kind of parent.
func parentType() map[string]any {
	return map[string]any{
		"apiVersion": "apiextensions.k8s.io/v1",
		"kind":       "CustomResourceDefinition",
		"metadata":   map[string]any{"name": setName, "labels": map[string]any{parentTypeLabel: "true"}},
		"spec": map[string]any{
			"group": setGroup,
			"scope": "Cluster",
			"names": map[string]any{"kind": setKind, "listKind": setKind + "List", "plural": "applysets", "singular": "applyset"},
			"versions": []any{map[string]any{
				"name": strings.TrimPrefix(APIVersion, setGroup+"/"), "served": true, "storage": true,
				"schema": map[string]any{"openAPIV3Schema": map[string]any{"type": "object"}},
			}},
		},
	}
}
