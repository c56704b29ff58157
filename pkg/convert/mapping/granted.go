package mapping

import (
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/rbac"
)

// A grant is a list of kinds that a project allows, that of those which it forbids, and
// the row of the former.
type grant struct {
	list, denied, row string
	namespaced        bool
}

var (
	clusterGrant = grant{argocd.ClusterKinds, argocd.ClusterKindsDenied, "project-cluster-resources", false}
	insideGrant  = grant{argocd.Kinds, argocd.KindsDenied, "project-namespace-resources", true}
)

// patterns are the characters that make a text a pattern.
const patterns = "*?[{"

func isPattern(text string) bool { return strings.ContainsAny(text, patterns) }

// rules are the rights to deploy what a list of kinds allows, and no more: RBAC knows no
// patterns but all, and forbids nothing. to is where they are written.
func (u *TenantUnit) rules(g grant, to Target) (rules []*yaml.Node) {
	if g.namespaced && !u.Has(g.list) {
		listed, verdict := u.listed(g, rbac.Any, rbac.Any, nil)
		if verdict.To = []Target{to}; len(listed) > 0 {
			u.about(g.denied, verdict)
		}
		rules = listed
	}
	for i, item := range u.Items(g.list) {
		more, verdict := u.rulesOf(g, item)
		if len(more) > 0 {
			rules, verdict.To = append(rules, more...), []Target{to}
		}
		if verdict.ID == "" {
			verdict.ID = g.row
		}
		u.said[ledger.Index("spec."+g.list, i)] = verdict
	}
	return rules
}

// rulesOf are the rights of one item.
func (u *TenantUnit) rulesOf(g grant, item *yaml.Node) ([]*yaml.Node, Verdict) {
	group, kind := node.Text(item, "group"), node.Text(item, "kind")
	names, all := u.names(group, kind, node.Text(item, "name"))
	built, known := rbac.Find(group, kind)
	switch {
	case !all && len(names) == 0:
		return nil, unsupported("RBAC has no patterns for names, so no rights are given: add a rule with resourceNames").as("project-kind-left-out")
	case all && u.whole(g, group, kind):
		return wholeRule(g, group)
	case isPattern(group + kind):
		return u.listed(g, group, kind, names)
	case known && built.Namespaced != g.namespaced:
		return nil, implied("the list is about other kinds, in Argo CD as well")
	case u.Denies(g.denied, group, kind):
		return nil, implied("the project forbids the kind, so no rights are given").as("project-denied")
	}
	rule := []*yaml.Node{rightsFor(group, []string{rbac.Plural(group, kind)}, names)}
	if group == rbac.Group && kind == clusterRole.Name {
		return rule, approximate("with all rights over ClusterRoles the account can make itself cluster-admin, as the project could").as("project-cluster-admin")
	}
	if !known {
		return rule, approximate(fmt.Sprintf("rights for the kind, whose plural is taken to be %q", rbac.Plural(group, kind)))
	}
	return rule, approximate("rights for the kind")
}

