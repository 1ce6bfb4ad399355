package cluster

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestParseAddress(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "127.0.0.1": "127.0.0.1:5432", "192.0.2.1:5433": "192.0.2.1:5433", "::1": "[::1]:5432", "[::1]": "[::1]:5432", "[2001:db8::1]:1": "[2001:db8::1]:1",
	} {
		got, err := parseAddress(in)
		if err != nil || want == "" && got.IsValid() || want != "" && got.String() != want {
			t.Errorf("parseAddress(%q) = %v, %v; want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"localhost", "example.com:5432", "127.0.0.1:0", "127.0.0.1:65536", "*", ":5432", "127.0.0.1' x", "fe80::1%eth0", "127.0.0.1\n"} {
		if got, err := parseAddress(in); !errors.Is(err, ErrAddress) {
			t.Errorf("parseAddress(%q) = %v, %v", in, got, err)
		}
	}
}

// freePort finds a port of loopback that nobody listens at.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// over connects by TCP and returns the output of psql.
func over(address, login, password string) (string, error) {
	host, port, _ := net.SplitHostPort(address)
	cmd := exec.Command("psql", "-XAtqc", "SELECT current_user", fmt.Sprintf("host=%s port=%s user=%s dbname=spoor", host, port, login))
	cmd.Env = append(os.Environ(), "PGPASSWORD="+password)
	out, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

func TestListen(t *testing.T) {
	home := readyHome(t)
	address := freePort(t)
	o := options(home)
	o.Listen = address
	first, err := Start(t.Context(), options(home))
	if err != nil {
		t.Fatal(err)
	}
	if out, err := over(address, "grafana", "x"); err == nil || !strings.Contains(out, "refused") {
		t.Errorf("a server that was not told to listens: %s", out)
	}
	info, err := Start(t.Context(), o)
	if err != nil || info.Listen != address || !info.Kept || info.PID == first.PID {
		t.Fatalf("Start: %+v, %v", info, err)
	}
	c := mustOpen(t, options(home))
	if err := exec.Command("psql", c.URL(), "-XqAt", "-c", "CREATE ROLE spoor_read", "-c", "SET password_encryption = 'scram-sha-256'",
		"-c", "CREATE ROLE grafana LOGIN PASSWORD 'right' IN ROLE spoor_read", "-c", "CREATE ROLE stranger LOGIN PASSWORD 'right'",
		"-c", "CREATE ROLE spoor_reader LOGIN PASSWORD 'right' IN ROLE spoor_read", "-c", "ALTER ROLE spoor PASSWORD 'right'").Run(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		sql(t, c, "DROP ROLE grafana, stranger, spoor_reader, spoor_read; ALTER ROLE spoor PASSWORD NULL")
		mustClose(t, c)
		if err := Stop(t.Context(), options(home)); err != nil {
			t.Error(err)
		}
	}()
	for _, try := range []struct{ login, password, want string }{
		{"grafana", "right", "grafana"}, {"grafana", "wrong", "password authentication failed"},
		{"stranger", "right", "no pg_hba.conf entry"}, {"spoor", "right", "rejects"}, {"spoor_reader", "right", "rejects"},
	} {
		if out, _ := over(address, try.login, try.password); !strings.Contains(out, try.want) {
			t.Errorf("%s by %s: %s", try.login, try.password, out)
		}
	}
	// Another address needs a restart, and nobody is cut off for it.
	o.Listen = freePort(t)
	v := startVisitor(t, home)
	v.opened()
	var busy *BusyError
	if _, err := Start(t.Context(), o); !errors.As(err, &busy) {
		t.Errorf("Start elsewhere while in use: %v", err)
	}
	v.close()
	if again, err := Start(t.Context(), options(home)); err != nil || again.Listen != address || again.PID != info.PID {
		t.Errorf("Start without an address: %+v, %v", again, err)
	}
	if _, err := os.Stat(filepath.Join(home, keepFile)); err != nil {
		t.Error(err)
	}
}

func TestListenWhereAnotherDoes(t *testing.T) {
	home := readyHome(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	o := options(home)
	o.Listen = l.Addr().String()
	if _, err := Start(t.Context(), o); err == nil || !strings.Contains(err.Error(), "Address already in use") {
		t.Errorf("Start: %v", err)
	}
	wantDown(t, home)
	// The failure leaves nothing behind: the next command gets a server.
	c := mustOpen(t, options(home))
	if got := sql(t, c, "SELECT 1"); got != "1" {
		t.Error(got)
	}
	mustClose(t, c)
	wantDown(t, home)
}
