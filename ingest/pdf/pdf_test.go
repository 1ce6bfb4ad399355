package pdf

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"spoor/internal/lab/linear"
)

func deflated(s string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write([]byte(s)); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

func object(dict, body string) string {
	return fmt.Sprintf("7 0 obj\n<<%s/Length %d>>\nstream\r\n%s\nendstream\nendobj\n", dict, len(body), body)
}

const action = "<</S/URI/URI(https://a.example/x)>>"

func TestLinks(t *testing.T) {
	for _, tc := range []struct{ name, in, want string }{
		{"an action", "%PDF-1.4\n1 0 obj<</A<</S /URI /URI (https://a.example/x)>>>>endobj", "https://a.example/x"},
		{"a hexadecimal string", "/URI <68747470733A2F2F612E6578616D706C652F78>", "https://a.example/x"},
		{"escapes", `/URI(https://a.example/\(1\)\
\057x\171)`, "https://a.example/(1)/xy"},
		{"parentheses inside", `/URI(https://a.example/(1))`, "https://a.example/(1)"},
		{"UTF-16", "/URI(\xFE\xFF\x00h\x00t\x00t\x00p\x00:\x00/\x00/\x00a)", "http://a"},
		{"an object stream", object("/Type/ObjStm/N 1/First 4/Filter/FlateDecode", deflated("1 0 "+action)), "https://a.example/x"},
		{"a list of filters", object("/Filter [/FlateDecode]", deflated(action)), "https://a.example/x"},
		{"hexadecimal around it", object("/Filter[/ASCIIHexDecode/FlateDecode]", hex.EncodeToString([]byte(deflated(action)))+">"), "https://a.example/x"},
		{"without an end", object("/Filter/FlateDecode", deflated(action))[:60+len(deflated(action))-20], "https://a.example/x"},
		{"twice the same", "/URI(https://a.example/x) /URI(https://a.example/x)", "https://a.example/x"},
		{"a picture", object("/Subtype/Image/Filter/FlateDecode", deflated(action)), ""},
		{"a string without an end", "/URI(https://a.example/x", ""},
		{"a reference", "/URI 7 0 R", ""},
		{"nothing", "", ""},
	} {
		if got := strings.Join(Links([]byte(tc.in)), " "); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestASCII85(t *testing.T) {
	if got := string(ascii85([]byte("87cUR D]i,\"Ebo80~>"))); got != "Hello World!" {
		t.Errorf("%q", got)
	}
}

// The unpacked size of a document is bounded.
func TestBomb(t *testing.T) {
	bomb := object("/Filter/FlateDecode", deflated(strings.Repeat(" ", 64<<20)))
	s := search{seen: map[string]bool{}, left: maxInflated}
	s.streams([]byte(strings.Repeat(bomb, 100)))
	if s.left < 0 {
		t.Errorf("%d bytes too many", -s.left)
	}
}

func TestLinear(t *testing.T) {
	for _, unit := range []string{"/URI(", "/URI<", "/URI(a)", "stream", "stream\nendstream", "/URI", "obj", object("/FlateDecode", "x")} {
		t.Run(unit[:min(len(unit), 20)], func(t *testing.T) {
			linear.Check(t, 1<<22, func(n int) []byte { return []byte(strings.Repeat(unit, n/len(unit))) }, func(b []byte) { Links(b) })
		})
	}
}

func FuzzLinks(f *testing.F) {
	f.Add([]byte(object("/Filter/FlateDecode", deflated(action))))
	f.Add([]byte(`/URI(\(\101)/URI<41>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if got := Links(b); len(got) > maxLinks {
			t.Errorf("%d links", len(got))
		}
	})
}
