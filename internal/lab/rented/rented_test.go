package rented

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"spoor/ingest/links"
	"spoor/ingest/message"
	"spoor/internal/lab/dice"
	"spoor/internal/lab/labelled"
	"spoor/internal/lab/simnet"
)

func made(t *testing.T, grade string, seed uint64, messages int) *labelled.Set {
	t.Helper()
	s, err := New(Options{Grade: grade, Seed: seed, Messages: messages})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSameSeedSameBytes(t *testing.T) {
	for _, g := range Grades() {
		var files [3][3][]byte
		for i, seed := range []uint64{4, 4, 5} {
			dir := t.TempDir()
			if err := made(t, g, seed, 500).Write(dir); err != nil {
				t.Fatal(err)
			}
			for j, name := range []string{labelled.MailFile, labelled.TruthFile, labelled.WorldFile} {
				b, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				files[i][j] = b
			}
		}
		for j := range 3 {
			if !bytes.Equal(files[0][j], files[1][j]) || bytes.Equal(files[0][j], files[2][j]) {
				t.Errorf("%s: file %d does not follow from the seed alone", g, j)
			}
		}
	}
}

// TestCampaignsCanBeKnown follows the values that join the messages of a
// campaign and no others.
func TestCampaignsCanBeKnown(t *testing.T) {
	for _, g := range Grades() {
		for seed := range uint64(3) {
			for name, n := range made(t, g, seed, 2000).Parts() {
				if n > 1 {
					t.Errorf("%s %d: %s falls into %d pieces", g, seed, name, n)
				}
			}
		}
	}
}

// TestSparseIsSparse: messages of a campaign share one trait, and no sender, subject or
// text.
func TestSparseIsSparse(t *testing.T) {
	s := made(t, "sparse", 1, 2000)
	type campaign struct {
		size    int
		traits  map[string]int
		subject map[string]bool
	}
	all := map[string]*campaign{}
	for i := range s.Messages {
		m := &s.Messages[i]
		if m.Noise() != "" {
			continue
		}
		if all[m.Campaign] == nil {
			all[m.Campaign] = &campaign{traits: map[string]int{}, subject: map[string]bool{}}
		}
		c := all[m.Campaign]
		c.size++
		c.subject[message.Parse(m.Raw).Header.Get("Subject").Text()] = true
		for _, x := range m.Traits {
			c.traits[x]++
		}
	}
	for name, c := range all {
		shared := 0
		for x, n := range c.traits {
			if n == c.size && !strings.HasPrefix(x, "from ") {
				shared++
			} else if n > 1 && strings.HasPrefix(x, "letter") {
				t.Errorf("%s: %q is in %d messages", name, x, n)
			}
		}
		if c.size < 2 || c.size > 5 || shared == 0 || len(c.subject) < 2 {
			t.Errorf("%s: %d messages, %d subjects, traits %v", name, c.size, len(c.subject), c.traits)
		}
	}
	if len(all) < 150 {
		t.Errorf("%d campaigns", len(all))
	}
}

func TestSizes(t *testing.T) {
	for _, g := range Grades() {
		s := made(t, g, 2, 3000)
		sizes, noise, damaged := map[string]int{}, map[string]int{}, 0
		for i := range s.Messages {
			m := &s.Messages[i]
			if k := m.Noise(); k != "" {
				noise[k]++
				continue
			}
			sizes[m.Campaign]++
			if m.Damage != "none" {
				damaged++
			}
		}
		if g != "sparse" && (len(sizes) < 25 || len(sizes) > 60 || damaged < 300) {
			t.Errorf("%s: %d campaigns, %d damaged recipients", g, len(sizes), damaged)
		}
		if len(s.Messages) < 2700 || len(s.Messages) > 3400 || noise[labelled.Newsletter] < 100 || noise[labelled.Single] < 100 || noise[labelled.Report] < 20 {
			t.Errorf("%s: %d messages, noise %v", g, len(s.Messages), noise)
		}
	}
}

// TestMailIsWhole checks that the values behind the truth can be read from the
// mail.
func TestMailIsWhole(t *testing.T) {
	for _, g := range Grades() {
		s := made(t, g, 3, 1200)
		seen := map[string]bool{}
		for i := range s.Messages {
			m := &s.Messages[i]
			p := message.Parse(m.Raw)
			f := p.Header.Get("Message-ID")
			if f == nil || strings.Trim(f.Value(), "<> ") != m.ID || seen[m.ID] {
				t.Fatalf("%s: label %q, message %+v", g, m.ID, f)
			}
			seen[m.ID] = true
			var all strings.Builder
			all.Write(m.Raw)
			for _, part := range p.Parts {
				all.Write(part.Text)
			}
			for _, x := range m.Traits {
				kind, value, _ := strings.Cut(x, " ")
				if slices.Contains([]string{"phone", "wallet", "stored", "picture", "kit", "reply"}, kind) && !strings.Contains(all.String(), value) {
					t.Fatalf("%s %s: no %q in\n%s", g, m.ID, x, m.Raw)
				}
			}
		}
	}
}

// TestWalletsHold: their checksum is right, or nobody would take them for wallets.
func TestWalletsHold(t *testing.T) {
	d := dice.New(1, "wallets")
	for range 50 {
		w := bitcoin(d)
		found := links.Extract([]links.Text{{Body: []byte("send to " + w + " now")}})
		if !slices.ContainsFunc(found.Contacts, func(c links.Contact) bool { return c.Value == w }) {
			t.Fatalf("%s is no wallet: %+v", w, found.Contacts)
		}
	}
}

func TestRegistriesAnswer(t *testing.T) {
	w, err := made(t, "medium", 1, 800).Registries.Simnet()
	if err != nil {
		t.Fatal(err)
	}
	simnet.New(t, w)
	if len(w.Domains) < 100 || len(w.Netblocks) < 20 || len(w.Records) < 100 {
		t.Errorf("%d domains, %d netblocks, %d records", len(w.Domains), len(w.Netblocks), len(w.Records))
	}
}

func TestNoSuchGrade(t *testing.T) {
	if _, err := New(Options{Grade: "nasty"}); err == nil {
		t.Error("a grade that there is not")
	}
}
