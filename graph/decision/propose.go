package decision

import "slices"

// Side is one of the two sides of a decision: a campaign, or a message.
type Side struct {
	Label    string  // what people read
	Campaign int64   // that it is, or is in; 0: none
	Message  int64   // 0: it is a campaign
	Members  []int64 // the message, or those of the campaign that are to stay in it, the surest first
	All      []int64 // all members of the campaign, where that is more
}

// whole reports whether the side is a campaign.
func (s *Side) whole() bool { return s.Message == 0 }

// size is the number of members of the side's campaign.
func (s *Side) size() int { return len(s.everybody()) }

func (s *Side) everybody() []int64 {
	switch {
	case s.Campaign == 0:
		return nil
	case s.All != nil:
		return s.All
	}
	return s.Members
}

// Proposal is a decision to be made. Whole lists the campaigns that it names: who names a
// campaign means all of it.
type Proposal struct {
	Decision
	Whole []int64
}

// Merging makes b part of a. d says who decides, when and why.
func Merging(d Decision, a, b Side) Proposal {
	d.Kind, d.Value = Merge, a.Label+" and "+b.Label
	d.Campaign, d.Other = a.Campaign, b.Campaign
	d.Messages, d.Others, d.Moved = StandIns(a.Members), StandIns(b.Members), b.Members
	return Proposal{d, []int64{a.Campaign, b.Campaign}}
}

// Parting keeps two sides apart.
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

// Joining puts a message beside another, or into a campaign. Of two campaigns that are joined
// by that the smaller goes into the larger.
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

// nameWhole lists which of two sides are whole campaigns. A message on the other side does
// not stand for them.
func nameWhole(a, b *Side) (whole []int64) {
	for _, s := range []*Side{a, b} {
		if s.whole() {
			whole = append(whole, s.Campaign)
			s.Members = slices.DeleteFunc(slices.Clone(s.Members), func(k int64) bool { return k == a.Message || k == b.Message })
		}
	}
	return whole
}
