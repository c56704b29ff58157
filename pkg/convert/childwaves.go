package convert

import (
	"maps"
	"slices"
	"strconv"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

const waveAnnotation = "argocd.argoproj.io/sync-wave"

// inWaves lets what the children of one parent became wait for what the children of the
// wave before became, as the sync of the parent does.
func inWaves(jobs []*job) {
	var units []*mapping.Unit
	byWave := map[int][]int{}
	for _, j := range jobs {
		wave := 0
		for _, u := range j.units {
			switch u := u.(type) {
			case *mapping.Set: // its Applications follow it
				wave = childWave(u.Root)
			case *mapping.Unit:
				if j.setsNone() {
					wave = childWave(u.App.Root)
				}
				if u.App.Automated() { // who waits for a hand may wait for ever
					byWave[wave] = append(byWave[wave], len(units))
					units = append(units, u)
				}
			}
		}
	}
	var steps [][]int
	for _, wave := range slices.Sorted(maps.Keys(byWave)) {
		steps = append(steps, byWave[wave])
	}
	waiting := roll(steps, units)
	for _, u := range units {
		u.Waits(waiting)
	}
}

// setsNone tells that the job has no ApplicationSet, whose wave counts for what it makes.
func (j *job) setsNone() bool {
	return !slices.ContainsFunc(j.units, func(u unit) bool { _, ok := u.(*mapping.Set); return ok })
}

// childWave reads the annotation as Argo CD does: what is no number is 0
// (gitops-engine/pkg/sync/syncwaves/waves.go Wave).
func childWave(root *yaml.Node) int {
	wave, err := strconv.Atoi(node.Text(root, "metadata", "annotations", waveAnnotation))
	if err != nil {
		return 0
	}
	return wave
}
