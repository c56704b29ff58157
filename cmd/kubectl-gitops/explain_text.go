package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/explain"
)

// textWidth is where the lines of an explanation break.
const textWidth = 90

// manyTopics is where a list of IDs says more than all that is known of each.
const manyTopics = 5

// writeTopics writes what is known of a word.
func writeTopics(out io.Writer, word string, topics []explain.Topic) error {
	if len(topics) > manyTopics {
		var ids [][2]string
		for _, t := range topics {
			ids = append(ids, [2]string{t.ID, t.Short()})
		}
		if _, err := fmt.Fprintf(out, "%d rules are about fields of %s. Explain one of:\n\n", len(topics), word); err != nil {
			return err
		}
		return writeIDs(out, ids)
	}
	var b strings.Builder
	for i, t := range topics {
		if i > 0 {
			b.WriteString("\n")
		}
		writeTopic(&b, t)
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func writeIDs(out io.Writer, ids [][2]string) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, id := range ids {
		fmt.Fprintf(w, "%s\t%s\n", id[0], id[1])
	}
	return w.Flush()
}

// writeTopic writes an explanation for people.
func writeTopic(b *strings.Builder, t explain.Topic) {
	b.WriteString(t.ID + "\n")
	for _, p := range t.Text {
		b.WriteString("\n" + wrap(p, "  "))
	}
	writeDirection(b, "To Flux", t.ToFlux)
	writeDirection(b, "To Argo CD", t.ToArgo)
}

func writeDirection(b *strings.Builder, title string, d *explain.Direction) {
	if d == nil {
		return
	}
	text := title + ": " + d.Fidelity.String()
	if d.Note != "" {
		text += ": " + d.Note
	}
	b.WriteString("\n" + wrap(text, "  "))
	writeFields(b, "from", d.From)
	writeFields(b, "to", d.To)
}

func writeFields(b *strings.Builder, word string, fields []string) {
	for i, f := range fields {
		if i > 0 {
			word = ""
		}
		fmt.Fprintf(b, "    %-4s  %s\n", word, f)
	}
}

// wrap breaks text into lines that start with indent.
func wrap(text, indent string) string {
	var b strings.Builder
	width := 0
	for _, word := range strings.Fields(text) {
		switch {
		case width == 0:
			b.WriteString(indent)
			width = len(indent)
		case width+1+len(word) > textWidth:
			b.WriteString("\n" + indent)
			width = len(indent)
		default:
			b.WriteString(" ")
			width++
		}
		b.WriteString(word)
		width += len(word)
	}
	return b.String() + "\n"
}
