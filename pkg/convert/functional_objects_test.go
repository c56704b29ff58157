package convert_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// An object is a Kubernetes object.
type object map[string]any

// objects parses a stream of documents; one that is no object is left out, and a list is
// its items.
func objects(t *testing.T, text string) (all []object) {
	t.Helper()
	for doc := range strings.SplitSeq("\n"+text, "\n---") {
		o := object{}
		if err := yaml.Unmarshal([]byte(doc), &o); err != nil {
			t.Fatalf("%v in\n%s", err, doc)
		}
		items, isList := o.at("items").([]any)
		switch {
		case o.text("kind") == "" || o.text("apiVersion") == "":
		case isList && o.text("kind") == "List":
			for _, item := range items {
				all = append(all, item.(map[string]any))
			}
		default:
			all = append(all, o)
		}
	}
	return all
}

func (o object) at(keys ...string) any {
	var value any = map[string]any(o)
	for _, key := range keys {
		m, _ := value.(map[string]any)
		value = m[key]
	}
	return value
}

func (o object) text(keys ...string) string {
	text, _ := o.at(keys...).(string)
	return text
}

// put sets a field, creating the maps above it.
func (o object) put(value any, keys ...string) {
	m := map[string]any(o)
	for _, key := range keys[:len(keys)-1] {
		child, ok := m[key].(map[string]any)
		if !ok {
			child = map[string]any{}
			m[key] = child
		}
		m = child
	}
	m[keys[len(keys)-1]] = value
}

func (o object) setNamespace(namespace string) {
	if namespace == "" {
		delete(o.at("metadata").(map[string]any), "namespace")
		return
	}
	o.put(namespace, "metadata", "namespace")
}

func (o object) group() string {
	group, _, found := strings.Cut(o.text("apiVersion"), "/")
	if !found {
		return ""
	}
	return group
}

// key identifies an object as Argo CD and Flux do: the version does not count.
func (o object) key() string {
	kind := strings.TrimSuffix(o.text("kind")+"."+o.group(), ".")
	return strings.TrimPrefix(fmt.Sprintf("%s %s/%s", kind, o.text("metadata", "namespace"), o.text("metadata", "name")), " ")
}

// clusterScoped returns the kinds that have no namespace: built-in ones, and custom
// ones that a CustomResourceDefinition among the objects defines so.
func clusterScoped(all []object) (isClusterScoped, isCustom func(o object) bool) {
	kinds := map[string]bool{}
	for _, o := range all {
		if o.text("kind") == "CustomResourceDefinition" && o.text("spec", "scope") == "Cluster" {
			kinds[o.text("spec", "group")+"/"+o.text("spec", "names", "kind")] = true
		}
	}
	isCustom = func(o object) bool { return kinds[o.group()+"/"+o.text("kind")] }
	builtIn := []string{
		"Namespace", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "PersistentVolume",
		"StorageClass", "PriorityClass", "IngressClass", "ValidatingWebhookConfiguration",
	}
	return func(o object) bool { return slices.Contains(builtIn, o.text("kind")) || isCustom(o) }, isCustom
}

type objectList []object

// names lists the selected objects as Kind/name, sorted.
func (all objectList) names(wanted func(object) bool) (names []string) {
	for _, o := range all {
		if wanted(o) {
			names = append(names, o.text("kind")+"/"+o.text("metadata", "name"))
		}
	}
	slices.Sort(names)
	return names
}

// compare lists the differences between two sets of objects, in order.
func compare(argo, flux []object) (differences []string) {
	want, got := map[string]object{}, map[string]object{}
	for _, o := range argo {
		want[o.key()] = o
	}
	for _, o := range flux {
		if _, twice := got[o.key()]; twice {
			differences = append(differences, "twice in Flux: "+o.key())
		}
		got[o.key()] = o
	}
	for key, o := range want {
		if _, ok := got[key]; !ok {
			differences = append(differences, "only in Argo CD: "+key)
			continue
		}
		differences = append(differences, compareFields(key, leaves(o), leaves(got[key]))...)
	}
	for key := range got {
		if _, ok := want[key]; !ok {
			differences = append(differences, "only in Flux: "+key)
		}
	}
	slices.Sort(differences)
	return differences
}

func compareFields(key string, argo, flux map[string]string) (differences []string) {
	paths := maps.Clone(argo)
	maps.Copy(paths, flux)
	for path := range paths {
		if argo[path] != flux[path] {
			differences = append(differences, fmt.Sprintf("%s %s: Argo CD %s, Flux %s", key, path, orNone(argo[path]), orNone(flux[path])))
		}
	}
	return differences
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

// leaves maps the path of each scalar, empty map and empty list to its value, less
// the annotations that only steer Flux.
func leaves(o object) map[string]string {
	found := map[string]string{}
	collect(found, "", map[string]any(o))
	maps.DeleteFunc(found, func(path, _ string) bool {
		return strings.HasPrefix(path, "metadata.annotations.kustomize.toolkit.fluxcd.io/") || path == "metadata.annotations"
	})
	return found
}

func collect(found map[string]string, path string, value any) {
	items, isMap := value.(map[string]any)
	list, _ := value.([]any)
	switch {
	case len(items) > 0:
		for key, child := range items {
			collect(found, strings.TrimPrefix(path+"."+key, "."), child)
		}
	case len(list) > 0:
		for i, child := range list {
			collect(found, fmt.Sprintf("%s[%d]", path, i), child)
		}
	case isMap:
		found[path] = "{}"
	default:
		found[path] = fmt.Sprintf("%#v", value)
	}
}
