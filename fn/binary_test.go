package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	maxBytes = 20 << 20
	// maxStarts is the CPU time of a start in those of the kustomize command: a bound in
	// milliseconds would measure the machine, and what else it does.
	maxStarts = 4
)

// build returns the path of a freshly built binary.
func build(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "gitops-convert")
	cmd := exec.Command("go", "build", "-trimpath", "-gcflags=all=-l", "-gcflags=github.com/kubectl-gitops/...=",
		"-gcflags=go.yaml.in/yaml/v3=", "-ldflags=-s -w", "-o", path, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0") // as the Dockerfile builds it
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}

func TestBinaryIsSmall(t *testing.T) {
	info, err := os.Stat(build(t))
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > maxBytes {
		t.Errorf("binary has %d bytes, more than %d", info.Size(), maxBytes)
	}
}

func TestStartsFast(t *testing.T) {
	binary, reference := build(t), kustomize(t)
	var ours, theirs []time.Duration
	for range 31 {
		ours = append(ours, cpu(t, binary))
		theirs = append(theirs, cpu(t, reference, "version"))
	}
	// Whatever else the machine does only adds to a measurement.
	least, unit := slices.Min(ours), slices.Min(theirs)
	if least > maxStarts*unit {
		t.Errorf("CPU time of a start is %v, more than %d starts of kustomize (%v)", least, maxStarts, unit)
	}
}

// cpu runs a program on an empty ResourceList.
func cpu(t *testing.T, program string, args ...string) time.Duration {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Stdin = strings.NewReader("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\n")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
}

// The function stays small because it never links these.
func TestImportsNoHeavyPackages(t *testing.T) {
	forbidden := []string{
		"k8s.io/client-go",
		"k8s.io/cli-runtime",
		"sigs.k8s.io/kustomize/api",
		"helm.sh/helm/v4/pkg/action",
		"helm.sh/helm/v4/pkg/engine",
		"helm.sh/helm/v4/pkg/chart",
		"helm.sh/helm/v4/pkg/repo",
		"sigs.k8s.io/controller-runtime",
		"github.com/fluxcd/pkg/kustomize",
		"github.com/go-git/go-git",
		"github.com/google/go-jsonnet",
		"oras.land/oras-go",
		"github.com/kubectl-gitops/kubectl-gitops/pkg/render",
		"github.com/spf13/cobra",
	}
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for dep := range strings.FieldsSeq(string(out)) {
		for _, prefix := range forbidden {
			if dep == prefix || strings.HasPrefix(dep, prefix+"/") {
				t.Errorf("fn depends on %s", dep)
			}
		}
	}
}
