package campaign

import (
	"fmt"
	"slices"
	"testing"

	"spoor/graph/evidence"
)

// magazine adds the issues of a publisher whose mail looks alike.
func (w *made) magazine(name string, issues int) {
	for i := range issues {
		w.add("magazine "+name+fmt.Sprint(i), Row{At: 1_028_000_000 + 86400*int64(7*i), Newsletter: true, Sketch: w.text(), Features: features(
			evidence.Text, fmt.Sprint("magazine ", name, i), evidence.SubjectForm, name+" issue", evidence.LinkDomain, name+".example", evidence.Unsubscribe, name+".example",
			evidence.LinkTenant, name+".example/off", evidence.HTMLForm, name, evidence.FromName, "The "+name, evidence.MailerCore, "press "+name, evidence.HeaderOrder, "press "+name,
			evidence.FromAddress, "news@"+name+".example", evidence.SenderAddress, "press "+name, evidence.SenderNet, "press "+name, evidence.ReverseDomain, name+".example")})
	}
}

// A publisher is named by its address, counted, and in no campaign.
func TestPublishersAreAResult(t *testing.T) {
	w := world(7, 600)
	w.magazine("weekly", 8)
	w.magazine("garden", 12)
	r := w.index(Decisions{}, 0).Cluster()
	want := map[evidence.Key]int{}
	for name, n := range map[string]int{"weekly": 8, "garden": 12} {
		want[evidence.Feature{Kind: evidence.FromAddress, Value: "news@" + name + ".example"}.Key()] = n
	}
	if len(r.Publishers) != 2 || r.Publishers[0].From > r.Publishers[1].From {
		t.Fatalf("%+v", r.Publishers)
	}
	for _, p := range r.Publishers {
		if n := want[p.From]; len(p.Members) != n || p.Listed != n || p.Days != n || !slices.Contains(p.Members, p.Example) || !slices.IsSorted(p.Members) {
			t.Errorf("%+v, want %d issues", p, n)
		}
		for _, c := range r.Campaigns {
			for _, m := range c.Members {
				if slices.Contains(p.Members, m.Key) {
					t.Errorf("issue %d is in a campaign, too", m.Key)
				}
			}
		}
	}
}

// People's word that two issues are one campaign outweighs that they look like a newsletter.
func TestPeopleSayThatItIsNoPublisher(t *testing.T) {
	w := world(7, 600)
	w.magazine("weekly", 8)
	w.magazine("garden", 12)
	before := w.index(Decisions{}, 0).Cluster()
	if len(before.Publishers) != 2 {
		t.Fatalf("%+v", before.Publishers)
	}
	p := before.Publishers[0].Members
	after := w.index(Decisions{Same: [][2]int64{{p[0], p[1]}}}, 0).Cluster()
	if len(after.Publishers) != 1 || after.Publishers[0].From != before.Publishers[1].From {
		t.Errorf("publishers: %+v", after.Publishers)
	}
	for _, c := range after.Campaigns {
		if slices.ContainsFunc(c.Members, func(m Member) bool { return m.Key == p[0] }) {
			if !slices.ContainsFunc(c.Members, func(m Member) bool { return m.Key == p[1] }) {
				t.Error("they are in two campaigns")
			}
			return
		}
	}
	t.Error("they are in no campaign")
}

// Two clusters with one From address are one publisher.
func TestOneAddressIsOnePublisher(t *testing.T) {
	w := newMade(8)
	w.newsletters("weekly", 6)
	w.strangers(30, false)
	x := w.index(Decisions{}, 0)
	x.Cluster()
	var issues []int32
	for m := range int32(len(x.keys)) {
		if x.newsletter(m) {
			issues = append(issues, m)
		}
	}
	if got := x.publishers([][]int32{issues[3:], issues[:3]}); len(got) != 1 || len(got[0].Members) != 6 || got[0].Days != 6 {
		t.Errorf("%+v", got)
	}
}

