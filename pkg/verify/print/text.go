package print

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/report"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/policy"
)

// Text writes a table with a row for each deployment, and below it what is wrong with
// those that are not good.
type Text struct {
	w       io.Writer
	rows    [][]string
	details bytes.Buffer
}

// NewText returns a printer for people.
func NewText(w io.Writer) *Text { return &Text{w: w} }

// Write implements Printer.
func (t *Text) Write(r *verify.Result) error {
	t.rows = append(t.rows, []string{
		name(r.Left), name(r.Right), string(r.Content.Verdict), rows(r), fields(r.Fields), schema(r),
	})
	if !r.Good {
		t.detail(r)
	}
	return nil
}

// Flush implements Printer.
func (t *Text) Flush(s verify.Summary) error {
	tw := tabwriter.NewWriter(t.w, 0, 0, 3, ' ', 0)
	fmt.Fprintln(tw, "DEPLOYMENT\tCOUNTERPART\tCONTENT\tPOLICY\tFIELDS\tSCHEMA")
	for _, row := range t.rows {
		fmt.Fprintln(tw, strings.Join(row, "\t"))
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	if _, err := t.details.WriteTo(t.w); err != nil {
		return err
	}
	_, err := fmt.Fprintf(t.w, "\n%d of %d good. Content: %d equivalent, %d differ, %d not proven. "+
		"Policy: %d rows same, %d differ, %d cannot be compared. Fields: %d of %d accounted for.\n",
		s.Good, s.Deployments, s.Equivalent, s.Differ, s.NotProven,
		s.Rows.Same, s.Rows.Differ, s.Rows.NotCompare, s.Fields.Fields()-s.Fields.Unknown, s.Fields.Fields())
	return err
}

// name is how a side of a deployment is called: its first object.
func name(p *verify.Part) string {
	if p == nil {
		return "-"
	}
	o := p.Objects[0]
	text := o.Kind + " " + strings.TrimPrefix(o.Namespace+"/"+o.Name, "/")
	if more := len(p.Objects) - 1; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return report.Clean(text)
}

func rows(r *verify.Result) string {
	if len(r.Policy) == 0 {
		return "-"
	}
	text := fmt.Sprintf("%d same", r.Rows(policy.Same))
	if n := r.Rows(policy.Differs); n > 0 {
		text += fmt.Sprintf(", %d differ", n)
	}
	if n := r.Rows(policy.CannotCompare); n > 0 {
		text += fmt.Sprintf(", %d unknown", n)
	}
	if n := len(r.Accepted); n > 0 {
		text += fmt.Sprintf(" (%d accepted)", n)
	}
	return text
}

func fields(c verify.Coverage) string {
	if c.Fields() == 0 {
		return "-"
	}
	return fmt.Sprintf("%d of %d", c.Fields()-c.Unknown, c.Fields())
}

func schema(r *verify.Result) string {
	if n := len(r.Schema); n > 0 {
		return fmt.Sprintf("%d invalid", n)
	}
	return "valid"
}
