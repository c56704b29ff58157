package convert_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset/collapse"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
)

// TestCollapse: what the ApplicationSets of every group make, with what is left single,
// is what the conversion writes without them, byte for byte; and the ledger says where
// everything is.
func TestCollapse(t *testing.T) {
	inputs := corpus(t, "flux", "flux-partial")
	checkCorpus(t, inputs, convert.Options{To: convert.ToArgo, Collapse: true})
	counts := map[string]int{}
	for _, in := range inputs {
		checkCollapsed(t, []convert.Input{in}, convert.Options{To: convert.ToArgo}, counts)
	}
	checkCollapsed(t, inputs, convert.Options{To: convert.ToArgo}, counts)
	checkCollapsed(t, inputs, convert.Options{To: convert.ToArgo, AllowBlocking: true}, counts)
	if counts["sets"] == 0 || counts["elements"] < collapse.Min*counts["sets"] {
		t.Error("nothing was collapsed")
	}
	t.Log(counts)
}

func checkCollapsed(t *testing.T, inputs []convert.Input, o convert.Options, counts map[string]int) {
	t.Helper()
	var single, expanded []string
	for _, out := range outcomes(t, inputs, o) {
		for _, one := range out.Out {
			single = append(single, plain(t, one))
		}
	}
	o.Collapse = true
	for _, out := range outcomes(t, inputs, o) {
		for _, one := range out.Out {
			if out.Status == convert.Passed || one.Object.Kind != appset.Kind {
				expanded = append(expanded, plain(t, one))
				continue
			}
			apps := expansion(t, one)
			counts["sets"]++
			counts["elements"] += len(apps)
			checkOrder(t, single, apps)
			expanded = append(expanded, apps...)
		}
	}
	slices.Sort(single)
	slices.Sort(expanded)
	if !slices.Equal(single, expanded) {
		t.Errorf("%s and others: the ApplicationSets make something else", inputs[0].Name)
	}
}

// checkOrder: the elements are in the order of the single Applications.
func checkOrder(t *testing.T, single, apps []string) {
	t.Helper()
	at := 0
	for _, app := range apps {
		next := slices.Index(single[at:], app)
		if next < 0 {
			t.Errorf("made out of order, or of nothing:\n%s", app)
			return
		}
		at += next + 1
	}
}

// plain is an output as templates leave it: without comments.
func plain(t *testing.T, o convert.Output) string {
	t.Helper()
	if o.Object.Kind != "Application" {
		return string(o.Data)
	}
	return encoded(t, convert.Output{Data: o.Data})
}

func encoded(t *testing.T, o convert.Output) string {
	t.Helper()
	var buf bytes.Buffer
	if err := document.Encode(&buf, collapse.Plain(parsed(t, o.Data))); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

// expansion is what the controller makes of a set.
func expansion(t *testing.T, o convert.Output) (apps []string) {
	t.Helper()
	made, problems := appset.Expand(parsed(t, o.Data), appset.World{})
	for _, p := range problems {
		t.Errorf("%s: %v", o.Object.Name, p)
	}
	for _, app := range made {
		var buf bytes.Buffer
		if err := document.Encode(&buf, app); err != nil {
			t.Fatal(err)
		}
		apps = append(apps, buf.String())
	}
	return apps
}

// TestCollapseBytes: the Applications as they stand, without anything done to them, are
// what the sets make. Argo CD's own generators are asked in internal/oracle, by the section
// that this keeps.
func TestCollapseBytes(t *testing.T) {
	const file = "testdata/back/collapse.txtar"
	sc := readScenario(t, file)
	o := sc.Options
	var made []string
	for _, out := range outcomes(t, sc.Inputs(), o) {
		for _, one := range out.Out {
			if one.Object.Kind == appset.Kind {
				made = append(made, expansion(t, one)...)
			}
		}
	}
	o.Collapse = false
	var single []string
	for _, out := range outcomes(t, sc.Inputs(), o) {
		for _, one := range out.Out {
			data := strings.TrimPrefix(string(one.Data), "# the first of the file\n\n")
			if slices.Contains(made, data) {
				single = append(single, data)
			}
		}
	}
	if len(made) != 9 || len(single) != len(made) {
		t.Errorf("of %d Applications, %d are as without sets", len(made), len(single))
	}
	text := strings.Join(single, "---\n")
	if *update {
		setSection(sc.Archive, "single.yaml", text)
		if err := os.WriteFile(file, txtar.Format(sc.Archive), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if text != sc.Sections["single.yaml"] {
		t.Errorf("single.yaml is\n%s", text)
	}
}

// TestCollapseBack: the sets become the Flux objects that the single Applications become.
func TestCollapseBack(t *testing.T) {
	for _, preserve := range []bool{false, true} {
		sc := readScenario(t, "testdata/back/collapse.txtar")
		o := sc.Options
		o.Preserve = preserve
		var back [2]string
		for i, collapsed := range []bool{false, true} {
			o.Collapse = collapsed
			var apps bytes.Buffer
			s := convert.NewStream(&apps)
			for _, out := range outcomes(t, sc.Inputs(), o) {
				for _, one := range out.Out {
					if err := s.Write(one); err != nil {
						t.Fatal(err)
					}
				}
			}
			in := []convert.Input{{Name: "apps.yaml", Data: apps.Bytes()}}
			var docs []string
			for _, out := range outcomes(t, in, convert.Options{To: convert.ToFlux}) {
				for _, one := range out.Out {
					docs = append(docs, encoded(t, one))
				}
			}
			slices.Sort(docs)
			back[i] = strings.Join(docs, "---\n")
		}
		if back[0] != back[1] {
			t.Errorf("preserve %v: single Applications become\n%s\nthe sets\n%s", preserve, back[0], back[1])
		}
	}
}

// TestCollapseElsewhere: Applications that come back outside of Argo CD's namespace stay
// single, as an installation need not look for ApplicationSets there.
func TestCollapseElsewhere(t *testing.T) {
	const format = `---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: %[1]s, namespace: team}
spec:
  project: default
  destination: {server: https://kubernetes.default.svc, namespace: %[1]s}
  source: {repoURL: https://github.com/example/deploy, path: %[1]s, targetRevision: main}
  syncPolicy: {automated: {prune: true, selfHeal: true}}
`
	var apps, fluxcd bytes.Buffer
	for _, name := range []string{"one", "two", "three"} {
		fmt.Fprintf(&apps, format, name)
	}
	s := convert.NewStream(&fluxcd)
	for _, out := range outcomes(t, []convert.Input{{Name: "apps.yaml", Data: apps.Bytes()}}, convert.Options{Preserve: true}) {
		for _, one := range out.Out {
			if err := s.Write(one); err != nil {
				t.Fatal(err)
			}
		}
	}
	made, why := 0, ""
	for _, out := range outcomes(t, []convert.Input{{Name: "flux.yaml", Data: fluxcd.Bytes()}}, convert.Options{To: convert.ToArgo, Collapse: true}) {
		for _, one := range out.Out {
			if one.Object.Kind == "Application" && one.Object.Namespace == "team" {
				made++
			}
		}
		for _, e := range out.Entries {
			if e.ID == "appset-not-collapsed" {
				why += e.Note
			}
		}
	}
	if made != 3 || !strings.Contains(why, "outside of Argo CD's namespace") {
		t.Errorf("%d Applications stay, because: %s", made, why)
	}
}
