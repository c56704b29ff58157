package crd

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// origin is the module and version that a data file says that it was made from.
var origin = regexp.MustCompile(`^\{"origin":"([^"@]+)@(v[^ "]+) `)

// TestGenerated: the data is of the versions that the generator is pinned to. To make it
// anew takes Go 1.27 and all upstream modules, so that `go generate ./pkg/verify/crd`
// does it, and not the tests.
func TestGenerated(t *testing.T) {
	var pins strings.Builder
	for _, pattern := range []string{"*.go", "flux-2.10/go.mod"} {
		files, err := filepath.Glob(filepath.Join("../../../hack/schemagen", pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("no files %s: %v", pattern, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			pins.Write(text)
		}
	}
	files, err := filepath.Glob("data/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no data: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m := origin.FindStringSubmatch(string(text))
		if m == nil {
			t.Errorf("%s does not say where it is from", file)
			continue
		}
		if !strings.Contains(pins.String(), m[1]) || !strings.Contains(pins.String(), m[2]) {
			t.Errorf("%s is of %s %s, which the generator is not pinned to: run go generate ./pkg/verify/crd and commit the result", file, m[1], m[2])
		}
	}
}
