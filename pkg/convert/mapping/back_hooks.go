package mapping

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// backManifestHooks takes the annotations away by which Argo CD would take manifests for
// hooks: Flux applies them like any other (GitOps Engine pkg/sync/hook). A Kustomization
// that was made of an Application has patches for its hooks, which mean hooks.
func backManifestHooks(c *BackCell) {
	if slices.ContainsFunc(node.Items(c.spec(), "patches"), func(item *yaml.Node) bool { _, ok := ofHooks(item); return ok }) {
		return
	}
	var written, lost, keys []string
	for _, h := range c.unit.scanned().Hooks {
		if c.unit.tree() || h.Late {
			lost = append(lost, h.Object)
			continue
		}
		written = append(written, h.Object)
		if !slices.Contains(keys, h.Annotation) {
			keys = append(keys, h.Annotation)
		}
	}
	v := equivalent("Flux applies them like any other object, so a patch takes the annotations away by which Argo CD would run them as hooks")
	slices.Sort(keys)
	for _, key := range keys {
		v.To = append(v.To, c.unannotate(key))
	}
	c.found(written, c.row.ID, v)
	c.found(lost, c.row.ID, blocking("Flux applies them like any other object, Argo CD would run them as hooks, or never: take the annotations away"))
}

// unannotate takes an annotation away. Only a patch of this form can: a merge with null
// leaves the text "null".
func (c *BackCell) unannotate(key string) Target {
	patch := "- op: remove\n  path: /metadata/annotations/" + strings.ReplaceAll(key, "/", "~1") + "\n"
	to := c.add(editPatches, node.Map("patch", patch, "target", node.Map("annotationSelector", key)))
	to.Path += ".patch"
	return to
}
