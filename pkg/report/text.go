package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// TextOptions steer the findings that people read.
type TextOptions struct {
	// Color adds ANSI colours.
	Color bool
	// All shows every entry of every object. Otherwise fields that fare well are
	// left to the summary, and what exceeds MaxLines is only counted.
	All bool
	// MaxLines bounds the lines, so that the worst objects do not scroll away; at
	// least one object is shown whole. 0 means 60.
	MaxLines int
	// AllowBlocking says that nothing was turned off.
	AllowBlocking bool
}

const defaultMaxLines = 60

// Text prints findings grouped by object, the worst first. It keeps the groups that
// it will show and no others.
type Text struct {
	w       io.Writer
	options TextOptions
	groups  []group
	hidden  int // groups that were dropped
	byID    map[string]*idCount
}

type group struct {
	object ledger.Object
	file   string
	line   int
	joined string // what a source became that leaves no object of its own
	rows   []row
	again  []string // IDs of what an earlier group says alike
}

// A row is an entry, and how many more say the same of other fields.
type row struct {
	ledger.Entry
	more int
}

type idCount struct {
	id                string
	severity          int
	fidelity          ledger.Fidelity
	findings, objects int
}

// NewText returns a Text printer that writes to w on Flush.
func NewText(w io.Writer, o TextOptions) *Text {
	if o.MaxLines == 0 {
		o.MaxLines = defaultMaxLines
	}
	return &Text{w: w, options: o, byID: map[string]*idCount{}}
}

// Write keeps what an outcome has to show, object by object: a list holds several.
func (t *Text) Write(o convert.Outcome) error {
	for rest := o.Entries; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].From.Object == rest[0].From.Object {
			n++
		}
		t.object(o, rest[:n])
		rest = rest[n:]
	}
	return nil
}

// object keeps what the entries about one object have to show.
func (t *Text) object(o convert.Outcome, all []ledger.Entry) {
	var entries []ledger.Entry
	for _, e := range all {
		if t.options.All || Severity(e) >= ledger.Approximate.Severity() {
			entries = append(entries, e)
		}
	}
	if len(entries) == 0 {
		return
	}
	slices.SortStableFunc(entries, func(a, b ledger.Entry) int {
		return cmp.Or(Severity(b)-Severity(a), a.From.Line-b.From.Line)
	})
	t.count(entries)
	t.keep(group{object: entries[0].From.Object, file: o.File, line: o.Line, joined: joined(o, all), rows: t.rows(entries)})
}

// joined says which objects the entries lead to, where nothing else is left of theirs.
// Of a list of which something is left that is not known.
func joined(o convert.Outcome, entries []ledger.Entry) string {
	if o.Status != convert.Converted || len(o.Out) > 0 {
		return ""
	}
	var first ledger.Object
	into := map[ledger.Object]bool{}
	for _, e := range entries {
		for _, to := range e.To {
			if len(into) == 0 {
				first = to.Object
			}
			into[to.Object] = true
		}
	}
	switch len(into) {
	case 0:
		return ""
	case 1:
		return ", joined into " + name(first)
	default:
		return fmt.Sprintf(", joined into %s and %d more", name(first), len(into)-1)
	}
}

// rows shows what is said of several fields once.
func (t *Text) rows(entries []ledger.Entry) []row {
	var rows []row
	for _, e := range entries {
		same := slices.IndexFunc(rows, func(r row) bool {
			return r.ID == e.ID && r.Note == e.Note && r.Fidelity == e.Fidelity && r.Blocking == e.Blocking
		})
		if same < 0 || t.options.All {
			rows = append(rows, row{Entry: e})
		} else {
			rows[same].more++
		}
	}
	return rows
}

// keep inserts g behind the groups that are as bad, so that input order decides
// among equals, and drops the mildest when they take too many lines.
func (t *Text) keep(g group) {
	at := len(t.groups)
	for at > 0 && t.groups[at-1].severity() < g.severity() {
		at--
	}
	if at == len(t.groups) && t.hidden > 0 {
		t.hidden++
		return
	}
	t.groups = slices.Insert(t.groups, at, g)
	for !t.options.All && len(t.groups) > 1 && t.lines() > t.options.MaxLines {
		t.groups = slices.Delete(t.groups, len(t.groups)-1, len(t.groups))
		t.hidden++
	}
}

func (t *Text) count(entries []ledger.Entry) {
	seen := map[string]bool{}
	for _, e := range entries {
		c := t.byID[e.ID]
		if c == nil {
			c = &idCount{id: e.ID}
			t.byID[e.ID] = c
		}
		c.findings++
		if severity := Severity(e); severity >= c.severity {
			c.severity, c.fidelity = severity, e.Fidelity
		}
		if !seen[e.ID] {
			seen[e.ID] = true
			c.objects++
		}
	}
}

func (g group) severity() int { return Severity(g.rows[0].Entry) }

// counts lists the findings by ID, the worst and then the most frequent first.
func (t *Text) counts() []*idCount {
	all := make([]*idCount, 0, len(t.byID))
	for _, c := range t.byID {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b *idCount) int {
		return cmp.Or(b.severity-a.severity, b.findings-a.findings, cmp.Compare(a.id, b.id))
	})
	return all
}
