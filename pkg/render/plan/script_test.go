package plan_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// recorder stands in for kubectl: it writes down its arguments, and answers as a
// cluster without objects whose Jobs and Pods end at once.
const recorder = `#!/usr/bin/env bash
printf -v line '%q ' "$@" # both ends of a pipe record at once: a line is one write
echo "$line" >>"$RECORD"
case " $* " in *" --filename - "*) cat >/dev/null ;; esac
case "$*" in
*status.phase*) echo Succeeded ;;
create*) echo job.batch/made ;;
esac
`

// run runs the script of an archive's plan with the recorder, and returns the commands.
func run(t *testing.T, name string, flags ...string) []string {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", name+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	written(t, archive, filepath.Join(dir, "out"))
	kubectl, record := filepath.Join(dir, "kubectl"), filepath.Join(dir, "record")
	if err := os.WriteFile(kubectl, []byte(recorder), 0o700); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("bash", append([]string{filepath.Join(dir, "out", "apply.sh")}, flags...)...)
	c.Dir = dir
	c.Env = append(os.Environ(), "KUBECTL="+kubectl, "RECORD="+record, "CONTEXT_1=one", "CONTEXT_2=two")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("apply.sh: %v\n%s", err, out)
	}
	if _, err := os.Stat(filepath.Join(dir, "out", "owned")); err == nil {
		t.Error("a name was run as a command")
	}
	data, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(data)), "\n")
}

// TestScripts: every script is good for bash, runs to its end, and takes no name for a
// command.
func TestScripts(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(name, func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			b, _ := planned(t, archive)
			c := exec.Command("bash", "-n")
			c.Stdin = bytes.NewReader(b.Plan().Script())
			if out, err := c.CombinedOutput(); err != nil {
				t.Errorf("bash -n: %v\n%s", err, out)
			}
			run(t, name)
		})
	}
}

// TestScriptFlags: the script's flags go to every command, those of a dry run to what
// changes the cluster alone, and contexts to what is in other clusters.
func TestScriptFlags(t *testing.T) {
	dry := 0
	for _, line := range run(t, "argo_waves", "--request-timeout=5s", "--dry-run=server") {
		command := strings.Fields(line)[0]
		if !strings.Contains(line, "--request-timeout=5s") {
			t.Errorf("without the flag: %s", line)
		}
		changes := command == "apply" || command == "create" || command == "replace" || command == "delete"
		if changes != strings.Contains(line, "--dry-run=server") {
			t.Errorf("a dry run is for changes: %s", line)
		}
		if command == "wait" || command == "rollout" || strings.Contains(line, "status.phase") {
			t.Errorf("a dry run waits: %s", line)
		}
		dry += strings.Count(line, "--dry-run")
	}
	if dry == 0 {
		t.Error("nothing was changed")
	}
	for _, line := range run(t, "release") {
		if !strings.HasSuffix(strings.TrimSpace(line), "--context=one") {
			t.Errorf("not for the other cluster: %s", line)
		}
	}
	impersonated := 0
	for _, line := range run(t, "flux") {
		if as := strings.Contains(line, "--as=system:serviceaccount:flux-system:deployer"); as {
			impersonated++
			if strings.Contains(line, "-infra-") {
				t.Errorf("as the service account of another: %s", line)
			}
		} else if strings.Contains(line, "-apps-") {
			t.Errorf("not as the service account: %s", line)
		}
	}
	if impersonated == 0 {
		t.Error("the service account is not used")
	}
}

// TestContent: the real kubectl labels every object of a stage, in their order. It asks
// no server.
func TestContent(t *testing.T) {
	if _, err := exec.LookPath("kubectl"); err != nil {
		t.Fatal("kubectl is missing: go build -C hack/kubectl -o DIR-ON-PATH . installs it")
	}
	dir := t.TempDir()
	written(t, archive(t, "argo_waves"), dir)
	script, err := os.ReadFile(filepath.Join(dir, "apply.sh"))
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := bytes.Cut(script, []byte("trap finish EXIT\n"))
	if err := os.WriteFile(filepath.Join(dir, "apply.sh"), append(head, "content \"$STAGE\" an-id\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	stages, _ := filepath.Glob(filepath.Join(dir, "*-shop-sync-wave-minus-1"))
	if len(stages) != 1 {
		t.Fatal(stages)
	}
	c := exec.Command("bash", filepath.Join(dir, "apply.sh"))
	c.Env = append(os.Environ(), "KUBECONFIG=/dev/null", "STAGE="+stages[0])
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for d := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(out), 1024); ; {
		var o unstructured.Unstructured
		if err := d.Decode(&o); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		names = append(names, o.GetName()+" "+o.GetLabels()["applyset.kubernetes.io/part-of"])
	}
	if got, want := strings.Join(names, ", "), "early an-id, db an-id, odd an-id"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
