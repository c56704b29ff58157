package flux

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

// TestLookups: what templates ask the cluster for is a finding where they do ask.
func TestLookups(t *testing.T) {
	for name, c := range map[string]struct{ template, values, want string }{
		"one":         {`a: '{{ lookup "v1" "Secret" .Release.Namespace "old" | len }}'`, "", "look up Secret apps/old: "},
		"all":         {`a: '{{ lookup "v1" "Node" "" "" | len }}'`, "", "look up Node *: "},
		"in a branch": {`a: '{{ if .Values.never }}{{ lookup "v1" "Secret" "a" "b" }}{{ end }}'`, "", ""},
		"by a value":  {`a: '{{ tpl .Values.a . }}'`, `{a: '{{ lookup "v1" "Secret" "a" "b" | len }}'}`, "look up Secret a/b: "},
		"none":        {`a: b`, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.MkdirAll(filepath.Join(dir, "a/templates"), 0o755); err != nil {
				t.Fatal(err)
			}
			for file, data := range map[string]string{
				"a/Chart.yaml": "apiVersion: v2\nname: a\nversion: 1.0.0\n", "a/values.yaml": c.values,
				"a/templates/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  " + c.template + "\n",
			} {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(data), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			text := fleetSource + strings.Replace(release, "chart: ./charts/shop\n", "chart: ./a\n", 1)
			app := renderAll(t, text, source.Checkout{URL: fleetURL, Dir: dir})[0]
			if app.Err != nil || len(app.Objects) != 1 {
				t.Fatal(app.Err, len(app.Objects))
			}
			notes := ""
			for _, f := range app.Findings {
				notes += f.ID + " " + f.Note
			}
			if (notes != "") != (c.want != "") || !strings.Contains(notes, c.want) {
				t.Errorf("findings are %q, want %q", notes, c.want)
			}
		})
	}
}
