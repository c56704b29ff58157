package convert_test

import (
	"fmt"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// homeOps is the page about a public migration. Its numbers stand between
// "<!-- NAME -->" and "<!-- end -->"; -update writes them.
const homeOps = "../../docs/example-home-ops.md"

// TestHomeOps holds what the page states: its tables, and that each finding it speaks
// of (written **`id`**) is one of the conversion.
func TestHomeOps(t *testing.T) {
	if os.Getenv("GITOPS_CORPUS") == "" {
		checkKnown(t)
		return
	}
	before := one(t, "flux", "swibrow__home-ops__at_2025-05-flux-before.yaml")
	after := one(t, "argo", "swibrow__home-ops__at_2025-07-argo-after.yaml")
	out := outcomes(t, []convert.Input{before}, convert.Options{To: convert.ToArgo})
	data, err := os.ReadFile(homeOps)
	if err != nil {
		t.Fatal(err)
	}
	page := string(data)
	for name, table := range map[string]string{
		"objects": objectsTable(out), "blocked": blockedTable(out),
		"findings": findingsTable(out), "policies": policiesTable(t, after, out),
	} {
		page = replaceTable(t, page, name, table)
	}
	checkFindings(t, page, out)
	switch {
	case page == string(data):
	case *update:
		if err := os.WriteFile(homeOps, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s is stale: run this test with -update and read the diff", homeOps)
	}
}

func one(t *testing.T, dir, file string) convert.Input {
	t.Helper()
	for _, in := range corpus(t, dir) {
		if path.Base(in.Name) == file {
			return in
		}
	}
	t.Fatalf("the corpus has no %s/%s", dir, file)
	return convert.Input{}
}

func replaceTable(t *testing.T, page, name, table string) string {
	t.Helper()
	mark := "<!-- " + name + " -->\n"
	head, rest, found := strings.Cut(page, mark)
	_, tail, ended := strings.Cut(rest, "<!-- end -->")
	if !found || !ended {
		t.Fatalf("%s has no place for the table %q", homeOps, name)
	}
	return head + mark + table + "<!-- end -->" + tail
}

func checkFindings(t *testing.T, page string, out []convert.Outcome) {
	t.Helper()
	known := map[string]bool{}
	for _, o := range out {
		for _, e := range o.Entries {
			known[e.ID] = true
		}
	}
	spoken := regexp.MustCompile("\\*\\*`([a-z-]+)`\\*\\*").FindAllStringSubmatch(page, -1)
	if len(spoken) == 0 {
		t.Errorf("%s speaks of no finding", homeOps)
	}
	for _, id := range spoken {
		if !known[id[1]] {
			t.Errorf("%s speaks of %s, which the conversion does not find", homeOps, id[1])
		}
	}
}

// blockers lists the IDs that block an object.
func blockers(o convert.Outcome) []string {
	ids := map[string]bool{}
	for _, e := range o.Entries {
		if e.Blocking {
			ids[e.ID] = true
		}
	}
	return slices.Sorted(maps.Keys(ids))
}

func objectsTable(out []convert.Outcome) string {
	kinds := []string{"Kustomization", "HelmRelease", "GitRepository", "HelmRepository", "OCIRepository", "Receiver"}
	table := "| kind | in the input | converted | of these with automation off | passed |\n|---|--:|--:|--:|--:|\n"
	for _, kind := range kinds {
		var all, converted, blocked int
		for _, o := range out {
			if o.Object.Kind != kind {
				continue
			}
			all++
			if o.Status == convert.Converted {
				converted++
			}
			if len(blockers(o)) > 0 {
				blocked++
			}
		}
		table += fmt.Sprintf("| %s | %d | %d | %d | %d |\n", kind, all, converted, blocked, all-converted)
	}
	return table
}

func blockedTable(out []convert.Outcome) string {
	counts := map[string]int{}
	for _, o := range out {
		if ids := blockers(o); len(ids) > 0 {
			counts["`"+strings.Join(ids, "` and `")+"`"]++
		}
	}
	table := "| what turns automation off | objects |\n|---|--:|\n"
	for _, reason := range byCount(counts) {
		table += fmt.Sprintf("| %s | %d |\n", reason, counts[reason])
	}
	return table
}

// findingsTable counts what is worse than equivalent, the worst first.
func findingsTable(out []convert.Outcome) string {
	table := "| finding | fidelity | fields | objects |\n|---|---|--:|--:|\n"
	for _, fidelity := range []ledger.Fidelity{ledger.Unsupported, ledger.Approximate} {
		fields, objects := map[string]int{}, map[string]int{}
		for _, o := range out {
			seen := map[string]bool{}
			for _, e := range o.Entries {
				if e.Fidelity == fidelity {
					fields[e.ID]++
					seen[e.ID] = true
				}
			}
			for id := range seen {
				objects[id]++
			}
		}
		for _, id := range byCount(fields) {
			table += fmt.Sprintf("| `%s` | %s | %d | %d |\n", id, fidelity, fields[id], objects[id])
		}
	}
	return table
}

// byCount returns the keys, those of the highest count first.
func byCount(counts map[string]int) []string {
	return slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		if counts[a] != counts[b] {
			return counts[b] - counts[a]
		}
		return strings.Compare(a, b)
	})
}

// checkKnown holds what can be held without the corpus: the findings that the page
// speaks of are those of some conversion.
func checkKnown(t *testing.T) {
	t.Helper()
	page, err := os.ReadFile(homeOps)
	if err != nil {
		t.Fatal(err)
	}
	var all []convert.Outcome
	for _, in := range ownInputs(t, []string{"flux"}) {
		all = append(all, outcomes(t, []convert.Input{in}, convert.Options{To: convert.ToArgo})...)
	}
	checkFindings(t, string(page), all)
}
