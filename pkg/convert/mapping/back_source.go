package mapping

import (
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// A SourceUnit is a source object whose users took what it says, or an add-on, such as
// an Alert, that others took over.
type SourceUnit struct {
	Source *flux.Source
	File   string
	id     ledger.Object
	users  []sourceUser
	// takers are the fields that take over what an add-on says; objects are written in
	// its place.
	takers   []Target
	objects  []*object.Object
	lost     map[int]string
	leaves   []leaf
	absences []absence
}

type sourceUser struct {
	User
	app *object.Object // names the Application only
}

// A SourceCell is one row at work on one source object.
type SourceCell struct {
	claims
	unit *SourceUnit
}

// Spend accounts for a source object that the users deploy from.
func (t *Table) Spend(s *flux.Source, id ledger.Object, users []User) *SourceUnit {
	u := &SourceUnit{Source: s, File: s.File, id: id}
	for _, user := range users {
		u.users = append(u.users, sourceUser{user, object.New(application, user.App.Namespace, user.App.Name)})
	}
	t.spend(u)
	return u
}

// Dissolved says what becomes of an add-on, such as an Alert.
type Dissolved struct {
	// Takers are the fields of the output that say what it says.
	Takers []ledger.To
	// Objects are written in its place.
	Objects  []*object.Object
	Findings []Finding
	// Lost are the event sources of an Alert that nothing stands for, and why.
	Lost map[int]string
}

// Dissolve accounts for an add-on.
func (t *Table) Dissolve(s *flux.Source, id ledger.Object, d Dissolved) *SourceUnit {
	u := &SourceUnit{Source: s, File: s.File, id: id, objects: d.Objects, lost: d.Lost}
	for _, to := range d.Takers {
		o := object.New(object.Kind{APIVersion: to.APIVersion, Name: to.Kind}, to.Namespace, to.Name)
		u.takers = append(u.takers, Target{Object: o, Path: to.Path})
	}
	t.spend(u)
	for _, f := range d.Findings {
		u.absences = append(u.absences, absence{path: f.Path, line: s.Root.Line, verdict: f.Verdict})
	}
	return u
}

// spend lets every row work on the leaves of a source object, and settles what is left.
func (t *Table) spend(u *SourceUnit) {
	s := u.Source
	var byRow [][]*leaf
	u.leaves, byRow = t.collect(t.flux[s.Kind], s.Root)
	for i := range t.Rows {
		r := &t.Rows[i]
		if r.BackSource == nil || len(byRow[i]) == 0 && !r.SourceAlways {
			continue
		}
		c := &SourceCell{unit: u}
		c.claims = claims{row: r, promise: r.ToArgo, leaves: byRow[i], host: c}
		r.BackSource(c)
	}
	for i := range u.leaves {
		t.settleBack(&u.leaves[i], s.Literal)
	}
}

// Inputs returns what the unit was read from.
func (u *SourceUnit) Inputs() []*yaml.Node { return []*yaml.Node{u.Source.Root} }

// Objects returns what is written in place of an add-on; a source writes nothing.
func (u *SourceUnit) Objects() []*object.Object { return u.objects }

// Entries returns the ledger of the source object.
func (u *SourceUnit) Entries() []ledger.Entry {
	return entriesOf(u.id, u.File, u.leaves, u.absences)
}

// block: the units of the users block by themselves, as they read the same field.
func (c *SourceCell) block() {}

func (c *SourceCell) record(a absence) { c.unit.absences = append(c.unit.absences, a) }

func (c *SourceCell) line() int { return c.unit.Source.Root.Line }

// to returns the field of every user's source; key is empty for fields of the
// Application that path names whole.
func (c *SourceCell) to(path string) (to []Target) {
	for _, u := range c.unit.users {
		full := path
		if rest, ok := strings.CutPrefix(path, "source."); ok {
			full = u.At + "." + rest
		}
		to = append(to, Target{Object: u.app, Path: full})
	}
	return to
}

func (c *SourceCell) spec(keys ...string) *yaml.Node { return c.unit.Source.Spec(keys...) }
