package recipient

import (
	"fmt"
	"strings"
	"testing"
)

var known = Known{
	Domains: []string{"own.example", "Second.example"},
	Users:   []string{"susan.nobody@own.example", "susan@own.example", "hanna@own.example", "joe.miller@own.example", "boss@second.example", "Kurt.Vogel@OWN.example"},
	Former:  []string{"olaf.roth@own.example"},
}

func TestExplain(t *testing.T) {
	for _, c := range []struct {
		address string
		kind    Kind
		from    string
	}{
		{"susan.nobody@own.example", Valid, "susan.nobody@own.example"},
		{"SUSAN.Nobody@OWN.example", Valid, "susan.nobody@own.example"},
		{"susan+list@own.example", Valid, "susan@own.example"},
		{"own.examplesusan.nobody@own.example", DomainPrefix, "susan.nobody@own.example"},
		{"own.examplesmtpsusan.nobody@own.example", DomainHostPrefix, "susan.nobody@own.example"},
		{"smtpsusan.nobody@own.example", HostPrefix, "susan.nobody@own.example"},
		{"mx2susan@own.example", HostPrefix, "susan@own.example"},
		{"0susan@own.example", CharPrefix, "susan@own.example"},
		{"usan.nobody@own.example", CutFront, "susan.nobody@own.example"},
		{"san.nobody@own.example", CutFront, "susan.nobody@own.example"},
		{"osan.nobody@own.example", CutReplaced, "susan.nobody@own.example"},
		{"tusan.nobody@own.example", FirstReplaced, "susan.nobody@own.example"},
		{"urt.vogel@own.example", CutFront, "kurt.vogel@own.example"},
		{"4ECEA00F.9040306@own.example", MessageID, ""},
		{"000501c6$12ab34cd$0100007f@own.example", MessageID, ""},
		{"20240310101112.8123.qmail@mx.own.example", MessageID, ""},
		{"sales@own.example", Role, ""},
		{"jessica@own.example", Dictionary, ""},
		{"olaf.roth@own.example", Stale, "olaf.roth@own.example"},
		{"joe@far.example", Foreign, ""},
		{"joe@notown.example", Foreign, ""},
		{"boss@own.example", Dictionary, ""},            // a user of the other domain is none here
		{"susan.nobdoy@own.example", Unknown, ""},       // damage in the middle
		{"susan.nobodyNOSPAM@own.example", Unknown, ""}, // and behind
		{"xqsusan@own.example", Unknown, ""},            // two letters in front
		{"n.nobody@own.example", Unknown, ""},           // four letters gone
		{"ab@own.example", Unknown, ""},                 // too short to tell
		{"smith1984.jones@own.example", Unknown, ""},    // digits, but no Message-ID
		{"own.example@own.example", Unknown, ""},        // a domain with nothing behind
		{"@own.example", Unknown, ""},
		{"susan", Unknown, ""},
		{"", Unknown, ""},
	} {
		x := New(known).Explain(c.address)
		if x.Kind != c.kind || x.MadeFrom != c.from {
			t.Errorf("%s: %+v, want %s from %q", c.address, x, c.kind, c.from)
		}
		if x.Sure < 0 || x.Sure > 1 || x.Kind == Unknown && x.Sure != 0 {
			t.Errorf("%s: sure %v", c.address, x.Sure)
		}
		if x.MadeFrom != "" && x.Basis != List {
			t.Errorf("%s: basis %q", c.address, x.Basis)
		}
	}
}

// An address that two users explain equally is unknown. A kind of damage with
// few results for a user wins over a kind with many.
func TestTies(t *testing.T) {
	e := New(Known{Domains: []string{"own.example"}, Users: []string{"susanne@own.example", "rusanne@own.example", "pbecker@own.example", "becker@own.example", "mkrause@own.example"}})
	for address, want := range map[string]Kind{
		"usanne@own.example":  Unknown,  // of susanne or of rusanne
		"tusanne@own.example": Unknown,  // the same
		"krause@own.example":  CutFront, // of one
		"qbecker@own.example": Unknown,  // pbecker with another letter, becker with one more
	} {
		if x := e.Explain(address); x.Kind != want || want == Unknown && x.MadeFrom != "" {
			t.Errorf("%s: %+v, want %s", address, x, want)
		}
	}
}

