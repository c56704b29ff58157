package kustomize

import (
	"fmt"

	"sigs.k8s.io/kustomize/api/resmap"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// Built is what a build gave.
type Built struct{ Resources resmap.ResMap }

// Objects returns the objects in kustomize's order. Origin.File is left empty:
// kustomize does not tell.
func (b *Built) Objects(origin manifest.Origin) ([]manifest.Object, error) {
	objects := make([]manifest.Object, 0, b.Resources.Size())
	for _, r := range b.Resources.Resources() {
		made, err := manifest.FromNode(r.YNode(), origin)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", r.GetKind(), r.GetName(), err)
		}
		objects = append(objects, made...)
	}
	return objects, nil
}
