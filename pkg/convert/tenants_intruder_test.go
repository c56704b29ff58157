package convert_test

import (
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
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
