package store_test

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/inventory"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/storetest"
)

// TestMemory: a gigabyte of definitions in 1,024 objects from a generator. The client
// holds what is on its way: a chunk that is sent, one that is filled, and copies of one
// object.
func TestMemory(t *testing.T) {
	const objects, bound = 1024, 200 << 20
	defer debug.SetGCPercent(debug.SetGCPercent(25)) // garbage is not what is measured
	dsn := database(t)
	conn := storetest.Connect(t, dsn) // where the server has it, it is quicker than its default
	conn.Exec(context.Background(), "ALTER TABLE argocd_applications ALTER definition SET COMPRESSION lz4")
	wide := strings.Repeat(" ", 1<<20) // costs the server the least
	var peak uint64
	begin, size := time.Now(), 0
	s := record(t, dsn, func(yield func(inventory.Object, error) bool) {
		for i := range objects {
			o := synthetic(i, 0)
			o.Definition = fmt.Appendf(nil, `{"i": %d, "wide": "%s"}`, i, wide)
			size += len(o.Definition)
			if i%8 == 0 {
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapInuse)
			}
			if !yield(o, nil) {
				return
			}
		}
	})
	t.Logf("%d MB in %v, peak heap %d MB", size>>20, time.Since(begin), peak>>20)
	if s.Added != objects || size < 1<<30 {
		t.Errorf("recorded %+v, %d bytes", s, size)
	}
	if peak > bound {
		t.Errorf("%d MB of memory", peak>>20)
	}
	equal(t, "the last one", query(t, dsn, "SELECT length(definition->>'wide') FROM argocd_applications WHERE name = 'app-001020'"), fmt.Sprint(1<<20))
}
