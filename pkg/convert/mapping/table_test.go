package mapping

import (
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/schema"
)

// TestCheck: a new upstream field breaks the build until it has a row.
func TestCheck(t *testing.T) {
	fields, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	written := map[string]bool{}
	for _, kind := range append(Kinds(), SetKind) {
		written[kind] = true
	}
	checked := 0
	for _, k := range schema.Kinds() {
		if !written[k.Kind] {
			continue
		}
		s, ok := schema.For(k.APIVersion, k.Kind)
		if !ok {
			t.Fatalf("no schema for %v", k)
		}
		checked++
		for _, leaf := range fields.Check(k.Kind, s.Leaves()) {
			t.Errorf("%s:%s has no row", k.Kind, leaf)
		}
	}
	if checked != len(written) {
		t.Errorf("checked %d kinds of %d", checked, len(written))
	}
}
