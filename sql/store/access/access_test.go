package access_test

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"spoor/sql/store/access"
	"spoor/sql/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// open returns an Admin of a fresh store, and its connection string.
func open(t *testing.T) (*access.Admin, string) {
	t.Helper()
	where := storetest.URL(t)
	storetest.Open(t, where)
	a, err := access.Open(t.Context(), where)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(t.Context()); err != nil && t.Context().Err() == nil {
			t.Error(err)
		}
	})
	return a, where
}

// as connects as another login; the test server's socket asks for no password.
func as(t *testing.T, where, login string) *pgx.Conn {
	t.Helper()
	u, err := url.Parse(where)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("user", login)
	u.RawQuery = q.Encode()
	conn, err := pgx.Connect(t.Context(), u.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(t.Context()) })
	return conn
}

func may(t *testing.T, conn *pgx.Conn, statement string, want bool) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), statement); (err == nil) != want {
		t.Errorf("%s may %s: %v, want %v", conn.Config().User, statement, err, want)
	}
}

// changes are statements that a read-only login may not run, even after it has
// turned off default_transaction_read_only.
var changes = []string{"DELETE FROM messages", "INSERT INTO view_versions VALUES ('x', 'y')", "CREATE TABLE x ()",
	"DROP VIEW messages_v", "ALTER ROLE spoor_read SUPERUSER", "TRUNCATE raw"}

func TestOwnerReads(t *testing.T) {
	a, where := open(t)
	for range 2 {
		if err := a.Reader(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	conn := as(t, where, access.Login)
	may(t, conn, "SELECT FROM messages_v, urls_v, raw, messages, whois_at('example.com', now()), senders_v", true)
	may(t, conn, "CREATE TEMPORARY TABLE x ()", false)
	may(t, conn, "SET default_transaction_read_only = off", true)
	for _, change := range changes {
		may(t, conn, change, false)
	}
}

func TestGrantAndRevoke(t *testing.T) {
	a, where := open(t)
	const name = "access_test_anna" // roles are the server's: no other test has this one
	password, err := a.Grant(t.Context(), name, false)
	if err != nil || len(password) < 20 {
		t.Fatalf("%q, %v", password, err)
	}
	t.Cleanup(func() {
		if err := a.Revoke(t.Context(), name); err != nil && !errors.Is(err, access.ErrNoLogin) && t.Context().Err() == nil {
			t.Error(err)
		}
	})
	conn := as(t, where, name)
	may(t, conn, "SELECT FROM messages_v, whois_at('example.com', now()), senders_v", true)
	may(t, conn, "SELECT FROM raw", false)
	may(t, conn, "SET default_transaction_read_only = off", true)
	for _, change := range changes {
		may(t, conn, change, false)
	}
	again, err := a.Grant(t.Context(), name, true)
	if err != nil || again == password || again == "" {
		t.Errorf("granted again: %q after %q, %v", again, password, err)
	}
	may(t, conn, "SELECT FROM raw", true)
	granted, err := a.List(t.Context())
	if err != nil || !slices.Contains(granted, access.Granted{Name: name, Raw: true, Ours: true}) {
		t.Errorf("List: %+v, %v", granted, err)
	}
	if _, err := a.Grant(t.Context(), name, false); err != nil {
		t.Fatal(err)
	}
	may(t, conn, "SELECT FROM raw", false)
	if err := a.Revoke(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	for tries := 0; ; tries++ { // the server ends it a moment later
		if _, err := conn.Exec(t.Context(), "SELECT 1"); err != nil {
			break
		}
		if tries > 10_000 {
			t.Fatal("the connection of a login that is gone goes on")
		}
	}
	if err := a.Revoke(t.Context(), name); !errors.Is(err, access.ErrNoLogin) {
		t.Errorf("Revoke of nobody: %v", err)
	}
}

func TestNames(t *testing.T) {
	a, _ := open(t)
	for _, name := range []string{"", "spoor", "spoor_read", "pg_monitor", "postgres", "public", "Anna", "a-b", "x; DROP TABLE raw", `x"`, "1a", "ä", strings.Repeat("a", 64)} {
		if _, err := a.Grant(t.Context(), name, false); !errors.Is(err, access.ErrName) {
			t.Errorf("Grant(%q): %v", name, err)
		}
		if err := a.Revoke(t.Context(), name); !errors.Is(err, access.ErrName) {
			t.Errorf("Revoke(%q): %v", name, err)
		}
	}
}
