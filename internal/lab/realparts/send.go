package realparts

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"spoor/internal/lab/dice"
	"spoor/internal/lab/labelled"
)

// shot holds the values of one message of a campaign.
//
// An empty link or reply means none. traits are made from it after all of it is
// set.
type shot struct {
	at                          time.Time
	from, to, reply, link, host string
	name, subject               string
	variant                     int
	program                     *program
	pool                        *pool
	run                         string
	unsubscribe, enveloped      string
	sender                      netip.Addr
}

// send sends a campaign in runs: bursts of one program, pool and domain.
//
// Between 3 and 25 messages make a run; sparse campaigns have one message a
// run, so nothing but the token joins them.
func (c *campaign) send() {
	w := c.w
	runs := max(1, min(c.size/3, c.size/w.Between(3, 25)+1))
	if c.grade == "sparse" {
		runs = c.size
	}
	left := c.size
	for i := range runs {
		n := left / (runs - i)
		left -= n
		at := c.start.Add(time.Duration((float64(i)+w.Float64())/float64(runs)*float64(c.days)*24) * time.Hour)
		c.run(i, runs, n, at)
	}
}

// run sends one spamrun. Programs and domains change between runs, as the grade
// has it.
//
// Pauses within a run are seconds to 25 minutes, mostly short.
func (c *campaign) run(i, runs, n int, at time.Time) {
	w, a := c.w, c.actor
	s := shot{run: fmt.Sprintf("%s/r%d", c.id, i), host: c.domains[i*len(c.domains)/runs], pool: dice.Pick(w.Dice, a.pools), program: a.programs[0]}
	switch {
	case c.grade == "sparse":
		s.program = a.programs[i%len(a.programs)]
	case len(a.programs) > 1: // programs change midway, not by turns
		s.program = a.programs[i*len(a.programs)/runs]
	}
	if c.grade == "tough" && w.Chance(0.3) { // an old domain comes back, so that runs overlap
		s.host = dice.Pick(w.Dice, c.domains)
	}
	if c.service != nil {
		s.program, s.pool = c.program, c.service.pool
	}
	s.variant, s.subject, s.name = w.IntN(len(c.lure.variants)), dice.Pick(w.Dice, c.subjects), dice.Pick(w.Dice, c.names)
	for range n {
		at = at.Add(time.Duration(w.Spread(2, 1500)) * time.Second)
		s.at = at
		if c.grade == "mixed" || c.grade == "tough" {
			s.subject, s.name = dice.Pick(w.Dice, c.subjects), dice.Pick(w.Dice, c.names)
		}
		if c.grade != "sparse" && w.Chance(0.3) {
			s.variant = w.IntN(len(c.lure.variants))
		}
		c.shoot(s)
	}
}

// shoot fills in the values of one message, and sends it.
func (c *campaign) shoot(s shot) {
	w := c.w
	s.to = dice.Pick(w.Dice, w.boxes)
	domain := s.host
	if len(c.senders) > 0 {
		domain = dice.Pick(w.Dice, c.senders)
	}
	s.from = dice.Pick(w.Dice, []string{"info", "service", "noreply", "support", strings.ToLower(w.Word(2)), w.Chars(dice.Slug, 8)}) + "@" + domain
	if len(c.reply) > 0 {
		s.reply = dice.Pick(w.Dice, c.reply)
	}
	switch {
	case c.tracker != nil:
		s.link = c.tracker.link(w.Dice, dice.Pick(w.Dice, c.tracker.hosts), c.account, c.list)
	case c.path != nil:
		s.link = "http://" + s.host + c.path.write(w.Dice)
	default:
		s.link = "http://" + s.host + "/" + w.Chars(dice.Slug, w.Between(4, 9))
	}
	if !w.hasLink(&c.lure.variants[s.variant]) {
		s.link = ""
	}
	s.enveloped = c.bounce(&s)
	if c.service != nil {
		s.unsubscribe = "http://" + c.service.domain + "/u/" + c.customer + "/" + w.Chars(dice.Base62, 12)
	}
	page, plain := c.creative.write(&c.lure.variants[s.variant], &s)
	w.post(&s, page, plain, labelled.Label{Campaign: c.id, Operation: c.actor.id, Run: s.run}, c.traits(&s, page))
}

