// Package oracle asks Argo CD itself what it makes of the fixtures: its own repository
// server and controller code renders each Application of pkg/render/argocd/testdata/apps,
// and the result is compared with the goldens beside them, which the tests of
// pkg/render/argocd hold against this project's renderer.
//
// It asks the same of ApplicationSets: Argo CD's generators expand the scenarios of
// pkg/convert/testdata/appsets, public ones, random ones, and those that random objects of
// Flux are collapsed into.
//
// Building Argo CD takes minutes, so this is a module of its own, outside of
// `go test ./...`:
//
//	make oracle                 # fails where a golden differs
//	make oracle ARGS=-update    # writes the goldens
//
// It installs the helm and kustomize that Argo CD runs, in the user's cache directory.
package oracle
