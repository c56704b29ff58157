// Package storetest gives tests a real PostgreSQL: that of GITOPS_TEST_DATABASE_URL, whose
// user may create databases, or a throw-away cluster.
package storetest

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Install is the command that installs what Start needs.
const Install = "apt-get install postgresql (https://www.postgresql.org/download/)"

// A Server is a PostgreSQL cluster of one test process.
type Server struct {
	dir     string
	port    int
	process *exec.Cmd
}

// Start makes a cluster and starts it with settings such as "ssl=on". Files are put
// into its data directory first. It ends with the test.
func Start(t testing.TB, files map[string]string, settings ...string) *Server {
	t.Helper()
	s, err := create()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Remove)
	for name, text := range files {
		if err := s.write(name, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Run(settings...); err != nil {
		t.Fatal(err)
	}
	return s
}

func create() (*Server, error) {
	initdb, err := binary("initdb")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "kubectl-gitops-postgres-")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir}
	if err := s.own(dir); err != nil {
		return nil, err
	}
	cmd := exec.Command(initdb, "-D", s.data(), "-U", "gitops", "-A", "trust", "--no-sync", "--encoding=UTF8", "--locale=C")
	cmd.Dir, cmd.SysProcAttr = dir, asServer()
	if out, err := cmd.CombinedOutput(); err != nil {
		s.Remove()
		return nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return s, nil
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// Run starts the server; after Kill it starts it again.
func (s *Server) Run(settings ...string) error {
	postgres, err := binary("postgres")
	if err != nil {
		return err
	}
	if s.port == 0 {
		if s.port, err = freePort(); err != nil {
			return err
		}
	}
	args := []string{"-D", s.data(), "-k", s.dir, "-p", strconv.Itoa(s.port), "-c", "listen_addresses=127.0.0.1"}
	// The data need not outlive the machine.
	for _, setting := range append([]string{"fsync=off", "synchronous_commit=off", "full_page_writes=off",
		"max_wal_size=4GB", "shared_buffers=256MB", "log_min_messages=error"}, settings...) {
		args = append(args, "-c", setting)
	}
	log, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	s.process = exec.Command(postgres, args...)
	s.process.Dir, s.process.SysProcAttr = s.dir, asServer()
	s.process.Stdout, s.process.Stderr = log, log
	if err := s.process.Start(); err != nil {
		return err
	}
	return s.await()
}

func (s *Server) await() error {
	var err error
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		var conn *pgx.Conn
		if conn, err = pgx.Connect(ctx, s.socket()); err == nil {
			err = conn.Close(ctx)
			cancel()
			return err
		}
		cancel()
	}
	log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
	return fmt.Errorf("postgres does not start: %w\n%s", err, log)
}

// socket reaches the server whatever pg_hba.conf says of TCP.
func (s *Server) socket() string {
	return fmt.Sprintf("host=%s port=%d user=gitops dbname=postgres", s.dir, s.port)
}

// DSN returns the address of a database of the server, as its superuser.
func (s *Server) DSN(database string) string {
	return fmt.Sprintf("postgres://gitops@127.0.0.1:%d/%s?sslmode=disable", s.port, database)
}

// Port returns where the server listens on 127.0.0.1.
func (s *Server) Port() int { return s.port }

// Kill ends the server and all that it serves at once, as a crash does. Its processes
// are no group: it is stopped first, so that it cannot tidy up after them.
func (s *Server) Kill() error {
	server := s.process.Process
	if err := server.Signal(syscall.SIGSTOP); err != nil {
		return err
	}
	// There may be no children left to kill.
	_ = exec.Command("pkill", "-KILL", "-P", strconv.Itoa(server.Pid)).Run()
	err := server.Kill()
	_ = s.process.Wait() // it was killed
	return err
}

// Remove stops the server and deletes its data.
func (s *Server) Remove() {
	if s.process != nil && s.process.ProcessState == nil {
		_ = s.Kill()
	}
	os.RemoveAll(s.dir)
}

func (s *Server) write(name, text string) error {
	file := filepath.Join(s.data(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return err
	}
	return s.own(file)
}

// own gives a file to the user that the server runs as.
func (s *Server) own(file string) error {
	if c := asServer().Credential; c != nil {
		return os.Chown(file, int(c.Uid), int(c.Gid))
	}
	return nil
}

// asServer puts the server in a process group of its own. PostgreSQL refuses to run as
// root: for root it runs as nobody.
func asServer() *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Setpgid: true}
	if os.Geteuid() == 0 {
		a.Credential = &syscall.Credential{Uid: 65534, Gid: 65534}
	}
	return a
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// binary finds a program of PostgreSQL, also where Debian keeps it: off PATH.
func binary(name string) (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) > 0 {
		return slices.Max(found), nil
	}
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	return "", fmt.Errorf("%s is missing: %s", name, Install)
}
