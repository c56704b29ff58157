package cutover

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

var update = flag.Bool("update", false, "rewrite the expected runbooks")

var directions = []struct {
	name string
	to   convert.Direction
}{{"argocd", convert.ToFlux}, {"flux", convert.ToArgo}}

func TestMarkdown(t *testing.T) {
	for _, d := range directions {
		r, _ := planned(t, "testdata/"+d.name+".yaml", d.to)
		var got bytes.Buffer
		if err := r.Markdown(&got); err != nil {
			t.Fatal(err)
		}
		file := "testdata/" + d.name + ".md"
		if *update {
			if err := os.WriteFile(file, got.Bytes(), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%s differs: run go test ./pkg/cutover -update and read the diff", file)
		}
	}
}

var payload = regexp.MustCompile(`-p '[^']*'`)

// TestKubectl: the real kubectl knows every verb and flag of the runbooks.
func TestKubectl(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range directions {
		r, _ := planned(t, "testdata/"+d.name+".yaml", d.to)
		steps := r.Preflight
		for _, stage := range r.Stages {
			steps = append(steps, stage.Steps...)
		}
		for _, s := range steps {
			for _, line := range append(append(append([]string{}, s.Commands...), s.Check...), s.Rollback...) {
				line, _, _ = strings.Cut(line, " #")
				line, _, _ = strings.Cut(line, " > ")
				for _, command := range strings.Split(line, " | ") {
					words := strings.Fields(command)
					shape := payload.ReplaceAllString(command, "-p '{}'")
					if words[0] != "kubectl" || words[1] == "gitops" || seen[verbAndFlags(shape)] {
						continue
					}
					seen[verbAndFlags(shape)] = true
					if out, err := exec.Command("sh", "-c", shape+" --help").CombinedOutput(); err != nil {
						t.Errorf("%s: %v\n%s", command, err, out)
					}
				}
			}
		}
	}
	if len(seen) < 8 {
		t.Errorf("only %d commands were tried", len(seen))
	}
}

// verbAndFlags leaves out which object a command is about.
func verbAndFlags(command string) string {
	words := strings.Fields(command)
	shape := words[1]
	for _, w := range words {
		if strings.HasPrefix(w, "-") {
			shape += " " + strings.SplitN(w, "=", 2)[0]
		}
	}
	return shape
}
