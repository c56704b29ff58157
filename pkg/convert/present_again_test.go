package convert_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

// TestPresentScenarios: beside what a conversion wrote before, it writes the same again where
// names, suspension and services depend on what else is there.
func TestPresentScenarios(t *testing.T) {
	for file, to := range map[string]convert.Direction{
		"fields/clusters": convert.ToFlux, "traps/21-shared-release": convert.ToFlux, "tenancy/limits": convert.ToFlux,
		"back/alert-sources": convert.ToArgo, "back/alert-hooks": convert.ToArgo, "tenancy/back": convert.ToArgo,
	} {
		in := readScenario(t, "testdata/"+file+".txtar").Sections["input.yaml"]
		_, first := ran(t, to, in)
		outcomes, again := ran(t, to, in, first)
		for _, out := range outcomes {
			if out.Err != nil {
				t.Errorf("%s: %v", file, out.Err)
			}
		}
		was := strings.Split(strings.TrimSpace(first), "---\n")
		for _, text := range strings.Split(strings.TrimSpace(again), "---\n") {
			if !slices.Contains(was, text) && !slices.Contains(was, strings.TrimSuffix(text, "\n")) && !slices.Contains(was, text+"\n") {
				t.Errorf("%s: this is new:\n%s", file, text)
			}
		}
	}
}
