package content

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// An identity is what makes two objects one to both tools: the version does not count
// (gitops-engine pkg/utils/kube ResourceKey; fluxcd/cli-utils pkg/object ObjMetadata).
type identity struct{ group, kind, namespace, name string }

func (c *comparison) identify(o *manifest.Object) identity {
	id := identity{o.GroupVersionKind().Group, o.GetKind(), o.GetNamespace(), named(o).Name}
	if c.clusterScoped(o) {
		id.namespace = ""
	}
	return id
}

// named is the ID of an object. One that gets its name from the API server is named by the
// beginning and a star, which no name has.
func named(o *manifest.Object) ledger.Object {
	id := o.ID()
	if id.Name == "" {
		id.Name = o.GetGenerateName() + "*"
	}
	return id
}

// A group is a side by the identities of its objects.
type group struct {
	Side
	objects map[identity][]*manifest.Object
	omitted map[identity]*manifest.Object
	// namespaces are those in which there is an object; its identity here has none.
	namespaces map[identity][]string
}

func (c *comparison) group(side Side) *group {
	g := &group{side, map[identity][]*manifest.Object{}, map[identity]*manifest.Object{}, map[identity][]string{}}
	for i := range side.Objects {
		o := &side.Objects[i]
		id := c.identify(o)
		g.objects[id] = append(g.objects[id], o)
		id.namespace = ""
		g.namespaces[id] = append(g.namespaces[id], o.GetNamespace())
	}
	for i := range side.Omitted {
		o := &side.Omitted[i]
		g.omitted[c.identify(o)] = o
	}
	return g
}

// identities are those of both sides, in order.
func identities(left, right *group) []identity {
	all := slices.AppendSeq(slices.Collect(maps.Keys(left.objects)), maps.Keys(right.objects))
	slices.SortFunc(all, func(a, b identity) int {
		return cmp.Or(strings.Compare(a.group, b.group), strings.Compare(a.kind, b.kind),
			strings.Compare(a.namespace, b.namespace), strings.Compare(a.name, b.name))
	})
	return slices.Compact(all)
}

// clusterScoped tells which kinds have no namespace: built-in ones, and those that a
// CustomResourceDefinition of either side defines. The API server takes a namespace off
// their objects (apiserver pkg/registry/rest/meta.go EnsureObjectNamespaceMatchesRequestNamespace).
func clusterScoped(sides ...[]manifest.Object) func(*manifest.Object) bool {
	custom := map[schema.GroupKind]bool{}
	for _, objects := range sides {
		for i := range objects {
			if o := objects[i].Object; objects[i].GetKind() == "CustomResourceDefinition" {
				group, _, _ := unstructured.NestedString(o, "spec", "group")
				kind, _, _ := unstructured.NestedString(o, "spec", "names", "kind")
				scope, _, _ := unstructured.NestedString(o, "spec", "scope")
				custom[schema.GroupKind{Group: group, Kind: kind}] = scope == "Cluster"
			}
		}
	}
	return func(o *manifest.Object) bool {
		gk := o.GroupVersionKind().GroupKind()
		return custom[gk] || manifest.ClusterKind(gk.Group, gk.Kind)
	}
}
