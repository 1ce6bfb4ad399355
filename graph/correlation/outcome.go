package correlation

import (
	"cmp"
	"math"
	"slices"

	"spoor/graph/campaign"
	"spoor/graph/spamrun"
)

// identified carries the ids of campaigns and operations over from the run
// before.
func identified(r *campaign.Result, before Before) *Outcome {
	o := &Outcome{Result: r, Before: before.Members, KeepSpamruns: before.Logged}
	of := make(map[int64]int64, len(before.Members))
	for _, m := range before.Members {
		if m.Campaign != 0 {
			of[m.Message] = m.Campaign
		}
	}
	groups := make([][]int64, len(r.Campaigns))
	for i := range r.Campaigns {
		for _, m := range r.Campaigns[i].Members {
			groups[i] = append(groups[i], m.Key)
		}
	}
	o.CampaignIDs, o.Mergers = Identify(of, groups, before.FreeCampaign)
	// Operations are identified likewise, by the operations of their members'
	// campaigns.
	for message, id := range of {
		if of[message] = before.Operations[id]; before.Operations[id] == 0 {
			delete(of, message)
		}
	}
	together := make([][]int64, len(r.Operations))
	for i, op := range r.Operations {
		for _, n := range op.Campaigns {
			together[i] = append(together[i], groups[n]...)
		}
	}
	o.OperationIDs, _ = Identify(of, together, before.FreeOperation)
	return o
}

// OperationOf returns the id of the operation of campaign i, or 0.
func (o *Outcome) OperationOf(i int) int64 {
	if n := o.Campaigns[i].Operation; n >= 0 && n < len(o.OperationIDs) {
		return o.OperationIDs[n].ID
	}
	return 0
}

// changes counts new, merged and dissolved campaigns. A campaign that was
// absorbed by another counts as merged only.
func (o *Outcome) changes(before []Membership) Changes {
	out := Changes{Merged: len(o.Mergers)}
	now := make(map[int64]bool, len(o.CampaignIDs))
	for _, id := range o.CampaignIDs {
		now[id.ID] = true
		if id.New {
			out.New++
		}
	}
	for id := range sizes(before) {
		if !now[id] {
			out.Dissolved++
		}
	}
	out.Dissolved -= out.Merged
	return out
}

// sizes counts the members of campaigns.
func sizes(list []Membership) map[int64]int64 {
	out := make(map[int64]int64)
	for _, m := range list {
		if m.Campaign != 0 {
			out[m.Campaign]++
		}
	}
	return out
}

// members lists the memberships of the result, sorted by key.
func (o *Outcome) members() []Membership {
	in := spamrunOf(o.Spamruns)
	if o.KeepSpamruns {
		in = keptSpamruns(o.Before)
	}
	n := len(in)
	for i := range o.Campaigns {
		n += len(o.Campaigns[i].Members)
	}
	out := make([]Membership, 0, n)
	for i := range o.Campaigns {
		for _, m := range o.Campaigns[i].Members {
			out = append(out, Membership{m.Key, o.CampaignIDs[i].ID, in[m.Key], hundredths(m.Confidence)})
		}
	}
	sortMembers(out)
	inCampaigns := out
	for message, run := range in {
		if _, ok := membershipOf(inCampaigns, message); !ok {
			out = append(out, Membership{Message: message, Spamrun: run})
		}
	}
	if len(out) > len(inCampaigns) {
		sortMembers(out)
	}
	return out
}

// keptSpamruns maps messages to the spamruns of the run before. Messages without
// one are omitted.
func keptSpamruns(before []Membership) map[int64]int64 {
	of := make(map[int64]int64)
	for _, m := range before {
		if m.Spamrun != 0 {
			of[m.Message] = m.Spamrun
		}
	}
	return of
}

// spamrunOf maps messages to their spamruns. Messages without one are omitted.
func spamrunOf(list []spamrun.Run) map[int64]int64 {
	members := 0
	for i := range list {
		members += len(list[i].Messages)
	}
	of := make(map[int64]int64, members)
	for i := range list {
		for _, m := range list[i].Messages {
			of[m] = list[i].ID
		}
	}
	return of
}

// sortMembers sorts memberships by message, for binary search and for a
// comparison with the stored ones in one pass.
func sortMembers(list []Membership) {
	slices.SortFunc(list, func(a, b Membership) int { return cmp.Compare(a.Message, b.Message) })
}

// membershipOf finds the membership of a message by binary search in O(log n).
func membershipOf(sorted []Membership, message int64) (Membership, bool) {
	i, ok := slices.BinarySearchFunc(sorted, message, func(m Membership, key int64) int { return cmp.Compare(m.Message, key) })
	if !ok {
		return Membership{}, false
	}
	return sorted[i], true
}

// hundredths rounds a confidence, because a difference below a hundredth is not
// worth a write.
func hundredths(confidence float64) float32 {
	return float32(math.Round(100*min(max(confidence, 0), 1)) / 100)
}
