package world

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"spoor/internal/lab/dice"
)

// builder holds a world in the making.
//
// Everything is drawn from one stream of random numbers, so a world is a
// function of its Options. Nothing may be drawn in the order of a map.
type builder struct {
	*nameMaker
	*space
	*zone
	o          Options
	style      style
	year       int
	start, end time.Time
	clock      *time.Location

	home       string // our own domain
	ownDomains []string
	users      []string
	exchangers []exchanger
	store      exchanger
	server     serverStyle
	exims      string

	lines, hosters, bulletproof, cdns []*network
	platforms                         map[string][]*platform
	cdnAddrs                          []netip.Addr
	sharedAddrs                       []netip.Addr // of shared hosters
	botnets, hackedPools              []*pool
	kits                              []*mailer
	kitPaths                          []string
	looks                             []*look
	brandDomains                      []string // as brandNames
	forums                            []forum

	campaigns []*campaign
	tilts     []float64 // the world's own leanings, of each probability of a craft
	counts    map[string]int
	ids       map[string]bool
	pointed   map[netip.Addr]bool
	messages  []Message
}

// newBuilder draws the year, the period and the style of the world. Registries
// redact from 2018 on.
//
// Seed and options make the stream together, so that worlds of one seed but another size have nothing in common.
func newBuilder(o Options) *builder {
	maker := &nameMaker{Dice: dice.New(o.Seed, fmt.Sprint(o.Grade, "/", o.Style, "/", o.Messages)), taken: map[string]bool{}}
	if o.Style < 1 || o.Style > Styles {
		o.Style = 1 + maker.IntN(Styles)
	}
	b := &builder{
		nameMaker: maker, o: o, style: styles()[o.Style-1], counts: map[string]int{}, ids: map[string]bool{}, pointed: map[netip.Addr]bool{}, platforms: map[string][]*platform{},
		space: &space{nameMaker: maker, taken: map[[2]byte]bool{}}, zone: &zone{nameMaker: maker},
	}
	b.byName, b.hosts = byName{}, map[string]bool{}
	b.year = b.Between(b.style.from, b.style.to)
	b.redacts = b.year >= 2018
	b.start = time.Date(b.year, time.Month(b.Between(1, 12)), b.Between(1, 28), b.IntN(24), 0, 0, 0, time.UTC)
	// Long enough for several lots of domains, and short enough that most names
	// still resolve at its end.
	b.end = b.start.AddDate(0, 0, b.Between(40, 160))
	b.birth = b.start
	offset := dice.Pick(b.Dice, []int{-8, -5, 0, 1, 2}) * 3600
	b.clock = time.FixedZone(zoneName(offset), offset)
	return b
}

func (b *builder) count(what string) int {
	b.counts[what]++
	return b.counts[what]
}

// ground builds the background of the world: our own servers, providers,
// services, and the underground market.
//
// Numbers are small beside the Internet's, so that strangers do meet at one
// hoster in a world of a thousand messages.
func (b *builder) ground() {
	b.ourselves()
	for range b.Between(14, 26) {
		c := dice.Pick(b.Dice, countries)
		d := b.domain(twoWords, dice.Pick(b.Dice, []string{"net", "com", "de", "ru", "net"}))
		b.lines = append(b.lines, b.network(b.company(), d, c, dice.Pick(b.Dice, lineReverses), b.Between(14+2, 17)))
	}
	for range b.Between(9, 14) {
		d := b.domain(twoWords, dice.Pick(b.Dice, []string{"com", "net", "de"}))
		b.hosters = append(b.hosters, b.network(b.company(), d, dice.Pick(b.Dice, countries), dice.Pick(b.Dice, hostReverses), b.Between(17, 19)))
	}
	// A bullet-proof hoster is small, and its customers stand on neighbouring
	// addresses.
	for range b.Between(2, 3) {
		d := b.domain(pronounceable, dice.Pick(b.Dice, []string{"ru", "net", "cc"}))
		b.bulletproof = append(b.bulletproof, b.network(b.company(), d, dice.Pick(b.Dice, []string{"RU", "UA", "NL", "CN", "RO"}), "", b.Between(21, 22)))
	}
	for range 2 {
		d := b.domain(twoWords, "net")
		n := b.network(title(strings.Split(d, ".")[0])+" Content Network, Inc.", d, "US", "", 18)
		b.cdns = append(b.cdns, n)
		for range 30 {
			b.cdnAddrs = append(b.cdnAddrs, n.address(b.Dice))
		}
	}
	for _, h := range b.hosters {
		for range 6 {
			b.sharedAddrs = append(b.sharedAddrs, h.address(b.Dice))
		}
	}
	b.services()
	b.underground()
}

