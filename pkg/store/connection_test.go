package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/migrate"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/storetest"
)

// TestAddressSyntax: a broken address gives an error that helps and shows no part of it.
func TestAddressSyntax(t *testing.T) {
	clearEnvironment(t)
	for _, dsn := range []string{
		"postgres://u:hunter2@localhost:port/db",
		"postgres://u:hunter2@localhost:99999/db",
		"postgres://u:hunter2@localhost/db?sslmode=hunter",
		"postgres://u:hunter2@[::1/db",
		"postgres://u:hunter2%@localhost/db",
		"postgres://u:x@hunter2@localhost/db",
		"postgres://u:x/hunter2@localhost/db",
		"postgres://u:x:hunter2@localhost:port/db",
		"mysql://u:hunter2@localhost/db",
		"mysql://u:hunter2@localhost/db?a=b",
		" postgres://u:hunter2@localhost/db?sslmode=disable",
		"Postgres://u:hunter2@localhost/db?sslmode=disable",
		"u:hunter2@localhost/db",
		"hunter2",
		"password=hunter2 host",
		"password=x hunter2 host=localhost",
		"password='hunter2 host=localhost",
		"password = hunter2 port=port",
		"password='x\\' hunter2' port=port",
		"host=localhost password=hunter2 connect_timeout=never",
		"host=localhost password=hunter2 sslmode=verify-full sslrootcert=/nowhere",
		"host=localhost password=hunter2 service=nowhere",
	} {
		if _, err := store.Config(dsn); err == nil || !strings.HasPrefix(err.Error(), "database: ") {
			t.Errorf("%s: %v", dsn, err)
		} else if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), "hunter2") {
			t.Errorf("%s: the error shows the password: %v", dsn, err)
		}
	}
	for _, dsn := range []string{
		"postgres://u:hunter2@localhost/db?options=-c%20a%3Db", "host=localhost password='a b' dbname=x", "postgresql:///db",
		"host=/run/postgresql user=u", "host=@abstract", "postgres://u:x?y@localhost/db", "postgres://u:a%40b%2F@h1:1,h2:2/db?target_session_attrs=read-write", "",
	} {
		if _, err := store.Config(dsn); err != nil {
			t.Errorf("%s: %v", dsn, err)
		}
	}
}

// clearEnvironment takes away what libpq reads.
func clearEnvironment(t *testing.T) {
	for _, pair := range os.Environ() {
		if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "PG") || name == store.DatabaseEnv {
			t.Setenv(name, "")
			os.Unsetenv(name)
		}
	}
	t.Setenv("HOME", t.TempDir())
}

const access = `local   all all                   trust
hostssl all secure 127.0.0.1/32 trust
host    all locked 127.0.0.1/32 scram-sha-256
hostssl all locked 127.0.0.1/32 scram-sha-256
host    all gitops,reader 127.0.0.1/32 trust
`

// TestConnections drives one server that wants TLS of one user and a password of another.
func TestConnections(t *testing.T) {
	clearEnvironment(t)
	ca, stranger := newAuthority(t), newAuthority(t)
	certificate, key := ca.issue(t, "localhost")
	server := storetest.Start(t, map[string]string{"server.crt": certificate, "server.key": key, "pg_hba.conf": access}, "ssl=on")
	admin := server.DSN("postgres")
	if err := migrate.Up(context.Background(), storetest.Connect(t, admin)); err != nil {
		t.Fatal(err)
	}
	execute(t, admin, `CREATE ROLE secure LOGIN SUPERUSER; CREATE ROLE locked LOGIN SUPERUSER PASSWORD 'hunter2: it''s\ secret';
CREATE ROLE reader LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader`)
	t.Run("refused", func(t *testing.T) { refused(t, server) })
	t.Run("TLS", func(t *testing.T) { encrypted(t, server, ca.file(t), stranger.file(t)) })
	t.Run("reader", func(t *testing.T) { reader(t, server) })
	t.Run("environment", func(t *testing.T) { environment(t, server) })
}

// connected opens a connection as the tool does, and uses it.
func connected(dsn string) error {
	config, err := store.Config(dsn)
	if err != nil {
		return err
	}
	conn, err := store.Connect(context.Background(), config)
	if err != nil {
		return err
	}
	defer conn.Close(context.Background())
	return store.Check(context.Background(), conn)
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want one with %q", parts)
		return
	}
	for _, part := range append(parts, "database: ") {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not in: %v", part, err)
		}
	}
	if strings.Contains(fmt.Sprintf("%v %+v", err, err), "hunter2") {
		t.Errorf("the error shows the password: %v", err)
	}
}

func refused(t *testing.T, server *storetest.Server) {
	at := fmt.Sprintf("127.0.0.1:%d", server.Port())
	wantError(t, connected("postgres://u:hunter2@no-such-host.invalid/db?connect_timeout=5"), "no-such-host.invalid")
	wantError(t, connected("postgres://u:hunter2@127.0.0.1:1/db"), "127.0.0.1:1", "connection refused")
	wantError(t, connected("postgres://gitops:hunter2@"+at+"/elsewhere"), `database "elsewhere" does not exist`)
	wantError(t, connected("postgres://locked:hunter2@"+at+"/postgres"), `password authentication failed for user "locked"`)
	wantError(t, connected("postgres://locked@"+at+"/postgres"), "locked", "password")
	wantError(t, connected("postgres://stranger:hunter2@"+at+"/postgres"), "no pg_hba.conf entry", "stranger")
	wantError(t, connected("host=127.0.0.1 port="+fmt.Sprint(server.Port())+" user=gitops password=hunter2 dbname=postgres some.thing=x nonsense=y"), "nonsense")
}

