package message

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jhillyerd/enmime/v2"
)

// corpora calls f with every message of the folders of SPOOR_CORPORA that are named, in
// order; with none, of all. An mbox is cut at its separators.
func corpora(t testing.TB, f func(name string, data []byte), folders ...string) {
	t.Helper()
	root := os.Getenv("SPOOR_CORPORA")
	if root == "" {
		t.Skip("SPOOR_CORPORA is not set: no real mail to read")
	}
	if len(folders) == 0 {
		folders = []string{"."}
	}
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, e fs.DirEntry, err error) error {
			if err != nil || !e.Type().IsRegular() {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			name, _ := filepath.Rel(root, path)
			for i, m := range splitMbox(data) {
				f(name+strings.Repeat("+", min(i, 1)), m)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

var separator = []byte("\n\nFrom ")

// splitMbox cuts at "From " lines and takes them off.
func splitMbox(data []byte) (all [][]byte) {
	if !bytes.HasPrefix(data, []byte("From ")) {
		return [][]byte{data}
	}
	for len(data) > 0 {
		data = data[lineEnd(data, 0):]
		i := bytes.Index(data, separator)
		if i < 0 {
			return append(all, data)
		}
		all = append(all, data[:i+1])
		data = data[i+2:]
	}
	return all
}

func TestCorporaHold(t *testing.T) {
	corpora(t, func(name string, data []byte) { checkMessage(t, name, data) })
}

// isMail tells messages from the other files of the suites.
func isMail(data []byte) bool {
	head := ParseHeader(data[:min(len(data), 64<<10)])
	n := 0
	for _, name := range []string{"from", "to", "subject", "date", "received", "content-type", "message-id", "mime-version"} {
		if head.Get(name) != nil {
			n++
		}
	}
	return n >= 2
}

// normText makes texts of two decoders comparable: line ends, byte order mark, and the
// characters that stand for "not decodable" are equal; blanks at the end of lines do not
// count.
func normText(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	s = strings.ToValidUTF8(s, "\uFFFD")
	for strings.Contains(s, "\uFFFD\uFFFD") {
		s = strings.ReplaceAll(s, "\uFFFD\uFFFD", "\uFFFD")
	}
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t")
	}
	return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(strings.Join(lines, "\n")), "\uFEFF"))
}

// TestEnmimeAgrees compares with enmime where enmime reads a message without complaint:
// every text it finds is found, and all that it calls attachments has the same bytes.
func TestEnmimeAgrees(t *testing.T) {
	parser := enmime.NewParser(enmime.DisableTextConversion(true), enmime.DisableCharacterDetection(true))
	seen, texts, files, excepted := 0, 0, 0, 0
	corpora(t, func(name string, data []byte) {
		if !isMail(data) {
			return
		}
		env, err := parser.ReadEnvelope(bytes.NewReader(data))
		if err != nil || len(env.Errors) > 0 {
			return
		}
		m := Parse(data)
		if mboxOnTop(m) {
			return
		}
		seen++
		var ours []string
		for _, p := range m.Parts {
			if p.Text != nil {
				ours = append(ours, normText(string(p.Text)))
			}
		}
		env.Root.DepthMatchAll(func(p *enmime.Part) bool {
			if p.FirstChild != nil || isMultipart(p.ContentType) {
				return false // a multipart without parts is no file to us
			}
			if !strings.HasPrefix(p.ContentType, "text/") {
				files++
				if !hasHash(m, sha256.Sum256(p.Content)) {
					t.Errorf("%s: file %s %s has other bytes", name, p.PartID, p.ContentType)
				}
				return false
			}
			texts++
			want := normText(string(p.Content))
			switch {
			case slices.Contains(ours, want):
			case excusedText(m, p.Charset, want, ours):
				excepted++
			case unfolded(p) && slices.Contains(withoutBlanks(ours...), withoutBlanks(want)[0]):
				excepted++ // we join the lines that the sender folded
			default:
				t.Errorf("%s: text of %s %s %s lost\n %s", name, p.PartID, p.ContentType, p.Charset, difference(want, ours))
			}
			return false
		})
		for _, p := range env.Attachments {
			// Messages are opened, not only saved, and so is "text", which is no type.
			if !strings.HasPrefix(p.ContentType, "message/") && p.ContentType != "text" && !attached(m, p) {
				t.Errorf("%s: %s %q is no attachment to us", name, p.ContentType, p.FileName)
			}
		}
	})
	t.Logf("%d messages, %d texts (%d excepted) and %d files compared", seen, texts, excepted, files)
}

