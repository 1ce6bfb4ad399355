package realparts

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"spoor/internal/lab/dice"
)

// campaign is a product line of an actor.
//
// An empty reply, tracker or service means that the campaign has none. creative
// holds the replacements that make the lure its own.
type campaign struct {
	w        *world
	actor    *actor
	id       string
	grade    string
	size     int
	lure     *lure
	subjects []string
	names    []string
	domains  []string // of links, in the order of their use
	senders  []string // domains of From; nil for the domain of the link
	path     grammar
	pictures string
	reply    []string
	tracker  *tracker
	account  string // at the tracker
	list     string
	service  *service
	customer string // the account at the service
	program  *program
	busts    bool // adds words against filters
	start    time.Time
	days     int
	creative *creative
	token    string // sparse: the one kind of evidence that all messages share
}

// tokens are the kinds of evidence that link a campaign by themselves.
var tokens = []string{"reply", "tracker", "service", "kit", "from"}

// tokens are those that the lure has room for.
//
// A lure without a link has no place for a tracker's account or a kit's path.
func (c *campaign) tokens() []string {
	for i := range c.lure.variants {
		if v := &c.lure.variants[i]; !c.w.hasLink(v) {
			return []string{"reply", "service", "from"}
		}
	}
	return tokens
}

// hasLink reports whether a body has a link of the lure's own, to be clicked.
func (w *world) hasLink(v *real) bool {
	body := v.html
	if body == "" {
		body = v.text
	}
	for _, m := range anyURL.FindAllStringIndex(body, 150) {
		if h := hostOf(body[m[0]:m[1]]); h != vocabularies && !w.corpus.public[h] && !(v.html != "" && isPicture(body[:m[0]])) {
			return true
		}
	}
	return false
}

// newCampaign makes up a campaign of real parts. In the harder grades its text
// may be a copy of another's.
//
// The lure comes from a shuffled list, so that a real text belongs to one
// campaign until all are used. A copy takes one on purpose.
func (w *world) newCampaign(a *actor, grade string, size int) *campaign {
	w.campaigns++
	a.n++
	c := &campaign{w: w, actor: a, id: fmt.Sprintf("%s/%d", a.id, a.n), grade: grade, size: size, lure: w.lure(), days: min(w.days-2, w.Between(3, 30))}
	c.start = w.start.Add(time.Duration(w.IntN((w.days-c.days)*24)) * time.Hour)
	c.creative = &creative{campaign: c, own: map[string]string{}}
	if copies := map[string]float64{"mixed": 0.15, "tough": 0.4}[grade]; w.Chance(copies) && len(w.set.Messages) > 0 { // a copied text: of some lure already taken
		c.lure = &w.corpus.lures[w.lures[len(w.lures)-1-w.IntN(min(w.campaigns, len(w.lures)))]]
	}
	c.words()
	c.places()
	c.contacts()
	return c
}

// words sets the subjects and names of the lure. Parts that the real sender
// varied vary here too.
//
// plain keeps two variants of each, so that its messages agree in most; the
// harder grades take all.
func (c *campaign) words() {
	limit := map[string]int{"plain": 2, "mixed": 5}[c.grade]
	if limit == 0 {
		limit = maxVariants
	}
	for i := range c.lure.variants {
		v := &c.lure.variants[i]
		if len(c.subjects) < limit && !slices.Contains(c.subjects, v.subject) {
			c.subjects = append(c.subjects, v.subject)
		}
		if len(c.names) < limit && !slices.Contains(c.names, v.fromName) {
			c.names = append(c.names, v.fromName)
		}
	}
	c.busts = c.grade == "tough" && c.w.Chance(0.4)
}

// places chooses domains, the path of links, and hosts of pictures.
//
// The path of its links is that of a real link with its random parts made anew,
// since paths of one kit look alike and an invented one would give the world
// away.
func (c *campaign) places() {
	w, n := c.w, 1
	switch c.grade {
	case "plain":
		n = w.Between(1, 3)
	case "mixed":
		n = w.Between(4, 12)
	case "tough":
		n = w.Between(6, 24)
	case "sparse":
		n = c.size
	}
	for range min(n, c.size) {
		c.domains = append(c.domains, w.domain(c.actor, c.grade == "tough", c.start))
	}
	if w.Chance(0.5) {
		for range max(1, n/3) {
			c.senders = append(c.senders, w.domain(c.actor, false, c.start))
		}
	}
	path := "/" + w.Chars(dice.Slug, 6)
	for _, i := range w.Perm(len(c.lure.variants)) {
		for _, u := range anyURL.FindAllString(c.lure.variants[i].html+c.lure.variants[i].text, 20) {
			if !w.corpus.public[hostOf(u)] && len(pathOf(u)) > 4 && len(pathOf(u)) < 120 {
				path = pathOf(u)
				break
			}
		}
	}
	c.path = newGrammar(w.Dice, path, dice.Pick(w.Dice, []float64{0, 0.5, 1}), w.Word)
	if w.Chance(0.4) {
		c.pictures = dice.Pick(w.Dice, c.domains)
	}
}

// contacts chooses boxes, tracker and service accounts; of sparse campaigns one of them.
func (c *campaign) contacts() {
	w, want := c.w, map[string]bool{}
	switch c.grade {
	case "sparse":
		c.token = dice.Pick(w.Dice, c.tokens())
		want[c.token] = true
		c.pictures = ""
		c.path = nil
		c.senders = nil
		if c.token == "from" {
			c.senders = []string{w.domain(c.actor, false, c.start)}
		}
	case "plain":
		want["reply"], want["tracker"], want["service"] = w.Chance(0.3), w.Chance(0.2), w.Chance(0.15)
	case "mixed", "tough": // a copied text is no evidence, so another token is needed
		want["reply"], want["service"] = w.Chance(0.2), w.Chance(0.2)
		want[dice.Pick(w.Dice, c.tokens())] = true
		if want["from"] {
			c.senders = nil
			for range c.few() {
				c.senders = append(c.senders, w.domain(c.actor, false, c.start))
			}
		}
	}
	c.open(want)
}

// few returns the number of mailboxes or domains in use at the same time. It is
// one for a small campaign and for one without links, whose messages would else
// share none.
func (c *campaign) few() int {
	if len(c.tokens()) < len(tokens) {
		return 1
	}
	return min(c.w.Between(1, 3), 1+c.size/20)
}

// open makes the accounts and boxes that are wanted.
//
// The names of the mailboxes' hosts are few, as free providers are: a domain of
// theirs is no evidence.
func (c *campaign) open(want map[string]bool) {
	w := c.w
	if want["kit"] {
		c.path = newGrammar(w.Dice, "/k"+w.Chars(dice.Hex, 10)+"9/index.php?id=abc123def", 0, w.Word)
	}
	if want["reply"] {
		n := 1
		if c.grade != "plain" && c.grade != "sparse" {
			n = c.few()
		}
		for range n {
			c.reply = append(c.reply, strings.ToLower(w.Word(w.Between(2, 4)))+w.Chars(dice.Digits, w.Between(0, 3))+"@"+dice.Pick(w.Dice, []string{"freebox.example", "postbox.test", "webpost.example"}))
		}
	}
	if want["tracker"] {
		c.tracker = dice.Pick(w.Dice, w.trackers)
		c.account, c.list = w.Digits(w.Between(2, 5)), w.Digits(6)
	}
	if want["service"] {
		c.service = dice.Pick(w.Dice, w.services)
		c.customer = w.Digits(w.Between(5, 8))
		c.program = newProgram(w.Dice, c.service.program.real)
	}
}
