package campaign

import (
	"cmp"
	"maps"
	"slices"

	"spoor/graph/evidence"
)

// Issues of one newsletter share sender, mailer and links by nature; that is no campaign.
// publishes reports whether a cluster behaves as a publisher does: nearly all of it is list
// mail (evidence.Newsletter), or bears one address or domain; it stays where it is, and comes
// at intervals, each time with one text or so, and another the next time; or once a day, for a
// week or more. Bursts of many texts, one text over many days, and domains that move from
// network to network are no publisher's.
func (x *Index) publishes(issues []int32, clusters map[int32]int) bool {
	lists := 0
	for _, m := range issues {
		if x.newsletter(m) {
			lists++
		}
	}
	if x.publisher(issues) < 0 || x.platform(issues, clusters) || !x.settled(issues) {
		return false
	}
	days := listedDays
	if 10*lists < 9*len(issues) {
		days = unlistedDays // without the header fields of list mail it takes more days
	}
	if n, _ := x.rhythm(issues); n == len(issues) && n >= week {
		return true // a daily, whose text can be the same: the day's picture
	}
	return x.oneOf(issues, evidence.FromAddress) >= 0 && x.regular(issues, days) || x.series(issues) || x.accountable(issues)
}

// accountable reports whether few issues are enough: each links to the domain that it comes
// from, the address is the same for a week or more, and each has a day and a text of its own.
// The links of a phish lead elsewhere, and domains of spam do not last as long.
func (x *Index) accountable(issues []int32) bool {
	if x.oneOf(issues, evidence.FromAddress) < 0 || !x.newEachDay(issues, listedDays) {
		return false
	}
	first, last := x.at[issues[0]], x.at[issues[0]]
	for _, m := range issues {
		first, last = min(first, x.at[m]), max(last, x.at[m])
		if !x.linksHome(m) {
			return false
		}
	}
	return last-first >= (week-1)*86400 // a weekly may come some hours early
}

// linksHome reports whether a message links to the domain of its From address.
func (x *Index) linksHome(m int32) bool {
	from, links := evidence.Key(0), []evidence.Key(nil)
	for _, f := range x.rows.row(m) {
		switch k := x.features[f]; x.kind[f] {
		case evidence.FromDomain:
			from = k.Value()
		case evidence.LinkDomain:
			links = append(links, k.Value())
		}
	}
	return from != 0 && slices.Contains(links, from)
}

// publisher returns the From address of nearly all issues, or else the From domain: a service
// that makes an address for each issue keeps its domain. -1: they have neither.
func (x *Index) publisher(issues []int32) int32 {
	if f := x.oneOf(issues, evidence.FromAddress); f >= 0 {
		return f
	}
	return x.oneOf(issues, evidence.FromDomain)
}

// series reports whether issues are those of several newsletters, each with a From name of
// its own. A young or rare one does not show its rhythm, so half of the issues decide. Crews
// vary names and texts, too, so each issue must have a day and a text of its own.
func (x *Index) series(issues []int32) bool {
	of := make(map[int32][]int32)
	for _, m := range issues {
		for _, f := range x.rows.row(m) {
			if x.kind[f] == evidence.FromName {
				of[f] = append(of[f], m)
				break
			}
		}
	}
	regular := 0
	for _, s := range of {
		if x.newEachDay(s, unlistedDays) {
			regular += len(s)
		}
	}
	return 2*regular >= len(issues)
}

// platformClusters is the number of clusters from which a From address is a
// platform's.
const platformClusters = 3

// platform reports whether the From address of issues is one that a platform gives to
// mails of many customers: it heads several clusters. Then a cluster is a customer's.
func (x *Index) platform(issues []int32, clusters map[int32]int) bool {
	for _, f := range x.rows.row(issues[0]) {
		if x.kind[f] == evidence.FromAddress && clusters[f] >= platformClusters {
			return true
		}
	}
	return false
}

