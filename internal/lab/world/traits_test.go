package world

import (
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"spoor/ingest"
	"spoor/ingest/links"
	"spoor/internal/domain"
	"spoor/internal/lab/simnet"
)

// TestNothingStandsApart follows the traits that hold campaigns together:
// strong traits, or two traits of different groups, that no other campaign has.
func TestNothingStandsApart(t *testing.T) {
	for _, g := range Grades() {
		for seed := range uint64(2) {
			w := New(Options{Grade: g, Seed: seed*31 + 1, Messages: 1500})
			for c, n := range piecesOf(w.Messages) {
				if n > 1 && strings.HasPrefix(c, "c-") {
					t.Errorf("%s, seed %d: %s falls into %d pieces", g, seed*31+1, c, n)
				}
			}
		}
	}
}

// TestPiecesNeedsBonds takes traits away, and the campaign must fall apart.
func TestPiecesNeedsBonds(t *testing.T) {
	strong, weak := Trait{Links, "id", "1", true}, Trait{Mailer, "mailer", "m", false}
	for _, tc := range []struct {
		name   string
		traits []Trait
		other  []Trait // of a message of another campaign
		want   int
	}{
		{"a strong trait", []Trait{strong}, nil, 1},
		{"a strong trait that others have", []Trait{strong}, []Trait{strong}, 2},
		{"a weak trait", []Trait{weak}, nil, 2},
		{"two weak traits", []Trait{weak, {Hosting, "host", "h", false}}, []Trait{weak}, 1},
		{"two weak traits of one group", []Trait{weak, {Mailer, "version", "h", false}}, nil, 2},
		{"two weak traits that others have", []Trait{weak, {Hosting, "host", "h", false}}, []Trait{weak, {Hosting, "host", "h", false}}, 2},
	} {
		all := []Message{{Campaign: "c-1", Traits: tc.traits}, {Campaign: "c-1", Traits: tc.traits}, {Campaign: "c-2", Traits: tc.other}}
		if got := piecesOf(all)["c-1"]; got != tc.want {
			t.Errorf("%s: %d pieces, not %d", tc.name, got, tc.want)
		}
	}
}

// witness looks for traits in the parsed mail and in the registries' answers.
type witness struct {
	domains map[string]*simnet.Domain
	records map[string][]string
	mailers map[string]string // form of a mailer's messages
}

func newWitness(w *World) *witness {
	v := &witness{map[string]*simnet.Domain{}, map[string][]string{}, map[string]string{}}
	for i := range w.Net.Domains {
		v.domains[w.Net.Domains[i].Name] = &w.Net.Domains[i]
	}
	for _, r := range w.Net.Records {
		f := strings.Fields(r)
		name := strings.TrimSuffix(f[0], ".")
		v.records[name] = append(v.records[name], f[len(f)-1])
	}
	return v
}

func TestTraitsAreThere(t *testing.T) {
	for _, s := range samples() {
		v := newWitness(s.w)
		bad := 0
		for i := range s.w.Messages {
			m := &s.w.Messages[i]
			for _, trait := range m.Traits {
				if !v.sees(m, s.facts[i], trait) {
					if bad++; bad < 4 {
						t.Errorf("%s: %s: no %s %q is to be seen\n%.1200s", s.name, m.Campaign, trait.Kind, trait.Value, m.Raw)
					}
				}
			}
		}
	}
}

func (v *witness) sees(m *Message, f *ingest.Facts, t Trait) bool {
	linked := v.domains[domain.Registered(hostOf(m.Link))]
	switch t.Kind {
	case "id", "tenant", "short":
		return strings.Contains(unpacked(m.Link), strings.ToLower(t.Value))
	case "domain":
		return linked != nil && linked.Name == t.Value
	case "host":
		return linked != nil && slices.Contains(linked.Addrs, netip.MustParseAddr(t.Value))
	case "name-server":
		return linked != nil && linked.NameServers[0].Host == t.Value
	case "registrant":
		return linked != nil && !linked.Redacted && linked.Registrant.Email == t.Value
	case "contact", "wallet", "phone":
		value := strings.Replace(t.Value, ".", "", 1)
		return slices.ContainsFunc(f.Contacts, func(c links.Contact) bool { return c.Value == t.Value || c.Value == value })
	case "address":
		return m.Sender.String() == t.Value
	case "netblock":
		return netip.MustParsePrefix(t.Value).Contains(m.Sender)
	case "server-domain":
		return strings.HasSuffix(f.ReverseName, t.Value)
	case "account":
		return f.From.Address == t.Value
	case "login":
		return len(f.Hops) > 2 && strings.Contains(string(m.Raw), t.Value)
	case "mailer":
		return v.sameMailer(f, t.Value)
	case "picture", "attachment":
		return !t.Strong || v.sameFile(f, t.Value)
	case "text", "reference": // TestTextsTellApart
		return len(f.Parts) > 0
	}
	return false
}

