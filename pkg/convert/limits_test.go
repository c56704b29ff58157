//go:build unix

package convert_test

import (
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

func usage(t *testing.T) time.Duration {
	t.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		t.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// TestCPU: converting 10,000 Applications takes less than half the CPU time that
// kyaml takes to read and write the same bytes.
func TestCPU(t *testing.T) {
	data := applications(10_000)
	convert := cpu(t, func() { drain(t, data) })
	noop := cpu(t, func() { roundTrip(t, data) })
	ratio := convert.Seconds() / noop.Seconds()
	t.Logf("convert %v, no-op round trip %v: ratio %.2f", convert, noop, ratio)
	if ratio > 0.5 {
		t.Errorf("ratio is %.2f, want less than 0.5", ratio)
	}
}

// TestLinear: ten times the input takes about ten times the CPU time.
func TestLinear(t *testing.T) {
	small, large := applications(1_000), applications(10_000)
	drain(t, small) // tables and schemas are built once
	one := cpu(t, func() { drain(t, small) })
	ten := cpu(t, func() { drain(t, large) })
	factor := ten.Seconds() / one.Seconds()
	t.Logf("1,000 in %v, 10,000 in %v: factor %.1f", one, ten, factor)
	if factor > 20 {
		t.Errorf("factor is %.1f, want about 10", factor)
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
