package mapping

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

func backComponents(c *BackCell) {
	if !c.edits() {
		return
	}
	for _, item := range node.Items(c.applier().Root, "spec", "components") {
		if c.picks() && !c.unit.repo.Exists(inside(c.unit.path(), item.Value)) {
			c.claim(c.of(item), approximate("not there at the conversion, and so left out").as("kustomize-missing-components"))
			continue
		}
		c.claim(c.of(item), Verdict{To: []Target{c.add("source.kustomize.components", node.Clone(item))}})
	}
}

// backMissingComponents: Argo CD 3.6.1 stops at the first of several components that
// exists (util/kustomize/kustomize.go), so where it can be seen which do, those are
// listed.
func backMissingComponents(c *BackCell) {
	flag := c.spec("ignoreMissingComponents")
	switch {
	case !node.True(flag):
		c.say(implied("the default"))
	case !c.edits():
	case c.picks():
		c.say(approximate("the components that exist are listed, as of the conversion"))
	case len(node.Items(c.spec(), "components")) < 2:
		c.say(exact(c.set("source.kustomize.ignoreMissingComponents", node.Clone(flag))))
	default:
		v := blocking("Argo CD 3.6.1 adds only the first of several components that exists: name those that do in the kustomization file, or pass --source")
		v.To = []Target{c.set("source.kustomize.ignoreMissingComponents", node.Clone(flag))}
		c.say(v)
	}
}

// picks tells whether the components that exist are picked now.
func (c *BackCell) picks() bool {
	return c.unit.scan != nil && len(node.Items(c.spec(), "components")) > 1 && node.True(c.applier().Root, "spec", "ignoreMissingComponents")
}
