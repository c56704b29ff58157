package mapping

import (
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// variablesSeen: substitution has no effect where nothing is there to replace.
func (c *BackCell) variablesSeen() {
	scan := c.unit.scan
	switch variables := append(scan.Variables, c.ownVariables()...); {
	case len(variables) > 0:
		c.say(blocking(c.promise.Note + ": " + each(variables)))
	case !scan.Complete():
		c.say(blocking(c.promise.Note + "; what could not be read may hold some: " + each(scan.Unread)))
	case len(scan.Prose) > 0:
		c.say(approximate("nothing at the path holds a variable, but $$ in descriptions, which Flux writes as $ and Argo CD as it is: " + each(scan.Prose)))
	default:
		c.say(implied("no manifest at the path holds a variable, so there is nothing to replace, nor to miss in strict mode"))
	}
}

// backVerbatim: Flux leaves variables alone unless postBuild is set.
func backVerbatim(c *BackCell) {
	if node.Empty(c.spec("postBuild")) {
		c.found(c.unit.scanned().Variables, c.row.ID, approximate("texts that look like variables of postBuild stay as they are in both tools; if a parent Kustomization patches spec.postBuild in, convert what it builds instead"))
	}
}

// ownVariables lists the fields of the Kustomization that are built into the manifests
// and hold something that postBuild would replace.
func (c *BackCell) ownVariables() (fields []string) {
	for _, key := range []string{"patches", "patchesStrategicMerge", "patchesJson6902", "images", "namePrefix", "nameSuffix", "targetNamespace"} {
		for _, text := range scalarsOf(c.spec(key)) {
			if checkout.Replaceable(text) {
				fields = append(fields, "spec."+key)
			}
		}
	}
	return fields
}

// scalarsOf lists the texts below n.
func scalarsOf(n *yaml.Node) (texts []string) {
	if n == nil {
		return nil
	}
	if n.Kind == yaml.ScalarNode {
		return []string{n.Value}
	}
	for _, child := range n.Content {
		texts = append(texts, scalarsOf(child)...)
	}
	return texts
}
