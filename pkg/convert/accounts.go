package convert

import (
	"reflect"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/rbac"
)

// tenantLabel is what `flux create tenant` puts on all that it makes (fluxcd/flux2
// cmd/flux/create_tenant.go).
const tenantLabel = "toolkit.fluxcd.io/tenant"

// access is what the input says of who may do what.
type access struct {
	// objects are ServiceAccounts, Namespaces, roles and bindings.
	objects  map[flux.Ref]*accessObject
	bindings []*accessObject
	// accounts are the ServiceAccounts, all of them: the trees of several clusters may have
	// one of a name each.
	accounts []*accessObject
	byName   *flux.Index
}

// An accessObject is a manifest of access.
type accessObject struct {
	flux.Ref
	at   site
	root *yaml.Node
	// ambiguous tells that another of its name says something else.
	ambiguous bool
}

var accessKinds = []string{"ServiceAccount", "Namespace", "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"}

// accessOf reads the manifests of access but for those that come back as an AppProject.
func (c *compiler) accessOf(streams []stream) *access {
	all := &access{objects: map[flux.Ref]*accessObject{}, byName: flux.NewIndex()}
	interesting := func(d *document.Doc) bool {
		head := d.Peek()
		return !head.OK || isList(head.Kind) || slices.Contains(accessKinds, head.Kind)
	}
	eachObject(streams, interesting, func(at site, root *yaml.Node) {
		if o := objectOf(root); slices.Contains(accessKinds, o.Kind) && o.Name != "" && accessGroup(o) && c.restored[at] == nil {
			all.add(&accessObject{Ref: c.accessRef(at, o), at: at, root: root})
		}
	})
	return all
}

func accessGroup(o ledger.Object) bool {
	return o.APIVersion == "v1" || strings.HasPrefix(o.APIVersion, rbac.Group+"/")
}

// accessRef places an object where the Kustomization of its file puts it.
func (c *compiler) accessRef(at site, o ledger.Object) flux.Ref {
	ref := flux.Ref{Kind: o.Kind, Name: o.Name}
	if o.Kind == "ServiceAccount" || o.Kind == "Role" || o.Kind == "RoleBinding" {
		ref.Namespace = c.survey.namespaceOf(at.doc.File, o.Namespace)
	}
	return ref
}

func (all *access) add(o *accessObject) {
	if o.Kind == "ServiceAccount" {
		all.accounts = append(all.accounts, o)
		all.byName.Add(&flux.Entry{Ref: o.Ref, File: o.at.doc.File})
	}
	if other := all.objects[o.Ref]; other != nil {
		other.ambiguous = other.ambiguous || !sameRights(other.root, o.root)
		return
	}
	all.objects[o.Ref] = o
	if strings.HasSuffix(o.Kind, "Binding") {
		all.bindings = append(all.bindings, o)
	}
}

// sameRights tells whether two objects of a kind give the same.
func sameRights(a, b *yaml.Node) bool {
	for _, key := range []string{"rules", "roleRef", "subjects", "aggregationRule"} {
		if !reflect.DeepEqual(node.Value(node.Get(a, key)), node.Value(node.Get(b, key))) {
			return false
		}
	}
	return true
}

// role is the object that a binding names; nil where the input has it not.
func (all *access) role(binding *accessObject) *accessObject {
	ref := flux.Ref{Kind: node.Text(binding.root, "roleRef", "kind"), Name: node.Text(binding.root, "roleRef", "name")}
	if ref.Kind == "Role" {
		if ref.Namespace = binding.Namespace; binding.Kind != "RoleBinding" {
			return nil // the API server takes none (kubernetes pkg/apis/rbac/validation)
		}
	}
	return all.objects[ref]
}

// binds tells whether a binding is about a ServiceAccount: by its own kind, or as the user
// and by the groups that it is to the API server (k8s.io/apiserver
// pkg/authentication/serviceaccount/util.go).
func (o *accessObject) binds(account flux.Ref) bool {
	return slices.ContainsFunc(node.Items(o.root, "subjects"), func(subject *yaml.Node) bool {
		name := node.Text(subject, "name")
		switch node.Text(subject, "kind") {
		case "ServiceAccount":
			return name == account.Name && orElse(node.Text(subject, "namespace"), o.Namespace) == account.Namespace
		case "User":
			return name == "system:serviceaccount:"+account.Namespace+":"+account.Name
		case "Group":
			return name == "system:serviceaccounts" || name == "system:serviceaccounts:"+account.Namespace || name == "system:authenticated"
		}
		return false
	})
}