// A service that makes an address for each issue is one publisher by its domain, and each of
// its newsletters has a rhythm. Without one, it is a sender of spam that varies its name.
func TestSeriesOfOneDomain(t *testing.T) {
	for _, c := range []struct {
		name    string
		perDay  int
		publish bool
	}{{"one issue a day", 1, true}, {"three a day", 3, false}} {
		w := world(9, 600)
		for i := range 24 {
			series := fmt.Sprint("Series ", i%3)
			w.add(fmt.Sprint("issue ", i), Row{At: 1_028_000_000 + 86400*int64(i/3/c.perDay), Sketch: w.text(), Features: features(
				evidence.Text, fmt.Sprint("issue ", i), evidence.LinkDomain, "press.example", evidence.LinkTenant, "press.example/off", evidence.HTMLForm, "press",
				evidence.FromName, series, evidence.MailerCore, "press", evidence.HeaderOrder, "press", evidence.FromAddress, fmt.Sprint(i, "@press.example"),
				evidence.FromDomain, "press.example", evidence.SenderAddress, "press", evidence.SenderNet, "press", evidence.ReverseDomain, "press.example", evidence.MessageIDForm, "press")})
		}
		r := w.index(Decisions{}, 0).Cluster()
		want := evidence.Feature{Kind: evidence.FromDomain, Value: "press.example"}.Key()
		if got := slices.ContainsFunc(r.Publishers, func(p Publisher) bool { return p.From == want && len(p.Members) == 24 }); got != c.publish {
			t.Errorf("%s: published %v: %+v", c.name, got, r.Publishers)
		}
	}
}

// A daily with one text is a publisher's from a week on.
func TestDaily(t *testing.T) {
	for days, publish := range map[int]bool{9: true, 5: false} {
		w := world(11, 600)
		text := w.text()
		for i := range days {
			w.add(fmt.Sprint("daily ", i), Row{At: 1_028_000_000 + 86400*int64(i), Sketch: text, Features: features(
				evidence.Text, "daily", evidence.SubjectForm, "daily", evidence.LinkDomain, "daily.example", evidence.FromName, "The Daily", evidence.MailerCore, "press",
				evidence.HeaderOrder, "press", evidence.FromAddress, fmt.Sprint(i, "@daily.example"), evidence.FromDomain, "daily.example", evidence.SenderAddress, "press",
				evidence.SenderNet, "press", evidence.ReverseDomain, "daily.example")})
		}
		r := w.index(Decisions{}, 0).Cluster()
		want := evidence.Feature{Kind: evidence.FromDomain, Value: "daily.example"}.Key()
		if got := slices.ContainsFunc(r.Publishers, func(p Publisher) bool { return p.From == want && len(p.Members) == days }); got != publish {
			t.Errorf("%d days: published %v", days, got)
		}
	}
}

// Two issues a week apart are enough of a sender whose links lead home.
func TestAccountableSender(t *testing.T) {
	for _, c := range []struct {
		name    string
		home    string
		days    int64
		publish bool
	}{{"a week", "news.example", 7, true}, {"two days", "news.example", 2, false}, {"links elsewhere", "shop.example", 7, false}} {
		w := world(13, 600)
		for i := range int64(2) {
			w.add(fmt.Sprint("issue ", i), Row{At: 1_028_000_000 + 86400*i*c.days, Sketch: w.text(), Features: features(
				evidence.Text, fmt.Sprint("issue ", i), evidence.LinkDomain, c.home, evidence.LinkTenant, c.home+"/off", evidence.HTMLForm, "news", evidence.FromName, "The News",
				evidence.MailerCore, "press", evidence.HeaderOrder, "press", evidence.FromAddress, "post@news.example", evidence.FromDomain, "news.example", evidence.SenderAddress, "press",
				evidence.SenderNet, "press", evidence.ReverseDomain, "news.example", evidence.MessageIDForm, "press")})
		}
		r := w.index(Decisions{}, 0).Cluster()
		if got := len(r.Publishers) > 0 && len(r.Publishers[len(r.Publishers)-1].Members) == 2; got != c.publish {
			t.Errorf("%s: published %v: %+v", c.name, got, r.Publishers)
		}
	}
}
