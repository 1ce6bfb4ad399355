package world

import (
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// builder holds a world in the making.
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

func newBuilder(o Options) *builder {
	maker := &nameMaker{dice: newDice(o.Seed, fmt.Sprint(o.Grade, "/", o.Style, "/", o.Messages)), taken: map[string]bool{}}
	if o.Style < 1 || o.Style > Styles {
		o.Style = 1 + maker.IntN(Styles)
	}
	b := &builder{
		nameMaker: maker, o: o, style: styles()[o.Style-1], counts: map[string]int{}, ids: map[string]bool{}, pointed: map[netip.Addr]bool{}, platforms: map[string][]*platform{},
		space: &space{nameMaker: maker, taken: map[[2]byte]bool{}}, zone: &zone{nameMaker: maker},
	}
	b.byName, b.hosts = byName{}, map[string]bool{}
	b.year = b.between(b.style.from, b.style.to)
	b.redacts = b.year >= 2018
	b.start = time.Date(b.year, time.Month(b.between(1, 12)), b.between(1, 28), b.IntN(24), 0, 0, 0, time.UTC)
	b.end = b.start.AddDate(0, 0, b.between(40, 160))
	b.birth = b.start
	offset := pick(b.dice, []int{-8, -5, 0, 1, 2}) * 3600
	b.clock = time.FixedZone(zoneName(offset), offset)
	return b
}

func (b *builder) count(what string) int {
	b.counts[what]++
	return b.counts[what]
}

// ground builds the background of the world: our own servers, providers,
// services, and the underground market.
func (b *builder) ground() {
	b.ourselves()
	for range b.between(14, 26) {
		c := pick(b.dice, countries)
		d := b.domain(twoWords, pick(b.dice, []string{"net", "com", "de", "ru", "net"}))
		b.lines = append(b.lines, b.network(b.company(), d, c, pick(b.dice, lineReverses), b.between(14+2, 17)))
	}
	for range b.between(9, 14) {
		d := b.domain(twoWords, pick(b.dice, []string{"com", "net", "de"}))
		b.hosters = append(b.hosters, b.network(b.company(), d, pick(b.dice, countries), pick(b.dice, hostReverses), b.between(17, 19)))
	}
	for range b.between(2, 3) {
		d := b.domain(pronounceable, pick(b.dice, []string{"ru", "net", "cc"}))
		b.bulletproof = append(b.bulletproof, b.network(b.company(), d, pick(b.dice, []string{"RU", "UA", "NL", "CN", "RO"}), "", b.between(21, 22)))
	}
	for range 2 {
		d := b.domain(twoWords, "net")
		n := b.network(title(strings.Split(d, ".")[0])+" Content Network, Inc.", d, "US", "", 18)
		b.cdns = append(b.cdns, n)
		for range 30 {
			b.cdnAddrs = append(b.cdnAddrs, n.address(b.dice))
		}
	}
	for _, h := range b.hosters {
		for range 6 {
			b.sharedAddrs = append(b.sharedAddrs, h.address(b.dice))
		}
	}
	b.services()
	b.underground()
}

// underground builds the market of resources that several actors share.
func (b *builder) underground() {
	for range b.between(2, 4) {
		b.botnets = append(b.botnets, b.botnet(b.between(400, 1500)))
	}
	for range b.between(2, 3) {
		b.hackedPools = append(b.hackedPools, b.hacked(b.between(80, 250)))
	}
	for i := range b.between(3, 6) {
		b.kits = append(b.kits, b.kit(fmt.Sprintf("kit-%d", i)))
	}
	for range b.between(3, 6) {
		b.kitPaths = append(b.kitPaths, b.expand(pick(b.dice, []string{"/wp-content/plugins/%a6/%a5/", "/wp-includes/%a4/", "/images/%a5/", "/.well-known/%a4/", "/cgi-sys/%a6/", "/old/%a5/%a3/"}), fill{})+
			pick(b.dice, []string{"login.php", "index.html", "verify/", "signin.php", "secure.htm"}))
	}
	for _, d := range b.ownDomains {
		b.legitimate(d, pick(b.dice, b.sharedAddrs))
	}
	for _, name := range brandNames {
		d := b.domain(twoWords, "com")
		if name := strings.ToLower(strings.ReplaceAll(name, " ", "")) + "-" + b.syllabic(1) + ".com"; !b.nameMaker.taken[name] {
			d = name
		}
		b.brandDomains = append(b.brandDomains, d)
		b.legitimate(d, pick(b.dice, b.cdnAddrs))
	}
	for _, d := range []string{"google.com", "googleapis.com", "facebook.com", "twitter.com", "w3.org"} {
		b.legitimate(d, pick(b.dice, b.cdnAddrs))
	}
	b.host("fonts.googleapis.com", pick(b.dice, b.cdnAddrs))
	for range 6 {
		b.looks = append(b.looks, b.newLook())
	}
}

// ourselves founds the organisation that receives the mail.
func (b *builder) ourselves() {
	b.home = b.domain(twoWords, pick(b.dice, []string{"com", "org", "net"}))
	n := b.network(b.company(), b.home, "US", "", 24)
	other := b.network(b.company(), b.domain(twoWords, "net"), "DE", "", 24)
	b.server, b.exims = serverStyle(b.IntN(3)), b.chars(decimal, 2)
	prefix := pick(b.dice, []string{"mx", "in", "mail-in", "relay"})
	for k := range 3 {
		from := n
		if k == 2 {
			from = other
		}
		x := exchanger{fmt.Sprintf("%s%d.%s", prefix, k+1, b.home), from.address(b.dice).String(), 10 + k/2*10}
		b.exchangers = append(b.exchangers, x)
		b.records = append(b.records, fmt.Sprintf("%s. 300 IN A %s", x.name, x.addr))
	}
	b.store = exchanger{name: "store." + b.home, addr: n.address(b.dice).String()}
	b.ownDomains = []string{b.home, b.domain(threeWords, "com"), b.domain(wordDigits, "net")}
	for range b.between(25, 70) {
		b.users = append(b.users, b.local(b.person()))
	}
}
