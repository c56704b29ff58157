// Package store keeps in PostgreSQL what was read and converted, and answers questions
// about it. Nothing that it writes holds a credential: objects come from package
// inventory, which takes them out.
//
// A run is one transaction: it is recorded whole or not at all.
package store

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/jackc/pgx/v5"
)

// VersionTable holds the number of the newest migration of a database.
const VersionTable = "gitops_schema_version"

// Tables is the version of the tables that this package writes and reads.
const Tables = 4

// DatabaseEnv is the environment variable with the address of the database. Without it
// libpq's own count (PGHOST, PGSERVICE, .pgpass and so on).
const DatabaseEnv = "GITOPS_DATABASE_URL"

var (
	// ErrNoTables: nobody has migrated the database.
	ErrNoTables = errors.New("the database has no tables of kubectl-gitops: run 'kubectl gitops record --migrate' as a user who may create tables")
	// ErrNewer: a newer version of the tool has been at the database.
	ErrNewer = errors.New("a newer version of kubectl-gitops has migrated the database: update this one")
	// ErrOlder: the tables are those of an older version.
	ErrOlder = errors.New("the tables are those of an older kubectl-gitops: run 'kubectl gitops record --migrate' as a user who may change them")
)

// Config reads dsn, a URL or key=value pairs; empty for DatabaseEnv or libpq's own
// variables. No part of dsn is in the error: where it is malformed, anything in it may be
// the password.
func Config(dsn string) (*pgx.ConnConfig, error) {
	if dsn == "" {
		dsn = os.Getenv(DatabaseEnv)
	}
	c, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, syntaxError(err)
	}
	if misread(c) {
		return nil, errSyntax
	}
	if c.RuntimeParams["application_name"] == "" {
		c.RuntimeParams["application_name"] = "kubectl-gitops"
	}
	// Times mean the same whatever the user's settings are, also where a pooler makes the
	// library read them as text.
	c.RuntimeParams["timezone"] = "UTC"
	c.RuntimeParams["datestyle"] = "ISO"
	return c, nil
}

// Connect opens a connection. The caller closes it.
func Connect(ctx context.Context, c *pgx.ConnConfig) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	return conn, nil
}

// Version returns the number of the newest migration, 0 for none. It fails with
// ErrNewer when that is unknown here.
func Version(ctx context.Context, conn *pgx.Conn) (int32, error) {
	var exists bool
	if err := conn.QueryRow(ctx, "SELECT to_regclass($1) IS NOT NULL", VersionTable).Scan(&exists); err != nil {
		return 0, fmt.Errorf("database: %w", err)
	}
	if !exists {
		return 0, nil
	}
	var version int32
	if err := conn.QueryRow(ctx, "SELECT version FROM "+VersionTable).Scan(&version); err != nil {
		return 0, fmt.Errorf("database: %w", err)
	}
	if version > Tables {
		return version, ErrNewer
	}
	return version, nil
}

// Check fails unless the database has the tables of this version.
func Check(ctx context.Context, conn *pgx.Conn) error {
	switch version, err := Version(ctx, conn); {
	case err != nil:
		return err
	case version == 0:
		return ErrNoTables
	case version < Tables:
		return ErrOlder
	default:
		return nil
	}
}
