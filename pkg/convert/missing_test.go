package convert_test

import (
	"slices"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

// TestMissingObjects leaves one object at a time out of every scenario, as an input
// that is only a part of a repository does: what refers to it is still accounted for.
func TestMissingObjects(t *testing.T) {
	for dir, to := range map[string]convert.Direction{"argo": convert.ToFlux, "flux": convert.ToArgo} {
		for _, in := range corpus(t, dir) {
			roots := parse(t, in.Name, in.Data)
			if len(roots) > 60 { // a file of a large repository would take minutes
				continue
			}
			for i := range roots {
				checkPart(t, in.Name, slices.Delete(slices.Clone(roots), i, i+1), to)
			}
		}
	}
}

func checkPart(t *testing.T, name string, roots []*yaml.Node, to convert.Direction) {
	t.Helper()
	outs := convertTrees(t, roots, convert.Options{To: to})
	for i, out := range outs {
		if out.Status == convert.Converted {
			checkLedgers(t, name, roots[i], out)
			checkValid(t, name, out)
		}
	}
	checkTargets(t, outs)
}
