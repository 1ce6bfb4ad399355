package cli

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"spoor/internal/printable"
)

func TestNumbers(t *testing.T) {
	for got, want := range map[string]string{
		Number(0): "0", Number(999): "999", Number(1896): "1,896", Number(-1234567): "-1,234,567",
		Bytes(0): "0 B", Bytes(999): "999 B", Bytes(12_400_000): "12.4 MB", Bytes(999_999): "1.0 MB", Bytes(4 << 40): "4.4 TB",
		Duration(6100 * time.Millisecond): "6.1 s", Duration(0): "0.01 s", Duration(125 * time.Second): "2 min 5 s",
		Duration(200 * time.Minute): "3 h 20 min", Duration(72 * time.Hour): "3 days",
		Count(1, "message", ""): "1 message", Count(2, "copy", "copies"): "2 copies",
		Seconds(2 * time.Second): "2 s", Seconds(3 * time.Minute): "3 min",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestTimesAreNeverInvented(t *testing.T) {
	env, _, _ := fakeEnv()
	day := time.Date(2002, 7, 22, 2, 48, 0, 0, time.FixedZone("", 7200))
	for got, want := range map[string]string{
		Date(time.Time{}): "", Minute(day): "2002-07-22 00:48Z",
		Span(day, day): "2002-07-22", Span(day, day.AddDate(0, 1, 0)): "2002-07-22 to 2002-08-22",
		env.Ago(time.Time{}): "never", env.Ago(env.Now().Add(-2 * time.Minute)): "2 min ago", env.Ago(env.Now().AddDate(0, 0, -9)): "9 days ago",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestTableFits(t *testing.T) {
	for _, columns := range []int{60, 80, 200} {
		env, stdout, _ := fakeEnv()
		env.set("COLUMNS", strconv.Itoa(columns))
		tab := env.Table(Column{Title: "ID", Right: true}, Column{Title: "Msgs", Right: true}, Column{Title: "Subject", Flex: true}, Column{Title: "Link", Flex: true})
		tab.Row("c1", "81", strings.Repeat("価格 ", 40), "www.shop.example")
		tab.Row("c10", "1,204", "evil\x1b[31m\nsecond line", "b.example")
		if err := tab.Print(); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimRight(stdout.String(), "\n"), "\n")
		if len(lines) != 3 {
			t.Fatalf("%d lines, want 3:\n%s", len(lines), stdout)
		}
		for _, line := range lines {
			if w := printable.Width(line); w > columns {
				t.Errorf("at %d columns a line takes %d: %q", columns, w, line)
			}
			if strings.ContainsAny(line, "\x1b\t\r") || line != strings.TrimRight(line, " ") {
				t.Errorf("line %q", line)
			}
		}
		if !strings.HasSuffix(lines[2], "b.example") || !strings.HasPrefix(lines[1], "   c1     81") {
			t.Errorf("at %d:\n%s", columns, stdout)
		}
	}
}

func TestTableForScreenReaders(t *testing.T) {
	env, stdout, _ := fakeEnv()
	env.set("ACCESSIBLE", "1")
	tab := env.Table(Column{Title: "ID"}, Column{Title: "Subject"})
	tab.Row("c1", "Toners")
	tab.Row("c2", "")
	if err := tab.Print(); err != nil {
		t.Fatal(err)
	}
	if want := "ID: c1\nSubject: Toners\n\nID: c2\n\n"; stdout.String() != want {
		t.Errorf("printed %q, want %q", stdout, want)
	}
}

func TestASCIIAndColour(t *testing.T) {
	for name, c := range map[string]struct {
		vars        []string
		ascii, bold bool
	}{
		"UTF-8":        {[]string{"LANG", "en_US.UTF-8"}, false, true},
		"Latin-1":      {[]string{"LC_ALL", "de_DE.ISO-8859-1"}, true, false},
		"C overrides":  {[]string{"LC_ALL", "C", "LANG", "en_US.UTF-8"}, true, false},
		"no locale":    {[]string{"LANG", ""}, false, true},
		"dumb":         {[]string{"TERM", "dumb"}, true, false},
		"NO_COLOR set": {[]string{"NO_COLOR", "1"}, false, false},
	} {
		env, _, _ := fakeEnv()
		env.StdoutTTY = true
		env.set(c.vars...)
		if env.ASCII() != c.ascii || (env.Bold("x") != "x") != c.bold {
			t.Errorf("%s: ASCII %v, bold %q", name, env.ASCII(), env.Bold("x"))
		}
		if c.ascii && env.Text("Größe…") != "Gr??e~" {
			t.Errorf("%s: %q", name, env.Text("Größe…"))
		}
	}
}

func TestColumns(t *testing.T) {
	for name, c := range map[string]struct {
		vars string
		size int
		want int
	}{
		"COLUMNS": {"100", 200, 100}, "terminal": {"", 200, 200}, "neither": {"", 0, 80}, "nonsense": {"wide", 0, 80}, "too narrow": {"5", 0, 40},
	} {
		env, _, _ := fakeEnv()
		env.set("COLUMNS", c.vars)
		env.Size = c.size
		if got := env.Columns(); got != c.want {
			t.Errorf("%s: %d columns, want %d", name, got, c.want)
		}
	}
}

// TestProgressIsOneLine shows that a terminal's line is replaced and wiped, and that
// only stderr is written to. The time is that of a synctest bubble.
func TestProgressIsOneLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env, stdout, _ := fakeEnv()
		var stderr bytes.Buffer
		env.Stderr, env.StderrTTY = &stderr, true
		env.set("TERM", "xterm")
		p := env.StartProgress(func(time.Duration) string { return "reading\x1b[2J " + strings.Repeat("x", 200) })
		time.Sleep(2*redrawEvery + redrawEvery/2)
		p.Stop()
		p.Stop()
		out := stderr.String()
		if n := strings.Count(out, "\r\x1b[Kreading\ufffd[2J "); n != 2 {
			t.Errorf("drawn %d times in %q", n, out)
		}
		if !strings.HasSuffix(out, "\r\x1b[K") || strings.Contains(out, "\n") || stdout.Len() > 0 {
			t.Errorf("stderr %q, stdout %q", out, stdout)
		}
	})
}

func TestProgressWithoutTerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env, stdout, stderr := fakeEnv()
		p := env.StartProgress(func(time.Duration) string { return "reading" })
		time.Sleep(plainEvery + redrawEvery)
		p.Stop()
		if stdout.Len() > 0 || stderr.String() != "reading\n" {
			t.Errorf("stdout %q, stderr %q", stdout, stderr)
		}
	})
}

func TestWhichDatabase(t *testing.T) {
	for name, c := range map[string]struct {
		flag, url, host string
		dsn, shown      string
		external        bool
	}{
		"none":                         {external: false},
		"flag first":                   {"postgres://u:secret@db.example/spoor", "postgres://other/x", "h", "postgres://u:secret@db.example/spoor", "db.example/spoor", true},
		"then DATABASE_URL":            {"", "postgres://u:secret@other.example/x", "h", "postgres://u:secret@other.example/x", "other.example/x", true},
		"then libpq's":                 {"", "", "pg.example", "", "pg.example", true},
		"keywords with their password": {"host=db.example dbname=spoor password=secret", "", "", "host=db.example dbname=spoor password=secret", "db.example/spoor", true},
	} {
		env, _, _ := fakeEnv()
		env.store = c.flag
		env.set("DATABASE_URL", c.url, "PGHOST", c.host, "PGUSER", "me", "PGDATA", "/srv")
		dsn, ok := env.External()
		shown, _ := env.ExternalName()
		if dsn != c.dsn || ok != c.external || shown != c.shown {
			t.Errorf("%s: %q, %v, shown as %q", name, dsn, ok, shown)
		}
	}
}

// TestReadingMakesNothing shows that a command that only looks leaves no trace where
// there is no store.
func TestReadingMakesNothing(t *testing.T) {
	home := filepath.Join(t.TempDir(), "spoor")
	for _, access := range []Access{Read, Write} {
		env, _, _ := fakeEnv()
		env.set("SPOOR_HOME", home)
		_, err := env.OpenStore(context.Background(), access)
		if exitCode(err) != NoStore || !strings.Contains(err.Error(), "no store at "+home+"; run collector import") {
			t.Errorf("access %d: %v", access, err)
		}
		if _, err := os.Stat(home); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("access %d made %s", access, home)
		}
	}
}

func TestUnreachableServer(t *testing.T) {
	env, _, _ := fakeEnv()
	env.store = "postgres://me:secret@127.0.0.1:1/spoor?connect_timeout=2"
	_, err := env.OpenStore(context.Background(), Read)
	if exitCode(err) != NoStore || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
}
