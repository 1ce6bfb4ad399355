package realparts

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"spoor/ingest/message"
	"spoor/internal/lab/dice"
	"spoor/internal/lab/labelled"
)

// invented writes a corpus of invented mail: 120 lures of two variants each, in programs
// that differ in their fields, and some prose.
func invented(t *testing.T) *Corpus {
	t.Helper()
	dir := t.TempDir()
	d := dice.New(1, "corpus")
	vocabulary := make([]string, 400)
	for i := range vocabulary {
		vocabulary[i] = d.Chars(dice.Lower, d.Between(3, 9))
	}
	sentence := func(n int) string { return strings.Join(dice.Some(d, vocabulary, n), " ") }
	write := func(folder string, n int, text string) {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, folder, fmt.Sprintf("m-%04d.eml", n)), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 120 {
		lure, subject := sentence(40), sentence(5)
		for v := range 2 {
			write("email", 2*i+v, realLike(d, i, subject, lure+" "+sentence(5)))
		}
	}
	for i := range 60 {
		write("easy-ham-1", 1000+i, "From: a@list.example\nSubject: prose\nDate: Mon, 1 Jan 2024 10:00:00 +0000\n\n"+sentence(30)+"\n\n"+sentence(20)+"\n")
	}
	c, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func realLike(d dice.Dice, i int, subject, text string) string {
	programs := []string{
		"Message-ID: <%s.%s@mailer.invalid>\nMIME-Version: 1.0\nContent-Type: text/html; charset=\"utf-8\"\nX-Mailer: Kit 1.%d\n",
		"MIME-Version: 1.0\nMessage-Id: <%s-%s@desk.invalid>\nX-Priority: %d\nContent-Type: text/html; charset=utf-8\n",
		"X-Account: %s-%s\nX-Build: %d\nContent-Type: text/html\nMIME-Version: 1.0\n",
	}
	extra := ""
	if i%5 == 0 {
		extra = "List-Unsubscribe: <http://list.invalid/u/1>\n"
	}
	header := fmt.Sprintf(programs[i%3], d.Chars(dice.Hex, 12), d.Digits(9), i%7)
	return "Received: from lure.invalid by mx\nFrom: Sender <who@lure.invalid>\nTo: phishing@pot\nSubject: " + subject + "\nDate: Mon, 1 Jan 2024 10:00:00 +0000\n" + header + extra +
		"\n<html><body><p>Dear phishing@pot, " + text + fmt.Sprintf("</p><a href=\"http://www.lure%d.invalid/go/", i) + d.Chars(dice.Slug, 12) + "9\">more</a><img src=\"" + fmt.Sprintf("http://lure%d.invalid/p/", i) + d.Digits(8) + ".png\"></body></html>\n"
}

func made(t *testing.T, c *Corpus, o Options) *labelled.Set {
	t.Helper()
	s, err := New(c, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSameSeedSameBytes(t *testing.T) {
	c := invented(t)
	for _, g := range Grades() {
		a, b := made(t, c, Options{Grade: g, Seed: 7, Messages: 400}), made(t, c, Options{Grade: g, Seed: 7, Messages: 400})
		other := made(t, c, Options{Grade: g, Seed: 8, Messages: 400})
		x, y, z := t.TempDir(), t.TempDir(), t.TempDir()
		for dir, s := range map[string]*labelled.Set{x: a, y: b, z: other} {
			if err := s.Write(dir); err != nil {
				t.Fatal(err)
			}
		}
		for _, name := range []string{labelled.MailFile, labelled.TruthFile, labelled.WorldFile} {
			one, two, three := read(t, x, name), read(t, y, name), read(t, z, name)
			if !bytes.Equal(one, two) {
				t.Errorf("%s: %s differs between two makings", g, name)
			}
			if bytes.Equal(one, three) {
				t.Errorf("%s: %s is the same for another seed", g, name)
			}
		}
	}
}

func read(t *testing.T, dir, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestCampaignsCanBeKnown follows the values that join messages: a campaign
// that falls apart is one that nobody could find, and a score over it would
// blame the correlator.
func TestCampaignsCanBeKnown(t *testing.T) {
	c := invented(t)
	for _, g := range Grades() {
		for seed := range uint64(3) {
			s := made(t, c, Options{Grade: g, Seed: seed, Messages: 1500})
			for name, n := range s.Parts() {
				if n > 1 {
					t.Errorf("%s %d: %s falls into %d pieces", g, seed, name, n)
				}
			}
		}
	}
}

func TestSizes(t *testing.T) {
	c := invented(t)
	for _, g := range Grades() {
		s := made(t, c, Options{Grade: g, Seed: 3, Messages: 3000})
		sizes, noise := map[string]int{}, map[string]int{}
		for i := range s.Messages {
			if k := s.Messages[i].Noise(); k != "" {
				noise[k]++
			} else {
				sizes[s.Messages[i].Campaign]++
			}
		}
		small, large := 0, 0
		for _, n := range sizes {
			if n <= 5 {
				small++
			}
			if n >= 100 {
				large++
			}
		}
		if g == "zipf" && (small < 100 || large < 2) || g != "zipf" && (small > 0 || len(sizes) < 30 || len(sizes) > 60) {
			t.Errorf("%s: %d campaigns, %d of them small, %d large", g, len(sizes), small, large)
		}
		if len(s.Messages) < 2700 || len(s.Messages) > 3300 || len(noise) != 3 {
			t.Errorf("%s: %d messages, noise %v", g, len(s.Messages), noise)
		}
	}
}

// TestMailIsOwn checks every message: its Message-ID is the label's and unique, and no
// host, box or recipient of the real mail is left.
func TestMailIsOwn(t *testing.T) {
	c := invented(t)
	for _, g := range Grades() {
		s := made(t, c, Options{Grade: g, Seed: 5, Messages: 600})
		seen := map[string]bool{}
		for i := range s.Messages {
			m := &s.Messages[i]
			p := message.Parse(m.Raw)
			f := p.Header.Get("Message-ID")
			if f == nil || strings.Trim(f.Value(), "<> ") != m.ID || seen[m.ID] {
				t.Fatalf("%s: label %q, message %v", g, m.ID, f)
			}
			seen[m.ID] = true
			if p.Header.Get("Received") == nil || p.Header.Get("From") == nil || p.Header.Get("Date") == nil {
				t.Errorf("%s %s: header is incomplete", g, m.ID)
			}
			for _, part := range p.Parts {
				for _, was := range []string{".invalid", "phishing@pot"} {
					if bytes.Contains(part.Text, []byte(was)) {
						t.Fatalf("%s %s: %q is left in\n%s", g, m.ID, was, part.Text)
					}
				}
			}
		}
	}
}

// TestAccounts checks that trackers' links hold an account and a list that stay
// within a segment that changes.
func TestAccounts(t *testing.T) {
	d := dice.New(1, "tracker")
	for form := range trackerForms {
		tr := &tracker{form: form}
		a, b := tr.link(d, "trk.example", "80", "285239"), tr.link(d, "trk.example", "80", "285239")
		if a == b || !strings.Contains(a, "80") || !strings.Contains(a, "285239") || !strings.Contains(b, "285239") {
			t.Errorf("form %d: %s and %s", form, a, b)
		}
	}
}

func TestRefill(t *testing.T) {
	d := dice.New(1, "refill")
	for s, want := range map[string]string{ // the template that both have; "" for unchanged
		"<4f3a9b12cd@host>":                 "h",
		"Kit 1.5 (Windows)":                 "",
		"----=_NextPart_000_0012_01C2A9B1":  "x",
		"1234567.20240101@x":                "9",
		"rsa-sha256; c=relaxed/simple; q=k": "",
	} {
		got := refill(d, s)
		if (got == s) != (want == "") || len(got) != len(s) || message.Template(got) != message.Template(s) {
			t.Errorf("%q became %q", s, got)
		}
	}
	if v := resign(d, "v=1; bh=AbCdEfGh=; d=a.example; b=abcdefgh\n ijklmnop"); strings.Contains(v, "AbCd") || strings.Contains(v, "ijkl") || !strings.Contains(v, "d=a.example;") {
		t.Error(v)
	}
}

func TestLinks(t *testing.T) {
	for u, want := range map[string][2]string{
		"http://User@A.example:8080/p?q=1": {"a.example", "/p?q=1"}, "//b.example/x": {"b.example", "/x"}, "https://c.example": {"c.example", ""},
	} {
		if hostOf(u) != want[0] || pathOf(u) != want[1] || anyURL.FindString("x "+u+"\"") != u {
			t.Errorf("%s: %q %q", u, hostOf(u), pathOf(u))
		}
	}
}

func TestTooLittleMail(t *testing.T) {
	if _, err := Load(t.TempDir()); err == nil {
		t.Error("a world of nothing")
	}
	if _, err := New(&Corpus{}, Options{Grade: "nasty"}); err == nil {
		t.Error("a grade that there is not")
	}
}

// TestRealCorpora runs over the corpora that SPOOR_CORPORA names, where there are some.
func TestRealCorpora(t *testing.T) {
	dir := os.Getenv("SPOOR_CORPORA")
	if dir == "" {
		t.Skip("SPOOR_CORPORA names no folder of real mail (phishing_pot, spam-1, easy-ham-1)")
	}
	c, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(c.Stats())
	for _, g := range Grades() {
		s := made(t, c, Options{Grade: g, Seed: 1})
		parts := s.Parts()
		apart := map[string]int{}
		for k, n := range parts {
			if n > 1 {
				apart[k] = n
			}
		}
		t.Logf("%s: %d messages, %d campaigns, in pieces: %v", g, len(s.Messages), len(parts), maps.Collect(maps.All(apart)))
		if len(apart)*50 > len(parts) {
			t.Errorf("%s: %v fall apart", g, apart)
		}
	}
}
