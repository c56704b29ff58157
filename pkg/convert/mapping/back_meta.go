package mapping

import (
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

func backKind(c *BackCell) {
	for _, l := range c.leaves {
		c.claim(l, Verdict{To: []Target{{Object: c.unit.App, Path: l.Path}}})
	}
}

// spendKind settles what only makes a source findable.
func spendKind(c *SourceCell) { c.say(implied("only leads to the source, which is joined")) }

func backName(c *BackCell) {
	to := Target{Object: c.unit.App, Path: "metadata.name"}
	if c.unit.App.Name() != c.applier().Name {
		c.say(equivalent("another object has this name: the namespace or the kind is added", to).as("name-taken"))
		return
	}
	c.keep(to)
}

// backNamespace: the namespace decides only where a release without a target is.
func backNamespace(c *BackCell) {
	if c.applier().Release() && c.applier().TargetNamespace() == "" {
		c.say(equivalent("the release is where the HelmRelease is", Target{Object: c.unit.App, Path: "spec.destination.namespace"}))
		return
	}
	c.say(implied("where the Application lives does not change what it deploys"))
}

// owned tells whether the key is a mark that Flux sets on what it applies.
func owned(key string) bool {
	for _, controller := range []string{"kustomize", "helm"} {
		if key == controller+".toolkit.fluxcd.io/name" || key == controller+".toolkit.fluxcd.io/namespace" {
			return true
		}
	}
	return false
}

func backLabels(c *BackCell) {
	labels := node.At(c.applier().Root, "metadata", "labels")
	for i, key := range pairs(labels) {
		value := labels.Content[2*i+1]
		if owned(key.Value) {
			c.claim(c.of(value), runtime("Flux marks what it applied"))
			continue
		}
		c.claim(c.of(value), Verdict{To: []Target{c.set("metadata.labels", node.Clone(value), key.Value)}})
	}
}

func backAnnotations(c *BackCell) {
	annotations := node.At(c.applier().Root, "metadata", "annotations")
	for i, key := range pairs(annotations) {
		value := annotations.Content[2*i+1]
		if l := c.of(value); l != nil {
			c.claim(l, Verdict{To: []Target{c.set("metadata.annotations", node.Clone(value), key.Value)}})
		}
	}
}

func spendMeta(c *SourceCell) {
	for _, l := range c.leaves {
		if strings.Contains(l.Path, "toolkit.fluxcd.io") {
			c.claim(l, runtime("Flux marks what it applied"))
			continue
		}
		c.claim(l, approximate("of an object that Argo CD does not have; dropped").as("source-metadata"))
	}
}

// backObjectPrune: on a Kustomization or HelmRelease it keeps the object itself from
// being pruned by a parent (kustomize-controller deleteObjects).
func backObjectPrune(c *BackCell) {
	for _, l := range c.leaves {
		if l.Node.Value != "disabled" {
			c.claim(l, implied("the default"))
			continue
		}
		to := c.set("metadata.annotations", node.String("Prune=false,Delete=false"), "argocd.argoproj.io/sync-options")
		c.claim(l, equivalent("the Application is not pruned by its parent", to))
	}
}
