package campaign

import "spoor/graph/evidence"

// Issues of one newsletter share sender, mailer and links by nature; that is no campaign.
// publishers sets aside the list mail (evidence.Newsletter) of every domain that behaves as
// a publisher does: it stays where it is, and comes at intervals, each time with one text
// or so, and another the next time. Bursts of many texts, one text over many days, and
// domains that move from network to network are no publisher's.
func (x *Index) publishers() {
	byDomain := make(map[int32][]int32)
	var order []int32
	for m := range int32(len(x.keys)) {
		if x.background(m) {
			continue
		}
		for _, f := range x.rows.row(m) {
			if x.kind[f] == evidence.FromDomain {
				if byDomain[f] == nil {
					order = append(order, f)
				}
				byDomain[f] = append(byDomain[f], m)
			}
		}
	}
	for _, f := range order {
		issues := byDomain[f]
		lists := 0
		for _, m := range issues {
			if x.newsletter(m) {
				lists++
			}
		}
		// Without the header fields of list mail it takes more days, and one address.
		days := listedDays
		if 10*lists < 9*len(issues) {
			if days = unlistedDays; !x.oneAddress(issues) {
				continue
			}
		}
		if len(issues) > 1 && x.regular(issues, days) && x.settled(issues) {
			for _, m := range issues {
				x.flags[m] |= isAside
			}
		}
	}
}

const (
	listedDays   = 2
	unlistedDays = 4
)

// oneAddress reports whether all issues bear one From address.
func (x *Index) oneAddress(issues []int32) bool {
	count := make(map[int32]int)
	most := 0
	for _, m := range issues {
		for _, f := range x.rows.row(m) {
			if x.kind[f] == evidence.FromAddress {
				count[f]++
				most = max(most, count[f])
			}
		}
	}
	return 20*most >= 19*len(issues)
}

// regular reports whether there is about one text a day, on that many days at least.
func (x *Index) regular(issues []int32, least int) bool {
	days, texts := make(map[int64]bool), make(map[int32]bool)
	for _, m := range issues {
		days[x.at[m]/86400] = true
		text := -1 - m // one that nobody else has
		for _, f := range x.rows.row(m) {
			if x.kind[f] == evidence.Text {
				text = f
			}
		}
		texts[text] = true
	}
	return len(days) >= least && len(texts) >= least && len(texts) <= 2*len(days) && len(days) <= 2*len(texts)
}

// settled reports whether nearly all issues come from one network, or one name of
// networks, and link to one place.
func (x *Index) settled(issues []int32) bool {
	count := make(map[int32]int)
	for _, m := range issues {
		for _, f := range x.rows.row(m) {
			count[f]++
		}
	}
	links, sends, bounces := 0, 0, 0
	for f, n := range count {
		switch x.kind[f] {
		case evidence.LinkDomain, evidence.LinkService, evidence.LinkTenant, evidence.Unsubscribe:
			links = max(links, n)
		case evidence.SenderNet, evidence.ReverseDomain, evidence.BounceDomain, evidence.MessageIDHost:
			sends = max(sends, n)
		case evidence.BounceForm:
			bounces = max(bounces, n)
		}
	}
	// What bears the links' own domain is no evidence beside them (evidence.BounceDomain), so
	// that of a service whose links are its own only the forms are seen.
	return 5*links >= 4*len(issues) && 5*max(sends, bounces) >= 3*len(issues)
}
