package decision

import "slices"

// Side is one side of a decision: a campaign or a message.
type Side struct {
	Label    string  // for people
	Campaign int64   // the campaign itself, or the one of the message; 0 for none
	Message  int64   // 0 for a campaign
	Members  []int64 // the message, or the members that stay in the campaign, highest confidence first
	All      []int64 // all members of the campaign, if there are more
}

// whole reports whether the side is a campaign.
func (s *Side) whole() bool { return s.Message == 0 }

// size is the number of members of the side's campaign.
func (s *Side) size() int { return len(s.everybody()) }

// everybody returns all members of the side's campaign, nil if it is in none.
func (s *Side) everybody() []int64 {
	switch {
	case s.Campaign == 0:
		return nil
	case s.All != nil:
		return s.All
	}
	return s.Members
}

// Proposal is a decision to be made. Whole lists the campaigns that it names,
// each with all of its members.
type Proposal struct {
	Decision
	Whole []int64
}

// Merging proposes to merge b into a. d has the author, time and reason.
func Merging(d Decision, a, b Side) Proposal {
	d.Kind, d.Value = Merge, a.Label+" and "+b.Label
	d.Campaign, d.Other = a.Campaign, b.Campaign
	d.Messages, d.Others, d.Moved = StandIns(a.Members), StandIns(b.Members), b.Members
	return Proposal{d, []int64{a.Campaign, b.Campaign}}
}

// Parting proposes to keep two sides apart.
func Parting(d Decision, a, b Side) Proposal {
	d.Kind, d.Value = NotSame, a.Label+" and "+b.Label
	if a.Campaign == 0 {
		a, b = b, a
	}
	p := Proposal{Whole: nameWhole(&a, &b)}
	d.Campaign, d.Other = a.Campaign, b.Campaign
	d.Messages, d.Others = StandIns(a.Members), StandIns(b.Members)
	if d.Campaign == d.Other {
		d.Other = 0
	}
	p.Decision = d
	return p
}

// Joining proposes to put a message beside another or into a campaign. If that
// joins two campaigns, the smaller is merged into the larger.
func Joining(d Decision, a, b Side) Proposal {
	d.Kind, d.Value = Same, a.Label+" and "+b.Label
	if a.size() < b.size() {
		a, b = b, a
	}
	moved := b.everybody()
	p := Proposal{Whole: nameWhole(&a, &b)}
	d.Messages, d.Others = StandIns(a.Members), StandIns(b.Members)
	if d.Campaign = a.Campaign; a.Campaign != b.Campaign && b.Campaign != 0 {
		d.Other, d.Moved = b.Campaign, moved
	}
	p.Decision = d
	return p
}

// nameWhole lists the sides that are whole campaigns. A message on the other
// side must not represent them.
func nameWhole(a, b *Side) (whole []int64) {
	for _, s := range []*Side{a, b} {
		if s.whole() {
			whole = append(whole, s.Campaign)
			s.Members = slices.DeleteFunc(slices.Clone(s.Members), func(k int64) bool { return k == a.Message || k == b.Message })
		}
	}
	return whole
}