// underground builds the market of resources that several actors share.
//
// What is shared here is evidence that misleads: it links operations of
// different people. A finder must learn that it is common.
func (b *builder) underground() {
	for range b.Between(2, 4) {
		b.botnets = append(b.botnets, b.botnet(b.Between(400, 1500)))
	}
	for range b.Between(2, 3) {
		b.hackedPools = append(b.hackedPools, b.hacked(b.Between(80, 250)))
	}
	for i := range b.Between(3, 6) {
		b.kits = append(b.kits, b.kit(fmt.Sprintf("kit-%d", i)))
	}
	for range b.Between(3, 6) {
		b.kitPaths = append(b.kitPaths, expand(b.Dice, dice.Pick(b.Dice, []string{"/wp-content/plugins/%a6/%a5/", "/wp-includes/%a4/", "/images/%a5/", "/.well-known/%a4/", "/cgi-sys/%a6/", "/old/%a5/%a3/"}), fill{})+
			dice.Pick(b.Dice, []string{"login.php", "index.html", "verify/", "signin.php", "secure.htm"}))
	}
	for _, d := range b.ownDomains {
		b.legitimate(d, dice.Pick(b.Dice, b.sharedAddrs))
	}
	for _, name := range brandNames {
		d := b.domain(twoWords, "com")
		if name := strings.ToLower(strings.ReplaceAll(name, " ", "")) + "-" + b.syllabic(1) + ".com"; !b.nameMaker.taken[name] {
			d = name
		}
		b.brandDomains = append(b.brandDomains, d)
		b.legitimate(d, dice.Pick(b.Dice, b.cdnAddrs))
	}
	// Hosts that honest and dishonest mail alike links to.
	for _, d := range []string{"google.com", "googleapis.com", "facebook.com", "twitter.com", "w3.org"} {
		b.legitimate(d, dice.Pick(b.Dice, b.cdnAddrs))
	}
	b.host("fonts.googleapis.com", dice.Pick(b.Dice, b.cdnAddrs))
	for range 6 {
		b.looks = append(b.looks, b.newLook())
	}
}

// ourselves founds the organisation that receives the mail.
//
// Two exchangers have the priority 10 and stand in one network; the third, with
// 20, is at another site. Spammers prefer that one.
func (b *builder) ourselves() {
	b.home = b.domain(twoWords, dice.Pick(b.Dice, []string{"com", "org", "net"}))
	n := b.network(b.company(), b.home, "US", "", 24)
	other := b.network(b.company(), b.domain(twoWords, "net"), "DE", "", 24)
	b.server, b.exims = serverStyle(b.IntN(3)), b.Chars(dice.Digits, 2)
	prefix := dice.Pick(b.Dice, []string{"mx", "in", "mail-in", "relay"})
	for k := range 3 {
		from := n
		if k == 2 {
			from = other
		}
		x := exchanger{fmt.Sprintf("%s%d.%s", prefix, k+1, b.home), from.address(b.Dice).String(), 10 + k/2*10}
		b.exchangers = append(b.exchangers, x)
		b.records = append(b.records, fmt.Sprintf("%s. 300 IN A %s", x.name, x.addr))
	}
	b.store = exchanger{name: "store." + b.home, addr: n.address(b.Dice).String()}
	b.ownDomains = []string{b.home, b.domain(threeWords, "com"), b.domain(wordDigits, "net")}
	for range b.Between(25, 70) {
		b.users = append(b.users, b.local(b.person()))
	}
}
