package main

import (
	"bytes"
	"os"
	"slices"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/schema"
)

// TestFidelityPage: what the documentation says of fields is what the table says.
func TestFidelityPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/fidelity.md")
	if err != nil {
		t.Fatal(err)
	}
	var now bytes.Buffer
	if err := (&fieldsOp{format: formatMarkdown}).Run(t.Context(), streams{out: &now}); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(page, now.Bytes()) {
		t.Error("docs/fidelity.md is stale: go generate ./cmd/kubectl-gitops")
	}
}

// TestFieldsAreAll: with --all every leaf of every schema is in the list, once.
func TestFieldsAreAll(t *testing.T) {
	fields, err := (&fieldsOp{all: true}).fields(mapping.Kinds())
	if err != nil {
		t.Fatal(err)
	}
	want := 0
	for _, k := range schema.Kinds() {
		if s, _ := schema.For(k.APIVersion, k.Kind); slices.Contains(mapping.Kinds(), k.Kind) {
			want += len(s.Leaves())
		}
	}
	listed := map[string]bool{}
	for _, f := range fields {
		listed[f.Kind+":"+f.Path] = true
	}
	if len(listed) != want || len(fields) != want {
		t.Errorf("%d fields in %d rows, the schemas have %d", len(listed), len(fields), want)
	}
}
