package convert_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/rbac"
)

// TestIntruder: an Application of a namespace that its project refuses brings no account
// there, which whoever owns the namespace could use.
func TestIntruder(t *testing.T) {
	project := strings.Split(tenantInput, "---\n")[0]
	intruder := strings.Replace(tenantApp, "name: web, namespace: argocd", "name: web, namespace: evil", 1)
	for _, input := range []string{tenantInput + intruder, project + intruder} {
		there := string(streams(t, outcomes(t, []convert.Input{{Name: "in.yaml", Data: []byte(input)}}, convert.Options{To: convert.ToFlux})))
		for _, text := range strings.Split(there, "\n---\n") {
			root := yaml.MustParse(text).YNode()
			kind, namespace := node.Text(root, "kind"), node.Text(root, "metadata", "namespace")
			if kind == "ServiceAccount" && namespace == "evil" || strings.HasSuffix(kind, "Binding") && strings.Contains(text, "namespace: evil") {
				t.Errorf("the project's rights reach its namespace:\n%s", text)
			}
			if kind == "Kustomization" && namespace == "evil" && (node.Text(root, "spec", "serviceAccountName") != "team" || !node.True(root, "spec", "suspend")) {
				t.Errorf("nothing holds it back:\n%s", text)
			}
		}
	}
}

// TestUnknownRights: what nobody knows to be given counts for nothing.
func TestUnknownRights(t *testing.T) {
	own := "\n---\n{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: edit}, rules: [{apiGroups: [apps], resources: ['*'], verbs: ['*']}]"
	role := "\n---\n{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: edit}, rules: [{apiGroups: [apps], resources: ['*'], verbs: ['*']}]}"
	cluster := strings.NewReplacer("kind: RoleBinding\nmetadata: {name: dev, namespace: apps}", "kind: ClusterRoleBinding\nmetadata: {name: dev}", "kind: ClusterRole, name", "kind: Role, name")
	for name, c := range map[string]struct {
		input string
		known bool
	}{
		"a role":                                 {tenantOfFlux + own + "}", true},
		"one that aggregates others":             {tenantOfFlux + own + ", aggregationRule: {clusterRoleSelectors: [{matchLabels: {a: b}}]}}", false},
		"a Role that is bound for all":           {cluster.Replace(tenantOfFlux) + role, false},
		"a namespace that a project would widen": {strings.Replace(tenantOfFlux, "kind: RoleBinding\nmetadata: {name: dev, namespace: apps}", "kind: RoleBinding\nmetadata: {name: dev, namespace: '*'}", 1) + own + "}", false},
	} {
		is := projectIn(t, streams(t, outcomes(t, []convert.Input{{Name: "in.yaml", Data: []byte(c.input)}}, convert.Options{})))
		if is == nil || is.PermitsKind("apps", "Deployment", "web", true) != c.known {
			t.Errorf("%s: the project is %v", name, is)
		}
	}
}

// TestGroupsOfTheCluster: all kinds of the core group are no right to impersonate, and all
// of RBAC are said to be those of cluster-admin.
func TestGroupsOfTheCluster(t *testing.T) {
	input := strings.Replace(tenantInput, `destinations: [{name: in-cluster, namespace: web}]
  clusterResourceWhitelist: [{group: "", kind: Namespace}]`, `destinations: [{name: in-cluster, namespace: "*"}]
  clusterResourceWhitelist: [{group: "", kind: "*"}, {group: rbac.authorization.k8s.io, kind: "*"}]`, 1)
	said := ""
	for _, out := range outcomes(t, []convert.Input{{Name: "in.yaml", Data: []byte(input)}}, convert.Options{To: convert.ToFlux}) {
		for _, e := range out.Entries {
			if e.From.Path == "spec.clusterResourceWhitelist[1].kind" {
				said = e.ID
			}
		}
		for _, o := range out.Out {
			root := yaml.MustParse(string(o.Data)).YNode()
			for _, rule := range rbac.Rules(root) {
				if has(rule.Groups, "") && has(rule.Resources, "users") {
					t.Errorf("it may impersonate:\n%s", o.Data)
				}
			}
		}
	}
	if said != "project-cluster-admin" {
		t.Errorf("all of RBAC is said to be %q", said)
	}
}

// TestTenantsOfTrees: ServiceAccounts of one name in the trees of two clusters have the rights
// of their own tree each. Where nobody knows which of them is bound, neither has any.
func TestTenantsOfTrees(t *testing.T) {
	const rbacOf = "\n---\n{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: GROUP}, rules: [{apiGroups: [GROUP], resources: ['*'], verbs: ['*']}]}\n"
	tree := func(group string) (account, applier string) {
		text := strings.NewReplacer("name: edit", "name: "+group, "kind: RoleBinding\nmetadata: {name: dev,", "kind: RoleBinding\nmetadata: {name: "+group+",",
			"kind: Kustomization\nmetadata: {name: dev,", "kind: Kustomization\nmetadata: {name: "+group+",").Replace(tenantOfFlux)
		account, applier, _ = strings.Cut(text, "---\napiVersion: source.")
		return account + strings.ReplaceAll(rbacOf, "GROUP", group), "apiVersion: source." + applier
	}
	for name, where := range map[string]struct {
		accounts, appliers, want string
	}{
		"trees": {"clusters/GROUP/rbac.yaml", "clusters/GROUP/app.yaml", "apps-dev: false true, dev: true false"},
		"apart": {"tenants/GROUP/rbac.yaml", "clusters/GROUP/app.yaml", "dev: false false"},
	} {
		var inputs []convert.Input
		for _, group := range []string{"apps", "batch"} {
			account, applier := tree(group)
			inputs = append(inputs, convert.Input{Name: strings.ReplaceAll(where.accounts, "GROUP", group), Data: []byte(account)},
				convert.Input{Name: strings.ReplaceAll(where.appliers, "GROUP", group), Data: []byte(applier)})
		}
		var permitted []string
		for _, out := range outcomes(t, inputs, convert.Options{To: convert.ToArgo}) {
			for _, o := range out.Out {
				is := &argocd.Project{Root: yaml.MustParse(string(o.Data)).YNode()}
				if o.Object.Kind == "AppProject" {
					permitted = append(permitted, fmt.Sprintf("%s: %v %v", o.Object.Name, is.PermitsKind("apps", "Deployment", "web", true), is.PermitsKind("batch", "Job", "web", true)))
				}
			}
		}
		slices.Sort(permitted)
		if got := strings.Join(permitted, ", "); got != where.want {
			t.Errorf("%s: permitted are %s", name, got)
		}
	}
}
