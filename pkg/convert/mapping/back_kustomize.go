package mapping

import (
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// edits tells whether the source can be edited: Argo CD edits kustomizations only,
// where Flux makes one for a plain directory. Where it cannot, the leaves are
// settled.
func (c *BackCell) edits() bool {
	if c.unit.renderer != argocd.Directory {
		return true
	}
	c.say(blocking("a plain directory, where Argo CD edits nothing: add a kustomization.yaml to the path").as("kustomize-on-directory"))
	return false
}

// moveBack returns the Back of a field that crosses as it is.
func moveBack(from, to string) func(*BackCell) {
	return func(c *BackCell) {
		value := c.spec(from)
		if node.Null(value) || value.Value == "" || !c.edits() {
			c.say(implied("empty: sets nothing"))
			return
		}
		c.keep(c.set(to, node.Clone(value)))
	}
}

// backTargetNamespace: both tools set the namespace of the kustomization, and Argo CD
// fills what is still empty. In a plain directory it can only fill.
func backTargetNamespace(c *BackCell) {
	namespace := c.applier().TargetNamespace()
	if namespace == "" {
		c.say(implied("empty: sets nothing"))
		return
	}
	to := []Target{c.set("spec.destination.namespace", node.String(namespace))}
	if c.unit.renderer == argocd.Directory {
		c.say(approximate("a plain directory: objects that name another namespace stay there, where Flux moves them", to...).as("target-namespace-fill"))
		return
	}
	c.keep(append(to, c.set("source.kustomize.namespace", node.String(namespace)))...)
}

// backImages writes what kustomize-controller merges into the kustomization file:
// a field that is not set keeps what the file says, which kustomize's own form
// writes as "*" (kustomize/commands/edit/set/setimage.go).
func backImages(c *BackCell) {
	if !c.edits() {
		return
	}
	for _, item := range node.Items(c.applier().Root, "spec", "images") {
		to := c.add("source.kustomize.images", node.String(imageText(item)))
		for _, l := range c.below(item) {
			v := exact(to)
			if l.Node == node.Get(item, "newTag") && node.Text(item, "digest") != "" {
				v = implied("the digest wins over the tag")
			}
			c.claim(l, v)
		}
	}
}

func imageText(item *yaml.Node) string {
	name, newName := node.Text(item, "name"), node.Text(item, "newName")
	text := name + "="
	switch newName {
	case "":
		text += "*"
	case name:
		text = name
	default:
		text += newName
	}
	if digest := node.Text(item, "digest"); digest != "" {
		return text + "@" + digest
	}
	if tag := node.Text(item, "newTag"); tag != "" {
		return text + ":" + tag
	}
	if newName == name {
		text = name + "=" + newName
	}
	return text + ":*"
}

// backOldPatches writes the patches of older API versions as patches
// (kustomize-controller v1beta2: patchesStrategicMerge, patchesJson6902).
func backOldPatches(c *BackCell) {
	if !c.edits() {
		return
	}
	for _, list := range []string{"patchesStrategicMerge", "patchesJson6902"} {
		for _, item := range node.Items(c.applier().Root, "spec", list) {
			patch := item
			if list == "patchesJson6902" {
				patch = node.Get(item, "patch")
			}
			text, err := blockText(patch)
			if err != nil {
				c.unit.fail(err)
				return
			}
			written := node.Map("patch", text)
			if target := node.Get(item, "target"); list == "patchesJson6902" && !node.Empty(target) {
				node.Put(written, "target", node.Clone(target))
			}
			to := c.add("source.kustomize.patches", written)
			for _, l := range c.below(item) {
				c.claim(l, equivalent("the form that replaced it", to))
			}
		}
	}
}

func backComponents(c *BackCell) {
	if !c.edits() {
		return
	}
	for _, item := range node.Items(c.applier().Root, "spec", "components") {
		c.claim(c.of(item), Verdict{To: []Target{c.add("source.kustomize.components", node.Clone(item))}})
	}
}

// backCommonLabels: only the labels of the objects themselves, over what the file
// sets (kustomize/commands/edit/add/addmetadata.go). Argo CD replaces variables in
// the values, for which "$$" is a dollar sign.
func backCommonLabels(c *BackCell) {
	labels := c.spec("commonMetadata", "labels")
	if node.Empty(labels) || !c.edits() {
		return
	}
	for i, key := range pairs(labels) {
		value := labels.Content[2*i+1]
		c.claim(c.of(value), Verdict{To: []Target{c.set("source.kustomize.commonLabels", node.String(escapeDollar(value.Value)), key.Value)}})
	}
	c.set("source.kustomize.forceCommonLabels", node.Bool(true))
	c.set("source.kustomize.labelWithoutSelector", node.Bool(true))
}

// backCommonAnnotations is a patch: kustomize's commonAnnotations reach pod templates
// and would restart every workload.
func backCommonAnnotations(c *BackCell) {
	annotations := c.spec("commonMetadata", "annotations")
	if node.Empty(annotations) || !c.edits() {
		return
	}
	c.keep(c.metadataPatch(node.Clone(annotations)))
}

// metadataPatch adds annotations to every object of the source.
func (c *BackCell) metadataPatch(annotations *yaml.Node) Target {
	text, err := blockText(node.Map("apiVersion", "v1", "kind", "any",
		"metadata", node.Map("name", "any", "annotations", annotations)))
	if err != nil {
		c.unit.fail(err)
		return Target{}
	}
	to := c.add("source.kustomize.patches", node.Map("patch", text, "target", node.Map("kind", ".*")))
	to.Path += ".patch"
	return to
}

// backForce: as a sync option of the Application Force has no effect, on an object it
// has (gitops-engine pkg/sync/sync_context.go).
func backForce(c *BackCell) {
	if !node.True(c.applier().Root, "spec", "force") {
		c.say(implied("the default"))
		return
	}
	if c.edits() {
		c.keep(c.metadataPatch(node.Map("argocd.argoproj.io/sync-options", "Force=true")))
	}
}

// blockText returns a tree as the text of a patch.
func blockText(n *yaml.Node) (*yaml.Node, error) {
	text, err := yaml.NewRNode(n).String()
	return node.String(text), err
}
