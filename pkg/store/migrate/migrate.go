// Package migrate brings a database to the tables that this version writes and reads.
// Migrations go forward only; each is one transaction, and an advisory lock lets one
// process at a time migrate.
package migrate

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	tern "github.com/jackc/tern/v2/migrate"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
)

//go:embed sql/*.sql
var files embed.FS

// Up applies the migrations that conn's database lacks. It fails when a newer version
// of the tool has been there, and when the user may not create tables.
func Up(ctx context.Context, conn *pgx.Conn) error { return to(ctx, conn, -1) }

// to migrates to a version, or to the newest for -1.
func to(ctx context.Context, conn *pgx.Conn, version int32) error {
	current, err := store.Version(ctx, conn)
	if err != nil {
		return err
	}
	if current == store.Tables {
		return nil // nothing is asked of the user's rights
	}
	m, err := tern.NewMigrator(ctx, conn, store.VersionTable)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	sql, err := fs.Sub(files, "sql")
	if err != nil {
		return err
	}
	if err := m.LoadMigrations(sql); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if version < 0 {
		version = int32(len(m.Migrations))
	}
	if err := m.MigrateTo(ctx, version); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}
