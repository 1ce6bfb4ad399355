package mailbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// read reads one item from memory as a file given by the user, and tells its messages
// and its failures.
func read(t testing.TB, lim Limits, in io.Reader) (raws []Raw, failures []*Failure) {
	t.Helper()
	p := newPass(t.Context(), lim, func(r Raw, err error) bool {
		var f *Failure
		if errors.As(err, &f) {
			failures = append(failures, f)
		} else {
			raws = append(raws, r)
		}
		return true
	})
	m := &meter{lim: p.lim}
	p.item(Place{Path: "test"}, &stream{r: contextReader{t.Context(), in, m, 0}}, given, 0, m)
	return raws, failures
}

func texts(raws []Raw) (out []string) {
	for _, r := range raws {
		out = append(out, string(r.Data))
	}
	return out
}

func codes(failures []*Failure) (out []string) {
	for _, f := range failures {
		out = append(out, f.Code)
	}
	return out
}

const (
	fromA = "From a@example.com Thu Aug 22 13:17:22 2002\n"
	fromB = "From b@example.com Thu Aug 22 13:18:00 2002\n"
)

func TestMboxDialects(t *testing.T) {
	tests := []struct {
		name  string
		in    string
		want  []string
		codes []string
	}{
		{"two", fromA + "Subject: 1\n\none\n\n" + fromB + "Subject: 2\n\ntwo\n\n", []string{"Subject: 1\n\none\n", "Subject: 2\n\ntwo\n"}, nil},
		{"no blank line at the end", fromA + "Subject: 1\n\none\n", []string{"Subject: 1\n\none\n"}, nil},
		{"no line end at the end", fromA + "Subject: 1\n\none", []string{"Subject: 1\n\none"}, nil},
		{"blank lines of the message stay", fromA + "Subject: 1\n\none\n\n\n\n" + fromB + "Subject: 2\n\n\n", []string{"Subject: 1\n\none\n\n\n", "Subject: 2\n\n"}, nil},
		{"mboxo quoting stays", fromA + "Subject: 1\n\n>From x Thu Aug 22 13:17:22 2002\n", []string{"Subject: 1\n\n>From x Thu Aug 22 13:17:22 2002\n"}, nil},
		{"From in the middle of a paragraph", fromA + "Subject: 1\n\nfoo\nFrom here on Thu Aug 22 13:17:22 2002\nbar\n", []string{"Subject: 1\n\nfoo\nFrom here on Thu Aug 22 13:17:22 2002\nbar\n"}, nil},
		{"From after a blank line without a date", fromA + "Subject: 1\n\nfoo\n\nFrom the beginning:\nbar\n", []string{"Subject: 1\n\nfoo\n\nFrom the beginning:\nbar\n"}, nil},
		{"missing blank line", fromA + "Subject: 1\n\none\n" + fromB + "Subject: 2\n\ntwo\n", []string{"Subject: 1\n\none\n", "Subject: 2\n\ntwo\n"}, nil},
		{"message without header", fromA + "\nbody\n\n" + fromB + "\nbody\n", []string{"\nbody\n", "\nbody\n"}, nil},
		{"empty message", fromA + "\n" + fromB + "Subject: 2\n\ntwo\n", []string{"Subject: 2\n\ntwo\n"}, []string{"empty"}},
		{"prologue", "junk here\nmore\n\n" + fromA + "Subject: 1\n\none\n", []string{"Subject: 1\n\none\n"}, []string{"prologue"}},
		{"blank prologue", "\n \r\n\n" + fromA + "Subject: 1\n\none\n", []string{"Subject: 1\n\none\n"}, nil},
		{"byte order mark", "\xef\xbb\xbf" + fromA + "Subject: 1\n\none\n", []string{"Subject: 1\n\none\n"}, nil},
		{"Content-Length over an unquoted From", fromA + "Content-Length: 55\n\nfoo\n\nFrom x@example.com Thu Aug 22 13:17:22 2002\n\nbar\n\n\n" + fromB + "Subject: 2\n\ntwo\n",
			[]string{"Content-Length: 55\n\nfoo\n\nFrom x@example.com Thu Aug 22 13:17:22 2002\n\nbar\n\n", "Subject: 2\n\ntwo\n"}, nil},
		{"Content-Length to the end, over an unquoted From", fromA + "Content-Length: 54\n\nfoo\n\nFrom x@example.com Thu Aug 22 13:17:22 2002\n\nbar\n",
			[]string{"Content-Length: 54\n\nfoo\n\nFrom x@example.com Thu Aug 22 13:17:22 2002\n\nbar\n"}, nil},
		{"Content-Length too long", fromA + "Content-Length: 99999\n\nfoo\n\n" + fromB + "Subject: 2\n\ntwo\n", []string{"Content-Length: 99999\n\nfoo\n", "Subject: 2\n\ntwo\n"}, nil},
		{"Content-Length too short", fromA + "Content-Length: 1\n\nfoo\n\n" + fromB + "Subject: 2\n\ntwo\n", []string{"Content-Length: 1\n\nfoo\n", "Subject: 2\n\ntwo\n"}, nil},
		{"Content-Length beyond numbers", fromA + "Content-Length: 999999999999\n\nfoo\n\n" + fromB + "Subject: 2\n\ntwo\n", []string{"Content-Length: 999999999999\n\nfoo\n", "Subject: 2\n\ntwo\n"}, nil},
		{"Content-Length negative", fromA + "Content-Length: -5\n\nfoo\n\n" + fromB + "Subject: 2\n\ntwo\n", []string{"Content-Length: -5\n\nfoo\n", "Subject: 2\n\ntwo\n"}, nil},
		{"no date in the separators", "From -\nSubject: 1\n\none\n\nFrom -\nSubject: 2\n\ntwo\n", []string{"Subject: 1\n\none\n", "Subject: 2\n\ntwo\n"}, nil},
		{"no date and no blank line", "From - \nSubject: 1\n\none\nFrom - \nSubject: 2\n\ntwo\n", []string{"Subject: 1\n\none\n", "Subject: 2\n\ntwo\n"}, nil},
		{"no date in a later separator", fromA + "Subject: 1\n\none\n\nFrom -\nSubject: 2\n\ntwo\n", []string{"Subject: 1\n\none\n\nFrom -\nSubject: 2\n\ntwo\n"}, nil},
		{"attached patch", fromA + "Subject: 1\n\nFrom 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\nSubject: p\n", []string{"Subject: 1\n\nFrom 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\nSubject: p\n"}, nil},
		{"NUL and 8-bit bytes", fromA + "Subject: \xff\x00\n\n\x00\x01\xfe\n\n" + fromB + "Subject: 2\n\n", []string{"Subject: \xff\x00\n\n\x00\x01\xfe\n", "Subject: 2\n"}, nil},
	}
	for _, tt := range tests {
		for _, eol := range []string{"\n", "\r\n", "\r"} {
			if eol == "\r\n" && strings.Contains(tt.name, "unquoted") {
				continue // the length counts other line ends
			}
			t.Run(fmt.Sprintf("%s %q", tt.name, eol), func(t *testing.T) {
				turn := func(s string) string { return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", eol) }
				var want []string
				for _, w := range tt.want {
					want = append(want, turn(w))
				}
				in := turn(tt.in)
				raws, failures := read(t, Limits{}, strings.NewReader(in))
				if diff := cmp.Diff(want, texts(raws)); diff != "" {
					t.Errorf("messages (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(tt.codes, codes(failures)); diff != "" {
					t.Errorf("failures (-want +got):\n%s", diff)
				}
				for _, r := range raws {
					if got := in[r.Offset : r.Offset+r.Length]; got != string(r.Data) {
						t.Errorf("at %d+%d stands %q, not %q", r.Offset, r.Length, got, r.Data)
					}
				}
			})
		}
	}
}

func TestMboxMixedLineEnds(t *testing.T) {
	in := fromA + "Subject: 1\r\n\r\none\r\n\r\n" + "From b@example.com Thu Aug 22 13:18:00 2002\r\nSubject: 2\n\ntwo\n\n" + "From c@example.com Thu Aug 22 13:18:00 2002\rSubject: 3\r\rthree\r"
	raws, _ := read(t, Limits{}, strings.NewReader(in))
	want := []string{"Subject: 1\r\n\r\none\r\n", "Subject: 2\n\ntwo\n", "Subject: 3\r\rthree\r"}
	if diff := cmp.Diff(want, texts(raws)); diff != "" {
		t.Error(diff)
	}
}

func TestEnvelopeAndFlags(t *testing.T) {
	raws, _ := read(t, Limits{}, strings.NewReader(fromA+"Status: RO\nX-Status: AF\nSubject: 1\n\none\n"))
	if len(raws) != 1 || raws[0].Envelope != "a@example.com Thu Aug 22 13:17:22 2002" || raws[0].Flags != "AFOR" || raws[0].Format != Mbox {
		t.Errorf("got %+v", raws)
	}
}

// A message keeps its hash when another is appended to the mbox.
func TestLastMessageIsStable(t *testing.T) {
	first := fromA + "Subject: 1\n\none\n\n"
	alone, _ := read(t, Limits{}, strings.NewReader(first))
	grown, _ := read(t, Limits{}, strings.NewReader(first+fromB+"Subject: 2\n\ntwo\n\n"))
	if string(alone[0].Data) != string(grown[0].Data) {
		t.Errorf("%q became %q", alone[0].Data, grown[0].Data)
	}
}

func TestSeparatorLines(t *testing.T) {
	yes := []string{
		"From a@example.com Thu Aug 22 13:17:22 2002",
		"From a@example.com  Thu Aug  2 13:17:22 2002",
		"From a@example.com Thu Aug 22 13:17 2002",
		"From a@example.com Thu Aug 22 13:17:22 EDT 2002",
		"From a@example.com Thu Aug 22 13:17 EDT 2002",
		"From a@example.com Thu Aug 22 13:17:22 MET DST 2002",
		"From a@example.com Thu Aug 22 13:17:22 2002 -0400",
		"From a@example.com Thu Aug 22 13:17:22 2002 WETDST",
		"From a Mon Jan  5 08:50:15 +0100 2004",
		"From a Thu Aug 22 13:17:22 2002 remote from host",
		"From MAILER-DAEMON Thu Aug 22 13:17:22 2002",
		"From ???@??? Thu Aug 22 13:17:22 2002",
		"From - Thu Aug 22 13:17:22 2002",
		"From Thu Aug 22 13:17:22 2002",
		"From a at example.com  Thu Aug 22 13:17:22 2002",
		"From \"a b\"@example.com Thu Aug 22 13:17:22 2002",
		"From a@example.com Thu, 22 Aug 2002 13:17:22 +0200",
		"From a@example.com 22 Aug 2002 13:17:22 +0200",
		"From a@example.com 2002-08-22 13:17:22",
		"From a@example.com 2002-08-22T13:17:22Z",
		"From a@example.com Aug 22 13:17:22 02",
		"From a@example.com thu aug 22 13:17:22 2002  ",
	}
	no := []string{
		"From ",
		"From here on it gets worse",
		"From a@example.com",
		"From Aug 22 13:17:22 2002",
		"From a@example.com Thu Aug 22 2002",
		"From a@example.com Thu Aug 22 13:17:22",
		"From a@example.com Thu Aug 42 13:17:22 2002",
		"From a@example.com Thu Aug 22 13:17:22 2002 we met",
		"From the meeting on Thu Aug 22 13:17:22 2002",
		"From a@example.com Thu Foo 22 13:17:22 2002",
		"From a@example.com Thu Aug 22 1317 2002",
	}
	for _, line := range yes {
		if f, ok := parseFromLine([]byte(line + "\nx")); !ok || !f.dated || !f.plain {
			t.Errorf("%q is not taken: %+v", line, f)
		}
	}
	for _, line := range no {
		if f, ok := parseFromLine([]byte(line + "\nx")); ok && f.dated && f.plain {
			t.Errorf("%q is taken: %+v", line, f)
		}
	}
}

// generated is a reader of size bytes, made by a function of their position.
type generated struct {
	pos, size int64
	fill      func(p []byte, pos int64)
}

func (g *generated) Read(p []byte) (int, error) {
	if g.pos == g.size {
		return 0, io.EOF
	}
	n := min(int64(len(p)), g.size-g.pos)
	g.fill(p[:n], g.pos)
	g.pos += n
	return int(n), nil
}

// pattern repeats a block.
func pattern(block string, size int64) *generated {
	return &generated{size: size, fill: func(p []byte, pos int64) {
		for len(p) > 0 {
			n := copy(p, block[pos%int64(len(block)):])
			p, pos = p[n:], pos+int64(n)
		}
	}}
}

func TestOffsetsBeyond4GiB(t *testing.T) {
	block := fromA + "Subject: large\n\n" + strings.Repeat(strings.Repeat("x", 75)+"\n", 1<<15) + "\n"
	size := (int64(5) << 30) / int64(len(block)) * int64(len(block))
	if testing.Short() {
		size = 10 * int64(len(block))
	}
	in := io.MultiReader(pattern(block, size), strings.NewReader(fromB+"Subject: last\n\nend\n\n"))
	n, last := int64(0), Raw{}
	p := newPass(t.Context(), Limits{}, func(r Raw, err error) bool {
		if err != nil {
			t.Fatal(err)
		}
		if want := n*int64(len(block)) + int64(len(fromA)); r.Offset != want {
			t.Fatalf("message %d at %d, want %d", n, r.Offset, want)
		}
		n++
		last = r
		return true
	})
	p.item(Place{}, &stream{r: in}, given, 0, &meter{lim: p.lim})
	if n != size/int64(len(block))+1 || string(last.Data) != "Subject: last\n\nend\n" {
		t.Errorf("%d messages, the last %q", n, last.Data)
	}
}

func TestTruncatesAndGoesOn(t *testing.T) {
	long := "Subject: 1\n\n" + strings.Repeat("line\n", 1000)
	for _, size := range []int{1, 3, 50} { // also longer than several blocks
		body := strings.Repeat(long, 200*size)
		raws, failures := read(t, Limits{MessageBytes: 4096}, strings.NewReader(fromA+body+"\n"+fromB+"Subject: 2\n\ntwo\n"))
		if len(raws) != 2 || len(failures) != 0 {
			t.Fatalf("%d messages, failures %v", len(raws), failures)
		}
		if r := raws[0]; !r.Truncated || string(r.Data) != body[:4096] || r.Length != int64(len(body)) {
			t.Errorf("truncated %v, %d of %d bytes, want %d", r.Truncated, len(r.Data), r.Length, len(body))
		}
		if string(raws[1].Data) != "Subject: 2\n\ntwo\n" || raws[1].Truncated {
			t.Errorf("second message: %q", raws[1].Data)
		}
	}
}

// A line of a gigabyte is read in the memory of the limit.
func TestEndlessLine(t *testing.T) {
	size := int64(256) << 20
	if testing.Short() {
		size = 64 << 20
	}
	for _, start := range []string{fromA + "Subject: ", "Subject: "} {
		line := pattern(strings.Repeat("x", 4096), size)
		var peak heapPeak
		runtime.GC()
		in := io.MultiReader(strings.NewReader(start), peak.watch(line))
		raws, failures := read(t, Limits{MessageBytes: 1 << 20}, in)
		if len(raws) != 1 || len(failures) != 0 || !raws[0].Truncated || raws[0].Length < size {
			t.Errorf("%d messages, failures %v", len(raws), failures)
		}
		if peak.bytes > 64<<20 {
			t.Errorf("the heap grew to %d bytes", peak.bytes)
		}
	}
}

// heapPeak watches how large the heap is while a reader is read.
type heapPeak struct {
	r     io.Reader
	calls int
	bytes uint64
}

func (h *heapPeak) watch(r io.Reader) io.Reader { h.r = r; return h }

func (h *heapPeak) Read(p []byte) (int, error) {
	if h.calls++; h.calls%64 == 0 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		h.bytes = max(h.bytes, m.HeapAlloc)
	}
	return h.r.Read(p)
}

type failing struct {
	io.Reader
	err error
}

func (f failing) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	if err == io.EOF {
		err = f.err
	}
	return n, err
}

