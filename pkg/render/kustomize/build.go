// Package kustomize builds kustomizations as both tools do: in memory over a tree
// that is never written to, without plugins that run programs.
package kustomize

import (
	"fmt"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// A Build is one kustomization to build.
type Build struct {
	// FS holds the kustomization in Dir, an absolute path. See Overlay.
	FS  filesys.FileSystem
	Dir string
	// Restricted refuses files from outside of a kustomization's own directory, as the
	// kustomize command does (--load-restrictor). Flux does not.
	Restricted bool
	// Offline forbids what kustomize would fetch.
	Offline bool
}

// Run builds. Kustomize may panic on odd input; that becomes an error.
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
	resources, err := krusty.MakeKustomizer(o).Run(b.FS, b.Dir)
	if err != nil {
		return nil, err
	}
	return &Built{resources}, nil
}
