package argocd

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// Windows returns the sync windows of the project that may be about an Application: one that
// its name, its namespace of destination or its cluster fits (types.go SyncWindows.Matches;
// andOperator only makes them fewer). A cluster has a name and an address, of which the
// Application gives one: the other may be whatever a pattern says.
func (p *Project) Windows(a *App) []*yaml.Node {
	return slices.DeleteFunc(slices.Clone(p.Items("syncWindows")), func(w *yaml.Node) bool {
		lists := [][]*yaml.Node{node.Items(w, "applications"), node.Items(w, "namespaces"), node.Items(w, "clusters")}
		about := slices.ContainsFunc(lists[0], func(n *yaml.Node) bool { return matches(n.Value, a.Name) }) ||
			slices.ContainsFunc(lists[1], func(n *yaml.Node) bool { return matches(n.Value, a.DestinationNamespace()) }) ||
			slices.ContainsFunc(lists[2], func(n *yaml.Node) bool { return a.mayDeployTo(n.Value) })
		return !about && slices.ContainsFunc(lists, func(l []*yaml.Node) bool { return len(l) > 0 })
	})
}

// mayDeployTo tells whether a pattern may fit the cluster of the Application.
func (a *App) mayDeployTo(pattern string) bool {
	server, name := node.Text(a.Spec("destination"), "server"), node.Text(a.Spec("destination"), "name")
	switch {
	case server == InCluster:
		name = InClusterName
	case name == InClusterName:
		server = InCluster
	}
	if server != "" && matches(pattern, server) || name != "" && matches(pattern, name) {
		return true
	}
	address, open := strings.Contains(pattern, "://"), strings.ContainsAny(pattern, "*?[{")
	return server == "" && (address || open) || name == "" && (!address || open)
}
