package rented

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"spoor/internal/lab/dice"
	"spoor/internal/lab/netplan"
)

// knobs are the ranges of a grade's crews. Pairs are minimum and maximum.
//
// A grade is nothing but these numbers. They were set by a judgement about the
// trade and not by the results of a program.
type knobs struct {
	hands    [2]int  // programs of a crew
	fleets   [2]int  // sets of machines
	domains  [2]int  // of a line, for links
	letters  [2]int  // texts
	subjects [2]int  //
	boxes    [2]int  // values of each anchor
	anchors  [2]int  // kinds of anchors
	common   float64 // share of sentences that letters have in common
	rented   float64 // chance of a ring, a tenancy or shared hosting in place of own machines
	copies   float64 // chance that the text is another crew's
	midway   bool    // programs and machines change in the middle, not by turns
	sparse   bool    // every message from another place, with another text
}

// knobsOf sets the number of programs, fleets, domains and texts of each grade.
var knobsOf = map[string]knobs{
	"easy":   {hands: [2]int{1, 1}, fleets: [2]int{1, 2}, domains: [2]int{1, 3}, letters: [2]int{1, 3}, subjects: [2]int{1, 3}, boxes: [2]int{1, 1}, anchors: [2]int{1, 2}, common: 0.9, rented: 0.2},
	"medium": {hands: [2]int{1, 2}, fleets: [2]int{1, 3}, domains: [2]int{3, 10}, letters: [2]int{2, 5}, subjects: [2]int{3, 8}, boxes: [2]int{1, 3}, anchors: [2]int{1, 2}, common: 0.7, rented: 0.4, copies: 0.1},
	"hard":   {hands: [2]int{2, 4}, fleets: [2]int{2, 4}, domains: [2]int{8, 30}, letters: [2]int{4, 12}, subjects: [2]int{6, 20}, boxes: [2]int{1, 5}, anchors: [2]int{1, 2}, common: 0.5, rented: 0.6, copies: 0.3, midway: true},
	"sparse": {hands: [2]int{5, 5}, fleets: [2]int{5, 5}, domains: [2]int{5, 5}, letters: [2]int{5, 5}, subjects: [2]int{5, 5}, boxes: [2]int{1, 1}, anchors: [2]int{1, 1}, common: 0, rented: 0.5, sparse: true},
}

func (w *world) within(lim [2]int) int { return w.Between(lim[0], lim[1]) }

// crew is an operation.
//
// It is the truth's operation. habit and tld are its way of naming domains.
type crew struct {
	id     string
	knobs  knobs
	trade  trade
	hands  []*hand
	fleets []*fleet
	owner  *netplan.Owner
	site   netip.Addr
	habit  int
	tld    string
	n      int
}

// trade is a way to make money, and the anchors that it cannot do without.
//
// link means that letters lead to a domain of the crew even without another
// anchor.
type trade struct {
	name    string
	texts   string
	anchors []string
	link    bool
}

// trades are kinds of business with their texts, links and anchors.
var trades = []trade{
	{"pills", "shop", []string{"tracker", "kit", "picture"}, true},
	{"leads", "lead", []string{"tracker", "service", "kit"}, true},
	{"logins", "login", []string{"kit", "tenant", "stored", "picture"}, true},
	{"fees", "fee", []string{"reply", "phone"}, false},
	{"threats", "threat", []string{"wallet"}, false},
	{"calls", "call", []string{"phone", "project", "invoice"}, false},
	{"jobs", "job", []string{"reply", "project", "stored"}, true},
	{"files", "call", []string{"file"}, false},
	{"notices", "job", []string{"code", "survey"}, true},
}

// newCrew makes up a crew. Its fleets are rented or its own, as the grade has
// it.
//
// A rented fleet is one of the market's rings, which others rent, too.
func (w *world) newCrew(k knobs) *crew {
	w.crews++
	c := &crew{
		id: fmt.Sprintf("crew-%03d", w.crews), knobs: k, trade: dice.Pick(w.Dice, trades), owner: w.Owner(w.Between(1, 3), w.Chance(0.3), w.Chance(0.35)),
		site: dice.Pick(w.Dice, w.market.hosters).Addr(), habit: w.IntN(netplan.Habits), tld: w.TLD(),
	}
	for range w.within(k.hands) {
		c.hands = append(c.hands, w.newHand(dice.Pick(w.Dice, programs)))
	}
	for range w.within(k.fleets) {
		switch {
		case w.Chance(k.rented):
			c.fleets = append(c.fleets, dice.Pick(w.Dice, w.market.rings))
		default:
			c.fleets = append(c.fleets, w.own(dice.Pick(w.Dice, []string{"servers", "hacked", "snowshoe"}), c.owner))
		}
	}
	return c
}

// line is a product line of a crew: a campaign.
//
// Values of an anchor are in use side by side. hand is nil unless an account at
// a provider makes the mail.
type line struct {
	w       *world
	crew    *crew
	id      string
	size    int
	offer   *offer
	lent    bool // the text is used by other lines too and is no evidence
	layout  *layout
	domains []string
	senders []string            // domains of From; nil for the linked domain
	anchors map[string][]string // values by kind
	service *service
	tracker *tracker
	hand    *hand // of an account that is the line's own
	strew   string
	damage  string
	start   time.Time
	days    int
}

