// Package rented builds labelled worlds of mail whose senders rent their
// infrastructure: tenants of mail systems, accounts at sending services and
// trackers, platforms that send notices for any customer (surveys, invoices,
// code hosting), botnets, snowshoe ranges.
//
// It is a second adversary of the correlator, written independently of
// internal/lab/world. Its texts come from a grammar over vocabularies and not
// from spun sentences, its programs are functions and not patterns. Evidence is
// either dense (easy to hard, mixture) or sparse: in the grade "sparse",
// campaigns of two to five messages share one token (mailbox, account, tenant,
// phone, wallet or file) and nothing else.
//
// All people, firms and domains are invented at run time. Names of services
// appear only where programs write them into the mail of all their customers.
package rented

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"spoor/internal/lab/dice"
	"spoor/internal/lab/labelled"
	"spoor/internal/lab/netplan"
)

// Grades are the grades of worlds.
func Grades() []string { return []string{"easy", "medium", "hard", "mixture", "sparse"} }

// Options choose a world.
//
// Equal Options give equal bytes.
type Options struct {
	Grade    string
	Seed     uint64
	Messages int // about that many; 0 for 3000
}

// world is a world while it is built.
type world struct {
	*netplan.Plan
	grade  string
	start  time.Time
	days   int
	set    labelled.Set
	ids    map[string]bool
	home   []string
	mx     []string
	boxes  []string
	market market
	copied []*offer // texts that others may copy
	crews  int
	lines  int // campaigns
	serial int // of noise
}

// formats are the registries of the world and the layouts of their answers.
var formats = []netplan.Format{
	{TLD: "com", Server: "whois.registry-one.example", Layout: "thin"}, {TLD: "net", Server: "whois.registry-one.example", Layout: "thin"},
	{TLD: "org", Server: "whois.registry-two.example", Layout: "icann"}, {TLD: "info", Server: "whois.registry-two.example", Layout: "icann"},
	{TLD: "xyz", Server: "whois.registry-three.example", Layout: "gdpr"}, {TLD: "top", Server: "whois.registry-three.example", Layout: "gdpr"},
	{TLD: "shop", Server: "whois.registry-four.example", Layout: "gdpr"}, {TLD: "ru", Server: "whois.registry-five.example", Layout: "ripn"},
	{TLD: "example", Server: "whois.registry-six.example", Layout: "icann"},
}

// New builds a world. The same options give the same bytes.
func New(o Options) (*labelled.Set, error) {
	if !slices.Contains(Grades(), o.Grade) {
		return nil, fmt.Errorf("no grade %q; there are %v", o.Grade, Grades())
	}
	if o.Messages <= 0 {
		o.Messages = 3000
	}
	start := time.Date(2025, 3, 3, 0, 0, 0, 0, time.UTC)
	d := dice.New(o.Seed, "rented "+o.Grade)
	w := &world{Plan: netplan.New(d, start, formats), grade: o.Grade, start: start, days: 35, ids: map[string]bool{}}
	w.settle()
	if o.Grade == "sparse" {
		w.sparse(o.Messages)
	} else {
		w.dense(o.Messages)
	}
	w.Complete(&w.set, labelled.Meta{Seed: fmt.Sprint(o.Seed), Preset: "rented " + o.Grade, Campaigns: w.lines, Own: w.home, MX: w.mx})
	return &w.set, nil
}

// settle builds our own servers and the market.
//
// Three exchangers, four domains and sixty mailboxes: the organisation that
// receives the mail.
func (w *world) settle() {
	host := strings.ToLower(w.Word(3)) + ".example"
	w.mx = []string{"in1." + host, "in2." + host, "in3." + host}
	for range 4 {
		w.home = append(w.home, w.Name(0, "example"))
	}
	for range 60 {
		w.boxes = append(w.boxes, w.local()+"@"+dice.Pick(w.Dice, w.home))
	}
	w.market = w.newMarket()
}

func (w *world) local() string {
	a, b := strings.ToLower(w.Word(2)), strings.ToLower(w.Word(2))
	return dice.Pick(w.Dice, []string{a, a + "." + b, a[:1] + b, a + w.Digits(2)})
}

// dense fills a world with up to 45 campaigns, in which much is shared. 16
// percent are noise. In the mixture sizes have a long tail, and each crew has a
// grade of its own.
func (w *world) dense(messages int) {
	noise, tail := messages*16/100, 0.6
	if w.grade == "mixture" {
		tail = 1.15
	}
	sizes := w.Shares(messages-noise, max(2, min(messages/70, w.Between(32, 45))), 8, tail)
	for len(sizes) > 0 {
		grade := w.grade
		if grade == "mixture" {
			grade = dice.Pick(w.Dice, []string{"easy", "medium", "hard"})
		}
		c := w.newCrew(knobsOf[grade])
		for range min(len(sizes), 1+w.Weighted(5, 3, 2)) {
			w.newLine(c, sizes[0]).send()
			sizes = sizes[1:]
		}
	}
	w.noise(noise)
}

// sparse fills a world with campaigns of two to five messages, 45 percent of
// the mail, among unrelated mail.
func (w *world) sparse(messages int) {
	for left := messages * 45 / 100; left > 0; {
		size := w.Between(2, 5)
		w.newLine(w.newCrew(knobsOf["sparse"]), size).send()
		left -= size
	}
	w.noise(messages * 55 / 100)
}
