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
	default:
		c.claim(c.of(value), exact(c.option("CreateNamespace=true")))
	}
}

// releaseApply: a release is applied on the server unless told otherwise
// (helm-controller internal/action/install.go).
func (c *BackCell) releaseApply() {
	install, upgrade := c.spec("install", "serverSideApply"), c.spec("upgrade", "serverSideApply")
	off := install != nil && install.Value == "false" || upgrade != nil && upgrade.Value == "disabled"
	if off {
		for _, n := range []string{"install", "upgrade"} {
			c.claim(c.of(c.spec(n, "serverSideApply")), approximate("Argo CD applies all on the client where either is off").as("sync-option-client-side-apply"))
		}
		return
	}
	to := c.option("ServerSideApply=true")
	for _, value := range []string{"install", "upgrade"} {
		c.claim(c.of(c.spec(value, "serverSideApply")), equivalent("applied on the server", to))
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