// mboxOnTop is true where the file is an mbox cut badly (or begins with blank lines and a
// separator): we read the header behind it, enmime takes it for the body.
func mboxOnTop(m *Message) bool {
	return slices.ContainsFunc(m.Defects, func(d Defect) bool { return d.Code == "mbox-line" && d.Part < 0 })
}

func hasHash(m *Message, sum [32]byte) bool {
	return slices.ContainsFunc(m.Parts, func(p Part) bool { return p.SHA256 == sum || sha256.Sum256(p.Body) == sum })
}

func attached(m *Message, want *enmime.Part) bool {
	return slices.ContainsFunc(m.Parts, func(p Part) bool {
		if p.ContentID != "" && strings.HasPrefix(p.Type, "image/") && p.Disposition != "attachment" {
			return true // a picture for the text: enmime looks for the word "inline" only
		}
		return p.Attachment && (p.Name == want.FileName || strings.Contains(p.Type, want.ContentType))
	})
}

// excusedText knows where we mean to differ from enmime.
func excusedText(m *Message, charset, want string, ours []string) bool {
	for _, p := range m.Parts {
		if p.Outside == "inline" {
			return true // we take uuencoded files out of the text
		}
	}
	ascii := onlyASCII(want)[0]
	switch {
	case slices.Contains(withoutBlanks(onlyASCII(ours...)...), withoutBlanks(ascii)[0]):
		// enmime keeps undeclared bytes as they are, reads ISO 8859-1 by the letter, and
		// puts U+FFFD for text that is declared UTF-8 and is not.
		return looseCharset(charset) || strings.ContainsRune(want, '\uFFFD')
	case charset == "us-ascii":
		// Big5 and the like, declared as ASCII: their second bytes may be ASCII.
		return slices.ContainsFunc(m.Defects, func(d Defect) bool { return strings.HasPrefix(d.Code, "charset-") })
	}
	return false
}

// unfolded is true of texts whose lines are joined when they are read: RFC 3676, RFC 5545.
func unfolded(p *enmime.Part) bool {
	return strings.Contains(strings.ToLower(p.Header.Get("Content-Type")), "format=flowed") || p.ContentType == "text/calendar"
}

// withoutBlanks takes out blanks, marks of quoting, which lines that are joined lose, and "?"
// at the ends, where one of two characters that stand for a blank is one.
func withoutBlanks(texts ...string) []string {
	out := make([]string, len(texts))
	for i, s := range texts {
		out[i] = strings.Trim(strings.ReplaceAll(strings.Join(strings.Fields(s), ""), ">", ""), "?")
	}
	return out
}

// looseCharset tells the charsets for which enmime keeps bytes as they are or reads
// windows-1252 by the letter of ISO 8859-1, where browsers and we do not.
func looseCharset(name string) bool {
	switch strings.ToLower(name) {
	case "", "us-ascii", "iso-8859-1", "latin1":
		return true
	}
	return false
}

// onlyASCII makes each run of other characters into one mark.
func onlyASCII(texts ...string) (all []string) {
	for _, s := range texts {
		var b strings.Builder
		other := false
		for _, r := range s {
			if r < 0x80 {
				b.WriteRune(r)
			} else if !other {
				b.WriteByte('?')
			}
			other = r >= 0x80
		}
		all = append(all, normText(b.String()))
	}
	return all
}

// difference shows where the text that comes nearest goes another way.
func difference(want string, have []string) string {
	best, near := -1, ""
	for _, h := range have {
		n := 0
		for n < len(h) && n < len(want) && h[n] == want[n] {
			n++
		}
		if n > best {
			best, near = n, h
		}
	}
	if best < 0 {
		return fmt.Sprintf("no text at all, want %.200q", want)
	}
	from := max(0, best-40)
	return fmt.Sprintf("want ...%.120q\n ours ...%.120q", want[min(from, len(want)):], near[min(from, len(near)):])
}
