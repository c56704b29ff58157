package main

import (
	"context"
	"slices"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/credential"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/report"
)

//go:generate sh -c "go run . fields -o markdown > ../../docs/fidelity.md"

// fieldsOp is `kubectl gitops fields`, parsed.
type fieldsOp struct {
	kind   string
	format string
	all    bool
}

const fieldsLong = `
Prints what becomes of every field of the kinds that are converted: how well it crosses
to the other tool, and the ID of its findings.

The fidelity is what holds where nothing speaks against it. A conversion gives less where
the value, or what stands beside it, cannot cross as well; its findings say so.
Fields that the cluster writes, such as status, are left out without --all.

Of Secrets the keys are listed: those of repositories and of clusters that Argo CD reads,
and those that sources of Flux name.`

const fieldsExamples = `
  # Every field of every kind
  kubectl gitops fields

  # What an Application says that Flux cannot
  kubectl gitops fields --kind Application -o csv | grep unsupported

  # What becomes of the keys of a repository's Secret
  kubectl gitops fields --kind Secret/repository

  # For a program, fields that the cluster writes included
  kubectl gitops fields --kind HelmRelease --all -o json`

func fieldsCommand() command {
	return command{
		name:     "fields",
		args:     "[--kind KIND]",
		summary:  "Print how well each field crosses to the other tool",
		long:     fieldsLong,
		examples: fieldsExamples,
		flags:    func() []flagGroup { groups, _ := new(fieldsOp).groups(); return groups },
		parse:    parseFields,
	}
}

// groups returns the flags, and where --help goes.
func (op *fieldsOp) groups() ([]flagGroup, *bool) {
	set, help := newFlagSet("fields"), new(bool)
	set.Var(newEnum(&op.kind, "", fieldKinds()...), "kind", "only fields of this kind")
	set.VarP(newEnum(&op.format, formatTable, formatTable, formatJSON, formatCSV, formatMarkdown), "output", "o", "format of the table")
	set.BoolVar(&op.all, "all", false, "also fields that the cluster writes")
	set.BoolVarP(help, "help", "h", false, "explain this command")
	return []flagGroup{{"Flags", set}}, help
}

func parseFields(args []string) (operation, error) {
	op := new(fieldsOp)
	groups, help := op.groups()
	set, err := parseGroups("fields", groups, args)
	switch {
	case err != nil:
		return nil, err
	case *help:
		return helpOp{"fields"}, nil
	case set.NArg() > 0:
		return nil, usagef("fields", "fields takes no arguments: choose by --kind")
	}
	return op, nil
}

// Run implements operation.
func (op *fieldsOp) Run(_ context.Context, s streams) error {
	kinds := fieldKinds()
	if op.kind != "" {
		kinds = []string{op.kind}
	}
	fields, err := op.fields(kinds)
	if err != nil {
		return err
	}
	if op.format == formatMarkdown {
		return quietPipe(report.Fidelity(s.out, fields))
	}
	return quietPipe(printTable(s.out, fieldTable(fields), op.format))
}

// fieldKinds are the kinds whose fields have rows, and the Secrets whose keys have rules.
func fieldKinds() []string {
	return slices.Concat(mapping.Kinds(), []string{mapping.SetKind}, credential.Kinds())
}

// fields lists the leaves of kinds that are to be printed.
func (op *fieldsOp) fields(kinds []string) (fields []mapping.Field, err error) {
	t, err := mapping.Default()
	if err != nil {
		return nil, err
	}
	for _, kind := range kinds {
		if slices.Contains(credential.Kinds(), kind) {
			fields = append(fields, keys(kind)...)
			continue
		}
		of, err := t.Fields(kind)
		if err != nil {
			return nil, err
		}
		fields = append(fields, of...)
	}
	return slices.DeleteFunc(fields, func(f mapping.Field) bool {
		return !op.all && f.Fidelity == ledger.Runtime
	}), nil
}

// keys are those of a kind of Secret, as fields.
func keys(kind string) (fields []mapping.Field) {
	for _, f := range credential.Fields(kind) {
		fields = append(fields, mapping.Field{Kind: f.Kind, Path: ledger.Key("data", f.Key), ID: f.ID, Fidelity: f.Fidelity, Note: f.Note})
	}
	return fields
}

func fieldTable(fields []mapping.Field) report.Table {
	t := report.Table{Columns: []string{"kind", "field", "fidelity", "id", "note"}}
	for _, f := range fields {
		t.Rows = append(t.Rows, []any{f.Kind, f.Path, f.Fidelity.String(), f.ID, f.Note})
	}
	return t
}