func TestReadErrorIsAFailureWithItsPlace(t *testing.T) {
	broken := errors.New("disk on fire")
	in := fromA + "Subject: 1\n\none\n\n" + fromB + "Subject: 2\n\ntw"
	raws, failures := read(t, Limits{}, failing{strings.NewReader(in), broken})
	if diff := cmp.Diff([]string{"Subject: 1\n\none\n"}, texts(raws)); diff != "" {
		t.Error(diff)
	}
	if len(failures) != 1 || failures[0].Code != "io" || failures[0].Offset != int64(strings.Index(in, "Subject: 2")) || !errors.Is(failures[0], broken) {
		t.Errorf("failures %+v", failures)
	}
}

func TestCancelStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	p := newPass(ctx, Limits{}, func(r Raw, err error) bool {
		if err != nil {
			t.Error(err)
		}
		n++
		cancel()
		return true
	})
	p.item(Place{}, &stream{r: strings.NewReader(strings.Repeat(fromA+"Subject: 1\n\none\n\n", 10))}, given, 0, &meter{lim: p.lim})
	if n != 1 {
		t.Errorf("%d messages after the end", n)
	}
}

// Doubling hostile input must not do worse than double the time, give or take.
func TestLinearTime(t *testing.T) {
	cases := map[string]func(n int) string{
		"separators only":    func(n int) string { return strings.Repeat(fromA, n/len(fromA)) },
		"From everywhere":    func(n int) string { return fromA + strings.Repeat("\nFrom ", n/6) },
		"From x with dates":  func(n int) string { return fromA + strings.Repeat("\nFrom x y z Thu Aug 22 13:17:22 2002\n", n/36) },
		"far Content-Length": func(n int) string { return strings.Repeat(fromA+"Content-Length: 15000000\n\nx\n\n", n/72) },
		"Content-Length at end": func(n int) string {
			return strings.Repeat(fromA+"Content-Length: 1000\n\n"+strings.Repeat("x\n", 500)+"\n", n/1100)
		},
		"headers without end": func(n int) string { return strings.Repeat(fromA+strings.Repeat("A: b\n", 40), n/244) },
		"carriage returns":    func(n int) string { return fromA + strings.Repeat("\r", n) },
		"one header line, CR": func(n int) string { return "From a Thu Aug 22 13:17:22 2002\r" + strings.Repeat("A: b\r", n/5) },
		"long separator lines": func(n int) string {
			return fromA + strings.Repeat("\n\nFrom "+strings.Repeat("Thu Aug 22 13:17:22 ", 60), n/1207)
		},
		"no mail at all":         func(n int) string { return strings.Repeat("From here\n\n", n/11) },
		"blank lines":            func(n int) string { return fromA + strings.Repeat("\n", n) },
		"continuation lines":     func(n int) string { return fromA + "A:" + strings.Repeat("\n b", n/3) },
		"prologue without lines": func(n int) string { return strings.Repeat("x", n) + "\n\n" + fromA + "Subject: 1\n\n" },
	}
	for name, input := range cases {
		t.Run(name, func(t *testing.T) { checkLinear(t, input) })
	}
}

