package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/explain"
)

// formatText is that of -o for what people read as text.
const formatText = "text"

// explainOp is `kubectl gitops explain`, parsed. An empty word asks for the list.
type explainOp struct {
	word   string
	format string
}

const explainLong = `
Tells what a finding means and what to do about it, or what becomes of a field on the way
to the other tool and back. A field may stand with its kind or without, and with or
without [] for items of lists; one that holds others is about all of these. Without an
argument it lists the IDs of all findings.`

const explainExamples = `
  # What a finding means
  kubectl gitops explain namespace-fill

  # What becomes of a field, in both directions
  kubectl gitops explain spec.source.helm.valueFiles

  # A field of one kind, for a program
  kubectl gitops explain HelmRelease.spec.values -o json`

func explainCommand() command {
	return command{
		name:     "explain",
		args:     "[ID | [KIND.]FIELD]",
		summary:  "Explain a finding, or what becomes of a field",
		long:     explainLong,
		examples: explainExamples,
		flags:    func() []flagGroup { groups, _ := new(explainOp).groups(); return groups },
		words:    explainWords,
		parse:    parseExplain,
	}
}

// groups returns the flags, and where --help goes.
func (op *explainOp) groups() ([]flagGroup, *bool) {
	set, help := newFlagSet("explain"), new(bool)
	set.VarP(newEnum(&op.format, formatText, formatText, formatJSON), "output", "o", "format of the explanation")
	set.BoolVarP(help, "help", "h", false, "explain this command")
	return []flagGroup{{"Flags", set}}, help
}

func explainWords() []string {
	book, err := explain.Open()
	if err != nil {
		return nil
	}
	return book.Names()
}

func parseExplain(args []string) (operation, error) {
	op := new(explainOp)
	groups, help := op.groups()
	set, err := parseGroups("explain", groups, args)
	switch {
	case err != nil:
		return nil, err
	case *help:
		return helpOp{"explain"}, nil
	case set.NArg() > 1:
		return nil, usagef("explain", "explain takes one ID or field, not %d", set.NArg())
	}
	op.word = set.Arg(0)
	return op, nil
}

// Run implements operation.
func (op *explainOp) Run(_ context.Context, s streams) error {
	book, err := explain.Open()
	if err != nil {
		return err
	}
	if op.word == "" {
		return quietPipe(op.list(s.out, book))
	}
	topics := book.Find(op.word)
	if len(topics) == 0 {
		return unknownWord(op.word, book.Nearest(op.word))
	}
	if op.format == formatJSON {
		e := json.NewEncoder(s.out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return quietPipe(e.Encode(topics))
	}
	return quietPipe(writeTopics(s.out, op.word, topics))
}

func unknownWord(word string, nearest []string) error {
	hint := "'kubectl gitops explain' lists the IDs, and 'kubectl gitops fields --all' the fields"
	if len(nearest) > 0 {
		hint = "did you mean " + strings.Join(nearest, ", ") + "?"
	}
	return usagef("explain", "no finding and no field is called %q; %s", word, hint)
}

// list prints all IDs.
func (op *explainOp) list(out io.Writer, book *explain.Book) error {
	if op.format == formatJSON {
		var all []explain.Topic
		for _, id := range book.IDs() {
			all = append(all, book.Find(id[0])...)
		}
		return json.NewEncoder(out).Encode(all)
	}
	_, err := fmt.Fprint(out, "'kubectl gitops explain ID' explains a finding, 'kubectl gitops explain FIELD' what becomes\n"+
		"of a field, such as spec.source.helm.valueFiles or HelmRelease.spec.values. The IDs are:\n\n")
	if err != nil {
		return err
	}
	return writeIDs(out, book.IDs())
}
