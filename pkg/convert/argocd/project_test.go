package argocd

import (
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

func projectOf(t *testing.T, spec string) *Project {
	t.Helper()
	root, err := yaml.Parse("{kind: AppProject, spec: {" + spec + "}}")
	if err != nil {
		t.Fatal(err)
	}
	return &Project{Root: root.YNode()}
}

// TestPermitsSource holds what IsSourcePermitted answers; each case was put to it.
func TestPermitsSource(t *testing.T) {
	for _, c := range []struct {
		repos, url string
		want       bool
	}{
		{`"*"`, "https://github.com/a/b", true},
		{``, "https://github.com/a/b", false},
		{`"https://github.com/a/*"`, "https://github.com/a/b.git", true},
		{`"https://github.com/*"`, "https://github.com/a/b", false},
		{`"https://github.com/**"`, "https://github.com/a/b", true},
		{`"https://github.com/A/b.git"`, "https://github.com/a/B", true},
		{`"git@github.com:a/*"`, "ssh://git@github.com/a/b.git", true},
		{`"*", "!https://github.com/a/b"`, "https://github.com/a/b.git", false},
		{`"*", "!https://github.com/a/*"`, "https://github.com/c/b", true},
		{`"!https://github.com/a/*"`, "https://github.com/c/b", true},
		{`"!*"`, "https://github.com/a/b", true},
		{`"https://github.com/a/b?"`, "https://github.com/a/bc", true},
		{`"https://github.com/{a,c}/*"`, "https://github.com/c/b", false}, // the URL escapes the braces
		{`"https://github.com/[a"`, "https://github.com/a", false},
		{`"ghcr.io/a/*"`, "ghcr.io/a/b", true},
	} {
		if got := projectOf(t, "sourceRepos: ["+c.repos+"]").PermitsSource(c.url); got != c.want {
			t.Errorf("[%s] permits %s: %v", c.repos, c.url, got)
		}
	}
}

// TestPermitsDestination holds what isDestinationMatched answers: one destination must match,
// and none may exclude.
func TestPermitsDestination(t *testing.T) {
	for _, c := range []struct {
		destinations, server, name, namespace string
		want                                  bool
	}{
		{`{server: "*", namespace: "*"}`, InCluster, InClusterName, "a", true},
		{`{server: "https://kubernetes.default.svc", namespace: a}`, InCluster, InClusterName, "b", false},
		{`{server: "https://kubernetes.default.svc", namespace: a}`, InCluster, InClusterName, "", false},
		{`{server: "https://kubernetes.default.svc"}`, InCluster, InClusterName, "", true},
		{`{server: "*", namespace: "*"}, {server: "*", namespace: "!a"}`, InCluster, InClusterName, "a", false},
		{`{name: "*", namespace: "*"}, {name: "*", namespace: "!a"}`, InCluster, InClusterName, "a", true},
		{`{server: "*", namespace: "*"}, {server: "!https://kubernetes.default.svc", namespace: "*"}`, InCluster, InClusterName, "a", false},
		{`{name: "*", namespace: "*"}, {name: "!in-cluster", namespace: "*"}`, InCluster, InClusterName, "a", false},
		{`{server: "*", namespace: "*"}, {server: "!https://kubernetes.default.svc", namespace: b}`, InCluster, InClusterName, "a", true},
		{`{server: "!https://far.example.com", namespace: "*"}`, InCluster, InClusterName, "a", true},
		{`{server: "https://*.example.com", namespace: "team-*"}`, "https://far.example.com", "", "team-a", true},
		{`{server: "https://far.example.com", namespace: a}`, "", "far", "a", true},
		{`{server: "https://far.example.com", namespace: a}`, "", "far", "b", false},
		{`{name: near, namespace: a}`, "", "far", "a", false},
		{``, "", "far", "a", false},
	} {
		if got := projectOf(t, "destinations: ["+c.destinations+"]").PermitsDestination(c.server, c.name, c.namespace); got != c.want {
			t.Errorf("[%s] permits %q, %q, %q: %v", c.destinations, c.server, c.name, c.namespace, got)
		}
	}
}

// TestPermitsKind holds what IsGroupKindNamePermitted answers.
func TestPermitsKind(t *testing.T) {
	for _, c := range []struct {
		spec, group, kind, name string
		namespaced, want        bool
	}{
		{``, "apps", "Deployment", "", true, true},
		{``, "", "Namespace", "a", false, false},
		{`namespaceResourceWhitelist: []`, "apps", "Deployment", "", true, false},
		{`namespaceResourceWhitelist: [{group: "*", kind: "*"}]`, "", "Pod", "", true, true},
		{`namespaceResourceWhitelist: [{group: apps, kind: "*"}], namespaceResourceBlacklist: [{group: apps, kind: Dae*}]`, "apps", "DaemonSet", "", true, false},
		{`namespaceResourceBlacklist: [{group: "", kind: ResourceQuota}]`, "", "ResourceQuota", "", true, false},
		{`clusterResourceWhitelist: [{group: "", kind: Namespace, name: "team-*"}]`, "", "Namespace", "team-a", false, true},
		{`clusterResourceWhitelist: [{group: "", kind: Namespace, name: "team-*"}]`, "", "Namespace", "a", false, false},
		{`clusterResourceWhitelist: [{group: "*", kind: "*"}], clusterResourceBlacklist: [{group: "", kind: Node}]`, "", "Node", "a", false, false},
	} {
		if got := projectOf(t, c.spec).PermitsKind(c.group, c.kind, c.name, c.namespaced); got != c.want {
			t.Errorf("%s permits %s/%s %s: %v", c.spec, c.group, c.kind, c.name, got)
		}
	}
}

// TestPermitsNamespace holds what IsAppNamespacePermitted answers of other namespaces than
// Argo CD's.
func TestPermitsNamespace(t *testing.T) {
	p := projectOf(t, `sourceNamespaces: [one, "team-*", "/^x[0-9]+$/", "/[/"]`)
	for namespace, want := range map[string]bool{"one": true, "two": false, "team-a": true, "x1": true, "xy": false} {
		if got := p.PermitsNamespace(namespace); got != want {
			t.Errorf("permits %s: %v", namespace, got)
		}
	}
}