// checkLinear takes the best of several tries: the machine has other things to do too.
func checkLinear(t *testing.T, input func(n int) string) {
	const size = 4 << 20
	small, large := input(size), input(2*size)
	once, twice := time.Hour, time.Hour
	for range 6 {
		once, twice = min(once, timed(t, small)), min(twice, timed(t, large))
		if twice < 3*once+10*time.Millisecond {
			return
		}
	}
	t.Errorf("%v for %d bytes, %v for twice as much", once, size, twice)
}

// timed returns the CPU time of reading in, by this thread where the system tells that:
// other programs do not count.
func timed(t *testing.T, in string) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	start := cpu(t)
	read(t, Limits{}, strings.NewReader(in))
	return cpu(t) - start
}

func cpu(t *testing.T) time.Duration {
	const thread = 1 // RUSAGE_THREAD of Linux
	var u syscall.Rusage
	if syscall.Getrusage(thread, &u) != nil {
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			t.Fatal(err)
		}
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// oneByte gives little at a time, so that every boundary falls somewhere.
type oneByte struct{ r io.Reader }

func (o oneByte) Read(p []byte) (int, error) { return o.r.Read(p[:min(len(p), 1)]) }

func FuzzMbox(f *testing.F) {
	for _, s := range []string{
		fromA + "Subject: 1\n\none\n\n" + fromB + "Subject: 2\n\ntwo\n",
		"\r\n" + fromA + "Content-Length: 3\r\n\r\nfoo\r\n" + fromB,
		"junk\n\n" + fromA + "A: b\n\n\n" + fromB + fromA + "\n",
		"From -\nA: b\n\nFrom -\nB: c\n\n\nFrom -\rA: b\r\r",
		"\xef\xbb\xbfFrom x Thu Aug 22 13:17 02\n\n\n\n",
	} {
		f.Add([]byte(s), int64(100), uint8(0))
		f.Add([]byte(s), int64(3), uint8(3))
	}
	f.Fuzz(func(t *testing.T, in []byte, limit int64, packed uint8) {
		if sniffPacked(in) != isUnknown || limit <= 0 {
			return
		}
		for _, r := range []io.Reader{bytes.NewReader(in), oneByte{bytes.NewReader(in)}} {
			var items []span
			p := newPass(t.Context(), Limits{MessageBytes: limit}, func(r Raw, err error) bool {
				items = append(items, spanOf(t, in, limit, r, err))
				return true
			})
			p.mbox(Place{}, &stream{r: r}, splitter{})
			checkCover(t, in, items)
		}
	})
}

type span struct{ start, end int64 }

func spanOf(t *testing.T, in []byte, limit int64, r Raw, err error) span {
	var f *Failure
	if errors.As(err, &f) {
		return span{f.Offset, f.Offset + f.Length}
	}
	s := span{r.Offset, r.Offset + r.Length}
	if want := in[s.start:s.end]; string(want[:min(int64(len(want)), limit)]) != string(r.Data) || r.Truncated != (r.Length > limit) {
		t.Fatalf("%q is not what stands at %d+%d: %q (truncated %v)", r.Data, r.Offset, r.Length, want, r.Truncated)
	}
	return s
}

// checkCover wants items in order, and between two of them nothing but one blank line
// and one separator line.
func checkCover(t *testing.T, in []byte, items []span) {
	if len(items) == 0 {
		return // no mbox
	}
	at := int64(0)
	for i, s := range items {
		gap := in[at:s.start]
		if i == 0 && s.start == 0 {
			at = s.end
			continue
		}
		gap = gap[leadingGap(gap, i == 0):]
		line, size := firstLine(gap)
		if s.start < at || !bytes.HasPrefix(line, fromPrefix) || size != len(gap) && size != 0 {
			t.Fatalf("before item %d of %v is lost: %q", i, items, gap)
		}
		at = s.end
	}
	if n := leadingEOL(in[at:]); int(at)+n != len(in) {
		t.Fatalf("after the last item is lost: %q", in[at:])
	}
}

// leadingGap is what may come before a separator: a line end, at the start any blanks.
func leadingGap(gap []byte, start bool) int {
	if start {
		return len(gap) - len(trimBlank(gap))
	}
	return leadingEOL(gap)
}

func BenchmarkMbox(b *testing.B) {
	head := "Received: from a.example (a.example [192.0.2.1])\n\tby b.example; Thu, 22 Aug 2002 13:17:22 +0000\nSubject: x\n\n"
	for name, line := range map[string]string{
		"usual":     "A line of text of the usual length for mail messages, and no more than it\n",
		"base64":    "VGhlIHF1aWNrIGJyb3duIGZveCBqdW1wcyBvdmVyIHRoZSBsYXp5IGRvZywgYW5kIHNvIG9uLi4u\n",
		"From-rich": "From time to time a line of text of the usual length for mail messages\n",
	} {
		in := []byte(strings.Repeat(fromA+head+strings.Repeat(line, 280)+"\n", 2000))
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			for b.Loop() {
				n := 0
				p := newPass(b.Context(), Limits{}, func(Raw, error) bool { n++; return true })
				p.item(Place{}, &stream{r: bytes.NewReader(in)}, given, 0, &meter{lim: p.lim})
				if n != 2000 {
					b.Fatal(n)
				}
			}
		})
	}
}