// sameFile compares the last attachment or picture with those of the same trait.
func (v *witness) sameFile(f *ingest.Facts, value string) bool {
	hash := fmt.Sprintf("%x", f.Parts[len(f.Parts)-1].Hash)
	if was, ok := v.mailers["file "+value]; ok {
		return was == hash
	}
	v.mailers["file "+value] = hash
	return len(f.Parts) > 1
}

// sameMailer compares the order of headers with the mailer's earlier messages;
// list headers and the encoding of a multipart come and go.
func (v *witness) sameMailer(f *ingest.Facts, name string) bool {
	var kept []string
	for _, n := range strings.Split(f.HeaderNames, ",") {
		switch strings.ToLower(n) {
		case "message-id", "from", "to", "date", "mime-version", "x-mailer", "user-agent", "x-priority":
			kept = append(kept, n)
		}
	}
	look := strings.Join(kept, ",")
	if was, ok := v.mailers[name]; ok {
		return was == look
	}
	v.mailers[name] = look
	return true
}

func hostOf(url string) string {
	if i := strings.LastIndex(url, "://"); i >= 0 {
		url = url[i+3:]
	}
	if i := strings.IndexAny(url, "/?#"); i >= 0 {
		url = url[:i]
	}
	return url
}

// unpacked is a link with all that is packed in it, in lower case.
func unpacked(url string) string {
	all := url
	for _, w := range strings.FieldsFunc(url, func(r rune) bool { return strings.ContainsRune("/?&=#:", r) }) {
		if raw, err := base64.RawURLEncoding.DecodeString(w); err == nil {
			all += " " + string(raw)
		}
		if i := strings.IndexByte(w, '-'); i >= 0 {
			if raw, err := base64.RawURLEncoding.DecodeString(w[i+1:]); err == nil {
				all += " " + string(raw)
			}
			w = w[i+1:]
		}
		var raw []byte
		if _, err := fmt.Sscanf(w, "%x", &raw); err == nil {
			all += " " + string(raw)
		}
	}
	return strings.ToLower(all)
}

// TestTextsTellApart compares texts as a reader would: how many runs of three words two
// messages share, of one text and of two texts with one lure.
func TestTextsTellApart(t *testing.T) {
	b := newBuilder(Options{Grade: Hard, Seed: 3})
	b.ground()
	one, other := 0.0, 0.0
	const n = 200
	for range n {
		l := findLure("pills")
		s := b.slotsFor(l)
		v, w := b.write(l, "v", 5), b.write(l, "w", 5)
		render := func(v *version, s slots) map[string]bool {
			return runs(strings.Join(v.body(b.Dice, s, 0.4, "anna@home.test", b.start), " "))
		}
		one += overlap(render(v, s), render(v, s)) / n
		other += overlap(render(v, s), render(w, b.slotsFor(l))) / n
	}
	if one < 0.35 || other > one/4 {
		t.Errorf("two messages of one text share %.2f of their runs of words, two of different texts %.2f", one, other)
	}
	t.Logf("one text %.2f, two texts %.2f", one, other)
}

func runs(s string) map[string]bool {
	words, out := strings.Fields(s), map[string]bool{}
	for i := range len(words) - 2 {
		out[strings.Join(words[i:i+3], " ")] = true
	}
	return out
}

func overlap(a, b map[string]bool) float64 {
	n := 0
	for k := range a {
		if b[k] {
			n++
		}
	}
	return float64(n) / float64(max(min(len(a), len(b)), 1))
}

