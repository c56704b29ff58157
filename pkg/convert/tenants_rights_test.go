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

// projects are AppProjects whose rights must not grow. kinds is how many kinds (32 with and
// 31 without a namespace are built in, and two are not) may still be deployed as web, into
// namespace web, after the way there and back.
var projects = []struct {
	spec  string
	kinds int
}{
	{`destinations: [{server: "*", namespace: "*"}], clusterResourceWhitelist: [{group: "*", kind: "*"}]`, 65},
	{`destinations: [{server: "*", namespace: "*"}], clusterResourceWhitelist: [{group: "*", kind: "*"}], namespaceResourceWhitelist: [{group: "*", kind: "*"}]`, 65},
	{`destinations: [{server: "*", namespace: web}], clusterResourceWhitelist: [{group: "*", kind: "*"}]`, 64},
	{`destinations: [{server: "*", namespace: web}, {server: "*", namespace: other}]`, 33},
	{`destinations: [{server: "*", namespace: "*"}, {server: "*", namespace: "!other"}], clusterResourceWhitelist: [{group: "*", kind: "*"}]`, 64},
	{`destinations: [{name: in-cluster, namespace: "w*"}], namespaceResourceBlacklist: [{group: "", kind: "*"}]`, 20},
	{`destinations: [{server: "*", namespace: web}], namespaceResourceWhitelist: [{group: "*", kind: "*"}], namespaceResourceBlacklist: [{group: rbac.authorization.k8s.io, kind: "*"}, {group: "", kind: Secret}]`, 29},
	{`destinations: [{server: "*", namespace: web}], namespaceResourceWhitelist: [{group: apps, kind: "*"}, {group: "", kind: "S*"}, {group: example.com, kind: Thing}]`, 8},
	{`destinations: [{server: "*", namespace: web}], namespaceResourceWhitelist: []`, 0},
	{`destinations: [{server: "*", namespace: web}], namespaceResourceWhitelist: [], clusterResourceWhitelist: [{group: "", kind: Namespace, name: "w*"}, {group: "storage.*", kind: "*"}], clusterResourceBlacklist: [{group: "*", kind: CSI*}]`, 4},
	{`destinations: [{server: "*", namespace: web}], clusterResourceWhitelist: [{group: rbac.authorization.k8s.io, kind: "*"}, {group: "", kind: Node, name: a}, {group: apps, kind: Deployment}], clusterResourceBlacklist: [{group: "", kind: Node, name: b}]`, 35},
}

const tenantApp = `---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web, namespace: argocd}
spec:
  project: team
  source: {repoURL: "https://github.com/example/app", path: a, targetRevision: main, kustomize: {}}
  destination: {name: in-cluster, namespace: web}
`

// TestRightsDoNotGrow: what RBAC grants on the way to Flux, and what the AppProject permits
// that is made of it on the way back, the first AppProject permitted.
func TestRightsDoNotGrow(t *testing.T) {
	for _, p := range projects {
		input := "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: team, namespace: argocd}\nspec: {sourceRepos: [\"https://github.com/example/*\"], " + p.spec + "}\n" + tenantApp
		there := streams(t, outcomes(t, []convert.Input{{Name: "in.yaml", Data: []byte(input)}}, convert.Options{To: convert.ToFlux}))
		back := streams(t, outcomes(t, []convert.Input{{Name: "in.yaml", Data: there}}, convert.Options{To: convert.ToArgo}))
		was, is := projectIn(t, []byte(input)), projectIn(t, back)
		if is == nil {
			t.Errorf("%s: no project came back of\n%s", p.spec, there)
			continue
		}
		granted, kinds := grantsIn(t, there), 0
		everyRight(func(r rbac.Resource, name, namespace string) {
			allowed := permits(was, r, name, namespace)
			if granted(r, name, namespace) && !allowed {
				t.Errorf("%s: RBAC grants %s %q in %q", p.spec, r.Name, name, namespace)
			}
			if permits(is, r, name, namespace) {
				if !allowed {
					t.Errorf("%s: the project that came back permits %s %q in %q", p.spec, r.Kind, name, namespace)
				}
				if name == "web" && (namespace == "web" || !r.Namespaced) {
					kinds++
				}
			}
		})
		if kinds != p.kinds {
			t.Errorf("%s: %d kinds came back, want %d", p.spec, kinds, p.kinds)
		}
		if is.PermitsSource("https://github.com/example/other") || !is.PermitsSource("https://github.com/example/app") {
			t.Errorf("%s: sources are %v", p.spec, node.Value(node.At(is.Root, "spec", "sourceRepos")))
		}
	}
}

