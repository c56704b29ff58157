package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/inventory"
)

// A Run is what is recorded at once.
type Run struct {
	// Cluster is the name that everything is recorded under.
	Cluster string
	// Verb is the command: record, convert.
	Verb string
	// Version of the tool.
	Version string
	// Objects are what was read. An error ends the run with nothing recorded.
	Objects iter.Seq2[inventory.Object, error]
	// Results are what a conversion made of them; nil for none.
	Results *Results
}

// A Summary says what a Run changed.
type Summary struct {
	// Run is the identifier of the run, or of the earlier one that it repeats.
	Run      string
	Repeated bool
	// Objects by what became of them in the database.
	Added, Changed, Unchanged int64
	// Twice counts objects that were given more than once: the last one is kept.
	Twice int64
	// Incomplete counts objects that were left out, as something else completes them.
	Incomplete int64
}

// maxCluster is how long the name of a cluster may be: it stands in every index.
const maxCluster = 253

// seenPrecision is how exact times of last sight are. It lets a run that changes
// nothing write nothing.
const seenPrecision = time.Hour

// Record writes a run in one transaction. Runs on one cluster take turns, so that
// they can neither block each other half-way nor overwrite what is newer.
func Record(ctx context.Context, conn *pgx.Conn, run Run) (Summary, error) {
	if run.Results != nil && run.Results.err != nil {
		return Summary{}, fmt.Errorf("results: %w; nothing was recorded", run.Results.err)
	}
	if run.Cluster == "" || len(run.Cluster) > maxCluster {
		return Summary{}, fmt.Errorf("the name of the cluster must have 1 to %d bytes", maxCluster)
	}
	if err := Check(ctx, conn); err != nil {
		return Summary{}, err
	}
	// Who waited for its turn must see what the one before wrote, whatever the default is.
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted})
	if err != nil {
		return Summary{}, fmt.Errorf("database: %w", err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // after a commit it does nothing
	summary, err := recordIn(ctx, tx, run)
	if err != nil {
		return Summary{}, explained(err)
	}
	if err := tx.Commit(ctx); err != nil {
		return Summary{}, uncertain(err)
	}
	return summary, nil
}

func recordIn(ctx context.Context, tx pgx.Tx, run Run) (Summary, error) {
	at, err := begin(ctx, tx, run.Cluster)
	if err != nil {
		return Summary{}, err
	}
	w := newObjectWriter(tx, run.Cluster, at)
	// Where an error ends it early, the connection must be free for a rollback.
	defer func() { _ = w.wait() }()
	for o, err := range run.Objects {
		if err != nil {
			return Summary{}, inputError{err}
		}
		if err := w.add(ctx, o); err != nil {
			return Summary{}, err
		}
	}
	if err := w.finish(ctx); err != nil {
		return Summary{}, err
	}
	err = w.run(ctx, run)
	return w.summary, err
}

// begin waits for its turn and returns the server's time: the clocks of clients differ. A
// client that hangs loses its turn.
func begin(ctx context.Context, tx pgx.Tx, cluster string) (at time.Time, err error) {
	if _, err = tx.Exec(ctx, "SET LOCAL idle_in_transaction_session_timeout = '15min'"); err != nil {
		return at, err
	}
	if _, err = tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtextextended('kubectl-gitops ' || $1, 0))", cluster); err != nil {
		return at, err
	}
	err = tx.QueryRow(ctx, "SELECT clock_timestamp()").Scan(&at)
	return at, err
}

// inputError is about what was to be recorded, not about the database.
type inputError struct{ error }

func (e inputError) Unwrap() error { return e.error }

func explained(err error) error {
	var input inputError
	if errors.As(err, &input) {
		return input.error
	}
	return fmt.Errorf("database: %w; nothing was recorded", err)
}

// uncertain is for a commit: only where the server says no, it is known to have failed.
func uncertain(err error) error {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return explained(err)
	}
	return fmt.Errorf("database: %w; it is not known whether the run was recorded: run it again, which does no harm", err)
}