func TestWithoutList(t *testing.T) {
	k := Known{Domains: []string{"own.example"},
		Accepted: []string{"anna.keller@own.example"},
		Refused: []string{"own.examplesusan.nobody@own.example", "usan.nobody@own.example", "osan.nobody@own.example", "0susan.nobody@own.example",
			"heiko.sommer@own.example", "eiko.sommer@own.example", "nna.keller@own.example", "vqkkq@own.example"}}
	e := New(k)
	for _, c := range []struct {
		address string
		kind    Kind
		from    string
		basis   Basis
		least   float64
		most    float64
	}{
		{"anna.keller@own.example", Valid, "anna.keller@own.example", Accepted, 0.8, 0.95},
		{"nna.keller@own.example", CutFront, "anna.keller@own.example", Accepted, 0.9, 1},
		{"own.examplesusan.nobody@own.example", DomainPrefix, "susan.nobody@own.example", Compared, 0.9, 1},
		{"usan.nobody@own.example", CutFront, "susan.nobody@own.example", Compared, 0.5, 0.9},
		{"osan.nobody@own.example", CutReplaced, "susan.nobody@own.example", Compared, 0.5, 0.9},
		{"eiko.sommer@own.example", CutFront, "heiko.sommer@own.example", Compared, 0.5, 0.9},
		{"heiko.sommer@own.example", Unknown, "", "", 0, 0},
		{"vqkkq@own.example", Unknown, "", "", 0, 0},
	} {
		x := e.Explain(c.address)
		if x.Kind != c.kind || x.MadeFrom != c.from || x.Basis != c.basis || x.Sure < c.least || x.Sure > c.most {
			t.Errorf("%s: %+v, want %s from %q, %s, %v to %v", c.address, x, c.kind, c.from, c.basis, c.least, c.most)
		}
	}
}

// A catch-all accepts everything: accepted addresses are valid, except visibly
// damaged ones.
func TestCatchAll(t *testing.T) {
	e := New(Known{Domains: []string{"own.example"}, Accepted: []string{"susan.nobody@own.example", "own.examplesusan.nobody@own.example"}})
	if x := e.Explain("own.examplesusan.nobody@own.example"); x.Kind != DomainPrefix || x.Basis != Accepted {
		t.Errorf("%+v", x)
	}
}

// Nothing is walked through that grows with the number of users: however many are alike, a
// recipient has a bounded number of explanations.
func TestManyAlike(t *testing.T) {
	k := Known{Domains: []string{"own.example"}}
	for i := range 50_000 {
		k.Users = append(k.Users, fmt.Sprintf("%c%c%d.same@own.example", 'a'+i%26, 'a'+i/26%26, i/676))
		k.Refused = append(k.Refused, fmt.Sprintf("%d.same@own.example", i))
	}
	e := New(k)
	n := 0
	e.listed["own.example"].damages(e, "7.same", func(guess) { n++ })
	if n == 0 || n > 4*maxAlike {
		t.Errorf("%d explanations", n)
	}
}

func FuzzExplain(f *testing.F) {
	e := New(Known{Domains: known.Domains, Users: known.Users, Refused: []string{"usan@own.example"}})
	for _, s := range []string{"own.examplesusan@own.example", "\"a b\"@own.example", "4ECEA00F.9040306@own.example", strings.Repeat("own.example", 50) + "@own.example"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, address string) {
		x := e.Explain(address)
		if x.Sure < 0 || x.Sure > 1 || x.Kind == "" || x.MadeFrom != "" && !strings.Contains(x.MadeFrom, "@") {
			t.Errorf("%q: %+v", address, x)
		}
		if (x.Kind == Unknown || x.Kind == Foreign) && x.MadeFrom != "" {
			t.Errorf("%q: made from %s", address, x.MadeFrom)
		}
	})
}
