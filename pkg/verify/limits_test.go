package verify_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify"
)

const estateURL = "https://example.com/estate"

// estate writes n directories with manifests of about 16 KiB each, and returns the
// options to verify the Applications that deploy them, and these.
func estate(t testing.TB, n int) ([]convert.Input, verify.Options) {
	t.Helper()
	dir := t.TempDir()
	var apps strings.Builder
	for i := range n {
		name := fmt.Sprintf("app-%d", i)
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		var manifests strings.Builder
		for k := range 4 {
			fmt.Fprintf(&manifests, "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s-%d}\ndata: {text: %q}\n",
				name, k, strings.Repeat("x", 4<<10))
		}
		if err := os.WriteFile(filepath.Join(dir, name, "maps.yaml"), []byte(manifests.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&apps, "---\napiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: %s, namespace: argocd}\n"+
			"spec:\n  project: default\n  source: {repoURL: %s, path: %[1]s, targetRevision: main}\n"+
			"  destination: {server: https://kubernetes.default.svc, namespace: prod}\n", name, estateURL)
	}
	return []convert.Input{{Name: "apps.yaml", Data: []byte(apps.String())}}, verify.Options{
		Convert: convert.Options{Checkouts: []convert.Checkout{{URL: estateURL, FS: os.DirFS(dir)}}},
		Render: render.Options{Sources: &source.Sources{
			Offline: true, Checkouts: []source.Checkout{{URL: estateURL, Dir: dir}},
		}},
	}
}

// TestMemory verifies 500 Applications in one process: what is held does not grow with
// what they deploy, only with the objects of both sides.
func TestMemory(t *testing.T) {
	held := func(n int) int64 {
		in, o := estate(t, n)
		run, err := verify.New(in, nil, o)
		if err != nil {
			t.Fatal(err)
		}
		var stats runtime.MemStats
		equivalent := 0
		for result, err := range run.Results(context.Background()) {
			if err != nil {
				t.Fatal(err)
			}
			if result.Content.Verdict == verify.Equivalent {
				equivalent++
			}
			if equivalent == n {
				runtime.GC()
				runtime.ReadMemStats(&stats)
			}
		}
		if equivalent != n {
			t.Fatalf("%d of %d are equivalent", equivalent, n)
		}
		runtime.KeepAlive(run)
		return int64(stats.HeapAlloc)
	}
	const few, many = 50, 500
	held(few) // what is set up once
	perApp := (held(many) - held(few)) / (many - few)
	t.Logf("%d bytes for each Application", perApp)
	const bound = 64 << 10 // the objects of both sides, as trees
	if perApp > bound {
		t.Errorf("each Application holds %d bytes, more than %d", perApp, bound)
	}
}

func BenchmarkVerify(b *testing.B) {
	const n = 100
	in, o := estate(b, n)
	for b.Loop() {
		run, err := verify.New(in, nil, o)
		if err != nil {
			b.Fatal(err)
		}
		for _, err := range run.Results(context.Background()) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N*n), "ms/app")
}
