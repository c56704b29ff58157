package store

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/inventory"
)

// flush sends what is pending, while the caller goes on with what comes next.
func (w *objectWriter) flush(ctx context.Context) error {
	if err := w.wait(); err != nil {
		return err
	}
	b, sending := w.pending, make(chan error, 1)
	w.pending, w.sending = batch{}, sending
	go func() { sending <- w.send(ctx, b) }()
	return nil
}

// wait returns when the connection is free again.
func (w *objectWriter) wait() error {
	if w.sending == nil {
		return nil
	}
	err := <-w.sending
	w.sending = nil
	return err
}

func (w *objectWriter) send(ctx context.Context, b batch) error {
	for _, t := range tables {
		if err := w.copyFresh(ctx, t, of(t, b.fresh)); err != nil {
			return err
		}
		if err := w.touch(ctx, t, of(t, b.stale)); err != nil {
			return err
		}
	}
	return w.stage(ctx, b.changed)
}

// of returns the objects of a table.
func of(t table, list []*staged) (own []*staged) {
	for _, s := range list {
		if s.Class == t.class {
			own = append(own, s)
		}
	}
	return own
}

// copyFresh copies objects into their table. That nobody else adds them meanwhile is
// what the lock is for.
func (w *objectWriter) copyFresh(ctx context.Context, t table, list []*staged) error {
	columns := t.columns()
	var at []int
	for _, c := range columns {
		at = append(at, slices.Index(stagedColumns, c))
	}
	return w.copy(ctx, t.name, slices.Concat([]string{"cluster"}, columns, times), list, func(s *staged) []any {
		values := stagedRow(s)
		row := make([]any, 0, len(at)+4)
		row = append(row, w.cluster)
		for _, i := range at {
			row = append(row, values[i])
		}
		return append(row, w.at, w.at, w.at)
	})
}

// stage copies objects into the staging table, which comes with the first of them.
func (w *objectWriter) stage(ctx context.Context, list []*staged) error {
	if len(list) > 0 && !w.staging {
		if _, err := w.tx.Exec(ctx, createStaging); err != nil {
			return err
		}
		w.staging = true
	}
	return w.copy(ctx, "staged_objects", stagedColumns, list, stagedRow)
}

func (w *objectWriter) copy(ctx context.Context, table string, columns []string, list []*staged, row func(*staged) []any) error {
	if len(list) == 0 {
		return nil
	}
	_, err := w.tx.CopyFrom(ctx, pgx.Identifier{table}, columns,
		pgx.CopyFromSlice(len(list), func(i int) ([]any, error) { return row(list[i]), nil }))
	return err
}

func (w *objectWriter) touch(ctx context.Context, t table, list []*staged) error {
	if len(list) == 0 {
		return nil
	}
	var namespaces, kinds, names []string
	reconciled, messages := make([]*time.Time, len(list)), make([]*string, len(list))
	for i, s := range list {
		namespaces, kinds, names = append(namespaces, s.Namespace), append(kinds, s.Kind), append(names, s.Name)
		reconciled[i], messages[i] = optional(s.Reconciled), optional(s.Message)
	}
	_, err := w.tx.Exec(ctx, t.touch(), w.cluster, namespaces, kinds, names, w.at, reconciled, messages)
	return err
}

// optional is nil, which is NULL, for the zero value.
func optional[T comparable](value T) *T {
	var zero T
	if value == zero {
		return nil
	}
	return &value
}

// namespaceOf is NULL only where there is no source: one without a namespace is joined
// with an object without one.
func namespaceOf(source inventory.Key) *string {
	if source.Name == "" {
		return nil
	}
	return &source.Namespace
}

// stagedRow are the values of stagedColumns.
func stagedRow(s *staged) []any {
	return []any{
		int16(s.Class), s.ordinal, s.Namespace, s.Kind, s.Name, s.APIVersion,
		optional(s.Project), optional(s.Destination), optional(s.Repository),
		optional(s.Source.Kind), namespaceOf(s.Source), optional(s.Source.Name),
		optional(s.TargetRevision), optional(s.Revision), authentication(s.Object),
		optional(s.Sync), optional(s.Health), s.Suspended, optional(s.Message), optional(s.Reconciled),
		[]byte(s.Definition), s.hash[:],
	}
}

// authentication is the JSON of it, or nothing where there is none.
func authentication(o inventory.Object) []byte {
	if o.Class != inventory.Repository {
		return nil
	}
	text, err := json.Marshal(o.Authentication)
	if err != nil {
		return nil // a struct of strings has JSON
	}
	return text
}

// content is what an object is worth a version of its own for. The message and the
// time of reconciliation change without that.
func content(b []byte, o inventory.Object) []byte {
	b = appendTexts(b, o.APIVersion, o.Sync, o.Health, strconv.FormatBool(o.Suspended), o.Revision, o.Project, o.Repository,
		o.Source.Kind, o.Source.Namespace, o.Source.Name)
	b = append(b, authentication(o)...)
	return append(b, o.Definition...)
}

// appendTexts appends texts so that no two lists of them look alike.
func appendTexts(b []byte, texts ...string) []byte {
	for _, text := range texts {
		b = binary.LittleEndian.AppendUint64(b, uint64(len(text)))
		b = append(b, text...)
	}
	return b
}