// headed counts for each From address the clusters that have it.
func (x *Index) headed(sets [][]int32) map[int32]int {
	out := make(map[int32]int)
	seen := make(map[int32]bool)
	for _, s := range sets {
		clear(seen)
		for _, m := range s {
			for _, f := range x.rows.row(m) {
				if x.kind[f] == evidence.FromAddress && !seen[f] {
					seen[f] = true
					out[f]++
				}
			}
		}
	}
	return out
}

// byFrom divides a cluster of list mail by From domain: in a small store several
// newsletters can look alike. Other clusters stay whole.
func (x *Index) byFrom(set []int32) [][]int32 {
	lists := 0
	for _, m := range set {
		if x.newsletter(m) {
			lists++
		}
	}
	if 10*lists < 9*len(set) {
		return [][]int32{set}
	}
	var out [][]int32
	at := make(map[int32]int)
	for _, m := range set {
		from := int32(-1)
		for _, f := range x.rows.row(m) {
			if x.kind[f] == evidence.FromDomain {
				from = f
			}
		}
		i, ok := at[from]
		if !ok {
			i = len(out)
			at[from] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], m)
	}
	return out
}

// publishers describes the clusters that publish. Clusters with one From address or domain
// are one publisher.
func (x *Index) publishers(clusters [][]int32) []Publisher {
	of := make(map[int32][]int32)
	for _, issues := range clusters {
		f := x.publisher(issues)
		of[f] = append(of[f], issues...)
	}
	out := make([]Publisher, 0, len(of))
	for _, f := range slices.Sorted(maps.Keys(of)) {
		p := Publisher{From: x.features[f]}
		days := make(map[int64]bool)
		slices.Sort(of[f])
		for _, m := range of[f] {
			p.Members = append(p.Members, x.keys[m])
			days[x.at[m]/86400] = true
			if x.newsletter(m) {
				p.Listed++
			}
			if _, ok := slices.BinarySearch(x.rows.row(m), f); ok && p.Example == 0 {
				p.Example = x.keys[m]
			}
		}
		p.Days = len(days)
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b Publisher) int { return cmp.Compare(a.From, b.From) })
	return out
}

// Days on which a sender of regular mail must have sent to be a publisher:
// fewer if list headers say so, more if the text is the same.
const (
	listedDays   = 2
	unlistedDays = 4
	week         = 7 // of a daily
)

// oneOf returns the value of a kind that nearly all issues have; -1 if there is none.
func (x *Index) oneOf(issues []int32, kind evidence.Kind) int32 {
	count := make(map[int32]int)
	best := int32(-1)
	for _, m := range issues {
		for _, f := range x.rows.row(m) {
			if x.kind[f] != kind {
				continue
			}
			count[f]++
			if best < 0 || count[f] > count[best] || count[f] == count[best] && f < best {
				best = f
			}
		}
	}
	if best < 0 || 20*count[best] < 19*len(issues) {
		return -1
	}
	return best
}

// regular reports whether there is about one text a day, on that many days at least.
func (x *Index) regular(issues []int32, least int) bool {
	days, texts := x.rhythm(issues)
	return days >= least && texts >= least && texts <= 2*days && days <= 2*texts
}

// newEachDay reports whether each issue has a day and a text of its own, on that many days at
// least.
func (x *Index) newEachDay(issues []int32, least int) bool {
	days, texts := x.rhythm(issues)
	return days >= least && days == len(issues) && texts == len(issues)
}

// rhythm counts the days on which issues arrived, and their texts.
func (x *Index) rhythm(issues []int32) (days, texts int) {
	day, text := make(map[int64]bool), make(map[int32]bool)
	for _, m := range issues {
		day[x.at[m]/86400] = true
		of := -1 - m // a text that no other message has
		for _, f := range x.rows.row(m) {
			if x.kind[f] == evidence.Text {
				of = f
			}
		}
		text[of] = true
	}
	return len(day), len(text)
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
	// The bounce domain is no evidence beside links to the same domain
	// (evidence.BounceDomain), so of a service with its own links only the
	// forms count.
	return 5*links >= 4*len(issues) && 5*max(sends, bounces) >= 3*len(issues)
}
