package policy

import (
	"encoding/json"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/deployment"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// TestReflexive: nothing differs from itself, and only what nobody knows is not the same.
func TestReflexive(t *testing.T) {
	for _, c := range conversions(t) {
		for _, d := range []*deployment.Deployment{c.left, c.right} {
			if len(d.Appliers) > 1 {
				continue // units that disagree are compared each with each
			}
			for _, r := range Compare(d, d) {
				if r.Verdict == Differs && len(Of(d).units) == 1 || r.Verdict == Same && r.Meaning != "" {
					t.Errorf("%s: %s is %s from itself: %s: %s", c.name, r.ID, r.Verdict, r.Left.Text, r.Meaning)
				}
			}
		}
	}
}

// TestSymmetric: the verdict does not depend on which side is left, and what is not the
// same has a meaning.
func TestSymmetric(t *testing.T) {
	for _, c := range conversions(t) {
		there, back := Compare(c.left, c.right), Compare(c.right, c.left)
		for i, r := range there {
			if r.ID != rows[i].slug || r.Verdict != back[i].Verdict || r.Left.Text != back[i].Right.Text {
				t.Errorf("%s: %s is %s there and %s back", c.name, r.ID, r.Verdict, back[i].Verdict)
			}
			if (r.Verdict == Same) != (r.Meaning == "") || r.Left.Text == "" || r.Left.Where.File == "" || r.Right.Where.Line == 0 {
				t.Errorf("%s: %s is %s: %+v", c.name, r.ID, r.Verdict, r)
			}
		}
	}
}

// TestContract: other tools read these very names.
func TestContract(t *testing.T) {
	got, err := json.Marshal(Row{ID: "prune", Title: "Prune", Verdict: Differs, Meaning: "m", Left: Value{Text: "l", Where: Where{File: "f", Line: 1, Path: "p"}}})
	want := `{"id":"prune","title":"Prune","left":{"text":"l","where":{"file":"f","line":1,"object":{"apiVersion":"","kind":"","name":""},"path":"p"}},` +
		`"right":{"text":"","where":{"file":"","line":0,"object":{"apiVersion":"","kind":"","name":""},"path":""}},"verdict":"differs","meaning":"m"}`
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v\nwant %s", got, err, want)
	}
}

// TestBroken: no value of the wrong type makes a comparison panic or lose a row.
func TestBroken(t *testing.T) {
	for _, base := range []string{"web", "db", "Kustomization", "HelmRelease"} {
		for _, value := range []string{"null", "7", "[]", "{}", "[[]]", "[{}]", "[null]"} {
			c := converted(t, base)
			for _, m := range append(c.left.Appliers, c.right.Appliers...) {
				spec := node.Get(m.Root, "spec")
				for i := 1; i < len(spec.Content); i += 2 {
					kept := spec.Content[i]
					spec.Content[i] = yaml.MustParse(value).YNode()
					if n := len(Compare(c.left, c.right)); n != len(rows) {
						t.Errorf("%d rows with %s", n, value)
					}
					spec.Content[i] = kept
				}
			}
		}
	}
}
