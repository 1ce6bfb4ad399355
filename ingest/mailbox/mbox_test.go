package mailbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

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

var dialects = []struct {
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
	{"Content-Length over messages", fromA + "Content-Length: 129\n\nfoo\n\n" + fromB + "Subject: 2\n\ntwo\n\n" + fromB + "Subject: 3\n\nthree\n\n" + fromB + "Subject: 4\n\nfour\n",
		[]string{"Content-Length: 129\n\nfoo\n", "Subject: 2\n\ntwo\n", "Subject: 3\n\nthree\n", "Subject: 4\n\nfour\n"}, nil},
	{"Content-Length over messages to the end", fromA + "Content-Length: 65\n\nfoo\n\n" + fromB + "Subject: 2\n\ntwo\n",
		[]string{"Content-Length: 65\n\nfoo\n", "Subject: 2\n\ntwo\n"}, nil},
	{"Content-Length over an unquoted message, where all have one", fromA + "Content-Length: 4\n\nfoo\n\n" + fromB + "Content-Length: 65\n\n" + fromA + "Subject: inside\n\ntwo\n",
		[]string{"Content-Length: 4\n\nfoo\n", "Content-Length: 65\n\n" + fromA + "Subject: inside\n\ntwo\n"}, nil},
	{"no date in the separators", "From -\nSubject: 1\n\none\n\nFrom -\nSubject: 2\n\ntwo\n", []string{"Subject: 1\n\none\n", "Subject: 2\n\ntwo\n"}, nil},
	{"no date and no blank line", "From - \nSubject: 1\n\none\nFrom - \nSubject: 2\n\ntwo\n", []string{"Subject: 1\n\none\n", "Subject: 2\n\ntwo\n"}, nil},
	{"no date in a later separator", fromA + "Subject: 1\n\none\n\nFrom -\nSubject: 2\n\ntwo\n", []string{"Subject: 1\n\none\n\nFrom -\nSubject: 2\n\ntwo\n"}, nil},
	{"attached patch", fromA + "Subject: 1\n\nFrom 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\nSubject: p\n", []string{"Subject: 1\n\nFrom 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\nSubject: p\n"}, nil},
	{"NUL and 8-bit bytes", fromA + "Subject: \xff\x00\n\n\x00\x01\xfe\n\n" + fromB + "Subject: 2\n\n", []string{"Subject: \xff\x00\n\n\x00\x01\xfe\n", "Subject: 2\n"}, nil},
}

func TestMboxDialects(t *testing.T) {
	for _, tt := range dialects {
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
