package mapping

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// backOptions writes how Flux applies: on the server, with background deletion
// (fluxcd/pkg ssa/manager_apply.go; kustomize-controller deleteObjects), and what a
// release says about its namespace and validation.
func backOptions(c *BackCell) {
	a := c.applier()
	if a.Release() {
		c.createNamespace()
		c.releaseApply()
		c.openAPI()
	} else {
		c.option("ServerSideApply=true")
	}
	c.option("PrunePropagationPolicy=background")
}

func (c *BackCell) createNamespace() {
	value := c.spec("install", "createNamespace")
	switch {
	case node.Null(value):
	case !node.True(value):
		c.claim(c.of(value), implied("the default"))
	case c.applier().TargetNamespace() == "":
		c.claim(c.of(value), equivalent("helm-controller creates none, as the HelmRelease is in it already", c.option("CreateNamespace=true")))
	default:
		c.claim(c.of(value), exact(c.option("CreateNamespace=true")))
	}
}

// releaseApply: a release is applied on the server unless told otherwise, and an upgrade
// as the release was before (helm-controller internal/action/install.go, upgrade.go).
func (c *BackCell) releaseApply() {
	install, upgrade := node.Text(c.spec("install"), "serverSideApply"), node.Text(c.spec("upgrade"), "serverSideApply")
	switch {
	case install == "false" && upgrade != "enabled":
		c.settleApply(implied("applied on the client, as Argo CD does by default"))
	case install == "false" || upgrade == "disabled":
		c.settleApply(approximate("Argo CD applies all on the client where either is off").as("sync-option-client-side-apply"))
	default:
		c.settleApply(equivalent("applied on the server", c.option("ServerSideApply=true")))
	}
}

func (c *BackCell) settleApply(v Verdict) {
	for _, action := range []string{"install", "upgrade"} {
		c.claim(c.of(c.spec(action, "serverSideApply")), v)
	}
}

func (c *BackCell) openAPI() {
	for _, action := range []string{"install", "upgrade"} {
		value := c.spec(action, "disableOpenAPIValidation")
		switch {
		case node.Null(value):
		case !node.True(value):
			c.claim(c.of(value), implied("the default"))
		default:
			to := c.option("Validate=false")
			c.claim(c.of(value), approximate("kubectl's validation is off for both, install and upgrade", to))
		}
	}
}
