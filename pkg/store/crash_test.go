package store_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/inventory"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/migrate"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/storetest"
)

// childEnv makes the test binary a client that records to the address in it, says so
// when it has sent rows, and hangs.
const childEnv = "GITOPS_TEST_HANGING_CLIENT"

func hangingClient(dsn string) {
	conn, err := pgx.Connect(context.Background(), dsn)
	if err == nil {
		_, err = store.Record(context.Background(), conn, snapshot(halfway(func() {
			fmt.Println("sent")
			time.Sleep(time.Hour)
		})))
	}
	fmt.Println(err)
}

// halfway gives more than two chunks of changed and new objects, so that rows of the
// first are at the server, calls f, and goes on.
func halfway(f func()) func(func(inventory.Object, error) bool) {
	return func(yield func(inventory.Object, error) bool) {
		for i := range 70 {
			o := synthetic(i, 1)
			o.Definition = []byte(`{"wide": "` + strings.Repeat("x", 1<<20) + `"}`) // a chunk has 32 of them
			if !yield(o, nil) {
				return
			}
		}
		f()
		yield(synthetic(1000, 1), nil)
	}
}

// TestClientKilled: a client that is killed in the middle leaves nothing, not even its turn.
func TestClientKilled(t *testing.T) {
	dsn := database(t)
	record(t, dsn, estate(10, 0))
	before := dump(t, dsn)
	child := exec.Command(os.Args[0], "-test.run=^$")
	child.Env = append(os.Environ(), childEnv+"="+dsn)
	out := must(child.StdoutPipe())(t)
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	const writing = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL"
	if n := query(t, dsn, writing); line != "sent\n" || n[0] != "1" {
		t.Errorf("the client says %q and writes in %s transactions", line, n)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	child.Wait()
	if after := dump(t, dsn); after != before {
		t.Error("something was recorded")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	s, err := store.Record(ctx, storetest.Connect(t, dsn), snapshot(estate(20, 1)))
	if err != nil || s.Added != 10 || s.Changed != 10 {
		t.Errorf("the next run: %+v, %v", s, err)
	}
}

// TestServerKilled: the client says what happened; after the server has recovered nothing
// is half-recorded.
func TestServerKilled(t *testing.T) {
	server := storetest.Start(t, nil)
	dsn := server.DSN("postgres")
	if err := migrate.Up(context.Background(), storetest.Connect(t, dsn)); err != nil {
		t.Fatal(err)
	}
	record(t, dsn, estate(10, 0))
	before := dump(t, dsn)
	conn := storetest.Connect(t, dsn)
	_, err := store.Record(context.Background(), conn, snapshot(halfway(func() {
		if err := server.Kill(); err != nil {
			t.Error(err)
		}
	})))
	if err == nil || !strings.HasPrefix(err.Error(), "database: ") || !strings.HasSuffix(err.Error(), "; nothing was recorded") {
		t.Errorf("got %v", err)
	}
	if _, err := store.Connect(context.Background(), conn.Config()); err == nil || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("got %v", err)
	}
	if err := server.Run(); err != nil {
		t.Fatal(err)
	}
	if after := dump(t, dsn); after != before {
		t.Error("something was recorded")
	}
	if s := record(t, dsn, estate(20, 1)); s.Added != 10 || s.Changed != 10 {
		t.Errorf("the next run: %+v", s)
	}
}

// TestAnswerToCommitLost: where the connection breaks at the very end, nobody knows what
// the server did, and the error must not say that nothing was recorded.
func TestAnswerToCommitLost(t *testing.T) {
	dsn := database(t)
	u := must(url.Parse(dsn))(t)
	u.Host = proxy(t, u.Host)
	_, err := store.Record(context.Background(), storetest.Connect(t, u.String()), snapshot(estate(10, 0)))
	if err == nil || strings.Contains(err.Error(), "nothing was recorded") || !strings.Contains(err.Error(), "run it again") {
		t.Errorf("got %v", err)
	}
	if s := record(t, dsn, estate(10, 0)); s.Unchanged != 10 || !s.Repeated {
		t.Errorf("the next run: %+v", s)
	}
}

// proxy passes one connection on to a server until the client commits, and keeps the
// answer to itself.
func proxy(t *testing.T, to string) (address string) {
	t.Helper()
	l := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	t.Cleanup(func() { l.Close() })
	go func() {
		client, err := l.Accept()
		if err != nil {
			return
		}
		defer client.Close()
		server, err := net.Dial("tcp", to)
		if err != nil {
			return
		}
		defer server.Close()
		answers := make(chan []byte)
		go func() {
			for {
				b := make([]byte, 1<<16)
				n, err := server.Read(b)
				if err != nil {
					close(answers)
					return
				}
				answers <- b[:n]
			}
		}()
		commits := make(chan bool)
		go func() {
			defer close(commits)
			b := make([]byte, 1<<16)
			for {
				n, err := client.Read(b)
				if err != nil {
					return
				}
				if bytes.Contains(b[:n], []byte("commit\x00")) {
					commits <- true
				}
				io.Copy(server, bytes.NewReader(b[:n]))
			}
		}()
		for {
			select {
			case b := <-answers:
				client.Write(b)
			case <-commits:
				<-answers
				return
			}
		}
	}()
	return l.Addr().String()
}
