package mapping

import (
	"regexp"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// An oldPatch is an item of patchesStrategicMerge, which is the patch, or of
// patchesJson6902, which holds it beside its target: fields of older API versions
// (kustomize-controller v1beta2) that patches replaced.
type oldPatch struct{ item, tree, target *yaml.Node }

func mergePatches(root *yaml.Node) (all []oldPatch) {
	for _, item := range node.Items(root, "spec", "patchesStrategicMerge") {
		all = append(all, oldPatch{item: item, tree: item})
	}
	return all
}

func jsonPatches(root *yaml.Node) (all []oldPatch) {
	for _, item := range node.Items(root, "spec", "patchesJson6902") {
		all = append(all, oldPatch{item, node.Get(item, "patch"), node.Get(item, "target")})
	}
	return all
}

// backMergePatches: kustomize runs these before patches, so its row stands before that
// of patches.
func backMergePatches(c *BackCell) {
	if !c.edits() {
		return
	}
	for _, p := range mergePatches(c.applier().Root) {
		c.writeOld(p, equivalent("the form that replaced it"))
	}
}

// early are fields that kustomize has settled before it runs patchesJson6902, and not
// before it runs patches (kustomize api/internal/target configureBuiltinTransformers).
var early = regexp.MustCompile(`^(/metadata)?$|^/metadata/|/(metadata|selector)(/|$)|elector/|/namespace$`)

func backJSONPatches(c *BackCell) {
	if !c.edits() {
		return
	}
	for _, p := range jsonPatches(c.applier().Root) {
		v := equivalent("the form that replaced it")
		for _, op := range p.tree.Content {
			if early.MatchString(node.Text(op, "path")) {
				v = approximate("the form that replaced it, which runs before names, namespaces and labels are set and not after")
			}
		}
		c.writeOld(p, v)
	}
}

func (c *BackCell) writeOld(p oldPatch, v Verdict) {
	text, err := blockText(p.tree)
	if err != nil {
		c.unit.fail(err)
		return
	}
	written := node.Map("patch", text)
	if !node.Empty(p.target) {
		node.Put(written, "target", node.Clone(p.target))
	}
	v.To = []Target{c.add("source.kustomize.patches", written)}
	for _, l := range c.below(p.item) {
		c.claim(l, v)
	}
}
