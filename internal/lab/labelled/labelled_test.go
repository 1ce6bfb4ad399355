package labelled

import (
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"spoor/internal/lab/simnet"
)

func set() *Set {
	at := time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC)
	rdns := "mail.a.test"
	s := &Set{Messages: []Message{
		{Label: Label{ID: "2@x", Campaign: "c-1", Operation: "op-1", Run: "r1", Damage: "glued"}, Raw: []byte("Subject: a\n\nFrom here\n>From there"), At: at.Add(time.Hour)},
		{Label: Label{ID: "1@x", Campaign: "noise:news:1", Operation: "noise:news:1"}, Raw: []byte("Subject: b\n\nx\n"), At: at},
	}}
	s.Registries = &Registries{
		Meta: Meta{Preset: "test", Own: []string{"home.example"}, MX: []string{"mx.home.example"}},
		Domains: map[string]*Domain{
			"a.test":    {NS: []string{"ns1.a.test"}, A: []string{"203.0.113.5"}, MX: []MX{{10, "mail.a.test"}}, Registrar: "R", Registrant: Registrant{Name: "Ada"}, DNS: "ok", WHOIS: "ok", Created: at.Unix()},
			"gone.test": {DNS: "nxdomain", WHOIS: "ok"},
		},
		Hosts: map[string][]string{"mail.a.test": {"203.0.113.5"}}, IPs: map[string]IP{"203.0.113.5": {RDNS: &rdns, Net: "203.0.113.0/24", ASN: 64500}},
		Nets: []Net{{CIDR: "203.0.113.0/24", Owner: "Net", CC: "DE", RIR: "ripe", ASN: 64500}}, TLDs: map[string]TLD{"test": {"whois.test.example", "icann"}},
		Registrars: map[string]Registrar{"R": {IANA: 1, WHOIS: "whois.r.example", Style: "oldlist"}},
	}
	return s
}

func TestFolder(t *testing.T) {
	s, dir := set(), t.TempDir()
	s.Sort()
	if err := s.Write(dir); err != nil {
		t.Fatal(err)
	}
	mail, err := os.ReadFile(filepath.Join(dir, MailFile))
	want := "From MAILER-DAEMON Tue Jan  2 03:04:05 2024\nSubject: b\n\nx\n\nFrom MAILER-DAEMON Tue Jan  2 04:04:05 2024\nSubject: a\n\n>From here\n>>From there\n\n"
	if err != nil || string(mail) != want {
		t.Errorf("%v\n%s", err, mail)
	}
	labels, err := ReadTruth(dir)
	if err != nil || len(labels) != 2 || labels[1] != s.Messages[1].Label || labels[0].Noise() != Newsletter || labels[1].Noise() != "" || labels[0].Damage != "none" {
		t.Errorf("%v %+v", err, labels)
	}
	r, err := ReadRegistries(dir)
	if err != nil || !reflect.DeepEqual(r, s.Registries) {
		t.Errorf("%v %+v", err, r)
	}
	if r, err := ReadRegistries(t.TempDir()); r != nil || err != nil {
		t.Error(r, err)
	}
}

func TestBadTruth(t *testing.T) {
	for text, want := range map[string]string{"": "no labels", "a@x\tc\to\na@x\td\to\n": "twice", "a@x c o\n": "not message-id", "\tc\to\n": "not message-id"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, TruthFile), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadTruth(dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestParts(t *testing.T) {
	m := func(campaign string, traits ...string) Message {
		return Message{Label: Label{Campaign: campaign}, Traits: traits}
	}
	s := Set{Messages: []Message{
		m("a", "text 1", "domain x"), m("a", "domain x"), m("a", "text 2", "box b"), // the last by nothing of its own
		m("b", "text 2"), m("b", "text 3"), m("noise:single:1", "box b"),
	}}
	if got := s.Parts(); !reflect.DeepEqual(got, map[string]int{"a": 2, "b": 2}) {
		t.Error(got)
	}
}

func TestSimnet(t *testing.T) {
	w, err := set().Registries.Simnet()
	if err != nil {
		t.Fatal(err)
	}
	simnet.New(t, w)
	if len(w.Domains) != 1 || w.Domains[0].Registrant.Name != "Ada" || w.Domains[0].Addrs[0] != netip.MustParseAddr("203.0.113.5") || len(w.ASes) != 1 || w.Registrars[0].Layout != simnet.NetSol {
		t.Errorf("%+v", w)
	}
	if len(w.Records) != 2 || w.Records[1] != "5.113.0.203.in-addr.arpa. 3600 IN PTR mail.a.test." {
		t.Error(w.Records)
	}
	bad := set().Registries
	bad.Nets[0].CIDR = "nonsense"
	if _, err := bad.Simnet(); err == nil {
		t.Error("a netblock that is none")
	}
}
