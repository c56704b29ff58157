package cutover

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

const hostileFlux = `
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: flux-system}
spec:
  interval: 10m
  releaseName: 'r;touch canary'
  storageNamespace: '$(touch canary)'
  targetNamespace: "a|b\n` + "`touch canary`" + `"
  chart: {spec: {chart: web, version: 1.2.3, sourceRef: {kind: HelmRepository, name: charts}}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: charts, namespace: flux-system}
spec: {interval: 10m, url: https://example.com/charts}
`

// TestHostile: what an input says is text to the shell that runs the commands.
func TestHostile(t *testing.T) {
	inputs := []convert.Input{{Name: "in.yaml", Data: []byte(hostileFlux)}}
	apps, _, err := read(inputs, convert.ToArgo, map[string]string{})
	if err != nil {
		t.Fatal(err)
	}
	dir, commands := t.TempDir(), 0
	for _, step := range append(preflight(apps, nil, Options{To: convert.ToArgo}), create(apps, Options{}).Steps...) {
		for _, command := range append(append(step.Commands, step.Check...), step.Rollback...) {
			cmd := exec.Command("sh", "-c", "kubectl() { :; }\n"+command)
			cmd.Dir = dir
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", command, err, out)
			}
			commands++
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "canary")); err == nil || commands == 0 {
		t.Errorf("the input ran as a command (%d commands)", commands)
	}
	if got := cell("a|b\n`c`"); got != `a\|b 'c'` {
		t.Errorf("the cell of a table is %q", got)
	}
}

// TestNames: names that no cluster takes become no command and no file.
func TestNames(t *testing.T) {
	for _, name := range []string{"x; touch canary #", "../../x", "$(id)", "a b", "A", ""} {
		for _, metadata := range []string{"name: web, namespace: NAME", "name: NAME, namespace: argocd"} {
			if name == "" && strings.HasPrefix(metadata, "name: web") {
				continue // the namespace that is not there has a default
			}
			text := "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {" +
				strings.ReplaceAll(metadata, "NAME", "'"+name+"'") + "}\nspec: {}\n"
			_, _, err := read([]convert.Input{{Name: "in.yaml", Data: []byte(text)}}, convert.ToFlux, map[string]string{})
			if err == nil || !strings.HasPrefix(err.Error(), "in.yaml:3: Application: metadata.name") {
				t.Errorf("%q: %v", name, err)
			}
		}
	}
}

func TestWord(t *testing.T) {
	for word, want := range map[string]string{"a/b-c.yaml": "a/b-c.yaml", "a b": "'a b'", "it's": `'it'\''s'`, "$x": "'$x'", "": "''"} {
		if got := Word(word); got != want {
			t.Errorf("%q becomes %s, want %s", word, got, want)
		}
	}
}
