package mapping

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

const rbacGroup = "rbac.authorization.k8s.io"

// The kinds that a tenant is made of.
var (
	serviceAccount     = object.Kind{APIVersion: "v1", Name: "ServiceAccount"}
	clusterRole        = object.Kind{APIVersion: rbacGroup + "/v1", Name: "ClusterRole"}
	clusterRoleBinding = object.Kind{APIVersion: rbacGroup + "/v1", Name: "ClusterRoleBinding"}
	roleBinding        = object.Kind{APIVersion: rbacGroup + "/v1", Name: "RoleBinding"}
)

// clusterAdmin is the role of every cluster that, bound in a namespace, allows all there.
const clusterAdmin = "cluster-admin"

// write makes a ServiceAccount in each namespace of Flux objects, and gives it the rights
// that the project gives.
func (u *TenantUnit) write() {
	for _, place := range u.places {
		account := u.add(serviceAccount, place, u.name())
		if text := node.Text(u.Root, "spec", "description"); text != "" {
			account.Set(node.String(text), "metadata", "annotations", "kubernetes.io/description")
			u.to["project-description"] = append(u.to["project-description"], Target{Object: account, Path: `metadata.annotations["kubernetes.io/description"]`})
		}
	}
	name := "tenant-" + u.name()
	if rules := u.rules("clusterResourceWhitelist"); len(rules) > 0 {
		role := u.role(name, rules)
		u.to["project-cluster-resources"] = []Target{role}
		u.bind(clusterRoleBinding, "", name, role.Object.NameNode)
	}
	inside := func() *yaml.Node { return node.String(clusterAdmin) }
	if !node.Null(node.At(u.Root, "spec", "namespaceResourceWhitelist")) {
		role := u.role(name+"-namespaced", append(u.rules("namespaceResourceWhitelist"), rightsFor("", "secrets")))
		u.to["project-namespace-resources"] = []Target{role}
		inside = role.Object.NameNode
	}
	for _, namespace := range u.namespaces() {
		b := u.bind(roleBinding, namespace, name, inside)
		u.to["project-destinations"] = append(u.to["project-destinations"], Target{Object: b, Path: "roleRef.name"})
	}
}

// namespaces are those that the project names, and those that its Applications deploy
// into.
func (u *TenantUnit) namespaces() []string {
	all := slices.Clone(u.targets)
	for _, item := range node.Items(u.Root, "spec", "destinations") {
		here := matches(node.Text(item, "server"), argocd.InCluster) || matches(node.Text(item, "name"), argocd.InClusterName)
		if namespace := node.Text(item, "namespace"); here && namespace != "" && !strings.ContainsAny(namespace, "*?[{!") && u.permits(namespace) {
			all = with(all, namespace)
		}
	}
	slices.Sort(all)
	return all
}

// add makes an object that nobody else may have the name of.
func (u *TenantUnit) add(k object.Kind, namespace, name string) *object.Object {
	o := object.New(k, namespace, name)
	o.Owner, o.Names = "AppProject/"+u.name(), []string{name}
	u.objects = append(u.objects, o)
	return o
}

func (u *TenantUnit) role(name string, rules []*yaml.Node) Target {
	o := u.add(clusterRole, "", name)
	o.Set(node.List(rules...), "rules")
	return Target{Object: o, Path: "rules"}
}

// bind binds a role by the name that it ends up with: another project may have its own.
func (u *TenantUnit) bind(k object.Kind, namespace, name string, role func() *yaml.Node) *object.Object {
	o := u.add(k, namespace, name)
	o.Set(node.Map("apiGroup", rbacGroup, "kind", clusterRole.Name, "name", role()), "roleRef")
	subjects := node.List()
	for _, place := range u.places {
		subjects.Content = append(subjects.Content, node.Map("kind", serviceAccount.Name, "name", u.name(), "namespace", place))
	}
	o.Set(subjects, "subjects")
	return o
}

// rules are those of a list of kinds; RBAC knows no patterns but all.
func (u *TenantUnit) rules(list string) (rules []*yaml.Node) {
	for _, item := range node.Items(u.Root, "spec", list) {
		group, kind := node.Text(item, "group"), node.Text(item, "kind")
		resource := plural(kind)
		if kind == "*" {
			resource = kind
		}
		if strings.ContainsAny(resource+group, "?[{") || kind != "*" && strings.Contains(resource, "*") || group != "*" && strings.Contains(group, "*") {
			continue
		}
		rules = append(rules, rightsFor(group, resource))
	}
	return rules
}

func rightsFor(group, resource string) *yaml.Node {
	return node.Map("apiGroups", node.Strings([]string{group}), "resources", node.Strings([]string{resource}), "verbs", node.Strings([]string{"*"}))
}

// plural is the resource of a kind, as far as its name tells (apimachinery
// UnsafeGuessKindToResource).
func plural(kind string) string {
	lower := strings.ToLower(kind)
	switch {
	case lower == "endpoints":
		return lower
	case strings.HasSuffix(lower, "s"):
		return lower + "es"
	case strings.HasSuffix(lower, "y"):
		return strings.TrimSuffix(lower, "y") + "ies"
	}
	return lower + "s"
}
