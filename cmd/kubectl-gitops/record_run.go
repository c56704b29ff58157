package main

import (
	"context"
	"fmt"
	"io"
	"iter"

	"github.com/jackc/pgx/v5"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/inventory"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/migrate"
)

// Run implements operation.
func (op *recordOp) Run(ctx context.Context, s streams) error {
	config, err := op.database.config()
	if err != nil {
		return err
	}
	if op.migrate {
		if err := migrateUp(ctx, config); err != nil {
			return err
		}
	}
	if op.from.empty() {
		return nil
	}
	bar := newProgress(s, op.quiet)
	defer bar.clear()
	l := newLoader(s.in, bar)
	if err := l.load(ctx, op.from); err != nil {
		return err
	}
	boundMemory(l.inputs)
	keepGoing := l.directory
	if op.keepGoing != nil {
		keepGoing = *op.keepGoing
	}
	r := &reading{s: s, bar: bar, keepGoing: keepGoing}
	summary, err := recordRun(ctx, config, store.Run{
		Cluster: op.database.named(op.from), Verb: "record", Version: toolVersion(),
		Objects: r.objects(inventory.Objects(l.documents(), op.namespace)),
	})
	bar.clear()
	if err != nil {
		return err
	}
	if !op.quiet {
		printSummary(s.err, summary)
	}
	if r.failed > 0 {
		return errReported
	}
	return nil
}

func migrateUp(ctx context.Context, config *pgx.ConnConfig) error {
	conn, err := store.Connect(ctx, config)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return migrate.Up(ctx, conn)
}

// A reading passes objects on and reports those that are broken.
type reading struct {
	s         streams
	bar       *progress
	keepGoing bool
	n, failed int
}

func (r *reading) objects(all iter.Seq2[inventory.Object, error]) iter.Seq2[inventory.Object, error] {
	return func(yield func(inventory.Object, error) bool) {
		for o, err := range all {
			if err != nil && r.keepGoing {
				r.failed++
				r.bar.clear()
				printError(r.s.err, err)
				continue
			}
			r.n++
			r.bar.step("recording", r.n)
			if !yield(o, err) {
				return
			}
		}
	}
}

func printSummary(w io.Writer, s store.Summary) {
	fmt.Fprintf(w, "recorded run %s: %d added, %d changed, %d unchanged", s.Run, s.Added, s.Changed, s.Unchanged)
	if s.Incomplete > 0 {
		fmt.Fprintf(w, ", %d incomplete left out", s.Incomplete)
	}
	if s.Twice > 0 {
		fmt.Fprintf(w, ", %d given again (the last counts)", s.Twice)
	}
	if s.Repeated {
		fmt.Fprint(w, "; nothing is new")
	}
	fmt.Fprintln(w)
}
