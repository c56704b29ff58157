package appset

import (
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// Steps groups Applications, by index, as a rolling sync does: each is in the first step
// whose expressions its labels fit, or in none (buildAppDependencyList in
// applicationset/progressivesync/progressive_sync.go). Without a rolling sync there are
// no steps.
func Steps(root *yaml.Node, apps []*yaml.Node) (steps [][]int) {
	strategy := node.At(root, "spec", "strategy")
	if node.Text(strategy, "type") != "RollingSync" {
		return nil
	}
	taken := map[int]bool{}
	for _, step := range node.Items(strategy, "rollingSync", "steps") {
		var group []int
		for i, app := range apps {
			if !taken[i] && inStep(app, step) {
				taken[i] = true
				group = append(group, i)
			}
		}
		steps = append(steps, group)
	}
	return steps
}

func inStep(app, step *yaml.Node) bool {
	for _, e := range node.Items(step, "matchExpressions") {
		label := node.At(app, "metadata", "labels", node.Text(e, "key"))
		listed := label != nil && slices.ContainsFunc(node.Items(e, "values"), func(v *yaml.Node) bool { return v.Value == label.Value })
		fits := label == nil // for an operator that does not exist
		switch node.Text(e, "operator") {
		case "In":
			fits = listed
		case "NotIn":
			fits = !listed
		}
		if !fits {
			return false
		}
	}
	return true
}