// everyRight calls f for all kinds, a custom one too, in some names and namespaces.
func everyRight(f func(r rbac.Resource, name, namespace string)) {
	custom := []rbac.Resource{{Group: "example.com", Kind: "Thing", Name: "things", Namespaced: true}, {Group: "example.com", Kind: "Wide", Name: "wides"}}
	for _, r := range slices.Concat(rbac.Builtin(), custom) {
		for _, name := range []string{"web", "a", "b"} {
			if !r.Namespaced {
				f(r, name, "")
				continue
			}
			for _, namespace := range []string{"web", "other", "third"} {
				f(r, name, namespace)
			}
		}
	}
}

func permits(p *argocd.Project, r rbac.Resource, name, namespace string) bool {
	return p.PermitsKind(r.Group, r.Kind, name, r.Namespaced) &&
		(!r.Namespaced || p.PermitsDestination(argocd.InCluster, argocd.InClusterName, namespace))
}

func projectIn(t *testing.T, data []byte) *argocd.Project {
	t.Helper()
	for _, text := range strings.Split(string(data), "\n---\n") {
		if root := yaml.MustParse(text).YNode(); node.Text(root, "kind") == "AppProject" {
			return &argocd.Project{Root: root}
		}
	}
	return nil
}

// grantsIn evaluates RBAC as the API server does, for whoever is bound at all: whether an
// object can be created, changed and deleted.
func grantsIn(t *testing.T, data []byte) func(r rbac.Resource, name, namespace string) bool {
	t.Helper()
	roles := map[string][]rbac.Rule{"ClusterRole cluster-admin": {rbac.Everything}}
	bound := map[string][]string{}
	for _, text := range strings.Split(string(data), "\n---\n") {
		root := yaml.MustParse(text).YNode()
		namespace := node.Text(root, "metadata", "namespace")
		switch kind := node.Text(root, "kind"); kind {
		case "ClusterRole":
			roles[kind+" "+node.Text(root, "metadata", "name")] = rbac.Rules(root)
		case "Role":
			roles[kind+" "+namespace+"/"+node.Text(root, "metadata", "name")] = rbac.Rules(root)
		case "ClusterRoleBinding", "RoleBinding":
			role := node.Text(root, "roleRef", "kind") + " " + node.Text(root, "roleRef", "name")
			bound[namespace] = append(bound[namespace], strings.Replace(role, "Role ", "Role "+namespace+"/", 1), role)
		}
	}
	if len(bound) == 0 {
		t.Fatalf("nothing is bound in\n%s", data)
	}
	return func(r rbac.Resource, name, namespace string) bool {
		names := bound[""]
		if namespace != "" {
			names = slices.Concat(names, bound[namespace])
		}
		return !slices.ContainsFunc([]string{"get", "create", "update", "patch", "delete"}, func(verb string) bool {
			return !slices.ContainsFunc(names, func(role string) bool {
				return slices.ContainsFunc(roles[role], func(rule rbac.Rule) bool {
					return has(rule.Verbs, verb) && has(rule.Groups, r.Group) && has(rule.Resources, r.Name) && (len(rule.Names) == 0 || slices.Contains(rule.Names, name))
				})
			})
		})
	}
}

func has(list []string, text string) bool {
	return slices.Contains(list, "*") || slices.Contains(list, text)
}

// rights are rules of a ClusterRole for the whole cluster, and of Roles for namespaces web
// and other, and how many kinds may be deployed as web, into web.
var rights = []struct {
	wide, web, other string
	kinds            int
}{
	{"", `{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}`, "", 33},
	{"", `{apiGroups: ["", apps, batch], resources: ["*"], verbs: ["*"]}`, `{apiGroups: [apps], resources: ["*"], verbs: ["*"]}, {apiGroups: [""], resources: [secrets, services], verbs: ["*"]}`, 7},
	{`{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}`, `{apiGroups: [apps], resources: ["*"], verbs: ["*"]}`, "", 65},
	{`{apiGroups: ["*"], resources: ["*"], verbs: [get, list]}`, `{apiGroups: [apps], resources: ["*"], verbs: [create, update, patch, delete]}`, "", 5},
	{`{apiGroups: ["", storage.k8s.io], resources: ["*"], verbs: ["*"]}`, "", "", 21},
	{`{apiGroups: [""], resources: [namespaces, configmaps], resourceNames: [web, a], verbs: ["*"]}`, `{apiGroups: [""], resources: [secrets], resourceNames: [web], verbs: ["*"]}`, `{apiGroups: [apps], resources: [deployments], verbs: ["*"]}`, 1},
	{"", `{apiGroups: [""], resources: [secrets], verbs: [get, create, update, patch]}`, "", 0},
	{`{apiGroups: [example.com], resources: ["*"], verbs: ["*"]}`, `{apiGroups: [example.com], resources: [things], verbs: ["*"]}`, "", 2},
}

