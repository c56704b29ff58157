package policy

import (
	"maps"
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// variables names what postBuild replaces and where the values come from, without the
// values. It is empty where nothing is replaced.
func (u *unit) variables() string {
	var names []string
	values, _ := node.Value(u.spec("postBuild", "substitute")).(map[string]any)
	names = append(names, slices.Sorted(maps.Keys(values))...)
	for _, item := range node.Items(u.spec(), "postBuild", "substituteFrom") {
		names = append(names, node.Text(item, "kind")+"/"+node.Text(item, "name"))
	}
	if len(names) == 0 {
		return ""
	}
	return "variables of " + strings.Join(names, ", ")
}
