// Package storetest provides a real PostgreSQL for tests. Each test has its own
// database, all in one private cluster that the test processes of a user share.
// The first process starts the cluster, the last one stops it, and the next one
// cleans up after a killed one. SPOOR_TEST_DB names a server to use instead (a
// superuser's URL).
//
// Without PostgreSQL a test fails: a skipped check would pass unnoticed.
package storetest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/internal/cluster"
	"spoor/sql/store"
)

// prefix begins the name of every test database; the id of its process follows.
const prefix = "spoor_test_"

// templateLock is the advisory lock held while the template is created.
const templateLock = 0x73706f6f7274

// server is the PostgreSQL that this process uses.
type server struct {
	mu      sync.Mutex
	uses    int
	url     string // of a database to connect to for making others
	release func() error
	used    pool
}

// shared is the process's one server: tests of a package run in one process and have
// nothing else in common.
var shared server

// Main keeps the server up between the tests of a package. Without it every test starts
// and stops the server for itself, which is right but slow:
//
//	func TestMain(m *testing.M) { storetest.Main(m) }
func Main(m *testing.M) {
	err := shared.acquire()
	m.Run()
	if err == nil {
		if err = shared.leave(); err != nil {
			fmt.Fprintln(os.Stderr, "storetest:", err)
		}
	}
}

// MainOr is Main for a package whose tests kill a process in the middle of its
// work. That process is the test binary again: a child by an environment
// variable, whose value is the database to work on. It runs no test.
func MainOr(m *testing.M, children map[string]func(url string) error) {
	for name, child := range children {
		if url := os.Getenv(name); url != "" {
			if err := child(url); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			return
		}
	}
	Main(m)
}

// New returns a store in a fresh database that goes away with the test.
func New(t testing.TB) *store.DB {
	t.Helper()
	return Open(t, URL(t))
}

// Open opens a store that is closed with the test.
func Open(t testing.TB, url string) *store.DB {
	t.Helper()
	s, err := store.Open(t.Context(), url, store.Options{Program: t.Name()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// URL returns the connection string of a database with the current schema and nothing in
// it. An earlier test may have used it.
func URL(t testing.TB) string {
	t.Helper()
	return lend(t, shared.takeOrCopy, shared.giveBack)
}

// EmptyURL returns the connection string of a fresh database with nothing in it.
func EmptyURL(t testing.TB) string {
	t.Helper()
	return lend(t, func() (string, error) { return shared.create("template0") }, shared.drop)
}

// lend gives a database to a test until it ends.
func lend(t testing.TB, get func() (string, error), done func(name string) error) string {
	t.Helper()
	if err := shared.acquire(); err != nil {
		t.Fatalf("no PostgreSQL to test with: %v", err)
	}
	name, err := get()
	t.Cleanup(func() {
		if name != "" {
			if err := done(name); err != nil {
				t.Errorf("give back the test database: %v", err)
			}
		}
		if err := shared.leave(); err != nil {
			t.Errorf("leave the test server: %v", err)
		}
	})
	if err != nil {
		t.Fatalf("make a test database: %v", err)
	}
	return withDatabase(shared.url, name)
}

// create copies a template to a new database of this process.
func (s *server) create(template string) (string, error) {
	name := prefix + strconv.Itoa(os.Getpid()) + "_" + strings.ToLower(rand.Text()[:10])
	return name, s.admin(func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template)
		return err
	})
}

// takeOrCopy returns a database that was given back, else a new one.
func (s *server) takeOrCopy() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if name := s.used.take(); name != "" {
		return name, nil
	}
	name, err := s.create(templateName())
	if err == nil && s.used.pristine == nil {
		err = s.in(name, s.used.look)
	}
	return name, err
}

// giveBack empties a database for the next test, or drops it.
func (s *server) giveBack(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	ok := false
	err := s.in(name, func(ctx context.Context, conn *pgx.Conn) (err error) {
		ok, err = s.used.reset(ctx, conn)
		return err
	})
	if err != nil || !ok {
		return s.drop(name)
	}
	s.used.free = append(s.used.free, name)
	return nil
}

