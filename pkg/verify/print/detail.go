package print

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/report"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/content"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/policy"
)

// maxShown bounds the differences of one deployment that are shown: JSON has all.
const maxShown = 20

// detail writes what is wrong with a deployment.
func (t *Text) detail(r *verify.Result) {
	subject := r.Left
	if subject == nil {
		subject = r.Right
	}
	o := subject.Objects[0]
	t.line("")
	t.line("%s (%s:%d)", name(subject), o.File, o.Line)
	for _, f := range r.Findings {
		t.line("  %s: %s", f.ID, f.Note)
	}
	for _, p := range r.Schema {
		t.line("  schema   %s:%d: %s %s: %s", p.File, p.Line, p.Kind, p.Path, p.Message)
	}
	if n := r.Fields.Unknown; n > 0 {
		t.line("  fields   %d are accounted for by no rule: 'kubectl gitops convert' names them", n)
	}
	for _, row := range r.Policy {
		if row.Verdict != policy.Same && !slices.Contains(r.Accepted, row.ID) {
			t.row(r, row)
		}
	}
	t.content(r)
}

func (t *Text) row(r *verify.Result, row policy.Row) {
	verdict := "differs"
	if row.Verdict == policy.CannotCompare {
		verdict = "cannot be compared"
	}
	t.line("  policy   %s %s: %s %s, %s %s", row.ID, verdict, r.Left.Tool, orNone(row.Left.Text), r.Right.Tool, orNone(row.Right.Text))
	t.line("           %s", row.Meaning)
}

func (t *Text) content(r *verify.Result) {
	if r.Content.Verdict == verify.Equivalent || r.Left == nil || r.Right == nil {
		return
	}
	t.line("  content  %s", r.Content.Verdict)
	for _, reason := range r.Content.Reasons {
		t.line("           %s", reason)
	}
	for i, d := range r.Content.Differences {
		if i == maxShown {
			t.line("           … and %d more: -o json has all", len(r.Content.Differences)-maxShown)
			return
		}
		t.line("           %s", difference(r, d))
	}
}

func difference(r *verify.Result, d content.Difference) string {
	text := d.Object.Kind + " " + strings.TrimPrefix(d.Object.Namespace+"/"+d.Object.Name, "/")
	if d.Path != "" {
		text += " " + d.Path
	}
	if d.Left != "" || d.Right != "" {
		text += fmt.Sprintf(": %s %s, %s %s", r.Left.Tool, orNone(d.Left), r.Right.Tool, orNone(d.Right))
	}
	if d.Reason != "" {
		text += ": " + d.Reason
	}
	return text
}

func orNone(text string) string {
	if text == "" {
		return "has none"
	}
	return text
}

// line writes a line that nothing of the input can break out of.
func (t *Text) line(format string, args ...any) {
	for i, arg := range args {
		if text, ok := arg.(string); ok {
			args[i] = report.Clean(text)
		}
	}
	fmt.Fprintf(&t.details, format+"\n", args...)
}
