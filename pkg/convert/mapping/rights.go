package mapping

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/rbac"
)

// The kinds that a tenant is made of.
var (
	serviceAccount     = object.Kind{APIVersion: "v1", Name: "ServiceAccount"}
	clusterRole        = object.Kind{APIVersion: rbac.Group + "/v1", Name: "ClusterRole"}
	clusterRoleBinding = object.Kind{APIVersion: rbac.Group + "/v1", Name: "ClusterRoleBinding"}
	roleBinding        = object.Kind{APIVersion: rbac.Group + "/v1", Name: "RoleBinding"}
)

// clusterAdmin is the role of every cluster that, bound in a namespace, allows all there.
const clusterAdmin = "cluster-admin"

// write makes a ServiceAccount in each namespace of Flux objects, and gives it the rights
// that the project gives.
func (u *TenantUnit) write() {
	for _, place := range u.places {
		account := u.add(serviceAccount, place, u.Account)
		if text := node.Text(u.Root, "spec", "description"); text != "" {
			account.Set(node.String(text), "metadata", "annotations", "kubernetes.io/description")
			u.to["project-description"] = append(u.to["project-description"], Target{Object: account, Path: `metadata.annotations["kubernetes.io/description"]`})
		}
	}
	if repos := u.Items("sourceRepos"); len(repos) == 1 && repos[0].Value == "*" {
		u.said["spec.sourceRepos[0]"] = implied("all sources, in Flux as well").as("project-sources")
	}
	name := "tenant-" + u.Name()
	role := object.New(clusterRole, "", name)
	if rules := u.rules(clusterGrant, Target{Object: role, Path: "rules"}); len(rules) > 0 {
		u.grant(role, clusterGrant, rules)
		u.bind(clusterRoleBinding, "", name, role.NameNode)
	}
	inside := func() *yaml.Node { return node.String(clusterAdmin) }
	if !u.anyKind() {
		role := object.New(clusterRole, "", name+"-namespaced")
		u.grant(role, insideGrant, slices.Concat(u.rules(insideGrant, Target{Object: role, Path: "rules"}), u.storage(), u.reads()))
		inside = role.NameNode
	}
	for _, namespace := range u.namespaces() {
		b := u.bind(roleBinding, namespace, name, inside)
		u.to["project-destinations"] = append(u.to["project-destinations"], Target{Object: b, Path: "roleRef.name"})
	}
}

// anyKind tells whether the project allows all kinds in namespaces.
func (u *TenantUnit) anyKind() bool {
	all := func(item *yaml.Node) bool {
		return node.Text(item, "group") == rbac.Any && node.Text(item, "kind") == rbac.Any
	}
	return len(u.Items(argocd.KindsDenied)) == 0 && (!u.Has(argocd.Kinds) || slices.ContainsFunc(u.Items(argocd.Kinds), all))
}

// namespaces are those that the project names, and those that its Applications deploy
// into.
func (u *TenantUnit) namespaces() []string {
	all := slices.Clone(u.targets)
	for _, item := range u.Items("destinations") {
		if namespace := node.Text(item, "namespace"); argocd.Here(item) && namespace != "" && !strings.ContainsAny(namespace, patterns+"!") && u.permits(namespace) {
			all = with(all, namespace)
		}
	}
	slices.Sort(all)
	return all
}

// own makes an object's name one that nobody else may have.
func (u *TenantUnit) own(o *object.Object) *object.Object {
	o.Owner, o.Names = "AppProject/"+u.Name(), []string{o.Name()}
	u.objects = append(u.objects, o)
	return o
}

func (u *TenantUnit) add(k object.Kind, namespace, name string) *object.Object {
	return u.own(object.New(k, namespace, name))
}

// grant writes a role with the rights that a list of the project gives.
func (u *TenantUnit) grant(role *object.Object, g grant, rules []*yaml.Node) {
	u.own(role).Set(node.List(rules...), "rules")
	to := Target{Object: role, Path: "rules"}
	u.to[g.row] = []Target{to}
	u.to["project-denied"] = append(u.to["project-denied"], to)
}

// bind binds a role by the name that it ends up with: another project may have its own.
func (u *TenantUnit) bind(k object.Kind, namespace, name string, role func() *yaml.Node) *object.Object {
	o := u.add(k, namespace, name)
	o.Set(node.Map("apiGroup", rbac.Group, "kind", clusterRole.Name, "name", role()), "roleRef")
	subjects := node.List()
	for _, place := range u.places {
		subjects.Content = append(subjects.Content, node.Map("kind", serviceAccount.Name, "name", u.Account, "namespace", place))
	}
	o.Set(subjects, "subjects")
	return o
}
