package render

import (
	"context"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/internal/tool"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

// cpu is the CPU time, of user and system, that this process or its children took.
func cpu(t *testing.T, who int) time.Duration {
	t.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(who, &r); err != nil {
		t.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// TestCPU holds the bounds on the CPU time of many small apps.
func TestCPU(t *testing.T) {
	for name, c := range map[string]struct {
		make  func(testing.TB, string, int) string
		bound time.Duration
	}{
		"kustomizations": {kustomizations, 3 * time.Second},
		"releases":       {releases, 1500 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			const n, tries, percent = 1000, 3, 300
			defer debug.SetGCPercent(debug.SetGCPercent(percent)) // as the program does
			dir := t.TempDir()
			in := c.make(t, dir, n)
			var took time.Duration
			for range tries { // what else the machine does only adds
				before := cpu(t, syscall.RUSAGE_SELF)
				renderBench(t, dir, in)
				took = cpu(t, syscall.RUSAGE_SELF) - before
				if took < c.bound {
					break
				}
			}
			t.Logf("%d apps in %v of CPU time", n, took)
			if took >= c.bound {
				t.Errorf("%d apps took %v of CPU time, not below %v", n, took, c.bound)
			}
		})
	}
}

// TestFasterThanProgram compares with one run of kustomize for each app.
func TestFasterThanProgram(t *testing.T) {
	const n, factor = 200, 5
	program := tool.Path(t, "kustomize", tool.Kustomize)
	dir := t.TempDir()
	in := kustomizations(t, dir, n)
	before := cpu(t, syscall.RUSAGE_SELF)
	renderBench(t, dir, in)
	ours := cpu(t, syscall.RUSAGE_SELF) - before
	before = cpu(t, syscall.RUSAGE_CHILDREN)
	for i := range n {
		if out, err := exec.Command(program, "build", filepath.Join(dir, "app-"+strconv.Itoa(i))).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	theirs := cpu(t, syscall.RUSAGE_CHILDREN) - before
	t.Logf("%v, and %v by %d runs of kustomize: %.1f times", ours, theirs, n, float64(theirs)/float64(ours))
	if theirs < factor*ours {
		t.Errorf("%v is not %d times faster than %v", ours, factor, theirs)
	}
}

// TestMemory: what is held does not grow with the manifests, only with the input.
func TestMemory(t *testing.T) {
	held := func(n int) int64 {
		dir := t.TempDir()
		run := New([]Input{{Name: "in.yaml", Data: []byte(kustomizations(t, dir, n))}}, Options{
			Sources: &source.Sources{Offline: true, Checkouts: []source.Checkout{{URL: benchURL, Dir: dir}}},
		})
		var stats runtime.MemStats
		last := 0
		for app := range run.Apps(context.Background()) {
			if app.Err != nil {
				t.Fatal(app.Err)
			}
			if last++; last == n {
				runtime.GC()
				runtime.ReadMemStats(&stats)
			}
		}
		runtime.KeepAlive(run)
		return int64(stats.HeapAlloc)
	}
	const few, many = 100, 500
	held(few) // what is set up once
	perApp := (held(many) - held(few)) / (many - few)
	t.Logf("%d bytes for each app", perApp)
	const bound = 16 << 10 // the parsed object that asks for it
	if perApp > bound {
		t.Errorf("each app holds %d bytes, more than %d", perApp, bound)
	}
}
