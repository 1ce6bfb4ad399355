package tnef

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"spoor/internal/lab/linear"
)

func u32(n uint32) []byte { return binary.LittleEndian.AppendUint32(nil, n) }

func attribute(id uint32, value []byte) []byte {
	out := append([]byte{1}, u32(id)...)
	out = append(append(out, u32(uint32(len(value)))...), value...)
	return append(out, 0, 0) // a checksum that nobody looks at
}

func stream(attributes ...[]byte) []byte {
	out := append(u32(signature), 1, 0)
	for _, a := range attributes {
		out = append(out, a...)
	}
	return out
}

// variable is a property of one value of variable length.
func variable(kind, id uint16, value []byte) []byte {
	out := binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, kind), id)
	out = append(append(out, u32(1)...), u32(uint32(len(value)))...)
	out = append(out, value...)
	return append(out, make([]byte, -len(value)&3)...)
}

func properties(list ...[]byte) []byte {
	out := u32(uint32(len(list)))
	for _, p := range list {
		out = append(out, p...)
	}
	return out
}

func named(kind, id uint16, value []byte) []byte {
	p := variable(kind, id, value)
	name := append(make([]byte, 16), append(u32(1), u32(6)...)...)
	name = append(name, 'a', 0, 'b', 0, 0, 0, 0, 0)
	return append(append(p[:4:4], name...), p[4:]...)
}

func wide(s string) (out []byte) {
	for i := range len(s) {
		out = append(out, s[i], 0)
	}
	return append(out, 0, 0)
}

func compressedRTF(kind uint32, size int, body string) []byte {
	out := append(u32(uint32(len(body)+12)), u32(uint32(size))...)
	return append(append(append(out, u32(kind)...), u32(0)...), body...)
}

func TestFiles(t *testing.T) {
	integer := append([]byte{3, 0, 0x17, 0}, u32(1)...)
	for _, tc := range []struct {
		name string
		in   []byte
		want string
	}{
		{"two attachments", stream(attribute(attrRender, nil), attribute(attrTitle, []byte("a.html\x00")), attribute(attrData, []byte("<a>")),
			attribute(attrRender, nil), attribute(attrTitle, []byte("b.txt\x00")), attribute(attrData, []byte("b"))), "a.html|<a> b.txt|b "},
		{"a long name in properties", stream(attribute(attrRender, nil), attribute(attrTitle, []byte("LONGNA~1.HTM\x00")), attribute(attrData, []byte("x")),
			attribute(attrAttachment, properties(integer, variable(typeUnicode, propLongName, wide("long name.html"))))), "long name.html|x "},
		{"the body", stream(attribute(attrBody, []byte("hello\x00"))), "text/plain|hello "},
		{"bodies in properties", stream(attribute(attrProperties, properties(integer, named(typeString, 0x8001, []byte("x\x00")),
			variable(typeUnicode, propBody, wide("hi")), variable(typeBinary, propHTML, []byte("<b>hi</b>"))))), "text/plain|hi text/html|<b>hi</b> "},
		{"RTF as it is", stream(attribute(attrProperties, properties(variable(typeBinary, propRTF, compressedRTF(uncompressed, 5, "{\\rtf"))))), "text/rtf|{\\rtf "},
		// Bit 1 of the flags: the third unit is a reference to the ten bytes at 0.
		{"RTF compressed", stream(attribute(attrProperties, properties(variable(typeBinary, propRTF, compressedRTF(compressed, 12, "\x04ab\x00\x08"))))), "text/rtf|ab{\\rtf1\\ans "},
		{"a length beyond the end", append(stream(attribute(attrRender, nil), attribute(attrTitle, []byte("a\x00"))), append([]byte{2}, append(u32(attrData), append(u32(1<<31), "cut"...)...)...)...), "a|cut "},
		{"properties that lie", stream(attribute(attrProperties, append(u32(1<<30), 0x1E, 0, 0, 0x10, 255, 255, 255, 255))), ""},
		{"another format", []byte("PK\x03\x04 and so on"), ""},
		{"nothing", nil, ""},
	} {
		got := ""
		for _, f := range Files(tc.in) {
			got += fmt.Sprintf("%s%s|%s ", f.Name, f.Type, f.Data)
		}
		if got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestLinear(t *testing.T) {
	for name, unit := range map[string]string{
		"attachments": string(attribute(attrRender, nil)) + string(attribute(attrData, []byte("x"))),
		"properties":  string(attribute(attrProperties, properties(variable(typeString, propBody, []byte("a"))))),
		"RTF":         string(attribute(attrProperties, properties(variable(typeBinary, propRTF, compressedRTF(compressed, maxRTF, strings.Repeat("\xFF\x00\x0F", 300)))))),
	} {
		t.Run(name, func(t *testing.T) {
			linear.Check(t, 1<<20, func(n int) []byte { return stream([]byte(strings.Repeat(unit, n/len(unit)))) }, func(b []byte) { Files(b) })
		})
	}
}

func FuzzFiles(f *testing.F) {
	f.Add(stream(attribute(attrBody, []byte("x")), attribute(attrProperties, properties(variable(typeBinary, propRTF, compressedRTF(compressed, 12, "\x04ab\x00\x08"))))))
	f.Fuzz(func(t *testing.T, b []byte) {
		size := 0
		for _, file := range Files(b) {
			size += len(file.Data)
		}
		if size > 10*len(b)+maxRTF {
			t.Errorf("%d bytes out of %d", size, len(b))
		}
	})
}
