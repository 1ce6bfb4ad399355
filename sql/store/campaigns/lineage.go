package campaigns

import (
	"cmp"
	"maps"
	"slices"
)

// asleepAfter is how long nothing new has come for a campaign that sleeps: four weeks, by
// the newest mail in the store, so that an archive of 2006 can be read today.
const asleepAfter = 28 * 24 * 3600

// event is one thing that happened to a campaign in a run (table campaign_events).
type event struct {
	campaign, other int64
	kind            string
	messages        int64
}

// sizes counts the members of campaigns.
func sizes(list []membership) map[int64]int64 {
	out := make(map[int64]int64)
	for _, m := range list {
		if m.campaign != 0 {
			out[m.campaign]++
		}
	}
	return out
}

// events tells what became of the campaigns of before, and where those of now are from.
func (f *outcome) events(before []membership) []event {
	was := sizes(before)
	had := maps.Clone(was)
	merged := make(map[int64]int64)
	for _, m := range f.mergers {
		merged[m.From] = m.Into
	}
	var out []event
	for i, id := range f.campaigns {
		delete(was, id.ID)
		out = append(out, f.eventsOf(i, before, had, merged)...)
	}
	for _, id := range slices.Sorted(maps.Keys(was)) {
		if merged[id] == 0 {
			out = append(out, event{campaign: id, kind: "dissolved", messages: was[id]})
		}
	}
	return out
}

// eventsOf tells how campaign i of now came to be, grew or shrank. had are the members of
// campaigns before, merged where campaigns went.
func (f *outcome) eventsOf(i int, before []membership, had, merged map[int64]int64) []event {
	id, c := f.campaigns[i], &f.Campaigns[i]
	switch {
	case id.New && id.SplitFrom != 0:
		return []event{{campaign: id.ID, other: id.SplitFrom, kind: "split", messages: int64(len(c.Members))}}
	case id.New:
		return []event{{campaign: id.ID, kind: "born", messages: int64(len(c.Members))}}
	}
	var out []event
	came, stayed := int64(0), int64(0)
	from := make(map[int64]int64)
	for _, m := range c.Members {
		switch b, _ := membershipOf(before, m.Key); {
		case b.campaign == id.ID:
			stayed++
		case b.campaign != 0 && merged[b.campaign] == id.ID:
			from[b.campaign]++
		default:
			came++
		}
	}
	if came > 0 {
		out = append(out, event{campaign: id.ID, kind: "grew", messages: came})
	}
	if went := had[id.ID] - stayed; went > 0 {
		out = append(out, event{campaign: id.ID, kind: "shrank", messages: went})
	}
	for _, other := range slices.Sorted(maps.Keys(from)) {
		out = append(out, event{campaign: id.ID, other: other, kind: "merged", messages: from[other]})
	}
	return out
}

// sleepers tells which campaigns fell asleep and which woke. asleep are those that slept
// before.
func (f *outcome) sleepers(at []seen, asleep map[int64]bool, now int64) []event {
	newest := int64(0)
	for _, s := range at {
		if s.at > newest && s.at <= now && !s.ham { // a clock that runs ahead puts nobody to sleep
			newest = s.at
		}
	}
	var out []event
	for i, id := range f.campaigns {
		last := int64(0)
		for _, m := range f.Campaigns[i].Members {
			if n, ok := slices.BinarySearchFunc(at, m.Key, func(s seen, key int64) int { return cmp.Compare(s.key, key) }); ok && at[n].at <= now {
				last = max(last, at[n].at)
			}
		}
		switch sleeps := last != 0 && last < newest-asleepAfter; {
		case last == 0 || sleeps == asleep[id.ID]:
		case sleeps:
			out = append(out, event{campaign: id.ID, kind: "slept", messages: int64(len(f.Campaigns[i].Members))})
		default:
			out = append(out, event{campaign: id.ID, kind: "woke", messages: int64(len(f.Campaigns[i].Members))})
		}
	}
	return out
}
