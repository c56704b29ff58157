package plan

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

const (
	clusterList   = "clusterResourceWhitelist"
	namespaceList = "namespaceResourceWhitelist"
	rbacGroup     = "rbac.authorization.k8s.io"
)

// stages give the rights that the project gives its apps to a service account, in
// each cluster that they deploy to.
func (p *project) stages() (stages []*Stage) {
	owner := p.id()
	for _, cluster := range p.clusters {
		place := addNamespace(nil, cluster, namespace{name: p.Namespace, manager: argoManager})[0]
		place.Phase, place.Owner = Projects, &owner
		s := &Stage{Phase: Projects, Action: Apply, Owner: &owner, cluster: cluster, Flags: (&method{manager: argoManager}).flags(true, false)}
		p.rights(s, p.namespaces[cluster])
		stages = append(stages, place, s)
	}
	return stages
}

func (p *project) rights(s *Stage, namespaces []string) {
	name := parentName("appproject", p.Namespace, p.Name)
	metadata := map[string]any{"name": p.Name, "namespace": p.Namespace}
	if text := node.Text(p.Root, "spec", "description"); text != "" {
		metadata["annotations"] = map[string]any{"kubernetes.io/description": text}
	}
	s.add(map[string]any{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata})
	s.add(role(name, append(p.rules(clusterList), setRules...)))
	s.add(p.binding("ClusterRoleBinding", name, name, ""))
	inside := name + ".namespaced"
	s.add(role(inside, p.rules(namespaceList)))
	for _, namespace := range slices.Sorted(slices.Values(namespaces)) {
		s.add(p.binding("RoleBinding", inside, inside, namespace))
	}
}

// setRules let kubectl prune (apply.go Validate, applyset.go fetchParent).
var setRules = []any{
	rule([]any{"get", "patch"}, setGroup, "applysets"),
	rule([]any{"list"}, "apiextensions.k8s.io", "customresourcedefinitions"),
}

// rules are those of a list of kinds. A project without namespaceResourceWhitelist
// allows all kinds, one without clusterResourceWhitelist none
// (app_project_types.go IsGroupKindNamePermitted).
func (p *project) rules(list string) (rules []any) {
	verbs := []any{"get", "list", "watch", "create", "update", "patch", "delete"}
	if list == namespaceList && node.Null(node.At(p.Root, "spec", list)) {
		return []any{rule(verbs, "*", "*")}
	}
	for _, item := range node.Items(p.Root, "spec", list) {
		group, kind := node.Text(item, "group"), node.Text(item, "kind")
		switch {
		case pattern(kind, group):
		case kind == "*":
			rules = append(rules, rule(verbs, group, "*"))
		default:
			rules = append(rules, rule(verbs, group, plural(item)))
		}
	}
	return rules
}

// pattern tells of what RBAC cannot say: it knows no patterns but all kinds, of one
// group or of all.
func pattern(kind, group string) bool {
	const special = "*?[{"
	return kind != "*" && strings.ContainsAny(kind+group, special) || group != "*" && strings.ContainsAny(group, special)
}

// plural is the resource of a kind, as far as its name tells.
func plural(item *yaml.Node) string {
	resource, _ := meta.UnsafeGuessKindToResource(schema.GroupVersionKind{Kind: node.Text(item, "kind")})
	return resource.Resource
}

func rule(verbs []any, group, resource string) map[string]any {
	return map[string]any{"apiGroups": []any{group}, "resources": []any{resource}, "verbs": verbs}
}

func role(name string, rules []any) map[string]any {
	return map[string]any{"apiVersion": rbacGroup + "/v1", "kind": "ClusterRole", "metadata": map[string]any{"name": name}, "rules": rules}
}

func (p *project) binding(kind, name, role, namespace string) map[string]any {
	metadata := map[string]any{"name": name}
	if namespace != "" {
		metadata["namespace"] = namespace
	}
	return map[string]any{
		"apiVersion": rbacGroup + "/v1", "kind": kind, "metadata": metadata,
		"roleRef":  map[string]any{"apiGroup": rbacGroup, "kind": "ClusterRole", "name": role},
		"subjects": []any{map[string]any{"kind": "ServiceAccount", "name": p.Name, "namespace": p.Namespace}},
	}
}
