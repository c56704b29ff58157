package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// An expectation is .expected/config.yaml of a package: the part of kpt's form that the
// examples use (kpt pkg/test/runner/config.go, TestCaseConfig). Beside it are diff.patch,
// what git shows of the run, and results.yaml; one that is missing is empty or, for
// results.yaml, not compared.
type expectation struct {
	TestType  string `json:"testType"`
	AllowExec bool   `json:"allowExec"`
	ExitCode  int    `json:"exitCode"`
	StdErr    string `json:"stdErr"`
}

// TestExpected renders the examples with the real kpt, as kpt's own runner of function
// tests does.
func TestExpected(t *testing.T) {
	path := onPath(t)
	found, err := filepath.Glob(filepath.Join(examples, "*", ".expected"))
	if err != nil || len(found) < 3 {
		t.Fatalf("found %q, %v", found, err)
	}
	for _, expected := range found {
		t.Run(filepath.Base(filepath.Dir(expected)), func(t *testing.T) { renderExpected(t, expected, path) })
	}
}

func renderExpected(t *testing.T, expected, path string) {
	var want expectation
	if err := yaml.UnmarshalStrict(read(t, expected, "config.yaml"), &want); err != nil {
		t.Fatal(err)
	}
	if want.TestType != "render" || !want.AllowExec {
		t.Fatalf("%s: %+v is not how the examples run", expected, want)
	}
	dir := filepath.Join(t.TempDir(), filepath.Base(filepath.Dir(expected)))
	if err := os.CopyFS(dir, os.DirFS(filepath.Dir(expected))); err != nil {
		t.Fatal(err)
	}
	git(t, dir, "init", "-q")
	commit(t, dir)
	results := filepath.Join(t.TempDir(), "results")
	cmd := exec.Command(kpt(t), "fn", "render", dir, "--allow-exec", "--results-dir", results)
	cmd.Env = append(os.Environ(), path)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if code := cmd.ProcessState.ExitCode(); code != want.ExitCode || !strings.Contains(stderr.String(), want.StdErr) {
		t.Errorf("exit code %d, want %d, and on stderr %q:\n%s", code, want.ExitCode, want.StdErr, &stderr)
	}
	commit(t, dir)
	compare(t, filepath.Join(expected, "diff.patch"), git(t, dir, "diff", "HEAD~", "HEAD"))
	name := filepath.Join(expected, "results.yaml")
	if _, err := os.Stat(name); err == nil {
		compare(t, name, string(read(t, results, "results.yaml")))
	}
}

// compare fails where a file of .expected, which is as good as empty if missing, is not
// what a run gave, up to white space around it.
func compare(t *testing.T, name, got string) {
	t.Helper()
	got = strings.TrimSpace(got)
	if *update && got != "" {
		if err := os.WriteFile(name, []byte(got+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	if got != strings.TrimSpace(string(want)) {
		t.Errorf("%s differs; -update rewrites it. The run gave\n%s", name, got)
	}
}

// git runs without the settings of the user and the machine, which change what a diff
// looks like.
func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=none", "-c", "user.email=none"}, args...)...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "GIT_CONFIG_NOSYSTEM=1"}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
	return string(out)
}

func commit(t *testing.T, dir string) {
	t.Helper()
	git(t, dir, "add", "--all")
	git(t, dir, "commit", "-q", "--allow-empty", "-m", "as it is")
}