// names are those that a rule may name. all tells that it needs none: any is meant. Of a
// pattern, those of Namespaces are known that Applications deploy into.
func (u *TenantUnit) names(group, kind, pattern string) (names []string, all bool) {
	switch {
	case pattern == "" || pattern == rbac.Any:
		return nil, true
	case !strings.ContainsAny(pattern, patterns+`\`):
		return []string{pattern}, false
	case group != "" || kind != "Namespace":
		return nil, false
	}
	for _, namespace := range u.namespaces() {
		if argocd.FileMatch(pattern, namespace) {
			names = append(names, namespace)
		}
	}
	return names, false
}

// whole tells whether RBAC can say all kinds, or all of a group, and allows no more by it
// than the project: a rule for the whole cluster is about namespaces too, and one for all of
// the core group about the users and groups that one may impersonate (k8s.io/apiserver
// pkg/endpoints/filters/impersonation).
func (u *TenantUnit) whole(g grant, group, kind string) bool {
	return kind == rbac.Any && (group == rbac.Any || !isPattern(group)) && len(u.Items(g.denied)) == 0 &&
		(g.namespaced || group != "" && u.anyKind() && u.Everywhere(argocd.InCluster, argocd.InClusterName))
}

func wholeRule(g grant, group string) ([]*yaml.Node, Verdict) {
	rule := []*yaml.Node{rightsFor(group, []string{rbac.Any}, nil)}
	if !g.namespaced && group == rbac.Any {
		return rule, approximate("all kinds, here and in all namespaces, as the project allows: the account is what cluster-admin is").as("project-cluster-admin")
	}
	if !g.namespaced && group == rbac.Group {
		return rule, approximate("with all rights over ClusterRoles the account can make itself cluster-admin, as the project could").as("project-cluster-admin")
	}
	return rule, approximate("rights for all kinds of the group")
}

// listed are the rights for the built-in kinds that a pattern fits and the project allows.
func (u *TenantUnit) listed(g grant, group, kind string, names []string) (rules []*yaml.Node, v Verdict) {
	var kinds []string
	writes := false
	for i, all := 0, rbac.Builtin(); i < len(all); {
		first, resources := all[i], []string(nil)
		for ; i < len(all) && all[i].Group == first.Group; i++ {
			r := all[i]
			if r.Namespaced == g.namespaced && argocd.FileMatch(group, r.Group) && argocd.FileMatch(kind, r.Kind) && !u.Denies(g.denied, r.Group, r.Kind) {
				resources, kinds = append(resources, r.Name), append(kinds, r.Kind)
				writes = writes || r.Kind == clusterRole.Name
			}
		}
		if len(resources) > 0 {
			rules = append(rules, rightsFor(first.Group, resources, names))
		}
	}
	switch {
	case len(rules) == 0:
		return nil, unsupported("RBAC has no patterns and no built-in kind fits, so no rights are given: add a rule for each kind").as("project-kind-left-out")
	case writes:
		return rules, approximate(fmt.Sprintf("rights for the %d built-in kinds that the project allows; as ClusterRoles are among them, the account can make itself cluster-admin, as the project could; add a rule for each custom kind", len(kinds))).as("project-cluster-admin")
	}
	return rules, approximate(fmt.Sprintf("rights for the %d built-in kinds that the project allows: add a rule for each custom kind", len(kinds))).as("project-kinds-listed")
}

// storage are the rights for the Secrets in which Helm keeps its releases, where there may
// be such.
func (u *TenantUnit) storage() []*yaml.Node {
	switch {
	case !u.releases || u.PermitsKind("", "Secret", "", true):
		return nil
	case u.Denies(argocd.KindsDenied, "", "Secret"):
		u.about(argocd.KindsDenied, unsupported("HelmReleases keep their state in Secrets, which the project forbids, so they fail: allow them, or deploy no charts").as("project-helm-storage"))
		return nil
	}
	u.about(argocd.Kinds, approximate("HelmReleases keep their state in Secrets, so the account may write these besides").as("project-helm-storage"))
	return []*yaml.Node{rightsFor("", []string{"secrets"}, nil)}
}

// about records a verdict about a list as a whole.
func (u *TenantUnit) about(list string, v Verdict) {
	line := u.Root.Line
	if n := node.At(u.Root, "spec", list); n != nil && n.Line > 0 {
		line = n.Line
	}
	u.absences = append(u.absences, absence{path: "spec." + list, line: line, verdict: v})
}

func rightsFor(group string, resources, names []string) *yaml.Node {
	rule := node.Map("apiGroups", node.Strings([]string{group}), "resources", node.Strings(resources))
	if len(names) > 0 {
		rule.Content = append(rule.Content, node.String("resourceNames"), node.Strings(names))
	}
	rule.Content = append(rule.Content, node.String("verbs"), node.Strings(verbsFor(group)))
	return rule
}

// verbsFor are those of whoever deploys objects of a group. Of all groups that is cluster-admin,
// and who gives out any role needs to bind and escalate; of others all verbs would be more
// than to deploy, such as to impersonate ServiceAccounts.
func verbsFor(group string) []string {
	if group == rbac.Any || group == rbac.Group {
		return []string{rbac.Any}
	}
	return []string{"create", "delete", "get", "list", "patch", "update", "watch"}
}

// reads are the rights to look at what a workload consists of: Flux asks for its health as
// the account, and gets none without (fluxcd/cli-utils pkg/kstatus/polling/statusreaders).
// Projects say nothing of reading.
func (u *TenantUnit) reads() []*yaml.Node {
	if !slices.ContainsFunc([]string{"Deployment", "ReplicaSet", "StatefulSet"}, func(kind string) bool {
		return u.PermitsKind("apps", kind, "", true)
	}) {
		return nil
	}
	read := func(group, resource string) *yaml.Node {
		return node.Map("apiGroups", node.Strings([]string{group}), "resources", node.Strings([]string{resource}),
			"verbs", node.Strings([]string{"get", "list", "watch"}))
	}
	return []*yaml.Node{read("apps", "replicasets"), read("", "pods")}
}

// CreatesNamespace tells whether the account gets the right to create a Namespace.
func (t *Tenancy) CreatesNamespace(name string) bool {
	return t.PermitsKind("", "Namespace", name, false) && !t.Denies(argocd.ClusterKindsDenied, "", "Namespace")
}
