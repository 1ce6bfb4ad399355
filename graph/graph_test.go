package graph

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
)

// world makes mail of senders whose habits are known. Each campaign sends from rented
// addresses with one program; newsletters and single messages have habits of their own.
type world struct {
	rng      *rand.Rand
	messages []Message
	truth    map[int64]string
}

func newWorld(seed uint64) *world {
	return &world{rng: rand.New(rand.NewPCG(seed, 1)), truth: make(map[int64]string)}
}

func (w *world) add(class string, m Message) {
	m.Key = w.rng.Int64() - 1<<62
	m.MessageID = fmt.Sprintf("%x@mail.example", w.rng.Uint64())
	if !m.Sender.IsValid() {
		m.Sender = netip.AddrFrom4([4]byte{198, byte(18 + w.rng.IntN(2)), byte(w.rng.IntN(256)), byte(w.rng.IntN(256))})
	}
	w.truth[m.Key] = class
	w.messages = append(w.messages, m)
}

// campaign sends n messages under a few subjects, with links to domains in turn.
func (w *world) campaign(name string, n, subjects, domains int) {
	for i := range n {
		w.add(name, Message{
			Text:          int64(1 + hash(fmt.Sprint(name, "text", i%3))),
			Subject:       fmt.Sprintf("%s offer %c", name, 'a'+i%subjects),
			From:          fmt.Sprintf("%x@mail%d.example", w.rng.Uint64(), w.rng.IntN(1000)),
			HeaderNames:   "Received,Message-ID,From,To,Subject,X-" + name + ",Date",
			MIMESkeleton:  "text/plain",
			MessageIDForm: name + "-0@a.a",
			HELO:          fmt.Sprint(w.rng.IntN(1e9)),
			Links:         []Link{w.link(fmt.Sprintf("%s%d.example", name, i%domains), "/order.php?id=1")},
		})
	}
}

func (w *world) link(domain, path string) Link {
	return Link{URL: "http://www." + domain + path, Host: "www." + domain, Domain: domain}
}

// newsletter sends n issues, each with a text and subject of its own.
func (w *world) newsletter(name string, n int) {
	d := name + ".example"
	for i := range n {
		w.add(fmt.Sprint(name, i), Message{
			Text:        int64(w.rng.Uint64()),
			Subject:     fmt.Sprintf("%s issue about %x", name, w.rng.Uint64()),
			From:        "news@" + d,
			ListID:      "weekly." + d,
			HeaderNames: "Received,From,To,Subject,Date,List-Id,List-Unsubscribe",
			HELO:        "out." + d,
			Sender:      netip.MustParseAddr("192.0.2.7"),
			Links:       []Link{w.link(d, "/read"), w.link("w3.org", "/TR/html4/")},
		})
	}
}

// single is mail that nobody else sent; all of it links to the same few places and most
// of it is written by the same few programs.
func (w *world) single(n int, background bool) {
	for range n {
		w.add(fmt.Sprintf("single %d", len(w.messages)), Message{
			Background:   background,
			Text:         int64(w.rng.Uint64()),
			Subject:      fmt.Sprintf("note %x", w.rng.Uint64()),
			From:         fmt.Sprintf("%x@mail.example", w.rng.Uint64()),
			HeaderNames:  "Received,From,To,Subject,Date,X-Mailer",
			MIMESkeleton: []string{"text/plain", "multipart/alternative(text/plain,text/html)"}[w.rng.IntN(2)],
			Mailer:       fmt.Sprintf("Mailer %d", w.rng.IntN(5)),
			Links:        []Link{w.link("everybody.example", "/"), w.link(fmt.Sprintf("%x.example", w.rng.Uint64()), "/")},
		})
	}
}

func mixed() *world {
	w := newWorld(7)
	w.campaign("toner", 40, 2, 5)
	w.campaign("pills", 12, 1, 1)
	w.campaign("watch", 2, 1, 1)
	w.newsletter("garden", 8)
	w.newsletter("chess", 8)
	w.single(200, false)
	w.single(100, true)
	return w
}

func group(messages []Message, o Options) Result {
	var b Builder
	for i := range messages {
		b.Add(&messages[i])
	}
	return b.Group(o)
}

func TestGroupFindsCampaignsAndNothingElse(t *testing.T) {
	w := mixed()
	r := group(w.messages, Options{})
	var sizes []int
	for _, c := range r.Campaigns {
		sizes = append(sizes, len(c.Members))
		for _, m := range c.Members {
			if w.truth[m] != w.truth[c.Members[0]] {
				t.Errorf("%q and %q are in one campaign", w.truth[m], w.truth[c.Members[0]])
			}
		}
	}
	if want := []int{40, 12, 2}; !slices.Equal(sizes, want) {
		t.Errorf("campaigns of %v messages, want %v", sizes, want)
	}
	if r.Messages != 270 || r.Background != 100 {
		t.Errorf("%d messages and %d of background, want 270 and 100", r.Messages, r.Background)
	}
	if len(r.SetAside) == 0 || r.SetAside[0].Value != "everybody.example" {
		t.Errorf("set aside %v, want everybody.example first", r.SetAside)
	}
}

func TestOrderOfInputChangesNothing(t *testing.T) {
	w := mixed()
	want := fmt.Sprint(group(w.messages, Options{}))
	for range 5 {
		w.rng.Shuffle(len(w.messages), func(i, j int) { w.messages[i], w.messages[j] = w.messages[j], w.messages[i] })
		if got := fmt.Sprint(group(w.messages, Options{})); got != want {
			t.Fatalf("another order gives\n%s\nwant\n%s", got, want)
		}
	}
}

