package mapping

import (
	"fmt"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// A Cell is one row at work on one unit: it sees the leaves that the row claims and
// writes only where the row declares.
type Cell struct {
	row    *Row
	unit   *Unit
	part   *Part // nil for rows of the whole Application
	leaves []*leaf
}

func (c *Cell) app() *argocd.App { return c.unit.App }

// set writes value at a dotted path of o. Keys with dots are given in more.
func (c *Cell) set(o *object.Object, path string, value *yaml.Node, more ...string) Target {
	keys := append(strings.Split(path, "."), more...)
	full := path
	for _, key := range more {
		full = ledger.Key(full, key)
	}
	if !c.declared(o, path) {
		c.unit.fail(fmt.Errorf("row %s wrote %s of a %s without declaring it", c.row.ID, full, o.Kind.Name))
	}
	o.Set(value, keys...)
	return Target{Object: o, Path: full}
}

// add appends an item to a list of o.
func (c *Cell) add(o *object.Object, path string, item *yaml.Node) Target {
	if !c.declared(o, path) {
		c.unit.fail(fmt.Errorf("row %s wrote %s of a %s without declaring it", c.row.ID, path, o.Kind.Name))
	}
	at := o.Append([]*yaml.Node{item}, strings.Split(path, ".")...)
	return Target{Object: o, Path: ledger.Index(path, at)}
}

// patch adds a patch to a Kustomization.
func (c *Cell) patch(o *object.Object, rank object.Rank, target *yaml.Node, text string) Target {
	if !c.declared(o, "spec.patches") {
		c.unit.fail(fmt.Errorf("row %s wrote a patch without declaring it", c.row.ID))
	}
	return Target{Object: o, Patch: o.AddPatch(rank, target, text), Suffix: ".patch"}
}

func (c *Cell) declared(o *object.Object, path string) bool {
	for _, pattern := range c.row.Flux {
		kind, declared, _ := strings.Cut(pattern, ":")
		if kind == o.Kind.Name && within(declared, path) {
			return true
		}
	}
	return false
}

// within tells whether path is pattern or a container that pattern looks into.
func within(pattern, path string) bool {
	rest, ok := strings.CutPrefix(pattern, path)
	if ok {
		return rest == "" || rest[0] == '.' || rest[0] == '[' || rest[0] == '{'
	}
	base, deep := strings.CutSuffix(pattern, ".**")
	return deep && strings.HasPrefix(path, base)
}

// keep gives every unclaimed leaf of the row its promise.
func (c *Cell) keep(to ...Target) {
	for _, l := range c.leaves {
		if !l.claimed {
			c.claim(l, Verdict{To: to})
		}
	}
}

// claim settles a leaf. What the verdict leaves open comes from the row.
func (c *Cell) claim(l *leaf, v Verdict) {
	if l == nil {
		return
	}
	l.verdict, l.claimed = c.complete(v), true
	if v.Blocking {
		c.unit.block(c.part)
	}
}

// say settles every unclaimed leaf of the row with one verdict.
func (c *Cell) say(v Verdict) {
	for _, l := range c.leaves {
		if !l.claimed {
			c.claim(l, v)
		}
	}
}

// absent records a verdict about a field that the input does not set.
func (c *Cell) absent(path string, v Verdict) {
	c.unit.absences = append(c.unit.absences, absence{path: path, line: c.line(), verdict: c.complete(v)})
	if v.Blocking {
		c.unit.block(c.part)
	}
}

// about settles the row's leaves, or the absence of path where there are none.
func (c *Cell) about(path string, v Verdict) {
	if len(c.leaves) == 0 {
		c.absent(path, v)
		return
	}
	c.say(v)
}

func (c *Cell) complete(v Verdict) Verdict {
	if v.ID == "" {
		v.ID = c.row.ID
	}
	if v.Fidelity == ledger.Unknown {
		implied := v.Implied
		note := v.Note
		v.Promise = c.row.ToFlux
		v.Implied = v.Implied || implied
		if note != "" {
			v.Note = note
		}
	}
	return v
}

// of returns the leaf whose value is n.
func (c *Cell) of(n *yaml.Node) *leaf {
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
func (c *Cell) below(n *yaml.Node) (found []*leaf) {
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

func (c *Cell) line() int {
	if c.part != nil && c.part.Source.Node.Line > 0 {
		return c.part.Source.Node.Line
	}
	if spec := c.app().Spec(); spec != nil {
		return spec.Line
	}
	return c.app().Root.Line
}

// verdicts that rows use often

func approximate(note string, to ...Target) Verdict {
	return Verdict{Promise: Promise{Fidelity: ledger.Approximate, Note: note}, To: to}
}

func unsupported(note string) Verdict {
	return Verdict{Promise: Promise{Fidelity: ledger.Unsupported, Note: note}}
}

func blocking(note string) Verdict {
	v := unsupported(note)
	v.Blocking = true
	return v
}

func equivalent(note string, to ...Target) Verdict {
	return Verdict{Promise: Promise{Fidelity: ledger.Equivalent, Note: note}, To: to}
}

func exact(to ...Target) Verdict {
	return Verdict{Promise: Promise{Fidelity: ledger.Exact}, To: to}
}

// implied is equivalent with nothing to write.
func implied(note string) Verdict {
	return Verdict{Promise: Promise{Fidelity: ledger.Equivalent, Note: note, Implied: true}}
}

func (v Verdict) as(id string) Verdict {
	v.ID = id
	return v
}
