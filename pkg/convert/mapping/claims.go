package mapping

import (
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// claims are the leaves of one row, and how their verdicts are given. Both directions
// work with it.
type claims struct {
	row     *Row
	promise Promise // of this direction
	leaves  []*leaf
	host    host
}

// A host is what the verdicts of a row are about.
type host interface {
	// block keeps what is deployed wrongly from being deployed at once.
	block()
	record(absence)
	// line is where a field that is not set would stand.
	line() int
}

// keep gives every unclaimed leaf of the row its promise.
func (c *claims) keep(to ...Target) {
	for _, l := range c.leaves {
		if !l.claimed {
			c.claim(l, Verdict{To: to})
		}
	}
}

// claim settles a leaf. What the verdict leaves open comes from the row.
func (c *claims) claim(l *leaf, v Verdict) {
	if l == nil {
		return
	}
	l.verdict, l.claimed = c.complete(v), true
	if v.Blocking {
		c.host.block()
	}
}

// say settles every unclaimed leaf of the row with one verdict.
func (c *claims) say(v Verdict) {
	for _, l := range c.leaves {
		if !l.claimed {
			c.claim(l, v)
		}
	}
}

// absent records a verdict about a field that the input does not set.
func (c *claims) absent(path string, v Verdict) {
	c.host.record(absence{path: path, line: c.host.line(), verdict: c.complete(v)})
	if v.Blocking {
		c.host.block()
	}
}

// about settles the row's leaves, or the absence of path where there are none.
func (c *claims) about(path string, v Verdict) {
	if len(c.leaves) == 0 {
		c.absent(path, v)
		return
	}
	c.say(v)
}

func (c *claims) complete(v Verdict) Verdict {
	if v.ID == "" {
		v.ID = c.row.ID
	}
	if v.Fidelity == ledger.Unknown {
		implied := v.Implied
		note := v.Note
		v.Promise = c.promise
		v.Implied = v.Implied || implied
		if note != "" {
			v.Note = note
		}
	}
	return v
}

// of returns the leaf whose value is n.
func (c *claims) of(n *yaml.Node) *leaf {
	if n == nil {
		return nil
	}
	for _, l := range c.leaves {
		if l.Node == n {
			return l
		}
	}
	return nil
}

// below returns the leaves inside n.
func (c *claims) below(n *yaml.Node) (found []*leaf) {
	if n == nil {
		return nil
	}
	if node.Leaf(n) {
		if l := c.of(n); l != nil {
			return []*leaf{l}
		}
		return nil
	}
	for i, child := range n.Content {
		if n.Kind == yaml.SequenceNode || i%2 == 1 {
			found = append(found, c.below(child)...)
		}
	}
	return found
}
