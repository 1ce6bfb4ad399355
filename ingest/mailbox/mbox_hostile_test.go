package mailbox

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"spoor/internal/lab/linear"
)

// Hostile input costs in proportion to its size.
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
		t.Run(name, func(t *testing.T) {
			linear.Check(t, 8<<20, input, func(in string) { read(t, Limits{}, strings.NewReader(in)) })
		})
	}
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

// leadingGap matches the bytes allowed before a separator: a line end, at the
// start any blanks.
func leadingGap(gap []byte, start bool) int {
	if start {
		return len(gap) - len(trimBlank(gap))
	}
	return leadingEOL(gap)
}
