package world

import (
	"math"

	"spoor/internal/lab/dice"
)

// span is a range that an actor's habit is drawn from.
type span struct{ lo, hi float64 }

func (s span) draw(d dice.Dice) float64 { return s.lo + d.Float64()*(s.hi-s.lo) }

// craft is how well an actor hides: one grade's ranges and probabilities.
//
// Pairs are the least and the most. Probabilities are those of one decision, by
// actor or by campaign.
type craft struct {
	perDomain  [2]int // messages before the next domain
	spin       span   // chance that a choice of words is made anew in each message
	versions   [2]int // rewritten texts
	subjects   [2]int
	size       [2]int // messages of a campaign
	offers     [2]int // campaigns of an actor
	ids        [2]int // affiliate or account ids of a campaign, in use one after another
	identities [2]int // registrants
	mailers    [2]int
	sharedKit  float64 // the mailer is one that others have too
	forged     float64 // the mailer imitates an honest program
	rented     float64 // sends from machines that others use too
	private    float64 // probability that WHOIS hides the registrant
	vanity     float64 // name servers of the actor's own
	shared     float64 // links' hosts at a bullet-proof hoster, a content network or on zombies
	copied     float64 // text taken from another operation
	noise      float64 // hash busters in text, subject or picture
	sameLook   float64 // frame taken from a common stock
}

// crafts sets the skill of spammers in each grade.
//
// The numbers are a judgement about the trade and are fitted to no program.
// Each grade must leave evidence for every campaign, see mend.
func crafts(g Grade) craft {
	switch g {
	case Easy:
		return craft{
			perDomain: [2]int{25, 300}, spin: span{0, 0.08}, versions: [2]int{1, 2}, subjects: [2]int{1, 3}, size: [2]int{12, 220}, offers: [2]int{1, 2}, ids: [2]int{1, 1},
			identities: [2]int{1, 1}, mailers: [2]int{1, 1}, sharedKit: 0.05, forged: 0.3, rented: 0.2, private: 0.15, vanity: 0.7, shared: 0.15, noise: 0.15, sameLook: 0.2,
		}
	case Hard:
		return craft{
			perDomain: [2]int{2, 12}, spin: span{0.15, 0.85}, versions: [2]int{2, 5}, subjects: [2]int{2, 8}, size: [2]int{2, 160}, offers: [2]int{1, 4}, ids: [2]int{1, 3},
			identities: [2]int{2, 5}, mailers: [2]int{1, 2}, sharedKit: 0.6, forged: 0.5, rented: 0.75, private: 0.8, vanity: 0.35, shared: 0.65, copied: 0.35, noise: 0.6, sameLook: 0.7,
		}
	}
	return craft{
		perDomain: [2]int{6, 60}, spin: span{0.02, 0.4}, versions: [2]int{1, 3}, subjects: [2]int{1, 5}, size: [2]int{5, 220}, offers: [2]int{1, 4}, ids: [2]int{1, 2},
		identities: [2]int{1, 3}, mailers: [2]int{1, 2}, sharedKit: 0.35, forged: 0.4, rented: 0.5, private: 0.5, vanity: 0.5, shared: 0.4, copied: 0.1, noise: 0.35, sameLook: 0.4,
	}
}

// craftOf draws an actor's craft.
//
// A Mixture draws the grade anew for each actor. No probability exceeds 0.95,
// so that every world has both kinds.
func (b *builder) craftOf() craft {
	g := b.o.Grade
	if g == Mixture {
		g = Grades()[b.IntN(3)]
	}
	c := crafts(g)
	leans := []*float64{&c.sharedKit, &c.forged, &c.rented, &c.private, &c.vanity, &c.shared, &c.copied, &c.noise, &c.sameLook}
	for len(b.tilts) < len(leans) {
		// Worlds of one grade differ widely, so that a setting tuned on one
		// fails on another.
		b.tilts = append(b.tilts, math.Exp(b.NormFloat64()*0.4))
	}
	for i, p := range leans {
		*p = min(*p*b.tilts[i], 0.95)
	}
	return c
}

// sizeOf draws a campaign's size; limit is a quarter of all spam.
//
// The sizes of a grade grow with the world up to craft.size.
func (b *builder) sizeOf(c craft, limit int) int {
	if b.o.Grade != Mixture {
		hi := min(c.size[1]*max(b.o.Messages, 500)/3000+10, limit)
		return b.Spread(c.size[0], max(hi, c.size[0]))
	}
	// Pareto with exponent 0.8: most are tiny, the largest has a quarter of the mail.
	return int(min(2*math.Pow(1-b.Float64(), -1/0.8), float64(limit)))
}

// style is a kind of world: a time, and the weights of the trades in it.
type style struct {
	name     string
	from, to int
	trades   map[string]float64
}

// styles are eras of spam with the frequency of trades.
//
// The sixth is the one of all. Options.Style counts from 1.
func styles() []style {
	return []style{
		{"botnets", 2003, 2008, map[string]float64{"shop": 5, "image": 2.5, "stock": 1.5, "malware": 1, "short": 0.5, "letter": 0.5, "lead": 1}},
		{"clouds", 2021, 2024, map[string]float64{"cloud": 4, "phish": 3, "esp": 1.5, "short": 1.5, "hacked": 2, "tracker": 1.5, "b2b": 0.7}},
		{"letters", 2005, 2019, map[string]float64{"letter": 5, "extort": 2, "b2b": 2, "malware": 1, "shop": 0.5}},
		{"snowshoe", 2009, 2020, map[string]float64{"lead": 3, "tracker": 4, "esp": 2, "shop": 0.7, "short": 0.7}},
		{"kits", 2012, 2021, map[string]float64{"hacked": 4, "phish": 3, "malware": 2, "cloud": 1, "letter": 0.7, "extort": 0.7}},
		{"all", 2004, 2023, map[string]float64{"shop": 1, "image": 0.7, "stock": 0.4, "malware": 1, "short": 1, "letter": 1.2, "lead": 1, "tracker": 1.2, "esp": 1, "cloud": 1, "phish": 1, "hacked": 1, "extort": 0.6, "b2b": 0.8}},
	}
}