// TestTheInternetAnswers starts the world's servers and looks up the names in
// its mail.
func TestTheInternetAnswers(t *testing.T) {
	s := samples()[2*Styles+1] // hard, in the clouds
	n := simnet.New(t, s.w.Net)
	asked := 0
	for i := range s.w.Messages {
		m := &s.w.Messages[i]
		if m.Link == "" || asked == 100 {
			continue
		}
		asked++
		host := hostOf(m.Link)
		q := new(dns.Msg)
		q.SetQuestion(host+".", dns.TypeA)
		c := dns.Client{Net: "udp", Timeout: 3 * time.Second}
		if a, _, err := c.Exchange(q, n.DNS()); err != nil || len(a.Answer) == 0 {
			t.Errorf("%s (%s, %s) has no address: %v", host, m.Class, m.Campaign, err)
		}
		name, ok := domain.Parse(host)
		if !ok {
			t.Fatalf("%q is no host", host)
		}
		answer, err := ask(n.WHOIS(""), name.Operator)
		if err != nil || !strings.Contains(strings.ToLower(answer), name.Operator) || strings.Contains(answer, "No match") {
			t.Errorf("WHOIS of %s: %v %.300s", name.Operator, err, answer)
		}
		answer, err = ask(n.WHOIS(""), m.Sender.String())
		if err != nil || !strings.Contains(answer, "/") && !strings.Contains(answer, " - ") {
			t.Errorf("WHOIS of %s: %v %.300s", m.Sender, err, answer)
		}
	}
	if asked < 100 {
		t.Errorf("only %d links", asked)
	}
}

func ask(server, question string) (string, error) {
	c, err := net.Dial("tcp", server)
	if err != nil {
		return "", err
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		return "", err
	}
	if _, err := io.WriteString(c, question+"\r\n"); err != nil {
		return "", err
	}
	answer, err := io.ReadAll(c)
	return string(answer), err
}

// whoKinds are traits of people, whatKinds of the things that they sell.
var (
	whoKinds  = []string{"mailer", "netblock", "server-domain", "name-server", "registrant", "host", "login"}
	whatKinds = []string{"id", "domain", "tenant", "short", "contact", "wallet", "reference", "picture", "attachment", "phone"}
)

// TestCampaignsOfOneActor share who-traits, and no product, text or token of a link.
func TestCampaignsOfOneActor(t *testing.T) {
	pairs, known := 0, 0
	for _, s := range samples() {
		who, what, of := map[string]map[string]bool{}, map[string]string{}, map[string]string{}
		for _, m := range s.w.Messages {
			if m.Class != Campaign {
				continue
			}
			of[m.Campaign] = m.Operation
			for _, tr := range m.Traits {
				key := tr.Kind + "=" + tr.Value
				switch {
				case slices.Contains(whatKinds, tr.Kind):
					if c, ok := what[key]; ok && c != m.Campaign {
						t.Errorf("%s: %s and %s share %s", s.name, c, m.Campaign, key)
					}
					what[key] = m.Campaign
				case slices.Contains(whoKinds, tr.Kind):
					if who[key] == nil {
						who[key] = map[string]bool{}
					}
					who[key][m.Campaign] = true
				}
			}
		}
		p, k := sharing(of, who)
		pairs, known = pairs+p, known+k
	}
	if pairs < 50 || known < pairs*7/10 {
		t.Errorf("of %d pairs of campaigns of one actor %d share a trait that says who", pairs, known)
	}
	t.Logf("%d of %d pairs", known, pairs)
}

func sharing(of map[string]string, who map[string]map[string]bool) (pairs, known int) {
	for c, op := range of {
		for d, other := range of {
			if c >= d || op != other {
				continue
			}
			pairs++
			for _, has := range who {
				if has[c] && has[d] {
					known++
					break
				}
			}
		}
	}
	return pairs, known
}

// piecesOf tells into how many pieces each campaign falls, if only bonds hold that no other
// campaign has. It is one for each campaign of a sound world.
func piecesOf(messages []Message) map[string]int {
	n := map[string]int{}
	for c, parts := range pieces(len(messages), func(i int) string { return messages[i].Campaign }, func(i int) []Trait { return messages[i].Traits }) {
		n[c] = len(parts)
	}
	return n
}
