package mapping

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// backCRDs: Argo CD applies the CRDs of a chart on every sync, or never
// (util/helm/cmd.go --include-crds). helm-controller creates them on install and on
// upgrade, although the API's text says that an upgrade skips them
// (internal/action/crds.go crdPolicyOrDefault, which upgrade.go calls, too).
func backCRDs(c *BackCell) {
	if !c.applier().Release() {
		return
	}
	install, upgrade := node.Text(c.spec("install"), "crds"), node.Text(c.spec("upgrade"), "crds")
	c.skippedCRDs(install, upgrade)
	switch {
	case install == "Skip" && upgrade == "Skip":
		c.say(exact(c.skipCRDs()))
	case install == "Skip" && upgrade == "":
		c.say(approximate("never applied; helm-controller still creates what is missing on an upgrade, unless upgrade.crds says Skip, too", c.skipCRDs()))
	case install == "CreateReplace" && upgrade == "CreateReplace":
		c.say(implied("Argo CD applies the CRDs of a chart on every sync"))
	case node.Null(c.unit.holder.Get("source", "helm", "skipCrds")):
		c.about("spec.upgrade.crds", approximate("Argo CD applies the chart's CRDs on every sync; Flux creates what is missing and updates nothing without CreateReplace").as("crds-updated"))
	}
}

// skippedCRDs settles the deprecated field, which helm-controller 1.x no longer reads
// (internal/action/install.go).
func (c *BackCell) skippedCRDs(install, upgrade string) {
	value := c.spec("install", "skipCRDs")
	switch {
	case node.Null(value):
	case !node.True(value):
		c.claim(c.of(value), implied("the default"))
	case install != "" || upgrade != "":
		c.claim(c.of(value), implied("Flux no longer reads this; crds decides"))
	default:
		c.claim(c.of(value), approximate("never applied, as this says; helm-controller 1.x no longer reads it and creates what is missing", c.skipCRDs()))
	}
}

func (c *BackCell) skipCRDs() Target { return c.set("source.helm.skipCrds", node.Bool(true)) }