// tenantName is what a person would call the tenant of an account.
func (all *access) tenantName(account flux.Ref) string {
	for _, ref := range []flux.Ref{account, {Kind: "Namespace", Name: account.Namespace}} {
		if o := all.objects[ref]; o != nil {
			if name := node.Text(node.At(o.root, "metadata", "labels"), tenantLabel); name != "" {
				return name
			}
		}
	}
	return account.Name
}

// homes are the files of the ServiceAccounts that an account may be, seen from a file.
func (all *access) homes(account flux.Ref, file string) (files []string) {
	for _, e := range all.byName.Find(account, file) {
		if !slices.Contains(files, e.File) {
			files = append(files, e.File)
		}
	}
	return files
}

// own is the ServiceAccount of one of the files, or nil.
func (all *access) own(account flux.Ref, homes []string) *accessObject {
	i := slices.IndexFunc(all.accounts, func(o *accessObject) bool { return o.Ref == account && slices.Contains(homes, o.at.doc.File) })
	if i < 0 {
		return nil
	}
	return all.accounts[i]
}

// rightsOf are the rights of a ServiceAccount that has its home in one of the files, and the
// objects that give them. What binds another of its name, of another tree, gives it none.
func (all *access) rightsOf(account flux.Ref, homes []string) (r mapping.Rights, objects []*accessObject) {
	inside := map[string][]rbac.Rule{}
	for _, b := range all.bindings {
		if !b.binds(account) {
			continue
		}
		near := all.homes(account, b.at.doc.File)
		isNear := func(file string) bool { return slices.Contains(near, file) }
		if !slices.ContainsFunc(homes, isNear) && len(homes) > 0 {
			continue
		}
		if slices.ContainsFunc(homes, func(file string) bool { return !isNear(file) }) {
			r.Lost = append(r.Lost, b.String()+", which binds one of several ServiceAccounts of the name")
			objects = append(objects, b)
			continue
		}
		objects = append(objects, b)
		rules, role, lost := all.rulesOf(b)
		if lost != "" {
			r.Lost = append(r.Lost, lost)
		}
		if role != nil && !slices.Contains(objects, role) {
			objects = append(objects, role)
		}
		if b.Kind == "ClusterRoleBinding" {
			r.Wide = append(r.Wide, rules...)
		} else if b.Namespace != "" {
			inside[b.Namespace] = append(inside[b.Namespace], rules...)
		}
	}
	for namespace, rules := range inside {
		r.Inside = append(r.Inside, mapping.NamespaceRights{Namespace: namespace, Rules: rules})
	}
	slices.SortFunc(r.Inside, func(a, b mapping.NamespaceRights) int { return strings.Compare(a.Namespace, b.Namespace) })
	return r, objects
}

// rulesOf are the rules that a binding gives, or why nobody knows them.
func (all *access) rulesOf(b *accessObject) (rules []rbac.Rule, role *accessObject, lost string) {
	role = all.role(b)
	name := node.Text(b.root, "roleRef", "kind") + " " + node.Text(b.root, "roleRef", "name")
	switch {
	case b.ambiguous:
		return nil, nil, b.String() + ", of which the input has two that differ"
	case b.Kind == "RoleBinding" && (b.Namespace == "" || strings.ContainsAny(b.Namespace, `*?[]{}!\`)):
		return nil, nil, "RoleBinding " + b.Name + ", which names no namespace"
	case role != nil && role.ambiguous:
		return nil, nil, name + ", of which the input has two that differ"
	case role != nil && !node.Null(node.Get(role.root, "aggregationRule")):
		// The controller writes its rules anew (kubernetes pkg/controller/clusterroleaggregation).
		return nil, role, name + ", whose rules come from other roles"
	case role != nil:
		return rbac.Rules(role.root), role, ""
	case name == "ClusterRole cluster-admin":
		return []rbac.Rule{rbac.Everything}, nil, ""
	}
	return nil, nil, name + ", which is not in the input"
}
