package object

import (
	"cmp"
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// Rank orders the patches of a Kustomization. kustomize applies patches in list
// order, and Argo CD's edits run after the patches of the kustomization file.
type Rank uint8

// The ranks, first applied first.
const (
	RankUser      Rank = iota // spec.source.kustomize.patches
	RankStrip                 // objects that must not be deployed
	RankMetadata              // labels and annotations
	RankReplicas              // replica counts
	RankNamespace             // objects without a namespace
	RankProtect               // objects that pruning must spare
)

// A Patch is an item of Kustomization.spec.patches whose index is not known yet.
type Patch struct {
	rank  Rank
	item  *yaml.Node
	index int
}

// AddPatch keeps a patch for Finish, once: several findings may need the same. target
// may be nil.
func (o *Object) AddPatch(rank Rank, target *yaml.Node, text string) *Patch {
	item := node.Map("patch", node.String(text))
	if target != nil {
		node.Put(item, "target", target)
	}
	for _, p := range o.patches {
		if p.rank == rank && fingerprint(p.item) == fingerprint(item) {
			return p
		}
	}
	return o.AddPatchItem(rank, item)
}

// AddPatchItem keeps a whole item of spec.patches for Finish.
func (o *Object) AddPatchItem(rank Rank, item *yaml.Node) *Patch {
	p := &Patch{rank: rank, item: item}
	o.patches = append(o.patches, p)
	return p
}

// Finish writes the patches in order of rank.
func (o *Object) Finish() {
	if len(o.patches) == 0 {
		return
	}
	slices.SortStableFunc(o.patches, func(a, b *Patch) int { return cmp.Compare(a.rank, b.rank) })
	list := node.List()
	for i, p := range o.patches {
		p.index = i
		list.Content = append(list.Content, p.item)
	}
	o.Set(list, "spec", "patches")
}

// Path returns where the patch stands once Finish has run.
func (p *Patch) Path() string { return ledger.Index("spec.patches", p.index) }
