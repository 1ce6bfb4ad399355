package campaign

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"spoor/graph/evidence"
	"spoor/graph/sketch"
)

// made is a made-up store: messages with registries' data, and their true
// campaigns.
type made struct {
	rows      []Row
	domains   []evidence.Domain
	addresses []evidence.Address
	truth     map[int64]string
	dice      *rand.Rand
	next      int64
}

func newMade(seed uint64) *made {
	return &made{truth: make(map[int64]string), dice: rand.New(rand.NewPCG(seed, 2002)), next: 1}
}

// features makes keys of pairs of kind and value.
func features(pairs ...any) []evidence.Key {
	var out []evidence.Feature
	for i := 0; i < len(pairs); i += 2 {
		if v := fmt.Sprint(pairs[i+1]); v != "" {
			out = append(out, evidence.Feature{Kind: pairs[i].(evidence.Kind), Value: v})
		}
	}
	return evidence.Keys(out)
}

// add adds a message of an actor; "" for nobody's.
func (w *made) add(owner string, r Row) {
	r.Key = w.next
	w.next++
	w.rows = append(w.rows, r)
	if owner == "" {
		owner = fmt.Sprint("alone ", r.Key)
	}
	w.truth[r.Key] = owner
}

// text is a sketch of a text of its own.
func (w *made) text() []byte {
	b := make([]byte, 0, sketch.Size)
	for range sketch.Slots {
		b = binary.LittleEndian.AppendUint16(b, uint16(w.dice.Uint32()))
	}
	return b
}

// spun is the sketch of a text of which a share was changed.
func (w *made) spun(of []byte, share float64) []byte {
	b := slices.Clone(of)
	for i := range sketch.Slots {
		if w.dice.Float64() < share {
			binary.LittleEndian.PutUint16(b[2*i:], uint16(w.dice.Uint32()))
		}
	}
	return b
}

// campaign adds n messages of one actor: a pool of domains of one registrant, of senders
// and of subjects, one mailer, a text that is spun, an account number.
func (w *made) campaign(name string, n int) {
	text, d := w.text(), w.dice
	domains, senders, subjects := 1+d.IntN(1+n/10), 1+d.IntN(1+n/4), 1+d.IntN(3)
	for i := range domains {
		w.domains = append(w.domains, evidence.Domain{Name: fmt.Sprintf("%s-%d.test", name, i), RegistrantName: "owner of " + name, Registrar: fmt.Sprint("registrar ", d.IntN(5)),
			Created: time.Unix(1_000_000_000+int64(d.IntN(1e7)), 0), NameServers: []string{"ns." + name + "-dns.test"}, Addresses: []netip.Addr{address(198, len(name)*31+i%3)}})
	}
	at := int64(1_028_000_000 + d.IntN(1e7))
	for range n {
		at += int64(d.IntN(600))
		domain := fmt.Sprintf("%s-%d.test", name, d.IntN(domains))
		sender := fmt.Sprintf("%s %d", name, d.IntN(senders))
		r := Row{At: at, Sketch: w.spun(text, 0.2), Features: features(
			evidence.Text, fmt.Sprint(name, w.next), evidence.SubjectKey, fmt.Sprint("subject ", name, d.IntN(subjects)), evidence.LinkDomain, domain,
			evidence.LinkToken, "aff="+name, evidence.MailerCore, "mailer "+name, evidence.MessageIDForm, fmt.Sprint("form ", len(name)%4), evidence.DateForm, fmt.Sprint("date ", len(name)%3),
			evidence.SenderAddress, sender, evidence.SenderNet, fmt.Sprint("net ", name, d.IntN(1+senders/3)), evidence.Encodings, fmt.Sprint("encoding ", d.IntN(3)))}
		w.add(name, r)
	}
}

// strangers adds n messages that share only common values.
func (w *made) strangers(n int, background bool) {
	for range n {
		w.add("", w.stranger(background))
	}
}

func (w *made) stranger(background bool) Row {
	d, id := w.dice, fmt.Sprint(w.next, " ", w.dice.Uint64())
	return Row{At: 1_028_000_000 + int64(d.IntN(1e7)), Ham: background, Sketch: w.text(), Features: features(
		evidence.Text, id, evidence.SubjectKey, id, evidence.LinkDomain, id+".test", evidence.LinkPath, fmt.Sprint("/path/", d.IntN(20)), evidence.MailerCore, fmt.Sprint("common mailer ", d.IntN(6)),
		evidence.MessageIDForm, fmt.Sprint("form ", d.IntN(6)), evidence.DateForm, fmt.Sprint("date ", d.IntN(3)), evidence.SenderAddress, id, evidence.SenderNet, fmt.Sprint("isp ", d.IntN(30)),
		evidence.Encodings, fmt.Sprint("encoding ", d.IntN(3)), evidence.MailerName, fmt.Sprint("program ", d.IntN(4)))}
}