func members(r Result) string {
	var s string
	for _, c := range r.Campaigns {
		s += fmt.Sprintln(c.Members)
	}
	return s
}

func TestUnrelatedMessageChangesNoCampaign(t *testing.T) {
	w := mixed()
	want := members(group(w.messages, Options{}))
	for range 50 {
		w.single(1, false)
		if got := members(group(w.messages, Options{})); got != want {
			t.Fatalf("with %d messages the campaigns are\n%s\nwant\n%s", len(w.messages), got, want)
		}
	}
}

func TestBackgroundIsNeverAMember(t *testing.T) {
	w := newWorld(3)
	w.campaign("toner", 20, 1, 1)
	for i := range 10 {
		w.messages[i].Background = true
	}
	for _, c := range group(w.messages, Options{}).Campaigns {
		for _, m := range c.Members {
			for i := range w.messages {
				if w.messages[i].Key == m && w.messages[i].Background {
					t.Errorf("wanted message %d is in a campaign", m)
				}
			}
		}
	}
}

func TestOneGroupOfEvidenceIsNotEnough(t *testing.T) {
	pairs := map[string][2]Message{
		"same link only": {
			Message{Links: []Link{{URL: "http://a.example/x", Host: "a.example", Domain: "a.example"}}},
			Message{Links: []Link{{URL: "http://a.example/y", Host: "a.example", Domain: "a.example"}}},
		},
		"same program and address, nothing said in common": {
			Message{HeaderNames: "From,To,X-Odd", MessageIDForm: "a0@a", BoundaryForm: "=_0", Sender: netip.MustParseAddr("192.0.2.1"), HELO: "mx.example"},
			Message{HeaderNames: "From,To,X-Odd", MessageIDForm: "a0@a", BoundaryForm: "=_0", Sender: netip.MustParseAddr("192.0.2.1"), HELO: "mx.example"},
		},
		"two blank messages": {{}, {}},
		"everyday link and same program": {
			Message{HeaderNames: "From,To,X-Odd", Links: []Link{{URL: "http://www.w3.org/TR", Host: "www.w3.org", Domain: "w3.org"}}},
			Message{HeaderNames: "From,To,X-Odd", Links: []Link{{URL: "http://www.w3.org/TR", Host: "www.w3.org", Domain: "w3.org"}}},
		},
	}
	for name, p := range pairs {
		p[0].Key, p[1].Key = 1, 2
		if r := group(p[:], Options{}); len(r.Campaigns) != 0 {
			t.Errorf("%s: linked by %v", name, r.Campaigns[0].Traits)
		}
	}
}

func TestTwoGroupsAreEnough(t *testing.T) {
	link := []Link{{URL: "http://rare.example/x", Host: "rare.example", Domain: "rare.example"}}
	pairs := map[string][2]Message{
		"link and program":        {{Links: link, HeaderNames: "From,To,X-Odd"}, {Links: link, HeaderNames: "From,To,X-Odd"}},
		"text and subject":        {{Text: 5, Subject: "cheap toner"}, {Text: 5, Subject: "cheap toner"}},
		"tenant and subject":      {tenantMessage("one"), tenantMessage("one")},
		"phone number and sender": {phoneMessage(), phoneMessage()},
	}
	for name, p := range pairs {
		p[0].Key, p[1].Key = 1, 2
		if r := group(p[:], Options{}); len(r.Campaigns) != 1 {
			t.Errorf("%s: not linked", name)
		}
	}
	apart := [2]Message{tenantMessage("one"), tenantMessage("two")}
	apart[0].Key, apart[1].Key = 1, 2
	apart[1].Subject = "something else"
	if r := group(apart[:], Options{}); len(r.Campaigns) != 0 {
		t.Error("two customers of one shared host are linked")
	}
}

func tenantMessage(who string) Message {
	return Message{Subject: "cheap toner", Links: []Link{{URL: "http://storage.example/" + who + "/a.html", Host: "storage.example", Domain: "storage.example", Shared: "storage"}}}
}

func phoneMessage() Message {
	return Message{Phones: []string{"+15555550100"}, Sender: netip.MustParseAddr("192.0.2.9")}
}

// A chain of messages, each of which shares something with the next and nothing with the
// one after, is no campaign once it is long.
func TestChainsAreTakenApart(t *testing.T) {
	var ms []Message
	for i := range 400 {
		d := func(n int) Link {
			s := fmt.Sprintf("d%d.example", n)
			return Link{URL: "http://" + s + "/", Host: s, Domain: s}
		}
		ms = append(ms, Message{Key: int64(i + 1), HeaderNames: fmt.Sprint("From,X-", i/2), Mailer: fmt.Sprint("M", (i+1)/2),
			Links: []Link{d(i), d(i + 1)}})
	}
	r := group(ms, Options{})
	for _, c := range r.Campaigns {
		if len(c.Members) > 30 {
			t.Errorf("a chain of %d messages stayed one campaign", len(c.Members))
		}
	}
}

func BenchmarkGroup(b *testing.B) {
	w := newWorld(11)
	for i := range 2500 {
		w.campaign(fmt.Sprintf("c%d", i), 20, 2, 2)
		w.single(20, false)
	}
	for b.Loop() {
		group(w.messages, Options{})
	}
	b.ReportMetric(float64(len(w.messages))*float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}
