package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

func converted(file, name string, fidelity ledger.Fidelity) convert.Outcome {
	from := ledger.Object{APIVersion: "argoproj.io/v1alpha1", Kind: "Application", Name: name}
	to := ledger.Object{APIVersion: "kustomize.toolkit.fluxcd.io/v1", Kind: "Kustomization", Name: name}
	return convert.Outcome{
		File: file, Line: 1, Object: from, Status: convert.Converted,
		Out: []convert.Output{{Object: to, Data: []byte("name: " + name + "\n")}},
		Entries: []ledger.Entry{{ID: "some-rule", Fidelity: fidelity,
			From: ledger.From{Object: from, Path: "spec.project", File: file, Line: 7}}},
	}
}

func broken(file string) convert.Outcome {
	return convert.Outcome{File: file, Line: 3, Status: convert.Failed, Err: errors.New("no name")}
}

// play runs a job over outcomes, as convertOp.Run would.
func play(t *testing.T, op *convertOp, outcomes ...convert.Outcome) (stdout, stderr string, err error) {
	t.Helper()
	var out, errs bytes.Buffer
	s := streams{out: &out, err: &errs}
	l := newLoader(nil, newProgress(s, true))
	for _, o := range outcomes {
		l.addFile(o.File, o.File, nil)
	}
	j, err := op.newJob(s, l, l.bar)
	if err != nil {
		t.Fatal(err)
	}
	defer j.close()
	if dir, ok := j.sink.(*dirSink); ok {
		dir.without = func(failed map[string]bool) (iter.Seq[convert.Outcome], error) {
			return slices.Values(slices.DeleteFunc(slices.Clone(outcomes), func(o convert.Outcome) bool {
				return failed[o.File]
			})), nil
		}
	}
	err = j.run(context.Background(), slices.Values(outcomes))
	return out.String(), errs.String(), err
}

func TestFailOn(t *testing.T) {
	tests := []struct {
		failOn          string
		fidelity        ledger.Fidelity
		blocking, allow bool
		want            error
	}{
		{failUnknown, ledger.Unknown, false, false, errFindings},
		{failUnknown, ledger.Unsupported, false, false, nil},
		{failUnsupported, ledger.Unsupported, false, false, errFindings},
		{failUnsupported, ledger.Approximate, false, false, nil},
		{failUnsupported, ledger.Unsupported, true, true, errFindings},
		{failUnknown, ledger.Approximate, true, false, errFindings},
		{failUnknown, ledger.Unsupported, true, true, nil},
		{failApproximate, ledger.Approximate, false, false, errFindings},
		{failApproximate, ledger.Runtime, false, false, nil},
		{failApproximate, ledger.Exact, false, false, nil},
		{failNever, ledger.Unknown, true, false, nil},
	}
	for _, tt := range tests {
		o := converted("a.yaml", "a", tt.fidelity)
		o.Entries[0].Blocking = tt.blocking
		op := &convertOp{format: formatYAML, failOn: tt.failOn, options: convert.Options{AllowBlocking: tt.allow}}
		_, _, err := play(t, op, o)
		if err != tt.want {
			t.Errorf("--fail-on %s, %s, blocking %t, allowed %t: %v, want %v", tt.failOn, tt.fidelity, tt.blocking, tt.allow, err, tt.want)
		}
	}
}

func TestKeepGoing(t *testing.T) {
	outcomes := []convert.Outcome{converted("a.yaml", "a", ledger.Exact), broken("b.yaml"),
		converted("c.yaml", "c", ledger.Exact)}
	out, errs, err := play(t, &convertOp{format: formatYAML, failOn: failNever}, outcomes...)
	if out != "" || errs != "" || err == nil || err.Error() != "b.yaml:3: no name" {
		t.Errorf("without --keep-going: stdout %q, stderr %q, error %v", out, errs, err)
	}
	yes := true
	out, errs, err = play(t, &convertOp{format: formatYAML, failOn: failNever, keepGoing: &yes}, outcomes...)
	if out != "name: a\n---\nname: c\n" || err != errReported {
		t.Errorf("with --keep-going: stdout %q, error %v", out, err)
	}
	if strings.Count(errs, "error: b.yaml:3: no name\n") != 1 || !strings.Contains(errs, "2 converted, 0 passed, 1 failed") {
		t.Errorf("with --keep-going: stderr %q", errs)
	}
}

func TestOutputDirKeepsWholeFilesOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	yes := true
	_, _, err := play(t, &convertOp{format: formatYAML, failOn: failNever, keepGoing: &yes, outputDir: dir},
		converted("x/a.yaml", "a", ledger.Exact), converted("b.yaml", "b", ledger.Exact), broken("b.yaml"),
		converted("c.json", "c", ledger.Exact))
	if err != errReported {
		t.Fatal(err)
	}
	want := []string{"c.yaml", "x/a.yaml"}
	if got := tree(t, dir); !slices.Equal(got, want) {
		t.Errorf("files %q, want %q", got, want)
	}
}

func TestOutputDirOnErrorLeavesNothing(t *testing.T) {
	tests := map[string][]convert.Outcome{
		"c.yaml:3: no name":             {converted("a.yaml", "a", ledger.Exact), converted("b.yaml", "b", ledger.Exact), broken("c.yaml")},
		"would leave":                   {converted("a.yaml", "a", ledger.Exact), converted("../b.yaml", "b", ledger.Exact)},
		"would both become":             {converted("a.yaml", "a", ledger.Exact), converted("a.json", "b", ledger.Exact)},
		"a.yaml:1: Application broken:": {{File: "a.yaml", Line: 1, Object: ledger.Object{Kind: "Application", Name: "broken"}, Err: errors.New("x")}},
	}
	for want, outcomes := range tests {
		parent := t.TempDir()
		op := &convertOp{format: formatYAML, failOn: failNever, outputDir: filepath.Join(parent, "out"),
			ledger: filepath.Join(parent, "ledger.json")}
		if _, _, err := play(t, op, outcomes...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
		if left := tree(t, parent); len(left) > 0 {
			t.Errorf("%s: left %q", want, left)
		}
	}
}

func TestOutputDirStaysInside(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "out")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(parent, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	op := &convertOp{format: formatYAML, failOn: failNever, outputDir: dir}
	if _, _, err := play(t, op, converted("link/a.yaml", "a", ledger.Exact)); err == nil {
		t.Error("a link led out of the output directory")
	}
	if _, err := os.Stat(filepath.Join(parent, "a.yaml")); err == nil {
		t.Error("a file was written outside")
	}
}

func TestManyObjects(t *testing.T) {
	var outcomes []convert.Outcome
	for i := range 30 {
		outcomes = append(outcomes, converted("a.yaml", fmt.Sprint("app", i), ledger.Approximate))
	}
	_, errs, err := play(t, &convertOp{format: formatName, failOn: failNever}, outcomes...)
	if err != nil || !strings.Contains(errs, "and 10 more objects") {
		t.Errorf("stderr %q, error %v", errs, err)
	}
}

func tree(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, p)
			files = append(files, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
