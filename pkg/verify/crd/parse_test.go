package crd

import (
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
)

// parse reads one document, as the commands do.
func parse(t testing.TB, text string) *yaml.Node {
	t.Helper()
	docs, err := document.Split("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	root, err := docs[0].Parse()
	if err != nil {
		t.Fatal(err)
	}
	return root
}