func encrypted(t *testing.T, server *storetest.Server, ca, stranger string) {
	dsn := fmt.Sprintf("postgres://secure:hunter2@localhost:%d/postgres?sslmode=", server.Port())
	wantError(t, connected(dsn+"disable"), "no pg_hba.conf entry", "no encryption")
	wantError(t, connected(dsn+"verify-full&sslrootcert="+stranger), "certificate signed by unknown authority")
	wantError(t, connected(strings.Replace(dsn, "localhost", "127.0.0.1", 1)+"verify-full&sslrootcert="+ca), "127.0.0.1")
	for _, good := range []string{dsn + "require", dsn + "prefer", dsn + "verify-full&sslrootcert=" + ca,
		strings.Replace(dsn, "localhost", "127.0.0.1", 1) + "verify-ca&sslrootcert=" + ca} {
		if err := connected(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
}

// reader may read: recording says what it lacks, and reading works.
func reader(t *testing.T, server *storetest.Server) {
	record(t, server.DSN("postgres"), estate(10, 0))
	dsn := strings.Replace(server.DSN("postgres"), "gitops@", "reader@", 1)
	if err := connected(dsn); err != nil {
		t.Error(err)
	}
	before := dump(t, dsn)
	conn := storetest.Connect(t, dsn)
	for edition := range 2 { // new runs of known objects, and changed objects
		_, err := store.Record(context.Background(), conn, snapshot(estate(9+edition, edition)))
		wantError(t, err, "permission denied", "nothing was recorded")
	}
	if dump(t, dsn) != before {
		t.Error("something was recorded")
	}
	empty := storetest.Connect(t, strings.Replace(dsn, "/postgres?", "/template1?", 1))
	if _, err := store.Record(context.Background(), empty, snapshot(estate(1, 0))); !errors.Is(err, store.ErrNoTables) {
		t.Errorf("got %v", err)
	}
	if err := migrate.Up(context.Background(), empty); err == nil || !strings.Contains(err.Error(), "permission denied") {
		t.Errorf("got %v", err)
	}
}

// environment: without an address libpq's own variables and files count.
func environment(t *testing.T, server *storetest.Server) {
	port, dir := fmt.Sprint(server.Port()), t.TempDir()
	passwords, services := filepath.Join(dir, "pass"), filepath.Join(dir, "services")
	write := func(file, text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(passwords, `127.0.0.1:`+port+`:postgres:locked:hunter2\: it's\\ secret`+"\n")
	write(services, "[ours]\nhost=127.0.0.1\nport="+port+"\nuser=locked\ndbname=postgres\n")
	for name, variables := range map[string][]string{
		"variables": {"PGHOST=127.0.0.1", "PGPORT=" + port, "PGUSER=gitops", "PGDATABASE=postgres"},
		"password":  {"PGHOST=127.0.0.1", "PGPORT=" + port, "PGUSER=locked", "PGDATABASE=postgres", `PGPASSWORD=hunter2: it's\ secret`},
		"passfile":  {"PGHOST=127.0.0.1", "PGPORT=" + port, "PGUSER=locked", "PGDATABASE=postgres", "PGPASSFILE=" + passwords},
		"service":   {"PGSERVICE=ours", "PGSERVICEFILE=" + services, "PGPASSFILE=" + passwords},
		"our own":   {"GITOPS_DATABASE_URL=" + server.DSN("postgres"), "PGPORT=1"},
		"mixed":     {"GITOPS_DATABASE_URL=service=ours", "PGSERVICEFILE=" + services, "PGPASSFILE=" + passwords},
	} {
		t.Run(name, func(t *testing.T) {
			for _, v := range variables {
				key, value, _ := strings.Cut(v, "=")
				t.Setenv(key, value)
			}
			if err := connected(""); err != nil {
				t.Error(err)
			}
		})
	}
	t.Setenv("PGSERVICE", "theirs")
	t.Setenv("PGSERVICEFILE", services)
	wantError(t, connected(""), "theirs")
}

// TestSession: recording does not depend on the settings of a user or server.
func TestSession(t *testing.T) {
	dsn := database(t)
	config := must(store.Config(with(dsn, "search_path=public&timezone=Asia/Tokyo&datestyle=German&intervalstyle=iso_8601")))(t)
	conn := must(store.Connect(context.Background(), config))(t)
	defer conn.Close(context.Background())
	var zone, name string
	if err := conn.QueryRow(context.Background(), "SELECT current_setting('timezone'), current_setting('application_name')").Scan(&zone, &name); err != nil ||
		zone != "UTC" || name != "kubectl-gitops" {
		t.Errorf("zone %s, name %s, %v", zone, name, err)
	}
	for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeCacheStatement, pgx.QueryExecModeExec, pgx.QueryExecModeSimpleProtocol} {
		config.DefaultQueryExecMode = mode // what a connection pooler may ask for
		conn := must(store.Connect(context.Background(), config))(t)
		for edition := range 2 {
			run := snapshot(estate(20, edition))
			run.Cluster = mode.String()
			if _, err := store.Record(context.Background(), conn, run); err != nil {
				t.Errorf("%v: %v", mode, err)
			}
		}
		conn.Close(context.Background())
	}
}