// TestProjectsPermitNoMore: what an AppProject permits RBAC allowed.
func TestProjectsPermitNoMore(t *testing.T) {
	const group = "rbac.authorization.k8s.io"
	for _, r := range rights {
		input := strings.ReplaceAll(tenantOfFlux, "name: edit", "name: cluster")
		input = strings.Replace(input, "kind: RoleBinding", "kind: ClusterRoleBinding", 1)
		input = strings.Replace(input, "metadata: {name: dev, namespace: apps}\nroleRef", "metadata: {name: dev}\nroleRef", 1)
		input += "---\n{apiVersion: " + group + "/v1, kind: ClusterRole, metadata: {name: cluster}, rules: [" + r.wide + "]}\n"
		for namespace, rules := range map[string]string{"web": r.web, "other": r.other} {
			if rules != "" {
				input += "---\n{apiVersion: " + group + "/v1, kind: Role, metadata: {name: dev, namespace: " + namespace + "}, rules: [" + rules + "]}\n" +
					"---\n{apiVersion: " + group + "/v1, kind: RoleBinding, metadata: {name: dev, namespace: " + namespace + "}, " +
					"roleRef: {apiGroup: " + group + ", kind: Role, name: dev}, subjects: [{kind: ServiceAccount, name: dev, namespace: apps}]}\n"
			}
		}
		is := projectIn(t, streams(t, outcomes(t, []convert.Input{{Name: "in.yaml", Data: []byte(input)}}, convert.Options{})))
		granted, kinds := grantsIn(t, []byte(input)), 0
		everyRight(func(k rbac.Resource, name, namespace string) {
			if !permits(is, k, name, namespace) {
				return
			}
			if !granted(k, name, namespace) {
				t.Errorf("%v: the project permits %s %q in %q", r, k.Kind, name, namespace)
			}
			if name == "web" && (namespace == "web" || !k.Namespaced) {
				kinds++
			}
		})
		if kinds != r.kinds {
			t.Errorf("%v: %d kinds, want %d", r, kinds, r.kinds)
		}
	}
}

const tenantOfFlux = `apiVersion: v1
kind: ServiceAccount
metadata: {name: dev, namespace: apps}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: dev, namespace: apps}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects: [{kind: ServiceAccount, name: dev, namespace: apps}]
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: dev, namespace: apps}
spec: {interval: 1m, url: https://github.com/example/dev, ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: dev, namespace: apps}
spec: {interval: 5m, path: ./app, prune: true, serviceAccountName: dev, sourceRef: {kind: GitRepository, name: dev}}
`

// TestMadeProjectGoes: with Preserve an AppProject that was made of RBAC goes when its
// Application comes back, and leaves no other account. One that somebody has changed since
// counts, and so does it for an Application that was not there.
func TestMadeProjectGoes(t *testing.T) {
	there := string(streams(t, outcomes(t, []convert.Input{{Name: "in.yaml", Data: []byte(tenantOfFlux)}}, convert.Options{Preserve: true})))
	back := func(text string) map[string][]any {
		return comeBack(t, convert.Input{Name: "in.yaml", Data: []byte(text)}, convert.ToFlux)
	}
	if got := back(there); len(got) != 4 || got["Kustomization apps/dev"] == nil || got["AppProject argocd/dev"] != nil {
		t.Errorf("came back: %v, from\n%s", got, there)
	}
	stranger := strings.ReplaceAll(tenantApp, "project: team", "project: dev")
	got := back(there + stranger)
	if web := fmt.Sprint(got["Kustomization flux-system/web"]); !strings.Contains(web, "serviceAccountName:tenant-dev") || !strings.Contains(web, "suspend:true") {
		t.Errorf("the limits of an Application that was not there are gone: %v", got)
	}
	changed := strings.Replace(there, "  sourceRepos:", "  destinations: [{server: '*', namespace: elsewhere}]\n  sourceRepos:", 1)
	if got := back(changed); changed == there || !strings.Contains(fmt.Sprint(got["Kustomization apps/dev"]), "suspend:true") {
		t.Errorf("what was changed did not count: %v", got)
	}
}

// TestProjectThatIsThere: an AppProject that the input has already stands for an equal one.
func TestProjectThatIsThere(t *testing.T) {
	first := outcomes(t, []convert.Input{{Name: "in.yaml", Data: []byte(tenantOfFlux)}}, convert.Options{})
	var project []byte
	for _, out := range first {
		for _, o := range out.Out {
			if o.Object.Kind == "AppProject" {
				project = append([]byte("---\n"), o.Data...)
			}
		}
	}
	again := streams(t, outcomes(t, []convert.Input{{Name: "in.yaml", Data: append([]byte(tenantOfFlux), project...)}}, convert.Options{To: convert.ToArgo}))
	if n := strings.Count(string(again), "kind: AppProject"); n != 1 || !strings.Contains(string(again), "project: dev\n") {
		t.Errorf("%d AppProjects in\n%s", n, again)
	}
}