// newsletters adds the issues of one publisher, one a day.
func (w *made) newsletters(name string, issues int) {
	for i := range issues {
		w.add(name+fmt.Sprint(i), Row{At: 1_028_000_000 + 86400*int64(7*i), Newsletter: true, Sketch: w.text(), Features: features(
			evidence.Text, fmt.Sprint(name, i), evidence.SubjectKey, fmt.Sprint(name, " issue of ", i), evidence.LinkDomain, name+".test", evidence.MailerCore, "list "+name,
			evidence.FromDomain, name+".test", evidence.FromAddress, "news@"+name+".test", evidence.SenderAddress, name, evidence.SenderNet, name, evidence.BounceForm, name)})
	}
}

func address(first, n int) netip.Addr {
	return netip.AddrFrom4([4]byte{byte(first), 51, 100, byte(n)})
}

// world is a store as folders are: campaigns of all sizes, strangers, list mail, wanted mail.
func world(seed uint64, messages int) *made {
	w := newMade(seed)
	for i := 0; len(w.rows) < messages/2; i++ {
		n := min(2+int(math.Pow(w.dice.Float64(), -1.2)), messages/8) // heavy-tailed
		w.campaign(fmt.Sprint("c", seed, "x", i), n)
	}
	w.newsletters("weekly", 8)
	w.strangers(messages/5, true)
	if n := messages - len(w.rows); n > 0 {
		w.strangers(n, false)
	}
	return w
}

// hazy is a store in which evidence is thin, missing and shared: most links are borderline.
func hazy(seed uint64, messages int) *made {
	w := newMade(seed)
	for c := 0; len(w.rows) < messages*3/5; c++ {
		w.thin(c)
	}
	w.strangers(messages/5, true)
	w.strangers(max(messages-len(w.rows), 0), false)
	return w
}

// thin adds a campaign whose messages have each trait only now and then, and share most of
// them with other campaigns.
func (w *made) thin(c int) {
	d := w.dice
	n := 2 + d.IntN(12)
	if d.IntN(8) == 0 {
		n = 20 + d.IntN(60)
	}
	text := w.text()
	mailer, botnet, host, subject, domains := d.IntN(12), d.IntN(6), d.IntN(15), d.IntN(60), 1+d.IntN(4)
	for i := range domains {
		w.domains = append(w.domains, evidence.Domain{Name: fmt.Sprintf("c%d-%d.test", c, i), RegistrantName: fmt.Sprint("owner ", d.IntN(40)),
			Registrar: fmt.Sprint("registrar ", d.IntN(5)), NameServers: []string{fmt.Sprintf("ns.pool%d.test", d.IntN(20))}})
	}
	for range n {
		var f []evidence.Key
		now := func(chance float64, k evidence.Kind, value ...any) {
			if d.Float64() < chance {
				f = append(f, features(k, fmt.Sprint(value...))...)
			}
		}
		now(0.3, evidence.Text, c, " ", d.IntN(4))
		now(0.8, evidence.SubjectKey, "subject number ", subject+d.IntN(2))
		now(0.7, evidence.LinkDomain, fmt.Sprintf("c%d-%d.test", c, d.IntN(domains)))
		now(0.2, evidence.LinkToken, "aff=", c/2)
		now(0.5, evidence.LinkPath, "/path/", d.IntN(30))
		now(0.7, evidence.MailerCore, "mailer ", mailer)
		now(0.6, evidence.MessageIDForm, "form ", mailer/2)
		now(0.5, evidence.BoundaryForm, "boundary ", mailer, d.IntN(2))
		now(0.9, evidence.SenderAddress, "bot ", botnet, d.IntN(40))
		now(0.7, evidence.SenderNet, "net ", d.IntN(50))
		now(0.5, evidence.HostAddress, "host ", host)
		now(0.3, evidence.FromName, "name ", d.IntN(40))
		now(0.2, evidence.BounceForm, "bounce ", c%20)
		r := Row{At: 1_028_000_000 + int64(d.IntN(1e6)), Features: f}
		if d.IntN(3) > 0 {
			r.Sketch = w.spun(text, 0.1+0.4*d.Float64())
		}
		w.add(fmt.Sprint("c", c), r)
	}
}

