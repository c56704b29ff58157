package mapping

import (
	"slices"

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
		if node.Null(value) || value.Value == "" || value.Value == "false" {
			c.say(implied("sets nothing"))
			return
		}
		if !c.edits() {
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
		c.fillTree(namespace, to)
		return
	}
	c.keep(append(to, c.set("source.kustomize.namespace", node.String(namespace)))...)
}

// backCommonLabels: only the labels of the objects themselves, over what the file
// sets (kustomize/commands/edit/add/addmetadata.go). Argo CD replaces variables in
// the values, for which "$$" is a dollar sign.
func backCommonLabels(c *BackCell) {
	labels := c.spec("commonMetadata", "labels")
	if node.Empty(labels) || !c.edits() {
		return
	}
	root := c.unit.scanned().Root
	for i, key := range pairs(labels) {
		value := labels.Content[2*i+1]
		v := Verdict{To: []Target{c.set("source.kustomize.commonLabels", node.String(escapeDollar(value.Value)), key.Value)}}
		switch {
		case slices.Contains(root.Labels, key.Value):
			v = blocking(overridden).as("common-metadata-overridden")
		case root.Fields:
			v = blocking("the kustomization file at the path has labels with fields, which Argo CD would set to this label, too").as("common-metadata-overridden")
		case c.unit.scan == nil || !c.unit.scan.Complete():
			v = approximate(c.promise.Note+"; where a kustomization sets the same key, the label reaches its selectors, too", v.To...)
		}
		c.claim(c.of(value), v)
	}
	c.set("source.kustomize.forceCommonLabels", node.Bool(true))
	c.set("source.kustomize.labelWithoutSelector", node.Bool(true))
}

const overridden = "a kustomization file sets this key, too, and Argo CD does not override it as Flux does: take it away there"

// backCommonAnnotations is a patch: kustomize's commonAnnotations reach pod templates
// and would restart every workload.
func backCommonAnnotations(c *BackCell) {
	annotations := c.spec("commonMetadata", "annotations")
	if node.Empty(annotations) || !c.edits() {
		return
	}
	to := c.metadataPatch(node.Clone(annotations), everyObject())
	for i, key := range pairs(annotations) {
		if slices.Contains(c.unit.scanned().Root.Annotations, key.Value) {
			c.claim(c.of(annotations.Content[2*i+1]), blocking(overridden).as("common-metadata-overridden"))
		}
	}
	c.keep(to)
}

// everything is the target of a patch for every object.
func everyObject() *yaml.Node { return node.Map("kind", ".*") }

// metadataPatch adds annotations to the objects of the source that target selects.
func (c *BackCell) metadataPatch(annotations, target *yaml.Node) Target {
	text, err := blockText(node.Map("apiVersion", "v1", "kind", "any",
		"metadata", node.Map("name", "any", "annotations", annotations)))
	if err != nil {
		c.unit.fail(err)
		return Target{}
	}
	to := c.add("source.kustomize.patches", node.Map("patch", text, "target", target))
	to.Path += ".patch"
	return to
}

// forceOptions recreate an object: under server-side apply Force has no effect
// (gitops-engine pkg/utils/kube/resource_ops.go).
const forceOptions = "Force=true,ServerSideApply=false"

// backForce: as a sync option of the Application Force has no effect, on an object it
// has, where that is applied on the client (gitops-engine pkg/sync/sync_context.go,
// pkg/utils/kube/resource_ops.go newApplyOptions).
func backForce(c *BackCell) {
	if !node.True(c.applier().Root, "spec", "force") {
		c.say(implied("the default"))
		return
	}
	if c.edits() {
		c.keep(c.metadataPatch(node.Map(optionsKey, forceOptions), everyObject()))
	}
}

// blockText returns a tree as the text of a patch.
func blockText(n *yaml.Node) (*yaml.Node, error) {
	text, err := yaml.NewRNode(n).String()
	return node.String(text), err
}
