package storetest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Env names a server to test with instead of a throw-away one.
const Env = "GITOPS_TEST_DATABASE_URL"

var (
	shared   *Server
	start    sync.Once
	startErr error
	number   atomic.Int64
)

// Main is TestMain of a package that uses Database.
type Main struct{ M interface{ Run() int } }

// Run runs the tests and stops the server that they share.
func (m Main) Run() int {
	defer func() {
		if shared != nil {
			shared.Remove()
		}
	}()
	return m.M.Run()
}

// Database makes an empty database and returns its address. It goes with the test.
func Database(t testing.TB) string {
	t.Helper()
	dsn, remove, err := Create()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(remove)
	return dsn
}

// Create is Database where there is no test at hand.
func Create() (dsn string, remove func(), err error) {
	admin, err := server()
	if err != nil {
		return "", nil, err
	}
	name := fmt.Sprintf("gitops_test_%d_%d", os.Getpid(), number.Add(1))
	if err := execute(admin, "CREATE DATABASE "+name); err != nil {
		return "", nil, err
	}
	u, err := url.Parse(admin)
	if err != nil {
		return "", nil, err
	}
	u.Path = "/" + name
	// What is left of a database that cannot be dropped goes with the server.
	return u.String(), func() { _ = execute(admin, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") }, nil
}

// server returns the address of a database of the server that tests share.
func server() (string, error) {
	if dsn := os.Getenv(Env); dsn != "" {
		return dsn, nil
	}
	start.Do(func() {
		if shared, startErr = create(); startErr == nil {
			startErr = shared.Run()
		}
	})
	if startErr != nil {
		return "", startErr
	}
	return shared.DSN("postgres"), nil
}

func execute(dsn, sql string) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}

// Connect opens a connection that ends with the test.
func Connect(t testing.TB, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}
