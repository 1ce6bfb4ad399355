package block

import (
	"net/netip"
	"testing"
)

// ours has everything that speaks for blocking.
var ours = Facts{Members: 9, Spam: 9}

func with(change func(*Facts)) Facts { f := ours; change(&f); return f }

func TestHost(t *testing.T) {
	for _, c := range []struct {
		name string
		f    Facts
		want Verdict
	}{
		{"its own", ours, Verdict{Block: true, Reason: Alone}},
		{"mostly its own", with(func(f *Facts) { f.Spam = 18 }), Verdict{Block: true, Reason: Mostly}},
		{"mostly others'", with(func(f *Facts) { f.Spam = 19 }), Verdict{Reason: Others}},
		{"once", Facts{Members: 1, Spam: 1}, Verdict{Reason: Once}},
		{"twice", Facts{Members: 2, Spam: 2}, Verdict{Reason: Seldom}},
		{"one wanted message", with(func(f *Facts) { f.Ham = 1 }), Verdict{Reason: InHam}},
		{"ours", with(func(f *Facts) { f.Own = true }), Verdict{Reason: OurOwn}},
		{"shortener", with(func(f *Facts) { f.Shared = "shortener" }), Verdict{Reason: Shortener}},
		{"content network", with(func(f *Facts) { f.Shared = "cdn" }), Verdict{Reason: Content}},
		{"hoster", with(func(f *Facts) { f.Shared = "hosting" }), Verdict{Reason: Shared}},
		{"mailing service", with(func(f *Facts) { f.Shared = "esp" }), Verdict{Reason: Platform}},
		{"customer's own label", with(func(f *Facts) { f.Shared = "private-suffix" }), Verdict{Block: true, Reason: Alone}},
		{"everyday", with(func(f *Facts) { f.Everyday = true }), Verdict{Reason: Everyday}},
		{"set aside", with(func(f *Facts) { f.SetAside = true }), Verdict{Reason: TooCommon}},
		{"list footer", with(func(f *Facts) { f.List = true }), Verdict{Reason: List}},
		{"brand", with(func(f *Facts) { f.Claimed = true }), Verdict{Reason: Claimed}},
		{"young domain in From", with(func(f *Facts) { f.Claimed, f.Young = true, true }), Verdict{Block: true, Reason: Alone}},
		{"picture", with(func(f *Facts) { f.Unseen = true }), Verdict{Reason: Unseen}},
	} {
		if got := Host(c.f); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestSender(t *testing.T) {
	outside := netip.MustParseAddr("192.0.2.7")
	if v := Sender(outside, ours); !v.Block {
		t.Errorf("a sender of its own: %+v", v)
	}
	if v := Sender(outside, with(func(f *Facts) { f.Relay = true })); v.Block || v.Reason != Relay {
		t.Errorf("a relay: %+v", v)
	}
	for want, f := range map[Reason]Facts{
		Parties: with(func(f *Facts) { f.Parties = true }), FreeMail: with(func(f *Facts) { f.FreeMail = true }),
		Seldom: {Members: 2, Spam: 2}, InHam: with(func(f *Facts) { f.Ham, f.Relay = 1, true }),
	} {
		if v := Sender(outside, f); v.Block || v.Reason != want {
			t.Errorf("%+v, want %q", v, want)
		}
	}
	for _, a := range []string{"10.1.2.3", "127.0.0.1", "fe80::1", "::1", "0.0.0.0"} {
		if v := Sender(netip.MustParseAddr(a), ours); v.Block {
			t.Errorf("%s: %+v", a, v)
		}
	}
}

func TestHELO(t *testing.T) {
	for name, block := range map[string]bool{
		"mail.spam.example.com": true, "4711": true, "192.0.2.9": true, "[192.0.2.9]": true, "12": false,
		// Postfix matches subdomains: these would block half the world.
		"com": false, "localhost": false, "user": false, "co.uk": false, "": false, "localhost.localdomain": false, "pc.local": false,
		"127.0.0.1": false, "10.0.0.1": false, "mail.gmail.com": false, "a b": false, "x\nREJECT": false,
	} {
		if v := HELO(name, ours); v.Block != block {
			t.Errorf("%q: %+v", name, v)
		}
	}
}

func TestSubject(t *testing.T) {
	for text, block := range map[string]bool{"Cheap watches of gold for you": true, "Invoice": false, "Re: your order": false, "supercalifragilistic": false} {
		if v := Subject(text, ours); v.Block != block {
			t.Errorf("%q: %+v", text, v)
		}
	}
}

func TestForce(t *testing.T) {
	v := Verdict{Reason: Shortener}.Force()
	if !v.Block || v.Words() != "forced against: shortener" {
		t.Errorf("%+v %q", v, v.Words())
	}
	if v := (Verdict{Block: true, Reason: Alone}).Force(); v.Forced {
		t.Error("what is blocked anyway is not forced")
	}
}

func TestIsRelay(t *testing.T) {
	none := func(string) bool { return false }
	for _, c := range []struct {
		reverse, helo string
		want          bool
	}{
		{"smtp-out3.isp.example", "smtp-out3.isp.example", true},
		{"mx1.isp.example", "mail.isp.example", true},
		{"mail-ed1-f41.gmail.com", "mail-ed1-f41.gmail.com", true},
		{"dsl-192-0-2-7.dialnet.example", "dsl-192-0-2-7.dialnet.example", false},
		{"smtp.isp.example", "4711", false}, // a customer's machine whose name says smtp
		{"", "smtp.isp.example", false},
	} {
		if got := IsRelay(c.reverse, c.helo, none); got != c.want {
			t.Errorf("%s, %s: %v", c.reverse, c.helo, got)
		}
	}
	if IsRelay("mail.pills.example", "mail.pills.example", func(d string) bool { return d == "pills.example" }) {
		t.Error("the campaign's own domain is no provider's")
	}
}
