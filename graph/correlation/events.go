package correlation

import (
	"cmp"
	"maps"
	"slices"
)

// asleepAfter is the time without new mail, in seconds, after which a campaign
// counts as asleep: four weeks before the newest mail in the store. The clock
// does not matter, so an archive of 2006 can be read today.
const asleepAfter = 28 * 24 * 3600

// Event is a change of a campaign in a run.
type Event struct {
	Campaign, Other int64 // 0 for none
	Kind            string
	Messages        int64
}

// Kinds of events, as stored.
const (
	born      = "born"
	grew      = "grew"
	shrank    = "shrank"
	merged    = "merged"    // absorbed Other
	split     = "split"     // separated from Other
	slept     = "slept"     // no new mail for four weeks
	woke      = "woke"      // new mail after sleep
	dissolved = "dissolved" // its members no longer belong together
)

// events lists the changes of the earlier campaigns and the origins of the
// present ones.
func (o *Outcome) events(before []Membership) []Event {
	was := sizes(before)
	had := maps.Clone(was)
	gone := make(map[int64]int64)
	for _, m := range o.Mergers {
		gone[m.From] = m.Into
	}
	var out []Event
	for i, id := range o.CampaignIDs {
		delete(was, id.ID)
		out = append(out, o.eventsOf(i, before, had, gone)...)
	}
	for _, id := range slices.Sorted(maps.Keys(was)) {
		if gone[id] == 0 {
			out = append(out, Event{Campaign: id, Kind: dissolved, Messages: was[id]})
		}
	}
	return out
}

// eventsOf lists how campaign i was born, grew or shrank. had counts the
// members of earlier campaigns; gone maps them to the campaigns that absorbed
// them.
func (o *Outcome) eventsOf(i int, before []Membership, had, gone map[int64]int64) []Event {
	id, c := o.CampaignIDs[i], &o.Campaigns[i]
	switch {
	case id.New && id.SplitFrom != 0:
		return []Event{{Campaign: id.ID, Other: id.SplitFrom, Kind: split, Messages: int64(len(c.Members))}}
	case id.New:
		return []Event{{Campaign: id.ID, Kind: born, Messages: int64(len(c.Members))}}
	}
	var out []Event
	// Members of an absorbed campaign count as merged, and not as growth.
	came, stayed := int64(0), int64(0)
	from := make(map[int64]int64)
	for _, m := range c.Members {
		switch b, _ := membershipOf(before, m.Key); {
		case b.Campaign == id.ID:
			stayed++
		case b.Campaign != 0 && gone[b.Campaign] == id.ID:
			from[b.Campaign]++
		default:
			came++
		}
	}
	if came > 0 {
		out = append(out, Event{Campaign: id.ID, Kind: grew, Messages: came})
	}
	if went := had[id.ID] - stayed; went > 0 {
		out = append(out, Event{Campaign: id.ID, Kind: shrank, Messages: went})
	}
	for _, other := range slices.Sorted(maps.Keys(from)) {
		out = append(out, Event{Campaign: id.ID, Other: other, Kind: merged, Messages: from[other]})
	}
	return out
}

// sleepers lists the campaigns that fell asleep or woke. asleep holds those
// that slept before.
func (o *Outcome) sleepers(at []Seen, asleep map[int64]bool, now int64) []Event {
	newest := int64(0)
	for _, s := range at {
		if s.At > newest && s.At <= now && !s.Ham { // a clock that runs ahead must not put campaigns to sleep
			newest = s.At
		}
	}
	var out []Event
	for i, id := range o.CampaignIDs {
		last := int64(0)
		for _, m := range o.Campaigns[i].Members {
			if n, ok := slices.BinarySearchFunc(at, m.Key, func(s Seen, key int64) int { return cmp.Compare(s.Message, key) }); ok && at[n].At <= now {
				last = max(last, at[n].At)
			}
		}
		switch sleeps := last != 0 && last < newest-asleepAfter; {
		case last == 0 || sleeps == asleep[id.ID]:
		case sleeps:
			out = append(out, Event{Campaign: id.ID, Kind: slept, Messages: int64(len(o.Campaigns[i].Members))})
		default:
			out = append(out, Event{Campaign: id.ID, Kind: woke, Messages: int64(len(o.Campaigns[i].Members))})
		}
	}
	return out
}
