package main

import (
	"context"
	"errors"
	"iter"

	"github.com/jackc/pgx/v5"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/inventory"
)

// recordByEnvironment is the value of --record without one.
const recordByEnvironment = "env"

// A recordFlag is --record[=ADDRESS].
type recordFlag struct {
	on  bool
	dsn string
}

// Set implements pflag.Value.
func (r *recordFlag) Set(s string) error {
	r.on, r.dsn = true, s
	if s == recordByEnvironment {
		r.dsn = ""
	}
	return nil
}

// String implements pflag.Value. The address may hold a password.
func (r *recordFlag) String() string { return "" }

// Type implements pflag.Value.
func (r *recordFlag) Type() string { return "address" }

// config reads the address; nil without the flag.
func (r *recordFlag) config() (*pgx.ConnConfig, error) {
	if !r.on {
		return nil, nil
	}
	return store.Config(r.dsn)
}

// recorded records a conversion whose output is complete: done is what it ended with. A
// conversion that was broken off is not recorded.
func (op *convertOp) recorded(ctx context.Context, s streams, config *pgx.ConnConfig, l *loader, results *store.Results, done error) error {
	if done != nil && !errors.Is(done, errFindings) && !errors.Is(done, errReported) {
		return done
	}
	database := databaseFlags{cluster: op.cluster}
	summary, err := recordRun(ctx, config, store.Run{
		Cluster: database.named(op.from), Verb: "convert", Version: toolVersion(), Results: results,
		Objects: whole(inventory.Objects(l.documents(), op.options.Namespace)),
	})
	if err != nil {
		return notRecorded{err}
	}
	if !op.quiet {
		printSummary(s.err, summary)
	}
	return done
}

// whole leaves broken documents out: the conversion has reported them.
func whole(all iter.Seq2[inventory.Object, error]) iter.Seq2[inventory.Object, error] {
	return func(yield func(inventory.Object, error) bool) {
		for o, err := range all {
			if err == nil && !yield(o, nil) {
				return
			}
		}
	}
}
