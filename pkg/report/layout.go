package report

import (
	"bufio"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// Flush prints the groups and, when some were left out, a count by finding.
func (t *Text) Flush() error {
	w := bufio.NewWriter(t.w)
	for _, g := range t.shown() {
		t.group(w, g)
	}
	if t.hidden > 0 {
		t.rest(w)
	}
	return w.Flush()
}

func (t *Text) group(w *bufio.Writer, g group) {
	fmt.Fprintln(w, t.paint(bold, title(g))+g.joined)
	cells := make([][]string, len(g.rows))
	for i, r := range g.rows {
		cells[i] = []string{location(r.From), r.Fidelity.String(), r.ID, field(r), t.note(r.Entry)}
	}
	t.table(w, cells, func(i int) string { return colorOf(Severity(g.rows[i].Entry)) })
	if len(g.again) > 0 {
		fmt.Fprintln(w, "  and as above:", strings.Join(g.again, ", "))
	}
	fmt.Fprintln(w)
}

func (t *Text) rest(w *bufio.Writer) {
	fmt.Fprintf(w, "… and %s (--all-findings shows them, --ledger FILE has every field). "+
		"All findings by ID:\n", count(t.hidden, "more object"))
	counts := t.counts()
	rows := make([][]string, len(counts))
	for i, c := range counts {
		rows[i] = []string{fmt.Sprint(c.findings), c.fidelity.String(), c.id,
			"in " + count(c.objects, "object")}
	}
	t.table(w, rows, func(i int) string { return colorOf(counts[i].severity) })
	fmt.Fprintln(w)
}

// maxColumn is where alignment ends: one long path should not push all notes away.
const maxColumn = 48

// table writes rows with aligned columns; the second column, the fidelity, gets the
// row's colour. Widths are counted before painting: escapes take no room.
func (t *Text) table(w *bufio.Writer, rows [][]string, color func(int) string) {
	if len(rows) == 0 {
		return
	}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = min(max(widths[i], utf8.RuneCountInString(cell)), maxColumn)
		}
	}
	for n, row := range rows {
		for len(row) > 0 && row[len(row)-1] == "" {
			row = row[:len(row)-1]
		}
		for i, cell := range row {
			pad := ""
			if i < len(row)-1 {
				pad = strings.Repeat(" ", max(0, widths[i]-utf8.RuneCountInString(cell)))
			}
			if i == 1 {
				cell = t.paint(color(n), cell)
			}
			fmt.Fprint(w, "  ", cell, pad)
		}
		fmt.Fprintln(w)
	}
}

func title(g group) string {
	if g.object.Kind == "" {
		return Clean(fmt.Sprintf("%s:%d", g.file, g.line))
	}
	return name(g.object)
}

func name(o ledger.Object) string {
	if o.Namespace == "" {
		return Clean(o.Kind + " " + o.Name)
	}
	return Clean(o.Kind + " " + o.Namespace + "/" + o.Name)
}

func location(f ledger.From) string { return Clean(fmt.Sprintf("%s:%d", f.File, f.Line)) }

func field(r row) string {
	path := Clean(r.From.Path)
	switch {
	case r.more > 0:
		return fmt.Sprintf("%s and %d more", path, r.more)
	case r.Absent:
		return path + " (not set)"
	default:
		return path
	}
}

func (t *Text) note(e ledger.Entry) string {
	text := Clean(e.Note)
	switch {
	case !e.Blocking:
		return text
	case t.options.AllowBlocking:
		return strings.TrimSpace(text + " [allowed]")
	case strings.HasPrefix(e.From.APIVersion, "argoproj.io/"):
		return strings.TrimSpace(text + " [written suspended]")
	default:
		return strings.TrimSpace(text + " [written with automated sync off]")
	}
}

// Clean makes text from the input one printable line: names and paths come from
// files that anyone may have written, and escapes would reach the terminal.
func Clean(s string) string {
	if strings.IndexFunc(s, unprintable) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unprintable(r) {
			return ' '
		}
		return r
	}, s)
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) }
