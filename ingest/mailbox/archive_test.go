package mailbox

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

const letter = "From: a@example.com\nSubject: hi\n\nbody\n"

func gzipped(t testing.TB, in []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	return finish(t, &b, w, in)
}

func finish(t testing.TB, b *bytes.Buffer, w io.WriteCloser, in []byte) []byte {
	t.Helper()
	if _, err := w.Write(in); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func xzed(t testing.TB, in []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := xz.NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	return finish(t, &b, w, in)
}

func zstded(t testing.TB, in []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	return finish(t, &b, w, in)
}

// members are names and contents in turn.
func tarred(t testing.TB, members ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		if err := w.WriteHeader(&tar.Header{Name: members[i], Size: int64(len(members[i+1])), Mode: 0o644, Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, members[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipped(t testing.TB, members ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		f, err := w.Create(members[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, members[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bzip2 of letter: the standard library only unpacks it.
const bzippedLetter = "QlpoOTFBWSZTWZFhWbUAAAVfgAAQQAEAEEEACAA+dtZgIAAxQaNGgyA0Ipp+oTTAmjep6pZZEWuDWDSSFJEnHZ+301gVkjd1+LuSKcKEhIsKzag="

func bzipped(t testing.TB) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(bzippedLetter)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestPacked(t *testing.T) {
	mbox := fromA + letter + "\n" + fromB + letter + "\n"
	tests := map[string]struct {
		in    []byte
		names []string // of the messages
	}{
		"gzip":                       {gzipped(t, []byte(mbox)), []string{"", ""}},
		"gzip of two":                {append(gzipped(t, []byte(fromA+letter+"\n")), gzipped(t, []byte(fromB+letter))...), []string{"", ""}},
		"bzip2":                      {bzipped(t), []string{""}},
		"xz":                         {xzed(t, []byte(mbox)), []string{"", ""}},
		"xz of two streams":          {append(append(xzed(t, []byte(fromA+letter+"\n")), 0, 0, 0, 0), xzed(t, []byte(fromB+letter))...), []string{"", ""}},
		"zstd":                       {zstded(t, []byte(mbox)), []string{"", ""}},
		"zstd after a frame to skip": {append([]byte("\x50\x2a\x4d\x18\x04\x00\x00\x00abcd"), zstded(t, []byte(mbox))...), []string{"", ""}},
		"tar":                        {tarred(t, "x/1.eml", letter, "x/mbox", mbox), []string{"x/1.eml", "x/mbox", "x/mbox"}},
		"tar.gz":                     {gzipped(t, tarred(t, "./1", letter)), []string{"1"}},
		"tar.xz":                     {xzed(t, tarred(t, "1", letter)), []string{"1"}},
		"tar.zst":                    {zstded(t, tarred(t, "1", letter)), []string{"1"}},
		"zip":                        {zipped(t, "x/1.eml", letter, "x/", "", "2", letter), []string{"x/1.eml", "2"}},
		"zip.gz":                     {gzipped(t, zipped(t, "1", letter)), []string{"1"}},
		"tar of gz":                  {tarred(t, "1.gz", string(gzipped(t, []byte(letter)))), []string{"1.gz"}},
		"tar of zip of tar":          {tarred(t, "a.zip", string(zipped(t, "b.tar", string(tarred(t, "1", letter))))), []string{"a.zip/b.tar/1"}},
		"hostile names":              {tarred(t, "../../etc/passwd", letter, "/abs", letter, "a\x1b[2J", letter), []string{"etc/passwd", "abs", "a\x1b[2J"}},
		"hidden files":               {tarred(t, ".hidden", letter, "._1.eml", letter, ".git/x", letter, "M/.Spam/cur/1:2,S", letter), []string{"M/.Spam/cur/1:2,S"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			raws, failures := read(t, Limits{}, bytes.NewReader(tt.in))
			var names []string
			for _, r := range raws {
				names = append(names, r.Name)
				if string(r.Data) != letter {
					t.Errorf("%s holds %q", r.Name, r.Data)
				}
			}
			if diff := cmp.Diff(tt.names, names); diff != "" || len(failures) > 0 {
				t.Errorf("names (-want +got):\n%s\nfailures %v", diff, failures)
			}
			viaFile(t, tt.in, len(tt.names))
		})
	}
}

// viaFile reads the same from a file, where a zip is read at random.
func viaFile(t *testing.T, in []byte, want int) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x")
	write(t, path, string(in))
	got := find(t, path)
	if len(got.raws) != want || len(got.failures) > 0 {
		t.Errorf("as a file: %d messages, want %d; failures %v", len(got.raws), want, got.failures)
	}
}

func TestPackedFlags(t *testing.T) {
	raws, _ := read(t, Limits{}, bytes.NewReader(tarred(t, "M/cur/1:2,SR", letter, "M/new/2", "anything")))
	if len(raws) != 2 || raws[0].Flags != "RS" || raws[0].Format != Maildir || string(raws[1].Data) != "anything" {
		t.Errorf("got %+v", raws)
	}
}

// After a bomb nothing more of that source is read. The messages before it
// remain.
func TestBombs(t *testing.T) {
	lim := Limits{Ratio: 20, RatioFloor: 1 << 20}
	zeros := make([]byte, 32<<20)
	mail := append([]byte(fromA+letter+"\n"+fromB+"Subject: bomb\n\n"), bytes.Repeat([]byte("x"), 32<<20)...)
	sparse := sparseTar(1 << 40)
	tests := map[string]struct {
		in   []byte
		want int
	}{
		"gzip of zeros":        {gzipped(t, zeros), 0},
		"xz of zeros":          {xzed(t, zeros), 0},
		"zstd of zeros":        {zstded(t, zeros), 0},
		"zip of zeros":         {zipped(t, "0", string(zeros)), 0},
		"gzip of gzip":         {gzipped(t, gzipped(t, zeros)), 0},
		"mail first":           {gzipped(t, mail), 1},
		"tar, mail first":      {gzipped(t, tarred(t, "1", letter, "2", string(mail), "3", letter)), 2},
		"zip, mail first":      {zipped(t, "1", letter, "2", string(mail), "3", letter), 2},
		"tar that is sparse":   {sparse, 0},
		"zip inside a gzip":    {gzipped(t, zipped(t, "0", string(zeros))), 0},
		"one message of zeros": {gzipped(t, append([]byte("Subject: 0\n\n"), zeros...)), 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			raws, failures := read(t, lim, bytes.NewReader(tt.in))
			if diff := cmp.Diff([]string{"bomb"}, codes(failures)); diff != "" || len(raws) != tt.want {
				t.Errorf("%d messages, failures %v", len(raws), failures)
			}
			path := filepath.Join(t.TempDir(), "x")
			write(t, path, string(tt.in))
			n, bombs := 0, 0
			src := &Source{Path: path, open: fileOpener{}}
			for _, err := range src.Messages(t.Context(), lim) {
				if err == nil {
					n++
				} else if err.(*Failure).Code == "bomb" {
					bombs++
				}
			}
			if n != tt.want || bombs != 1 {
				t.Errorf("from a file: %d messages, %d bombs", n, bombs)
			}
		})
	}
}

// sparseTar makes a tar whose member is said to be size bytes, all holes (GNU 0.1).
func sparseTar(size int64) []byte {
	pax := func(k, v string) string {
		line := fmt.Sprintf(" %s=%s\n", k, v)
		n := len(line)
		for len(fmt.Sprint(n))+len(line) != n {
			n = len(fmt.Sprint(n)) + len(line)
		}
		return fmt.Sprint(n) + line
	}
	records := pax("GNU.sparse.major", "0") + pax("GNU.sparse.minor", "1") + pax("GNU.sparse.size", fmt.Sprint(size)) +
		pax("GNU.sparse.numblocks", "1") + pax("GNU.sparse.map", fmt.Sprintf("%d,0", size))
	var b bytes.Buffer
	block := func(name string, size int, flag byte) {
		h := make([]byte, 512)
		copy(h, name)
		copy(h[100:], "0000644\x000000000\x000000000\x00")
		copy(h[124:], fmt.Sprintf("%011o\x00%011o\x00", size, 0))
		h[156] = flag
		copy(h[257:], "ustar\x0000")
		copy(h[148:], "        ")
		sum := 0
		for _, c := range h {
			sum += int(c)
		}
		copy(h[148:], fmt.Sprintf("%06o\x00 ", sum))
		b.Write(h)
	}
	block("pax", len(records), 'x')
	b.WriteString(records)
	b.Write(make([]byte, 512-len(records)%512))
	block("holes", 0, '0')
	b.Write(make([]byte, 1024))
	return b.Bytes()
}

// manyBlocks makes an xz stream of n blocks.
func manyBlocks(t *testing.T, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := xz.WriterConfig{BlockSize: 1, DictCap: 4096}.NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	return finish(t, &b, w, bytes.Repeat([]byte("x"), n))
}

// An xz stream may claim a dictionary of 4 GiB in any of its blocks.
func TestGreedyDictionary(t *testing.T) {
	good := xzed(t, []byte(letter))
	greedy := bytes.Clone(good)
	size := (int(greedy[12]) + 1) * 4
	header := greedy[12 : 12+size]
	i := bytes.IndexByte(header[2:], 0x21) + 2
	header[i+2] = 40
	sum := crc32.ChecksumIEEE(header[:size-4])
	for j := range 4 {
		header[size-4+j] = byte(sum >> (8 * j))
	}
	streams := map[string][]byte{
		"first":              greedy,
		"second stream":      append(bytes.Clone(good), greedy...),
		"after a long index": append(manyBlocks(t, 6000), greedy...),
	}
	for name, in := range streams {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, failures := read(t, Limits{}, bytes.NewReader(in))
			runtime.ReadMemStats(&after)
			if len(failures) != 1 || failures[0].Code != "archive" || !strings.Contains(failures[0].Reason, "128 MiB") {
				t.Errorf("failures %v", failures)
			}
			if n := after.TotalAlloc - before.TotalAlloc; n > 200<<20 {
				t.Errorf("%d bytes were allocated", n)
			}
		})
	}
	for _, in := range [][]byte{good, xzed(t, bytes.Repeat([]byte(letter), 1<<17))} {
		var b bytes.Buffer
		if _, err := b.ReadFrom(&xzGuard{r: newGuarded(in)}); err != nil || !bytes.Equal(b.Bytes(), in) {
			t.Errorf("the guard changed %d bytes: %v", len(in), err)
		}
	}
}

func TestDamagedArchives(t *testing.T) {
	mbox := []byte(strings.Repeat(fromA+letter+strings.Repeat("line of text\n", 50)+"\n", 2000))
	for i := range mbox {
		if mbox[i] == 'x' {
			mbox[i] = byte('a' + i%20)
		}
	}
	gz := gzipped(t, mbox)
	raws, failures := read(t, Limits{}, bytes.NewReader(gz[:len(gz)/2]))
	if len(raws) < 500 || len(failures) != 1 || failures[0].Code != "archive" || failures[0].Offset == 0 {
		t.Errorf("%d messages, failures %v", len(raws), failures)
	}
	pack := tarred(t, "1", letter, "2", letter)
	raws, failures = read(t, Limits{}, bytes.NewReader(pack[:1024+512+10]))
	if len(raws) != 1 || len(failures) == 0 {
		t.Errorf("%d messages, failures %v", len(raws), failures)
	}
}

func TestZipWithPassword(t *testing.T) {
	in := zipped(t, "1", letter, "2", letter)
	i := bytes.Index(in, []byte("PK\x01\x02"))
	in[i+8] |= 1
	raws, failures := read(t, Limits{}, bytes.NewReader(in))
	if diff := cmp.Diff([]string{"encrypted"}, codes(failures)); diff != "" || len(raws) != 1 || failures[0].Name != "1" {
		t.Errorf("%d messages, failures %v", len(raws), failures)
	}
}

func TestOfficeDocument(t *testing.T) {
	_, failures := read(t, Limits{}, bytes.NewReader(zipped(t, "[Content_Types].xml", "<x/>", "word/document.xml", "<x/>")))
	if diff := cmp.Diff([]string{"not-mail"}, codes(failures)); diff != "" {
		t.Error(diff)
	}
}

func TestDepthAndMembers(t *testing.T) {
	in := []byte(letter)
	for range 3 {
		in = gzipped(t, in)
	}
	if raws, _ := read(t, Limits{Depth: 3}, bytes.NewReader(in)); len(raws) != 1 {
		t.Error("three layers are not read")
	}
	if _, failures := read(t, Limits{Depth: 2}, bytes.NewReader(in)); len(failures) != 1 || failures[0].Code != "depth" {
		t.Errorf("failures %v", failures)
	}
	for _, in := range [][]byte{tarred(t, "1", letter, "2", letter, "3", letter), zipped(t, "1", letter, "2", letter, "3", letter)} {
		raws, failures := read(t, Limits{Members: 2}, bytes.NewReader(in))
		if len(raws) != 2 || len(failures) != 1 || failures[0].Code != "archive" {
			t.Errorf("%d messages, failures %v", len(raws), failures)
		}
	}
}

func FuzzItem(f *testing.F) {
	t := testing.TB(f)
	for _, in := range [][]byte{
		[]byte(letter), gzipped(t, []byte(letter)), xzed(t, []byte(letter)), zstded(t, []byte(letter)), bzipped(t),
		tarred(t, "1", letter, "2", fromA+letter), zipped(t, "1", letter), sparseTar(1 << 40), []byte("junk\n\n" + fromA + letter),
	} {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		lim := Limits{MessageBytes: 1 << 16, Ratio: 50, RatioFloor: 1 << 20, Members: 100}
		n := 0
		raws, failures := read(t, lim, bytes.NewReader(in))
		for _, r := range raws {
			n += len(r.Data)
			if int64(len(r.Data)) > r.Length || len(r.Data) == 0 {
				t.Fatalf("%d bytes of a message of %d", len(r.Data), r.Length)
			}
		}
		if len(raws)+len(failures) == 0 && sniffPacked(in) == isUnknown {
			t.Fatal("nothing was said about the input")
		}
		if n > max(2<<20, 60*len(in)) {
			t.Fatalf("%d bytes came out of %d", n, len(in))
		}
	})
}

func write(t testing.TB, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}
