// Package kustomize builds kustomizations as both tools do: in memory over a tree
// that is never written to, without plugins that run programs.
package kustomize

import (
	"fmt"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/kustomize/kyaml/openapi"
)

// A Build is one kustomization to build.
type Build struct {
	// FS holds the kustomization in Dir, an absolute path. See Overlay.
	FS  filesys.FileSystem
	Dir string
	// Restricted refuses files from outside of a kustomization's own directory, as the
	// kustomize command does (--load-restrictor). Flux does not.
	Restricted bool
	// Builtins lets schemas of kustomizations add to those of Kubernetes, as Flux does
	// (fluxcd/pkg kustomize/kustomize_generator.go Build). They replace them otherwise.
	Builtins bool
	// Offline forbids what kustomize would fetch.
	Offline bool
}

// Run builds; one at a time, as kustomize's schemas are global. Kustomize may panic on odd input; that becomes an error.
func (b Build) Run() (built *Built, err error) {
	defer func() {
		if p := recover(); p != nil {
			built, err = nil, fmt.Errorf("kustomize gave up: %v", p)
		}
	}()
	o := &krusty.Options{
		Reorder:          krusty.ReorderOptionUnspecified,
		LoadRestrictions: types.LoadRestrictionsNone,
		PluginConfig:     types.DisabledPluginConfig(),
	}
	if b.Restricted {
		o.LoadRestrictions = types.LoadRestrictionsRootOnly
	}
	files := &watch{FileSystem: b.FS, offline: b.Offline, schema: b.ownSchema}
	defer func() {
		if files.seen {
			openapi.ResetOpenAPI() // the next build has the schemas of no other
		}
	}()
	resources, err := krusty.MakeKustomizer(o).Run(files, b.Dir)
	switch {
	case files.refused != nil:
		return nil, files.refused
	case err != nil:
		return nil, err
	}
	return &Built{resources}, nil
}

// ownSchema prepares for the schema that a kustomization sets. kustomize keeps schemas
// for the whole process, and parsing its own takes a hundred times as long as a small
// build; so they are only dropped when something changes them.
func (b Build) ownSchema() {
	openapi.ResetOpenAPI()
	if b.Builtins {
		openapi.Schema()
	}
}