// newLine makes up a campaign of a crew: texts, domains and the times between
// which it sends.
func (w *world) newLine(c *crew, size int) *line {
	w.lines++
	c.n++
	k := c.knobs
	l := &line{w: w, crew: c, id: fmt.Sprintf("%s.%d", c.id, c.n), size: size, anchors: map[string][]string{}, days: w.Between(3, w.days-5), layout: w.newLayout()}
	l.start = w.start.Add(time.Duration(w.IntN((w.days-l.days)*24)) * time.Hour)
	l.offer = w.newOffer(c.trade.texts, w.within(k.letters), w.within(k.subjects), k.common)
	l.copyText()
	for range min(size, w.within(k.domains)) {
		site := c.site
		if w.Chance(k.rented) {
			site = dice.Pick(w.Dice, w.market.hosters).At(80)
		}
		d := w.Name(c.habit, c.tld)
		w.Register(d, c.owner, site, l.start.AddDate(0, 0, -w.Between(1, 12)))
		l.domains = append(l.domains, d)
	}
	// In a sparse line a common sender's domain would be a second piece of
	// evidence.
	if w.Chance(0.4) && !k.sparse {
		l.senders = l.domains[:1+len(l.domains)/4]
	}
	if w.Chance(0.15) {
		l.strew = dice.Pick(w.Dice, invisible)
	}
	l.damage = dice.Pick(w.Dice, damages)
	l.anchor()
	return l
}

// copyText takes another crew's text, or lets others take this one.
//
// Whoever lends a text loses it as evidence just as the borrower does.
func (l *line) copyText() {
	w := l.w
	fits := slices.IndexFunc(w.copied, func(o *offer) bool { return o.trade == l.crew.trade.texts })
	switch {
	case fits >= 0 && w.Chance(l.crew.knobs.copies):
		l.offer, l.lent = w.copied[fits], true
	case l.crew.knobs.copies > 0 && w.Chance(0.3):
		w.copied, l.lent = append([]*offer{l.offer}, w.copied...), true
	}
}

// anchor opens the accounts and mailboxes of the line. A trade without any is
// identified by the fields of its program only, and gets a hand of its own.
//
// A lent text leaves the anchor as the only evidence, so it has one value then:
// else the campaign would fall into pieces that nothing joins.
func (l *line) anchor() {
	w := l.w
	for _, kind := range dice.Some(w.Dice, l.crew.trade.anchors, w.within(l.crew.knobs.anchors)) {
		n := min(w.within(l.crew.knobs.boxes), 1+l.size/20)
		if l.lent || kind == "tenant" || kind == "project" || kind == "service" { // one at a time
			n = 1
		}
		for range n {
			l.anchors[kind] = append(l.anchors[kind], l.value(kind))
		}
	}
}

// value opens one account, box or file.
//
// Phone numbers are of 555, which is kept for fiction, behind area codes that
// exist. Mailboxes are at hosts that are reserved (RFC 2606).
func (l *line) value(kind string) string {
	w := l.w
	switch kind {
	case "reply":
		return w.local() + w.Chars(dice.Digits, w.IntN(4)) + "@" + dice.Pick(w.Dice, []string{"freebox.example", "post.example", "webmail.example"})
	case "phone":
		return fmt.Sprintf("+1 (%s) 555-%s", dice.Pick(w.Dice, list("802 805 808 831 845 850 863 870 878 888")), w.Chars(dice.Digits, 4))
	case "wallet":
		return bitcoin(w.Dice)
	case "tracker":
		l.tracker = dice.Pick(w.Dice, w.market.trackers)
		return w.Digits(w.Between(2, 5)) + " " + w.Digits(6)
	case "service":
		l.service = dice.Pick(w.Dice, w.market.services)
		return w.Digits(w.Between(5, 9))
	case "tenant":
		l.hand = w.newHand(tenancy)
		return l.hand.account
	case "project":
		l.hand = w.newHand(project)
		return l.hand.account
	case "kit":
		return "/" + dice.Pick(w.Dice, list("wp-content assets v2 portal includes app")) + "/" + w.Chars(dice.Hex, 8) + w.Digits(3) + "/"
	case "picture":
		return "https://" + dice.Pick(w.Dice, w.market.storage) + "/" + w.Chars(dice.Base62, 9) + w.Digits(3) + ".png"
	case "stored":
		return "https://" + dice.Pick(w.Dice, w.market.storage) + "/" + w.Chars(dice.Slug, 12) + w.Digits(4) + "/index.html"
	case "file":
		return w.Chars(dice.Base64, 800) // the content itself
	}
	return w.Digits(8) // the customer's number at a platform: invoice, code, survey
}

// bitcoin invents an address (base58 with a checksum that holds).
func bitcoin(d dice.Dice) string {
	payload := []byte{0}
	for range 20 {
		payload = append(payload, byte(d.IntN(256)))
	}
	return base58check(payload)
}
