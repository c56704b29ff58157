package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/report"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
)

// historyOp is `kubectl gitops history`, parsed.
type historyOp struct {
	id       store.ID
	database databaseFlags
	format   string
	diff     string // "last", or two numbers with a comma
}

const historyLong = `
Shows the states of a recorded object, the oldest first: from when to when each was
seen, its status and revision, and whether its definition changed. --diff shows how the
definition changed, between the last two that differ or between two states by number.`

const historyExamples = `
  kubectl gitops history podinfo
  kubectl gitops history Kustomization/flux-system/apps --cluster-name production
  kubectl gitops history argocd/podinfo --diff=1,3`

func historyCommand() command {
	return command{
		name:     "history",
		args:     "[[KIND/]NAMESPACE/]NAME [flags]",
		summary:  "Show what was recorded of an object over time",
		long:     historyLong,
		examples: historyExamples,
		flags:    func() []flagGroup { return newHistoryFlags().groups() },
		parse:    parseHistory,
	}
}

// historyFlags bind the flags to an operation.
type historyFlags struct {
	op   *historyOp
	help bool
}

func newHistoryFlags() *historyFlags { return &historyFlags{op: &historyOp{}} }

func (f *historyFlags) groups() []flagGroup {
	set := newFlagSet("history")
	set.VarP(newEnum(&f.op.format, formatTable, formatTable, formatJSON, formatCSV), "output", "o", "format of the list")
	set.StringVar(&f.op.diff, "diff", "", "show what changed, between the states `OLD,NEW` or the last two definitions")
	set.Lookup("diff").NoOptDefVal = lastDiff
	set.BoolVarP(&f.help, "help", "h", false, "explain this command")
	return []flagGroup{
		{"Database", f.op.database.set("`name` of the object's cluster")},
		{"History", set},
	}
}

const lastDiff = "last"

func parseHistory(args []string) (operation, error) {
	f := newHistoryFlags()
	set, err := parseGroups("history", f.groups(), args)
	if err != nil {
		return nil, err
	}
	if f.help {
		return helpOp{"history"}, nil
	}
	if len(set.Args()) != 1 {
		return nil, usagef("history", "name one object")
	}
	if f.op.id, err = store.ParseID(set.Arg(0)); err != nil {
		return nil, usagef("history", "%v", err)
	}
	f.op.id.Cluster = f.op.database.cluster
	return f.op, nil
}

// Run implements operation.
func (op *historyOp) Run(ctx context.Context, s streams) error {
	config, err := op.database.config()
	if err != nil {
		return err
	}
	conn, err := store.Connect(ctx, config)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	found, err := store.Find(ctx, conn, op.id)
	if err != nil {
		return err
	}
	if err := onlyOne(op.id, found); err != nil {
		return err
	}
	states, err := store.History(ctx, conn, found[0])
	if err != nil {
		return err
	}
	if op.diff == "" {
		return quietPipe(printTable(s.out, historyTable(states), op.format))
	}
	text, err := op.difference(states)
	if err != nil {
		return err
	}
	_, err = s.out.Write(text)
	return quietPipe(err)
}

func onlyOne(id store.ID, found []store.ID) error {
	switch len(found) {
	case 0:
		return fmt.Errorf("nothing is recorded of %q", id.Name)
	case 1:
		return nil
	}
	var names []string
	for _, f := range found {
		names = append(names, fmt.Sprintf("  %s/%s/%s --cluster-name %s", f.Kind, f.Namespace, f.Name, f.Cluster))
	}
	return fmt.Errorf("%q may be any of these:\n%s", id.Name, strings.Join(names, "\n"))
}

func historyTable(states []store.State) report.Table {
	t := report.Table{Columns: []string{"state", "seen_from", "seen_until", "sync_status", "health_status", "suspended", "revision", "definition", "message"}}
	for i, s := range states {
		definition := "same"
		if i == 0 || string(states[i-1].Definition) != string(s.Definition) {
			definition = "changed"
		}
		if i == 0 {
			definition = "first"
		}
		t.Rows = append(t.Rows, []any{int64(i + 1), s.From.UTC(), s.Until.UTC(), value(s.Sync), value(s.Health), s.Suspended,
			value(s.Revision), definition, value(s.Message)})
	}
	return t
}

func value(text *string) any {
	if text == nil {
		return nil
	}
	return *text
}

// difference compares two definitions as YAML.
func (op *historyOp) difference(states []store.State) ([]byte, error) {
	old, now, err := op.chosen(states)
	if err != nil {
		return nil, err
	}
	var texts [2][]byte
	for i, n := range []int{old, now} {
		if texts[i], err = yaml.JSONToYAML(states[n-1].Definition); err != nil {
			return nil, err
		}
	}
	name := func(n int) string {
		return fmt.Sprintf("%s (state %d, since %s)", op.id.Name, n, states[n-1].From.UTC().Format("2006-01-02 15:04:05Z"))
	}
	return diff.Diff(name(old), texts[0], name(now), texts[1]), nil
}

// chosen returns the numbers of the states to compare.
func (op *historyOp) chosen(states []store.State) (old, now int, err error) {
	if op.diff == lastDiff {
		for now = len(states); now > 1; now-- {
			if string(states[now-2].Definition) != string(states[now-1].Definition) {
				return now - 1, now, nil
			}
		}
		return 0, 0, fmt.Errorf("the definition of %q never changed", op.id.Name)
	}
	first, second, ok := strings.Cut(op.diff, ",")
	old, errOld := strconv.Atoi(first)
	now, errNow := strconv.Atoi(second)
	if !ok || errOld != nil || errNow != nil || min(old, now) < 1 || max(old, now) > len(states) {
		return 0, 0, fmt.Errorf("--diff %s: give two numbers of states from 1 to %d, as in --diff=1,2", op.diff, len(states))
	}
	return old, now, nil
}
