package flux

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

// TestVersionShows: what Flux adds to a chart's version is only a finding where the
// templates write the version, and the finding says where.
func TestVersionShows(t *testing.T) {
	for name, c := range map[string]struct{ template, spec, want string }{
		"a label":          {"metadata: {name: a, labels: {chart: '{{ .Chart.Version }}'}}", "reconcileStrategy: Revision", "left out. It shows: ConfigMap a, metadata.labels"},
		"no use":           {"metadata: {name: a}", "reconcileStrategy: Revision", ""},
		"without build":    {"metadata: {name: a, labels: {chart: '{{ (semver .Chart.Version).Major }}'}}", "reconcileStrategy: Revision", ""},
		"by version":       {"metadata: {name: a, labels: {chart: '{{ .Chart.Version }}'}}", "reconcileStrategy: ChartVersion", ""},
		"value files":      {"metadata: {name: a, labels: {chart: '{{ .Chart.Version }}'}}", "valuesFiles: [a/b.yaml]", "of a new object. It shows: ConfigMap a, metadata.labels"},
		"value files only": {"metadata: {name: a}", "valuesFiles: [a/b.yaml]", ""},
		"objects":          {"metadata: {name: a}\n{{- if contains \"+\" .Chart.Version }}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n{{- end }}", "reconcileStrategy: Revision", "1 objects become 2"},
		"a refusal":        {"metadata: {name: a}\n{{- if contains \"+\" .Chart.Version }}{{ fail \"no build\" }}{{ end }}", "reconcileStrategy: Revision", "no build"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for file, data := range map[string]string{
				"a/Chart.yaml": "apiVersion: v2\nname: a\nversion: 1.0.0\n", "a/b.yaml": "{}\n",
				"a/templates/a.yaml": "apiVersion: v1\nkind: ConfigMap\n" + c.template + "\n",
			} {
				full := filepath.Join(dir, file)
				if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(full, []byte(data), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			text := fleetSource + strings.Replace(release, "chart: ./charts/shop\n", "chart: ./a\n      "+c.spec+"\n", 1)
			app := renderAll(t, text, source.Checkout{URL: fleetURL, Dir: dir})[0]
			if app.Err != nil {
				t.Fatal(app.Err)
			}
			var notes []string
			for _, f := range app.Findings {
				notes = append(notes, f.Note)
			}
			if len(notes) > 1 || (len(notes) > 0) != (c.want != "") || !strings.Contains(strings.Join(notes, ""), c.want) {
				t.Errorf("findings are %q, want %q", notes, c.want)
			}
		})
	}
}
