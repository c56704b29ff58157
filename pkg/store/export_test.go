package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/inventory"
)

// BareCopy copies objects into tables that are like the real ones but for keys and
// indexes, does nothing else, and returns how long that took.
func BareCopy(ctx context.Context, conn *pgx.Conn, objects []inventory.Object) (time.Duration, error) {
	list := make([]*staged, len(objects))
	for i, o := range objects {
		list[i] = &staged{Object: o}
	}
	var bare []table
	var rows [][]*staged
	for _, t := range tables {
		like := t
		like.name = "bare_" + t.name
		if _, err := conn.Exec(ctx, "CREATE TABLE "+like.name+" (LIKE "+t.name+")"); err != nil {
			return 0, err
		}
		bare, rows = append(bare, like), append(rows, of(t, list))
	}
	begin := time.Now()
	err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		w := newObjectWriter(tx, "c", begin)
		for i, t := range bare {
			if err := w.copyFresh(ctx, t, rows[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return time.Since(begin), err
}
