package store

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/inventory"
)

// run records the run itself, and what became of the objects. A run that repeats the
// last one over the same objects is that run.
func (w *objectWriter) run(ctx context.Context, run Run) error {
	scope, inputs, results := w.digests(run)
	var lastSeen time.Time
	err := w.tx.QueryRow(ctx, `SELECT id::text, last_seen FROM (
  SELECT * FROM conversions WHERE cluster = $1 AND scope_digest = $2 ORDER BY recorded_at DESC LIMIT 1) last
WHERE inputs_digest = $3 AND results_digest = $4 AND tool_version = $5`,
		w.cluster, scope, inputs, results, run.Version).Scan(&w.summary.Run, &lastSeen)
	switch {
	case err == nil:
		w.summary.Repeated = true
		if lastSeen.Before(w.at.Add(-seenPrecision)) {
			_, err = w.tx.Exec(ctx, "UPDATE conversions SET last_seen = $3 WHERE cluster = $1 AND id = $2", w.cluster, w.summary.Run, w.at)
		}
		return err
	case !errors.Is(err, pgx.ErrNoRows):
		return err
	}
	counts := counts{objects: w.ordinal - w.summary.Twice}
	var direction *string
	if run.Results != nil {
		counts, direction = run.Results.counts, optional(string(run.Results.direction))
	}
	n := counts.fidelity
	err = w.tx.QueryRow(ctx, `INSERT INTO conversions (cluster, id, verb, direction, tool_version, scope_digest, inputs_digest,
  results_digest, recorded_at, last_seen, objects, converted, passed, failed, blocking,
  exact, equivalent, approximate, unsupported, runtime, unknown)
VALUES ($1, gen_random_uuid(), $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
RETURNING id::text`,
		w.cluster, run.Verb, direction, run.Version, scope, inputs, results, w.at,
		counts.objects, counts.converted, counts.passed, counts.failed, counts.blocking,
		n[ledger.Exact], n[ledger.Equivalent], n[ledger.Approximate], n[ledger.Unsupported], n[ledger.Runtime], n[ledger.Unknown],
	).Scan(&w.summary.Run)
	if err != nil || run.Results == nil {
		return err
	}
	return w.results(ctx, run.Results)
}

// digests tell which objects a run was about, how they were and what came of them.
func (w *objectWriter) digests(run Run) (scope, inputs, results []byte) {
	w.scope.Write(appendTexts(nil, run.Verb))
	if run.Results == nil {
		return w.scope.Sum(nil), w.inputs.Sum(nil), []byte{}
	}
	w.scope.Write(appendTexts(nil, string(run.Results.direction)))
	return w.scope.Sum(nil), w.inputs.Sum(nil), run.Results.digest.Sum(nil)
}

// results copies what became of the objects. The tables only ever grow by runs, whose
// identifiers nobody else has: there is nothing to merge.
func (w *objectWriter) results(ctx context.Context, r *Results) error {
	objects, err := rowsOf(&r.objects, w.resultRow)
	if err != nil {
		return err
	}
	if _, err := w.tx.CopyFrom(ctx, pgx.Identifier{"conversion_objects"}, resultColumns, objects); err != nil {
		return err
	}
	findings, err := rowsOf(&r.findings, w.findingRow)
	if err != nil {
		return err
	}
	if _, err := w.tx.CopyFrom(ctx, pgx.Identifier{"findings"}, findingColumns, findings); err != nil {
		return err
	}
	_, err = w.tx.Exec(ctx, mergeVerdicts, w.cluster, w.summary.Run, string(r.direction), w.at)
	return err
}

const mergeVerdicts = `INSERT INTO verdicts AS v (cluster, namespace, kind, name, direction, conversion, ordinal, status, fidelity, blocking, recorded_at)
SELECT DISTINCT ON (from_namespace, from_kind, from_name)
  cluster, from_namespace, from_kind, from_name, $3, conversion, ordinal, status, fidelity, blocking, $4
FROM conversion_objects
WHERE cluster = $1 AND conversion = $2 AND from_name <> '' AND status <> 'incomplete'
ORDER BY from_namespace, from_kind, from_name, ordinal DESC, target
ON CONFLICT (cluster, namespace, kind, name, direction) DO UPDATE
SET conversion = excluded.conversion, ordinal = excluded.ordinal, status = excluded.status,
  fidelity = excluded.fidelity, blocking = excluded.blocking, recorded_at = excluded.recorded_at`

var resultColumns = []string{
	"cluster", "conversion", "ordinal", "target", "from_api_version", "from_namespace", "from_kind", "from_name",
	"file", "line", "status", "fidelity", "blocking", "output_digest", "to_api_version", "to_namespace", "to_kind", "to_name",
}

func (w *objectWriter) resultRow(l resultLine) ([]any, error) {
	row := []any{
		w.cluster, w.summary.Run, l.Ordinal, l.Target, l.From.APIVersion, l.From.Namespace, l.From.Kind, l.From.Name,
		l.File, int64(l.Line), l.Status, l.Fidelity, l.Blocking, l.Output,
	}
	if l.To == nil {
		return append(row, nil, nil, nil, nil), nil
	}
	return append(row, l.To.APIVersion, l.To.Namespace, l.To.Kind, l.To.Name), nil
}

var findingColumns = []string{
	"cluster", "conversion", "ordinal", "entry", "id", "fidelity", "blocking", "absent", "namespace", "kind", "name",
	"path", "field", "file", "line", "note", "targets",
}

func (w *objectWriter) findingRow(l findingLine) ([]any, error) {
	targets, err := json.Marshal(l.To)
	if err != nil {
		return nil, err
	}
	return []any{
		w.cluster, w.summary.Run, l.Ordinal, l.Position, l.ID, l.Fidelity.String(), l.Blocking, l.Absent,
		l.From.Namespace, l.From.Kind, l.From.Name, l.From.Path, inventory.Path(fieldOf(l.From.Path)), l.From.File, int64(l.From.Line),
		optional(l.Note), targets,
	}, nil
}

// rowsOf reads spooled lines as the rows of a copy.
func rowsOf[T any](w *lineWriter, row func(T) ([]any, error)) (pgx.CopyFromSource, error) {
	d, err := w.decoder()
	if err != nil {
		return nil, err
	}
	return pgx.CopyFromFunc(func() ([]any, error) {
		var line T
		if err := d.Decode(&line); errors.Is(err, io.EOF) {
			return nil, nil
		} else if err != nil {
			return nil, err
		}
		return row(line)
	}), nil
}
