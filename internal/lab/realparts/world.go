// Package realparts builds labelled worlds from parts of real mail that it
// reads at run time. Bodies, subjects, programs and paths are real, taken apart
// and recombined. The assignment of messages to campaigns is random and
// therefore known. No generator wrote the texts, so that a correlator cannot
// profit from knowing one.
//
// An actor has programs (fields, their order, and forms of ids, each from one
// real message), machines, registrations and a habit of naming. A campaign is a
// product line of an actor: a real lure in its variants, with its own domains,
// mailboxes, tracker accounts and paths. Hosts, mailboxes and addresses are
// invented, under reserved top-level domains; ids are generated in the form of
// the real ones. This repository contains no real mail.
package realparts

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"spoor/internal/lab/dice"
	"spoor/internal/lab/labelled"
	"spoor/internal/lab/netplan"
)

// Grades are the grades of worlds.
//
//	plain  one program, few domains
//	mixed  domains, senders and subjects rotate; an actor's campaigns share the program
//	tough  programs change midway, texts are copied, hosts and services are shared
//	zipf   some campaigns of hundreds, hundreds of campaigns of one to five, much noise
func Grades() []string { return []string{"plain", "mixed", "tough", "zipf"} }

// Options choose a world.
//
// Equal Options and an equal corpus give equal bytes.
type Options struct {
	Grade    string
	Seed     uint64
	Messages int // about that many; 0 for 3000
}

// world is a world while it is built.
type world struct {
	*netplan.Plan
	corpus    *Corpus
	grade     string
	set       labelled.Set
	start     time.Time
	days      int
	ids       map[string]bool
	home      []string // our own domains
	mx        []string
	boxes     []string // our own mailboxes
	lures     []int    // not yet taken
	hosts     map[string]string
	hosting   []*netplan.Block
	consumers []*netplan.Block
	rings     []*pool // machines that several actors rent
	shared    []string
	trackers  []*tracker
	services  []*service
	actors    int
	campaigns int
}

// New builds a world of a corpus. The same corpus and options give the same
// bytes.
func New(c *Corpus, o Options) (*labelled.Set, error) {
	if o.Messages <= 0 {
		o.Messages = 3000
	}
	if !slices.Contains(Grades(), o.Grade) {
		return nil, fmt.Errorf("no grade %q; there are %v", o.Grade, Grades())
	}
	start := time.Date(2024, 2, 1, 6, 0, 0, 0, time.UTC)
	d := dice.New(o.Seed, "realparts "+o.Grade)
	w := &world{
		Plan:   netplan.New(d, start, []netplan.Format{{TLD: "test", Server: "whois.test.example", Layout: "icann"}, {TLD: "example", Server: "whois.example.example", Layout: "gdpr"}}),
		corpus: c, grade: o.Grade, start: start, days: 42, ids: map[string]bool{}, hosts: map[string]string{}, lures: d.Perm(len(c.lures)),
	}
	w.ground()
	if o.Grade == "zipf" {
		w.tailed(o.Messages)
	} else {
		w.dense(o.Messages)
	}
	w.Complete(&w.set, labelled.Meta{Seed: fmt.Sprint(o.Seed), Preset: "realparts " + o.Grade, Campaigns: w.campaigns, Own: w.home, MX: w.mx})
	return &w.set, nil
}

// ground builds the shared background: ourselves, hosters, consumer lines,
// services.
//
// In the harder grades strangers share three rings of bots and three web hosts.
func (w *world) ground() {
	host := strings.ToLower(w.Word(3)) + ".test"
	w.mx = []string{"mx1." + host, "mx2." + host}
	for range 3 {
		w.home = append(w.home, w.Name(0, "example"))
	}
	for range 40 {
		w.boxes = append(w.boxes, strings.ToLower(w.Word(w.Between(1, 3)))+"@"+dice.Pick(w.Dice, w.home))
	}
	for range 8 {
		n := w.Word(3)
		w.hosting = append(w.hosting, w.Block(n+" Hosting", w.Between(19, 22), "srv-%d."+strings.ToLower(n)+".example"))
	}
	for range 25 {
		n := w.Word(3)
		w.consumers = append(w.consumers, w.Block(n+" Telecom", w.Between(15, 18), "dyn-%d."+strings.ToLower(n)+".example"))
	}
	for range 3 {
		w.rings = append(w.rings, w.newPool("bots", w.Between(200, 400)))
		w.shared = append(w.shared, w.At(w.hosting).String())
	}
	for i := range 3 {
		t := &tracker{form: i + w.IntN(2)}
		for range w.Between(1, 3) {
			t.hosts = append(t.hosts, "trk."+w.Name(i, "example"))
		}
		w.trackers = append(w.trackers, t)
	}
	for range 4 {
		w.services = append(w.services, w.newService())
	}
}

// At is an address of one of the blocks.
func (w *world) At(of []*netplan.Block) netip.Addr { return dice.Pick(w.Dice, of).Addr() }

// publicHost returns the invented host that replaces a public one.
func (w *world) publicHost(was string) string {
	if w.hosts[was] == "" {
		d := w.Name(0, "example")
		w.hosts[was] = dice.Pick(w.Dice, []string{"cdn", "img", "static", "www"}) + "." + d
		w.Register(d, w.Owner(1, false, false), w.At(w.hosting), w.start.AddDate(-5, 0, 0))
	}
	return w.hosts[was]
}

// lure takes a lure that no campaign has; when all are taken, one again.
func (w *world) lure() *lure {
	n := w.lures[0]
	w.lures = append(w.lures[1:], n)
	return &w.corpus.lures[n]
}

// dense fills the world with 30 to 50 campaigns of six messages and more.
//
// One to three campaigns have one actor. 14 percent are noise.
func (w *world) dense(messages int) {
	noise := messages * 14 / 100
	n := max(2, min(messages/60, w.Between(34, 50)))
	sizes := w.Shares(messages-noise, n, 6, 0.7)
	for len(sizes) > 0 {
		a := w.newActor(w.grade)
		for range min(len(sizes), 1+w.Weighted(5, 3, 2)) {
			w.newCampaign(a, w.grade, sizes[0]).send()
			sizes = sizes[1:]
		}
	}
	w.noise(noise)
}

// tailed fills the world as real folders are filled: a few large campaigns, a
// long tail of small ones that one token holds, and a lot that came once.
//
// 45 percent of the mail are campaigns of 30 and more, 15 of six to thirty, 20
// of one to five, and 20 noise.
func (w *world) tailed(messages int) {
	left := messages * 45 / 100
	for _, size := range w.Shares(left, max(2, messages/250), 30, 0.9) {
		grade := dice.Pick(w.Dice, []string{"plain", "mixed", "tough"})
		w.newCampaign(w.newActor(grade), grade, size).send()
	}
	for left = messages * 15 / 100; left > 0; {
		grade := dice.Pick(w.Dice, []string{"plain", "mixed"})
		a := w.newActor(grade)
		for range 1 + w.Weighted(3, 1) {
			size := w.Spread(6, 30)
			w.newCampaign(a, grade, size).send()
			left -= size
		}
	}
	for left = messages * 20 / 100; left > 0; {
		size := w.Between(1, 5)
		grade := dice.Pick(w.Dice, []string{"plain", "sparse", "sparse"})
		w.newCampaign(w.newActor(grade), grade, size).send()
		left -= size
	}
	w.noise(messages * 20 / 100)
}
