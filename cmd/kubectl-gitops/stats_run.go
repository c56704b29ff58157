package main

import (
	"context"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset/functions"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/report"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/analysis"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/inventory"
)

// reportsOp lists the reports.
type reportsOp struct{}

// Run implements operation.
func (reportsOp) Run(_ context.Context, s streams) error {
	_, err := io.WriteString(s.out, reportList())
	return quietPipe(err)
}

// Run implements operation.
func (op *statsOp) Run(ctx context.Context, s streams) error {
	answer := op.recorded
	if !op.from.empty() {
		answer = func(ctx context.Context) (report.Table, error) { return op.atHand(ctx, s) }
	}
	table, err := answer(ctx)
	if err != nil {
		return err
	}
	return quietPipe(printTable(s.out, table, op.format))
}

func printTable(w io.Writer, t report.Table, format string) error {
	switch format {
	case formatJSON:
		return t.JSON(w)
	case formatCSV:
		return t.CSV(w)
	default:
		return t.Text(w)
	}
}

// recorded answers from the database.
func (op *statsOp) recorded(ctx context.Context) (report.Table, error) {
	config, err := op.database.config()
	if err != nil {
		return report.Table{}, err
	}
	conn, err := store.Connect(ctx, config)
	if err != nil {
		return report.Table{}, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	switch op.report {
	case reportRun, reportChanges:
		return op.onRuns(ctx, conn)
	}
	r, _ := analysis.Find(op.report)
	rows, err := store.Rows(ctx, conn, r.View, r.Columns, op.database.cluster)
	return r.Sorted(rows), err
}

func (op *statsOp) onRuns(ctx context.Context, conn *pgx.Conn) (report.Table, error) {
	var runs []store.RunID
	for _, prefix := range op.runs {
		run, err := store.FindRun(ctx, conn, op.database.cluster, prefix)
		if err != nil {
			return report.Table{}, err
		}
		runs = append(runs, run)
	}
	if op.report == reportRun {
		rows, err := store.RunObjects(ctx, conn, runs[0])
		return report.Table{Columns: store.RunColumns, Rows: rows}, err
	}
	rows, err := store.Changes(ctx, conn, runs[0], runs[1])
	return report.Table{Columns: store.ChangeColumns, Rows: rows}, err
}

// atHand answers from files or a cluster.
func (op *statsOp) atHand(ctx context.Context, s streams) (report.Table, error) {
	bar := newProgress(s, false)
	defer bar.clear()
	l := newLoader(s.in, bar)
	if err := l.load(ctx, op.from); err != nil {
		return report.Table{}, err
	}
	boundMemory(l.inputs)
	r, _ := analysis.Find(op.report)
	estate := analysis.NewEstate(op.database.named(op.from), time.Now().UTC())
	if r.Converted() {
		if err := op.converted(l, estate); err != nil {
			return report.Table{}, err
		}
		return r.Of(estate), nil
	}
	reading := &reading{s: s, bar: bar, keepGoing: l.directory}
	for o, err := range reading.objects(inventory.Objects(l.documents(), op.namespace)) {
		if err != nil {
			return report.Table{}, err
		}
		if o.Definition != nil {
			estate.Add(o)
		}
	}
	bar.clear()
	return r.Of(estate), nil
}

// converted converts the inputs and keeps the verdicts.
func (op *statsOp) converted(l *loader, estate *analysis.Estate) (err error) {
	options := convert.Options{To: op.to, Namespace: op.namespace, TemplateFunctions: functions.Map()}
	if options.To == convert.ToAuto {
		if options.To, err = convert.DirectionOf(l.documents()); err != nil {
			return usagef("stats", "%v", err)
		}
	}
	outcomes, err := convert.Convert(l.documents(), options)
	if err != nil {
		return err
	}
	for o := range outcomes {
		estate.Convert(options.To, o)
	}
	return nil
}