// Thunderbird writes "From " with nothing behind it since version 115, and goes on so in
// folders that older versions began.
func TestMboxBareSeparators(t *testing.T) {
	a, b := "X-Mozilla-Status: 0001\nSubject: a\n\nhi\n", "Received: from a.example by b.example\nSubject: b\n\nho\n"
	for _, tt := range []struct {
		name, in string
		want     []string
	}{
		{"with an empty line before", "From \n" + a + "\nFrom \n" + b + "\n", []string{a, b}},
		{"without", "From \n" + a + "From \n" + b, []string{a, b}},
		{"after a dated one", fromA + a + "\nFrom \n" + b, []string{a, b}},
		{"before a dated one", "From \n" + a + "\n" + fromB + b, []string{a, b}},
		{"with a hyphen, after a dated one, without an empty line", fromA + b + "From - \n" + a, []string{b, a}},
		{"a text that has the word on a line", fromA + a + "\nFrom \nNote: this is text\n", []string{a + "\nFrom \nNote: this is text\n"}},
		{"the same under bare ones", "From \n" + a + "\nFrom \nhere on\n", []string{a + "\nFrom \nhere on\n"}},
	} {
		for _, eol := range []string{"\n", "\r\n"} {
			var want []string
			for _, w := range tt.want {
				want = append(want, strings.ReplaceAll(w, "\n", eol))
			}
			raws, failures := read(t, Limits{}, strings.NewReader(strings.ReplaceAll(tt.in, "\n", eol)))
			if diff := cmp.Diff(want, texts(raws)); diff != "" || len(failures) > 0 {
				t.Errorf("%s, line end %q: failures %v (-want +got):\n%s", tt.name, eol, codes(failures), diff)
			}
		}
	}
}
