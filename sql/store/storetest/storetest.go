// Package storetest gives tests a real PostgreSQL: each test a database of its own, all
// of them in one private cluster that the test processes of this user share. The first
// to need it starts it, the last to end stops it; what a killed process left behind the
// next one clears away. SPOOR_TEST_DB names a server to use instead (a superuser's URL).
//
// Without PostgreSQL a test fails: a check that did not run is not a check.
package storetest

import (
	"context"
	"crypto/rand"
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

// templateLock is the advisory lock of whoever makes the template.
const templateLock = 0x73706f6f7274

// server is the PostgreSQL that this process uses.
type server struct {
	mu      sync.Mutex
	uses    int
	url     string // of a database to connect to for making others
	release func() error
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

// URL returns the connection string of a fresh database with the current schema.
func URL(t testing.TB) string {
	t.Helper()
	return create(t, templateName())
}

// EmptyURL returns the connection string of a fresh database with nothing in it.
func EmptyURL(t testing.TB) string {
	t.Helper()
	return create(t, "template0")
}

func create(t testing.TB, template string) string {
	t.Helper()
	if err := shared.acquire(); err != nil {
		t.Fatalf("no PostgreSQL to test with: %v", err)
	}
	name := prefix + strconv.Itoa(os.Getpid()) + "_" + strings.ToLower(rand.Text()[:10])
	t.Cleanup(func() {
		if err := shared.drop(name); err != nil {
			t.Errorf("drop the test database: %v", err)
		}
		if err := shared.leave(); err != nil {
			t.Errorf("leave the test server: %v", err)
		}
	})
	err := shared.admin(func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template)
		return err
	})
	if err != nil {
		t.Fatalf("make a test database: %v", err)
	}
	return withDatabase(shared.url, name)
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
	return s.release()
}

// hurry tells a server of our own not to wait for the disk: test databases need not
// outlive a power cut, and making and dropping one takes a tenth of the time.
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

// prepare makes the template if this schema has none yet, and clears away the databases
// of test processes that are gone.
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

// stale tells a database whose test process is gone.
func stale(name string) bool {
	pid, _, _ := strings.Cut(strings.TrimPrefix(name, prefix), "_")
	if pid == "template" {
		return false
	}
	n, err := strconv.Atoi(pid)
	return err == nil && n != os.Getpid() && syscall.Kill(n, 0) == syscall.ESRCH
}

func (s *server) drop(name string) error {
	return s.admin(func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
		return err
	})
}

// admin runs f on a connection of its own.
func (s *server) admin(f func(ctx context.Context, conn *pgx.Conn) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	return f(ctx, conn)
}

func withDatabase(connString, name string) string {
	u, err := url.Parse(connString)
	if err != nil {
		panic(err) // cluster's own, or a SPOOR_TEST_DB that is no URL
	}
	u.Path = "/" + name
	return u.String()
}