// index weighs the store; the order in which it is told is shuffled by seed, 0 is as made.
func (w *made) index(d Decisions, shuffle uint64) *Index {
	rows, domains, addresses := slices.Clone(w.rows), slices.Clone(w.domains), slices.Clone(w.addresses)
	if shuffle != 0 {
		dice := rand.New(rand.NewPCG(shuffle, 7))
		dice.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		dice.Shuffle(len(domains), func(i, j int) { domains[i], domains[j] = domains[j], domains[i] })
		dice.Shuffle(len(addresses), func(i, j int) { addresses[i], addresses[j] = addresses[j], addresses[i] })
	}
	var b Builder
	b.Decide(d)
	for i, r := range rows {
		if i < len(domains) {
			b.AddDomain(domains[i])
		}
		b.Add(r)
	}
	for _, d := range domains[min(len(rows), len(domains)):] {
		b.AddDomain(d)
	}
	for _, a := range addresses {
		b.AddAddress(a)
	}
	return b.Index(Options{})
}

// membersOf lists the members of each campaign, by key.
func membersOf(r *Result) [][]int64 {
	var out [][]int64
	for _, c := range r.Campaigns {
		var m []int64
		for _, k := range c.Members {
			m = append(m, k.Key)
		}
		out = append(out, m)
	}
	slices.SortFunc(out, slices.Compare)
	return out
}

// mixed counts the pairs of owners that share a campaign, and broken the campaigns into
// which an owner's messages fall, singletons not counted.
func (w *made) mixed(r *Result) (mixed int, parts map[string]int) {
	parts = make(map[string]int)
	for _, c := range r.Campaigns {
		owners := make(map[string]bool)
		for _, m := range c.Members {
			owners[w.truth[m.Key]] = true
		}
		mixed += len(owners) * (len(owners) - 1) / 2
		for o := range owners {
			parts[o]++
		}
	}
	return mixed, parts
}

// In the spam of 2002 a date offset, a form of Message-ID, its host and the name in HELO are
// 20.5 bits if each is weighed by itself, but the four are one program's habits: they occur
// together in 8 of 1,896 messages, which can tell no more than log2(1896/8), 7.9 bits. (UX 26)
const (
	fixtureMessages = 1896
	fixtureTogether = 8
	fixtureApart    = 46 // each by itself: 54 have it, 5.1 bits
)

func mailerFixture() *made {
	w := newMade(26)
	kinds := []evidence.Kind{evidence.DateForm, evidence.MessageIDForm, evidence.MessageIDHost, evidence.HELOName}
	for i := range fixtureMessages {
		r := w.stranger(false)
		r.Features = slices.DeleteFunc(r.Features, func(k evidence.Key) bool { return k.Kind() == evidence.DateForm || k.Kind() == evidence.MessageIDForm })
		var own []evidence.Feature
		for j, k := range kinds {
			value := fmt.Sprint("of ", w.dice.IntN(8), " others")
			if k == evidence.MessageIDHost || k == evidence.HELOName {
				value = fmt.Sprint("its own ", i)
			}
			if n := i - fixtureTogether; n < 0 || n/fixtureApart == j {
				value = "the program's"
			}
			own = append(own, evidence.Feature{Kind: k, Value: value})
		}
		r.Features = append(r.Features, evidence.Keys(own)...)
		w.add("", r)
	}
	return w
}

func TestTraitsOfOneMailerAreOneFamily(t *testing.T) {
	x := mailerFixture().index(Decisions{}, 0)
	x.Cluster()
	most := math.Log2(float64(fixtureMessages) / fixtureTogether)
	alone := 0.0
	for _, k := range features(evidence.DateForm, "the program's", evidence.MessageIDForm, "the program's", evidence.MessageIDHost, "the program's", evidence.HELOName, "the program's") {
		f, ok := x.feature(k)
		if !ok || x.df(f) != fixtureTogether+fixtureApart {
			t.Fatalf("the fixture is not as told: %v in %d", k.Kind(), x.df(f))
		}
		alone += x.bits(f)
	}
	e, _ := x.Pair(1, 2, Without{})
	claimed := 0.0
	for _, s := range e.Steps {
		if s.Bits > 0 && s.Group == evidence.Mailer.String() {
			claimed += s.Bits
		}
	}
	if alone < 2*most {
		t.Fatalf("the fixture is not as told: added up, only %.1f bits", alone)
	}
	if claimed > most || claimed == 0 {
		t.Errorf("%.1f bits for what occurs together in %d of %d messages, %.1f at most", claimed, fixtureTogether, fixtureMessages, most)
	}
	if e.Linked {
		t.Error("a mailer's habits alone link two messages")
	}
}
