package mapping

import "github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"

// PostBuild says what became of the variables of a Kustomization.
type PostBuild struct {
	Note string
	// Done tells that no manifest of the input goes on without values.
	Done bool
}

// backPostBuild: Argo CD substitutes nothing, so the manifests need the values, unless
// none asks for any.
func backPostBuild(c *BackCell) {
	switch {
	case c.unit.PostBuild != nil:
		c.substituted()
	case c.unit.scan != nil:
		c.variablesSeen()
	}
}

func (c *BackCell) substituted() {
	done := c.unit.PostBuild
	for _, l := range c.leaves {
		switch {
		case node.Empty(l.Node):
		case done.Done:
			c.claim(l, approximate(done.Note))
		default:
			c.claim(l, blocking(done.Note))
		}
	}
}
