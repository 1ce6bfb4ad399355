package world

import (
	"fmt"

	"spoor/internal/lab/dice"
)

// Group is a kind of evidence. Two traits of one group are one argument.
type Group string

// Groups of evidence.
const (
	Content      Group = "content"
	Links        Group = "links"
	Registration Group = "registration"
	Hosting      Group = "hosting"
	Sending      Group = "sending"
	Mailer       Group = "mailer"
)

// Trait is a property of a message, visible in it or in its registry data, that
// links the message to others. A strong trait that is unique to one campaign
// suffices by itself. Of the weak ones, two from different groups are needed
// whose combination is unique.
type Trait struct {
	Group  Group
	Kind   string
	Value  string
	Strong bool
}

// collect fills in the traits of a planned message.
func (p *planned) collect() {
	c := p.c
	t := p.traits[:0]
	if p.site != nil {
		t = append(t, p.site.traits...)
	}
	if len(c.ids) > 0 {
		t = append(t, Trait{Links, "id", c.ids[p.id], true})
	}
	if !c.onlyPicture {
		t = append(t, Trait{Content, "text", c.versions[p.version].key, c.spin <= 0.4})
	}
	if c.picture != 0 {
		t = append(t, Trait{Content, "picture", c.id, !c.noise})
	}
	if c.attach != "" {
		t = append(t, Trait{Content, "attachment", fmt.Sprint(c.id, "/", p.lot), !c.noise})
	}
	if len(c.contacts) > 0 {
		t = append(t, Trait{Content, "contact", c.contacts[p.lot%len(c.contacts)], true})
	}
	if c.phone != "" {
		t = append(t, Trait{Content, "phone", c.phone, true})
	}
	if c.reference != "" {
		t = append(t, Trait{Content, "reference", c.reference, true})
	}
	if len(c.wallets) > 0 {
		t = append(t, Trait{Content, "wallet", c.wallets[p.lot%len(c.wallets)], true})
	}
	switch p.pool.kind {
	case mailboxAccounts:
		t = append(t, Trait{Sending, "account", p.from, true})
		t = append(t, Trait{Sending, "login", p.login, false})
	case firmAccounts:
		t = append(t, Trait{Sending, "account", p.from, true}, Trait{Sending, "login", p.login, false}, Trait{Mailer, "mailer", p.mailer.name, false})
	case espAccount:
	case ownServers:
		t = append(t, Trait{Sending, "server-domain", p.pool.domain, false}, Trait{Mailer, "mailer", p.mailer.name, false})
	case botnet, webHosts:
		t = append(t, Trait{Sending, "address", p.client.addr.String(), false}, Trait{Mailer, "mailer", p.mailer.name, false})
	default:
		t = append(t, Trait{Sending, "netblock", p.pool.net.prefix.String(), false}, Trait{Mailer, "mailer", p.mailer.name, false})
	}
	p.traits = t
}

// bonds returns the keys that can link a message to others: strong traits, and
// pairs of weak traits from different groups.
func bonds(traits []Trait) []string {
	var out []string
	for i, t := range traits {
		if t.Strong {
			out = append(out, t.Kind+"="+t.Value)
		}
		for _, u := range traits[i+1:] {
			if u.Group != t.Group {
				out = append(out, t.Kind+"="+t.Value+" & "+u.Kind+"="+u.Value)
			}
		}
	}
	return out
}

// pieces groups the numbers of messages by campaign and connected component.
func pieces(n int, campaign func(int) string, traits func(int) []Trait) map[string][][]int {
	owner, first, parent := map[string]string{}, map[string]int{}, make([]int, n)
	of := make([][]string, n)
	for i := range n {
		parent[i] = i
		of[i] = bonds(traits(i))
		for _, b := range of[i] {
			if o, ok := owner[b]; !ok {
				owner[b] = campaign(i)
			} else if o != campaign(i) {
				owner[b] = "*"
			}
		}
	}
	find := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for i := range n {
		for _, b := range of[i] {
			if owner[b] == "*" {
				continue
			}
			if j, ok := first[b]; ok {
				parent[find(i)] = find(j)
			} else {
				first[b] = i
			}
		}
	}
	members := map[int][]int{}
	var roots []int
	for i := range n {
		r := find(i)
		if members[r] == nil {
			roots = append(roots, r)
		}
		members[r] = append(members[r], i)
	}
	out := map[string][][]int{}
	for _, r := range roots {
		out[campaign(r)] = append(out[campaign(r)], members[r])
	}
	return out
}

// mend makes actors careless where nothing would join a message to the rest of its
// campaign: an id, a text or a mailer is used again, and at last a reference code.
func (b *builder) mend() {
	var all []*planned
	for _, c := range b.campaigns {
		all = append(all, c.plans...)
	}
	for round := range 4 {
		for _, p := range all {
			p.collect()
		}
		whole := true
		parts := pieces(len(all), func(i int) string { return all[i].c.id }, func(i int) []Trait { return all[i].traits })
		for _, c := range b.campaigns {
			if len(parts[c.id]) > 1 {
				whole = false
				b.join(c, parts[c.id], all, round)
			}
		}
		if whole {
			return
		}
	}
	for _, p := range all {
		p.collect()
	}
}

// join gives the smaller pieces of a campaign a trait of its largest piece.
func (b *builder) join(c *campaign, parts [][]int, all []*planned, round int) {
	largest := 0
	for i := range parts {
		if len(parts[i]) > len(parts[largest]) {
			largest = i
		}
	}
	if round >= 2 {
		c.reference = b.Chars(dice.Upper, 2) + b.Chars(dice.Digits, 6)
		return
	}
	model := all[parts[largest][0]]
	for i, part := range parts {
		if i == largest {
			continue
		}
		for _, k := range part {
			all[k].id = model.id
			if round == 1 || len(c.ids) == 0 {
				all[k].version = model.version
			}
		}
	}
}
