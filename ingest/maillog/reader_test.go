package maillog

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	_ "time/tzdata" // the test must not depend on the zones of the machine
)

// dated reads one log and returns the times of its refusals, and the state of
// the file.
func dated(t *testing.T, o Options, modified time.Time, stamps ...string) (string, FileInfo) {
	t.Helper()
	var log, got strings.Builder
	for i, s := range stamps {
		fmt.Fprintf(&log, "%s mx postfix/smtpd[%d]: %s\n", s, i, rejected)
	}
	o.Now = written
	ds, info, err := ReadAll(strings.NewReader(log.String()), File{Name: "f", Modified: modified}, o)
	if err != nil {
		t.Fatal(err)
	}
	at := make([]string, len(stamps))
	for _, d := range ds {
		at[d.PID] = d.Started.Format("2006-01-02T15:04:05")
	}
	for _, a := range at {
		got.WriteString(a + " ")
	}
	return strings.TrimSpace(got.String()), info
}

func TestYear(t *testing.T) {
	day := func(s string) time.Time {
		at, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return at.Add(6 * time.Hour)
	}
	for _, c := range []struct {
		name, modified string
		stamps         []string
		want           string
	}{
		{"the turn, with a line out of order", "2024-01-01", []string{"Dec 31 23:59:58", "Jan  1 00:00:02", "Dec 31 23:59:59", "Jan  1 00:00:03"},
			"2023-12-31T23:59:58 2024-01-01T00:00:02 2023-12-31T23:59:59 2024-01-01T00:00:03"},
		{"the last of several years", "2024-03-10", []string{"Nov 30 10:00:00", "Feb 29 10:00:00"}, "2023-11-30T10:00:00 2024-02-29T10:00:00"},
		{"an old file", "2019-05-01", []string{"Apr  1 10:00:00"}, "2019-04-01T10:00:00"},
		{"a leap day long ago", "2023-03-10", []string{"Feb 29 10:00:00"}, "2020-02-29T10:00:00"},
		{"an older file behind a newer one", "2024-03-10", []string{"Mar  9 10:00:00", "Feb  2 10:00:00"}, "2024-03-09T10:00:00 2024-02-02T10:00:00"},
		{"a stamp with year sets the others", "2024-03-10", []string{"2022-12-31T23:00:00Z", "Jan  1 10:00:00"}, "2022-12-31T23:00:00 2023-01-01T10:00:00"},
	} {
		if got, _ := dated(t, Options{}, day(c.modified), c.stamps...); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if _, info := dated(t, Options{}, time.Time{}, "Mar  9 10:00:00"); info.YearBasis != BasisNow {
		t.Errorf("year from %q", info.YearBasis)
	}
}

func TestZone(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	// The clocks change on 31 March.
	got, info := dated(t, Options{Zone: berlin}, written.AddDate(0, 1, 0), "Mar 30 10:00:00", "Apr  1 10:00:00", "2024-04-01T10:00:00Z")
	if want := "2024-03-30T09:00:00 2024-04-01T08:00:00 2024-04-01T10:00:00"; got != want || info.ZoneBasis != BasisOption || info.ZoneSeconds != 3600 {
		t.Errorf("%s %+v", got, info)
	}
	log := "Mar 10 12:38:30 mx postfix/smtpd[1]: " + rejected + "\n" +
		"Mar 10 12:38:35 mx postfix/smtpd[2]: 4TsxG30Kq5z5Tsm: client=pc.example[192.0.2.9]\n" +
		"Mar 10 12:38:40 mx postfix/smtpd[3]: " + rejected + "\n"
	ds, info := read(t, log)
	for _, d := range ds {
		if d.Floating || d.Started.Hour() != 10 {
			t.Errorf("%v floating %v", d.Started, d.Floating)
		}
	}
	if info.ZoneBasis != BasisQueueIDs || info.ZoneSeconds != 7200 {
		t.Errorf("%+v", info)
	}
	if ds, info := read(t, "Mar 10 10:38:30 mx postfix/smtpd[1]: "+rejected+"\n"); !ds[0].Floating || info.ZoneBasis != BasisNone {
		t.Errorf("%+v", info)
	}
}

// A follower reads on where the last whole line ended, and sees changes at
// once.
func TestGrowing(t *testing.T) {
	log := strings.TrimPrefix(caseNamed(t, "an accepted mail, lines out of order and twice"), "\n")
	r := NewReader(Options{Now: written})
	var book Book
	var from, line int64
	for to := 1; to <= len(log); to += 37 {
		for d, err := range r.Read(strings.NewReader(log[from:to]), File{Name: "mail.log", Modified: written, Line: line, Growing: true}) {
			if err != nil {
				t.Fatal(err)
			}
			book.Put(d)
		}
		from, line = from+r.Info().Bytes, r.Info().LinesRead
		for d := range r.Pending() {
			book.Put(d)
		}
	}
	if n := int64(strings.Count(log[:from], "\n")); line != n || log[from-1] != '\n' {
		t.Errorf("%d lines read, want %d", line, n)
	}
	for d := range r.Pending() {
		t.Errorf("nothing changed, but %+v", d)
	}
	want, _ := read(t, log[:from])
	if got := attempts(book.All()); got != attempts(want) {
		t.Errorf("got\n%s\nwant\n%s", got, attempts(want))
	}
}

func TestSniff(t *testing.T) {
	for _, c := range cases {
		want := Log
		switch {
		case strings.HasPrefix(c.name, "postqueue -p"):
			want = PostqueueList
		case strings.HasPrefix(c.name, "postqueue -j"):
			want = PostqueueJSON
		case c.name == "exim -bp":
			want = EximQueueList
		}
		if got := Sniff([]byte(c.log)); got != want {
			t.Errorf("%s: %q, want %q", c.name, got, want)
		}
	}
	for _, s := range []string{"", "From a@far.example Sun Mar 10 10:00:00 2024\nReceived: from x\n", "Received: from a\n\tby b; Sun, 10 Mar 2024 10:00:00 +0000\n", "{\"a\": 1}\n",
		"PK\x03\x04", "2024-03-10;12.5;EUR\n2024-03-11;13.5;EUR\n", "hello\nworld\n"} {
		if got := Sniff([]byte(s)); got != NotMaillog {
			t.Errorf("%q is taken for %q", s, got)
		}
	}
}

// An error of the source ends the file; the lines before it count.
func TestBrokenSource(t *testing.T) {
	log := "Mar 10 09:00:01 mx postfix/smtpd[3]: " + rejected + "\n"
	ds, info, err := ReadAll(io.MultiReader(strings.NewReader(log), iotest.ErrReader(io.ErrUnexpectedEOF)), File{Name: "f", Modified: written}, Options{Now: written})
	if err != io.ErrUnexpectedEOF || len(ds) != 1 || info.Lines != 1 {
		t.Errorf("%d deliveries, %d lines, %v", len(ds), info.Lines, err)
	}
}

// floods are logs that somebody wrote to fill tables.
type flood struct {
	buf  bytes.Buffer
	i, n int
	line func(i int) string
}

func (f *flood) Read(p []byte) (int, error) {
	for ; f.buf.Len() < len(p) && f.i < f.n; f.i++ {
		f.buf.WriteString(f.line(f.i))
	}
	if f.buf.Len() == 0 {
		return 0, io.EOF
	}
	return f.buf.Read(p)
}

// Memory stays bounded for any names, ids, shapes and recipients.
func TestBoundedMemory(t *testing.T) {
	long := strings.Repeat("x", 400)
	for name, line := range map[string]func(i int) string{
		"queue ids that never end": func(i int) string {
			return fmt.Sprintf("Mar 10 09:00:00 mx postfix/smtpd[1]: %08X: client=pc[192.0.2.1]\n", i)
		},
		"hosts": func(i int) string { return fmt.Sprintf("Mar 10 09:00:00 h%d postfix/smtpd[1]: %s\n", i, rejected) },
		"programs": func(i int) string {
			return fmt.Sprintf("Mar 10 09:00:00 mx p%d/smtpd[1]: connect from pc[192.0.2.1]\n", i)
		},
		"unknown shapes": func(i int) string {
			return fmt.Sprintf("Mar 10 09:00:00 mx postfix/smtpd[1]: %c%c%c strange\n", 'a'+i%26, 'a'+i/26%26, 'a'+i/676%26)
		},
		"senders of one connection": func(i int) string {
			return fmt.Sprintf("Mar 10 09:00:00 mx postfix/smtpd[1]: NOQUEUE: reject: RCPT from pc[192.0.2.1]: 550 5.1.1 <u>: no; from=<%d@far.example> to=<u> proto=ESMTP helo=<pc>\n", i)
		},
		"recipients of one mail": func(i int) string {
			return fmt.Sprintf("Mar 10 09:00:00 mx postfix/smtp[1]: 8A1B2C3D4E: to=<%d@%s.example>, relay=x[192.0.2.1]:25, delay=1, dsn=2.0.0, status=sent (%s)\n", i, long, long)
		},
		"recipients of many mails": func(i int) string {
			return fmt.Sprintf("Mar 10 09:00:00 mx postfix/smtp[1]: %08X: to=<%d@%s.example>, relay=x[192.0.2.1]:25, delay=1, dsn=2.0.0, status=sent (%s)\n", i%500, i, long, long)
		},
	} {
		t.Run(name, func(t *testing.T) {
			n := 60_000
			if testing.Short() {
				n = 30_000
			}
			r := NewReader(Options{Now: written})
			var peak, m runtime.MemStats
			seen := 0
			for range r.Read(&flood{n: n, line: line}, File{Name: "f", Modified: written}) {
				if seen++; seen%20_000 == 1 {
					runtime.ReadMemStats(&m)
					peak.HeapAlloc = max(peak.HeapAlloc, m.HeapAlloc)
				}
			}
			held := r.t.waiting.n + r.t.closed.n
			if held > maxTransactions+1 || len(r.t.sessions) > maxSessions+1 || r.t.rows > maxRows+1 || len(r.servers) > maxNames || len(r.programs) > maxNames {
				t.Errorf("%d transactions, %d sessions, %d recipients, %d hosts, %d programs", held, len(r.t.sessions), r.t.rows, len(r.servers), len(r.programs))
			}
			if i := r.Info(); len(i.UnknownShapes) > maxShapes+1 || len(i.OtherShapes) > maxShapes+1 {
				t.Errorf("%d and %d shapes", len(i.UnknownShapes), len(i.OtherShapes))
			}
			runtime.GC()
			runtime.ReadMemStats(&m)
			if peak.HeapAlloc > 200<<20 || m.HeapAlloc > 100<<20 {
				t.Errorf("%d MiB held, %d MiB at most", m.HeapAlloc>>20, peak.HeapAlloc>>20)
			}
			runtime.KeepAlive(r)
		})
	}
}
