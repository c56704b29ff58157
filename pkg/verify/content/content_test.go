package content

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// decode reads objects of a stream of YAML.
func decode(t testing.TB, text string) (all []manifest.Object) {
	t.Helper()
	for doc := range strings.SplitSeq(text, "---\n") {
		objects, err := manifest.Decode([]byte(doc), manifest.Origin{File: "f.yaml"})
		if err != nil {
			t.Fatalf("%v in\n%s", err, doc)
		}
		all = append(all, objects...)
	}
	return all
}

// brief is a difference in one line.
func brief(d Difference) string {
	where := d.Object.Kind + "/" + d.Object.Name
	if d.Path != "" {
		where += " " + d.Path
	}
	line := fmt.Sprintf("%s %s: %s -> %s", d.Kind, where, or(d.Left), or(d.Right))
	if d.Reason != "" {
		line += " (" + d.Reason + ")"
	}
	return line
}

func or(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

// differences of two texts, Argo CD's and Flux's, in lines.
func differences(t testing.TB, argo, flux string) string {
	t.Helper()
	result := Compare(Side{Tool: ArgoCD, Objects: decode(t, argo)}, Side{Tool: Flux, Objects: decode(t, flux)})
	var lines []string
	for _, d := range result.Differences {
		lines = append(lines, brief(d))
	}
	return strings.Join(lines, "\n")
}
