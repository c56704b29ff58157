package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Rows answers with columns of a view, restricted to a cluster unless that is empty.
// Values are nil or of the types that pgx reads: text, bool, int64, float64 and times.
func Rows(ctx context.Context, conn *pgx.Conn, view string, columns []string, cluster string) ([][]any, error) {
	sql := "SELECT " + strings.Join(columns, ", ") + " FROM " + view
	var args []any
	if cluster != "" {
		sql, args = sql+" WHERE cluster = $1", []any{cluster}
	}
	return values(ctx, conn, sql, args...)
}

// values reads all rows of a query.
func values(ctx context.Context, conn *pgx.Conn, sql string, args ...any) ([][]any, error) {
	if err := Check(ctx, conn); err != nil {
		return nil, err
	}
	rows, err := conn.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) ([]any, error) { return row.Values() })
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	return list, nil
}

// A RunID names a run in the database.
type RunID struct{ Cluster, ID, Verb string }

// ErrNoRun tells that there is no such run.
var ErrNoRun = errors.New("no such run: 'kubectl gitops stats runs' lists them")

// FindRun returns the run whose identifier begins with prefix, in any cluster for "".
func FindRun(ctx context.Context, conn *pgx.Conn, cluster, prefix string) (RunID, error) {
	low, high, ok := bounds(prefix)
	if !ok {
		return RunID{}, fmt.Errorf("%q: %w", prefix, ErrNoRun)
	}
	rows, err := values(ctx, conn, `SELECT cluster, id::text, verb FROM conversions
WHERE id BETWEEN $1::uuid AND $2::uuid AND ($3 = '' OR cluster = $3)
ORDER BY recorded_at DESC LIMIT 2`, low, high, cluster)
	switch {
	case err != nil:
		return RunID{}, err
	case len(rows) == 0:
		return RunID{}, fmt.Errorf("%q: %w", prefix, ErrNoRun)
	case len(rows) > 1:
		return RunID{}, fmt.Errorf("%q begins the names of several runs: give more of it", prefix)
	}
	return RunID{fmt.Sprint(rows[0][0]), fmt.Sprint(rows[0][1]), fmt.Sprint(rows[0][2])}, nil
}

// bounds returns the least and the greatest UUID that begin with prefix.
func bounds(prefix string) (low, high string, ok bool) {
	const form = "00000000-0000-0000-0000-000000000000"
	prefix = strings.ToLower(prefix)
	if prefix == "" || len(prefix) > len(form) || strings.Trim(prefix, "0123456789abcdef-") != "" {
		return "", "", false
	}
	for i, c := range prefix {
		if (c == '-') != (form[i] == '-') {
			return "", "", false
		}
	}
	rest := form[len(prefix):]
	return prefix + rest, prefix + strings.ReplaceAll(rest, "0", "f"), true
}

// RunColumns are those of RunObjects.
var RunColumns = []string{"file", "line", "kind", "namespace", "name", "status", "fidelity", "blocking", "findings", "targets"}

// RunObjects says what became of each object of a run.
func RunObjects(ctx context.Context, conn *pgx.Conn, run RunID) ([][]any, error) {
	return values(ctx, conn, `WITH counted AS (
  SELECT ordinal, count(*) AS findings FROM findings WHERE cluster = $1 AND conversion = $2 GROUP BY ordinal
)
SELECT min(file), min(line), min(from_kind), min(from_namespace), min(from_name), min(status), min(fidelity), bool_or(blocking),
  coalesce(min(findings), 0),
  string_agg(to_kind || ' ' || ltrim(to_namespace || '/' || to_name, '/'), ', ' ORDER BY target)
FROM conversion_objects LEFT JOIN counted USING (ordinal)
WHERE cluster = $1 AND conversion = $2
GROUP BY ordinal
ORDER BY ordinal`, run.Cluster, run.ID)
}

// ChangeColumns are those of Changes.
var ChangeColumns = []string{"change", "namespace", "kind", "name", "was", "now"}

// Changes says what differs between two runs on one cluster: between two conversions
// what they make of the objects, else the objects themselves.
func Changes(ctx context.Context, conn *pgx.Conn, before, after RunID) ([][]any, error) {
	if before.Cluster != after.Cluster {
		return nil, fmt.Errorf("the runs are of two clusters, %s and %s", before.Cluster, after.Cluster)
	}
	const order = " ORDER BY namespace COLLATE \"C\", kind COLLATE \"C\", name COLLATE \"C\", change, was, now"
	columns := "SELECT " + strings.Join(ChangeColumns, ", ") + " FROM "
	if before.Verb == "convert" && after.Verb == "convert" {
		return values(ctx, conn, columns+"gitops_conversion_changes($1, $2, $3)"+order, before.Cluster, before.ID, after.ID)
	}
	return values(ctx, conn, columns+`gitops_object_changes($1,
  (SELECT recorded_at FROM conversions WHERE cluster = $1 AND id = $2),
  (SELECT recorded_at FROM conversions WHERE cluster = $1 AND id = $3))`+order, before.Cluster, before.ID, after.ID)
}