// acquire starts or joins the server for the first user in this process.
func (s *server) acquire() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.uses > 0 {
		s.uses++
		return nil
	}
	if s.url = os.Getenv("SPOOR_TEST_DB"); s.url != "" {
		s.release = func() error { return nil }
	} else {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
		defer cancel()
		c, err := cluster.Open(ctx, cluster.Options{Home: home(), Create: true})
		if err != nil {
			return err
		}
		s.url, s.release = c.URL(), c.Close
		if err := s.hurry(); err != nil {
			s.release()
			return err
		}
	}
	if err := s.prepare(); err != nil {
		s.release()
		return err
	}
	s.uses = 1
	return nil
}

// leave ends a use; the last in this process lets go of the server.
func (s *server) leave() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.uses--
	if s.uses > 0 {
		return nil
	}
	for name := s.used.take(); name != ""; name = s.used.take() {
		if err := s.drop(name); err != nil {
			return errors.Join(err, s.release())
		}
	}
	return s.release()
}

// hurry turns off synchronous disk writes on our own server: test databases
// need not survive a power failure, and creating and dropping one takes a tenth
// of the time.
func (s *server) hurry() error {
	return s.admin(func(ctx context.Context, conn *pgx.Conn) error {
		for _, statement := range []string{"ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"} {
			if _, err := conn.Exec(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
}

func home() string {
	return filepath.Join(os.TempDir(), "spoor-test-"+strconv.Itoa(os.Getuid()))
}

// prepare creates the template of this schema if it is missing, and removes the
// databases of dead test processes.
func (s *server) prepare() error {
	return s.admin(func(ctx context.Context, conn *pgx.Conn) error {
		if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", templateLock); err != nil {
			return err
		}
		rows, _ := conn.Query(ctx, "SELECT datname FROM pg_database WHERE starts_with(datname, $1)", prefix)
		names, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return err
		}
		there := false
		for _, name := range names {
			if name == templateName() {
				there = true
			} else if stale(name) {
				if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
					return err
				}
			}
		}
		if there {
			return nil
		}
		return s.makeTemplate(ctx, conn)
	})
}

// makeTemplate migrates a database under another name and renames it when it is whole.
func (s *server) makeTemplate(ctx context.Context, conn *pgx.Conn) error {
	building := prefix + strconv.Itoa(os.Getpid()) + "_template"
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+building+" TEMPLATE template0"); err != nil {
		return err
	}
	st, err := store.Open(ctx, withDatabase(s.url, building), store.Options{Program: "storetest"})
	if err != nil {
		return err
	}
	st.Close()
	_, err = conn.Exec(ctx, "ALTER DATABASE "+building+" RENAME TO "+templateName())
	return err
}

// templateName names the template of the schema in this program.
func templateName() string { return prefix + "template_" + store.SchemaHash()[:16] }

// stale reports whether the test process of a database has ended.
func stale(name string) bool {
	pid, _, _ := strings.Cut(strings.TrimPrefix(name, prefix), "_")
	if pid == "template" {
		return false
	}
	n, err := strconv.Atoi(pid)
	return err == nil && n != os.Getpid() && syscall.Kill(n, 0) == syscall.ESRCH
}

// drop drops a database, even one with connections.
func (s *server) drop(name string) error {
	return s.admin(func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
		return err
	})
}

// admin runs f on a separate connection to the server.
func (s *server) admin(f func(ctx context.Context, conn *pgx.Conn) error) error {
	return connected(s.url, f)
}

// in is admin in a database.
func (s *server) in(name string, f func(ctx context.Context, conn *pgx.Conn) error) error {
	return connected(withDatabase(s.url, name), f)
}

// connected runs f on a new connection.
func connected(url string, f func(ctx context.Context, conn *pgx.Conn) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	return f(ctx, conn)
}

// withDatabase returns the connection string of another database on the same
// server.
func withDatabase(connString, name string) string {
	u, err := url.Parse(connString)
	if err != nil {
		panic(err) // cluster's own, or a SPOOR_TEST_DB that is no URL
	}
	u.Path = "/" + name
	return u.String()
}
