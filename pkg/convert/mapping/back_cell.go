package mapping

import (
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// A BackCell is one row at work on one Kustomization or HelmRelease: it sees the
// leaves that the row claims and writes only where the row declares.
type BackCell struct {
	claims
	unit *BackUnit
}

func (t *Table) newBackCell(r *Row, u *BackUnit, leaves []*leaf) *BackCell {
	c := &BackCell{unit: u}
	c.claims = claims{row: r, promise: r.ToArgo, leaves: leaves, host: c}
	return c
}

func (c *BackCell) applier() *flux.Applier { return c.unit.Applier }

// spec returns the node below the applier's spec, or nil.
func (c *BackCell) spec(keys ...string) *yaml.Node { return c.unit.Applier.Spec(keys...) }

func (c *BackCell) block() { c.unit.blocked = true }

func (c *BackCell) record(a absence) { c.unit.absences = append(c.unit.absences, a) }

func (c *BackCell) line() int {
	if spec := c.spec(); spec != nil {
		return spec.Line
	}
	return c.applier().Root.Line
}

// set writes value at a dotted path of the Application. A path that starts with
// "source." is one of the source. Keys with dots are given in more.
func (c *BackCell) set(path string, value *yaml.Node, more ...string) Target {
	full := c.declare(path)
	for _, key := range more {
		full = ledger.Key(full, key)
	}
	c.unit.holding(path).Set(value, append(strings.Split(path, "."), more...)...)
	return Target{Object: c.unit.App, Path: full}
}

// add appends an item to a list of the Application.
func (c *BackCell) add(path string, item *yaml.Node) Target {
	full := c.declare(path)
	at := c.unit.holding(path).Append([]*yaml.Node{item}, strings.Split(path, ".")...)
	return Target{Object: c.unit.App, Path: ledger.Index(full, at)}
}

// option adds a sync option, once.
func (c *BackCell) option(text string) Target {
	for i, item := range node.Items(c.unit.App.Root, strings.Split(syncOptions, ".")...) {
		if item.Value == text {
			return Target{Object: c.unit.App, Path: ledger.Index(c.declare(syncOptions), i)}
		}
	}
	return c.add(syncOptions, node.String(text))
}

// declare returns where path stands, and fails where the row does not declare it.
func (c *BackCell) declare(path string) string {
	claimed := slices.ContainsFunc(c.row.Argo, func(pattern string) bool { return within(pattern, path) })
	claimed = claimed || slices.ContainsFunc(c.row.Writes, func(pattern string) bool {
		kind, pattern, _ := strings.Cut(pattern, ":")
		return kind == application.Name && within(pattern, path)
	})
	if !claimed {
		c.unit.fail(fmt.Errorf("row %s wrote %s without declaring it", c.row.ID, path))
	}
	return c.place(path)
}

func (c *BackCell) place(path string) string {
	if rest, ok := strings.CutPrefix(path, "source."); ok {
		return c.unit.at + "." + rest
	}
	return path
}

// holding returns the object that has path: the source stands by itself.
func (u *BackUnit) holding(path string) *object.Object {
	if strings.HasPrefix(path, "source.") {
		return u.holder
	}
	return u.App
}

func (u *BackUnit) fail(err error) {
	if u.err == nil {
		u.err = err
	}
}