// bounce is the envelope sender, by the actor's habit.
func (c *campaign) bounce(s *shot) string {
	w := c.w
	switch {
	case c.service != nil:
		return "bounce+" + c.customer + "." + w.Chars(dice.Hex, 8) + "@" + c.service.domain
	case c.actor.bounce == 0:
		return "bounce@" + domainOf(s.from)
	case c.actor.bounce == 1:
		return "b-" + w.Digits(7) + "-" + strings.Replace(s.to, "@", "=", 1) + "@" + domainOf(s.from)
	}
	return s.from
}

// traits returns the visible evidence that the message shares with its
// campaign.
//
// The strings begin with the kind. labelled checks with them that each campaign
// hangs together.
func (c *campaign) traits(s *shot, page string) []string {
	v := &c.lure.variants[s.variant]
	t := []string{"text " + v.key, "from " + domainOf(s.from)}
	if s.link != "" && c.tracker == nil {
		t = append(t, "domain "+s.host)
		if k := c.path.kit(); k != "" {
			t = append(t, "kit "+k)
		}
	}
	if s.link != "" && c.tracker != nil {
		t = append(t, "tracker "+c.list)
	}
	if s.reply != "" {
		t = append(t, "reply "+s.reply)
	}
	if c.service != nil {
		t = append(t, "service "+c.customer)
	}
	if c.pictures != "" && strings.Contains(page, c.pictures) {
		t = append(t, "domain "+c.pictures)
	}
	return t
}

// post sends one message to one of our servers, and notes the truth.
//
// A Message-ID must be unique in a world, as the truth names messages by it.
func (w *world) post(s *shot, page, plain string, label labelled.Label, traits []string) {
	s.sender = dice.Pick(w.Dice, s.pool.addrs)
	helo := s.pool.name(w, s.sender, s.from)
	if helo == "" {
		helo = "[" + s.sender.String() + "]"
	}
	mx := dice.Pick(w.Dice, w.mx)
	l := &letter{
		at: s.at.Add(-time.Duration(w.Spread(1, 90)) * time.Second), fromName: s.name, from: s.from, to: s.to, subject: strings.ReplaceAll(s.subject, "you@", s.to), reply: s.reply,
		html: page, text: plain, sender: s.sender, helo: helo, unsubscribe: s.unsubscribe, messageIDHost: mx,
	}
	mail, id := s.program.write(w.Dice, l)
	for try := 0; w.ids[id]; try++ { // a form with little chance in it: written until it is new
		if try > 20 {
			s.program = newProgram(w.Dice, &w.corpus.mailers[w.IntN(len(w.corpus.mailers))])
		}
		l.at = l.at.Add(-time.Second)
		mail, id = s.program.write(w.Dice, l)
	}
	w.ids[id] = true
	label.ID = id
	rdns := w.RDNS(s.sender)
	if rdns == "" {
		rdns = "unknown"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Return-Path: <%s>\nDelivered-To: %s\n", s.enveloped, s.to)
	fmt.Fprintf(&b, "Received: from %s (%s [%s])\n\tby %s (Postfix) with ESMTP id %s\n\tfor <%s>; %s\n", helo, rdns, s.sender, mx, w.Chars(dice.HEX, 10), s.to, s.at.Format(time.RFC1123Z))
	if s.pool.hop {
		fmt.Fprintf(&b, "Received: by %s (Postfix, from userid %d)\n\tid %s; %s\n", helo, 33, w.Chars(dice.HEX, 10), l.at.Format(time.RFC1123Z))
	}
	b.WriteString(mail)
	w.set.Messages = append(w.set.Messages, labelled.Message{Label: label, Raw: []byte(b.String()), At: s.at, Sender: s.sender, Traits: traits})
}
