//go:build unix

package convert_test

import (
	"math"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// cpu returns the CPU time that run takes, of all threads and the collector.
func cpu(t *testing.T, run func()) time.Duration {
	t.Helper()
	before := usage(t)
	run()
	return usage(t) - before
}

// cpuAlone is cpu on one processor. The collector then has no processor of its own, so that
// what it does in idle time counts neither.
func cpuAlone(t *testing.T, run func()) time.Duration {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	return cpu(t, run)
}

func usage(t *testing.T) time.Duration {
	t.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		t.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// TestCPU: converting 10,000 objects of either tool takes less than half the CPU time
// that kyaml takes to read and write the same bytes. Half of kyaml's is the collector's,
// in processors that are idle. On a machine without any, the bound is on one processor.
func TestCPU(t *testing.T) {
	for name, data := range map[string][]byte{"argocd": applications(10_000), "flux": kustomizations(10_000)} {
		t.Run(name, func(t *testing.T) {
			if r := ratio(t, data, 0.5, cpu); r < 0.5 {
				return
			}
			if r := ratio(t, data, 1.5, cpuAlone); r >= 1.5 {
				t.Errorf("ratio is %.2f on one processor, want less than 1.5, and on all not less than 0.5", r)
			}
		})
	}
}

// ratio returns the best ratio of CPU times of three tries, or the first below enough.
// Whatever else the machine does only adds to a measurement.
func ratio(t *testing.T, data []byte, enough float64, cpu func(*testing.T, func()) time.Duration) float64 {
	t.Helper()
	best := math.Inf(1)
	for range 3 {
		convert := cpu(t, func() { drain(t, data) })
		noop := cpu(t, func() { roundTrip(t, data) })
		best = min(best, convert.Seconds()/noop.Seconds())
		t.Logf("convert %v, no-op round trip %v: best ratio %.2f", convert, noop, best)
		if best < enough {
			break
		}
	}
	return best
}

// TestLinear: ten times the input takes about ten times the CPU time.
func TestLinear(t *testing.T) {
	for name, many := range map[string]func(int) []byte{"argocd": applications, "flux": kustomizations} {
		t.Run(name, func(t *testing.T) {
			small, large := many(1_000), many(10_000)
			drain(t, small) // tables and schemas are built once
			one := cpu(t, func() { drain(t, small) })
			ten := cpu(t, func() { drain(t, large) })
			factor := ten.Seconds() / one.Seconds()
			t.Logf("1,000 in %v, 10,000 in %v: factor %.1f", one, ten, factor)
			if factor > 20 {
				t.Errorf("factor is %.1f, want about 10", factor)
			}
		})
	}
}

// TestPassRate: documents that are not ours pass at more than 100 MB a CPU-second.
func TestPassRate(t *testing.T) {
	data := foreignObjects(50_000)
	took := cpu(t, func() { drain(t, data) })
	rate := float64(len(data)) / 1e6 / took.Seconds()
	t.Logf("%.0f MB/s", rate)
	if rate < 100 {
		t.Errorf("%.0f MB a CPU-second, want more than 100", rate)
	}
}
