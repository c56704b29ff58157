package cutover

import (
	"fmt"
	"io"
	"strings"
)

// Markdown writes the runbook for people.
func (r *Runbook) Markdown(w io.Writer) error {
	var b strings.Builder
	name := map[string]string{"flux": "Flux", "argocd": "Argo CD"}[string(r.To)]
	fmt.Fprintf(&b, "# Cut-over to %s\n\nDo the steps in order. To go back, undo them in the reverse order, from the last that was done.\n", name)
	b.WriteString("\n## Before\n")
	for i, s := range r.Preflight {
		s.markdown(&b, fmt.Sprintf("### Check %d: ", i+1))
	}
	if len(r.Decide) > 0 {
		b.WriteString("\n## Decide first\n\nThese stay where they are:\n\n")
		for _, h := range r.Decide {
			fmt.Fprintf(&b, "- %s: %s\n", h.App, h.Why)
			for _, f := range h.Findings {
				fmt.Fprintf(&b, "  - %s\n", f)
			}
		}
	}
	b.WriteString("\n## Who owns what\n\n| app | namespace | wave | before | frozen | after |\n|---|---|---|---|---|---|\n")
	for _, o := range r.Owners {
		wave := fmt.Sprint(o.Wave)
		if o.Wave == 0 {
			wave = "-"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", o.App, cell(o.Namespace), wave, o.Before, o.Frozen, o.After)
	}
	for i, stage := range r.Stages {
		fmt.Fprintf(&b, "\n## %d. %s\n\n%s\n", i+1, stage.Title, stage.Why)
		for j, s := range stage.Steps {
			s.markdown(&b, fmt.Sprintf("### %d.%d ", i+1, j+1))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (s Step) markdown(b *strings.Builder, heading string) {
	fmt.Fprintf(b, "\n%s%s\n", heading, s.What)
	if s.Why != "" {
		fmt.Fprintf(b, "\n%s\n", s.Why)
	}
	for _, part := range []struct {
		title    string
		commands []string
	}{{"", s.Commands}, {"Check:\n\n", s.Check}, {"Rollback:\n\n", s.Rollback}} {
		if len(part.commands) > 0 {
			fmt.Fprintf(b, "\n%s```sh\n%s\n```\n", part.title, strings.Join(part.commands, "\n"))
		}
	}
}

// cell keeps text of the input inside of its cell.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "`", "'").Replace(s)
}
