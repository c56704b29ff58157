package policy

import (
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/content"
)

// TestSteered settles rows by what marks in the manifests make of single objects.
func TestSteered(t *testing.T) {
	keeps := content.Steering{Row: "prune", Object: ledger.Object{Kind: "ConfigMap", Namespace: "a", Name: "b"}, Left: []string{"never deletes it"}}
	server := content.Steering{Row: "apply-method", Object: keeps.Object, Left: []string{content.OnServer}}
	for _, test := range []struct {
		name        string
		row         Row
		steered     content.Steering
		verdict     Verdict
		meaning     string
		left, right string
	}{
		{"differs", Row{ID: "prune"}, keeps, Differs, "By marks in the manifest of ConfigMap a/b Argo CD never deletes it, Flux treats it like any other object.", "prunes", "prunes"},
		{"of another row", Row{ID: "deletion"}, keeps, Same, "", "deletes all", "deletes all"},
		{"nothing is pruned", Row{ID: "prune"}, keeps, Same, "", keepsAll, keepsAll},
		{"as all objects", Row{ID: "apply-method"}, server, Same, "", onServer, onServer},
		{"unlike all objects", Row{ID: "apply-method"}, server, Differs, "By marks in the manifest of ConfigMap a/b Argo CD applies it on the server, Flux treats it like any other object.", onClient, onClient},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.row.Verdict, test.row.Left.Text, test.row.Right.Text = Same, test.left, test.right
			rows := []Row{test.row}
			Settle(rows, Seen{Tools: [2]string{"Argo CD", "Flux"}, Steered: []content.Steering{test.steered}})
			if rows[0].Verdict != test.verdict || rows[0].Meaning != test.meaning {
				t.Errorf("got %s: %s", rows[0].Verdict, rows[0].Meaning)
			}
		})
	}
}

// TestSome names few objects and counts all.
func TestSome(t *testing.T) {
	if got := some(strings.Split("a b c d e", " ")); got != "a, b, c and 2 more" {
		t.Error(got)
	}
}
