package mapping

import (
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// A Cell is one row at work on one unit: it sees the leaves that the row claims and
// writes only where the row declares.
type Cell struct {
	claims
	unit *Unit
	part *Part // nil for rows of the whole Application
}

func (t *Table) newCell(r *Row, u *Unit, p *Part, leaves []*leaf) *Cell {
	c := &Cell{unit: u, part: p}
	c.claims = claims{row: r, promise: r.ToFlux, leaves: leaves, host: c}
	return c
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
	for _, pattern := range slices.Concat(c.row.Flux, c.row.Writes) {
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

// block suspends the source at work, or the whole Application.
func (c *Cell) block() { c.unit.block(c.part) }

func (c *Cell) line() int { return c.unit.lineOf(c.part) }

// lineOf is the line of a part's source; without one that of the spec.
func (u *Unit) lineOf(p *Part) int {
	if p != nil && p.Source.Node.Line > 0 {
		return p.Source.Node.Line
	}
	if spec := u.App.Spec(); spec != nil {
		return spec.Line
	}
	return u.App.Root.Line
}

func (c *Cell) record(a absence) { c.unit.absences = append(c.unit.absences, a) }
