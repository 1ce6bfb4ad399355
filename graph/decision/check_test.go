package decision

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// stands completes decisions to standing ones, with ids, a value and an author.
func stands(list ...Decision) []Decision {
	for i := range list {
		list[i].ID = int64(i + 1)
		list[i].Value = "A and B"
		list[i].MadeBy = "ana"
	}
	return list
}

func TestContradictions(t *testing.T) {
	same := func(a, b int64) Decision {
		return Decision{Kind: Same, Messages: []int64{a}, Others: []int64{b}}
	}
	apart := func(a, b int64) Decision {
		return Decision{Kind: NotSame, Messages: []int64{a}, Others: []int64{b}}
	}
	split := func(c int64, out []int64, rest ...int64) Decision {
		return Decision{Kind: Split, Campaign: c, Messages: out, Others: rest}
	}
	merge := func(c, d int64, a, b []int64) Proposal {
		return Proposal{Decision{Kind: Merge, Campaign: c, Other: d, Messages: a, Others: b}, []int64{c, d}}
	}
	of := func(d Decision) Proposal { return Proposal{Decision: d} }
	in := map[int64]int64{11: 1, 12: 1, 13: 1, 21: 2, 22: 2, 31: 3}
	for name, c := range map[string]struct {
		standing []Decision
		next     Proposal
		names    string // the decisions to undo; "" if it can be honoured
	}{
		"nothing stands":                           {nil, of(same(1, 2)), ""},
		"the opposite":                             {stands(same(1, 2)), of(apart(2, 1)), "d1"},
		"the opposite the other way":               {stands(apart(1, 2)), of(same(1, 2)), "d1"},
		"a chain":                                  {stands(same(1, 2), same(9, 8), same(2, 3)), of(apart(1, 3)), "d1 d2 d3|d1 d3"},
		"a chain closes over what is apart":        {stands(same(1, 2), apart(1, 3), same(3, 4)), of(same(2, 4)), "d2"},
		"apart from two is no contradiction":       {stands(apart(1, 2), apart(1, 3)), of(same(2, 3)), ""},
		"campaigns of which members are apart":     {stands(apart(13, 22)), merge(1, 2, []int64{11, 12}, []int64{21}), "d1"},
		"members of others are apart":              {stands(apart(13, 31)), merge(1, 2, []int64{11, 12}, []int64{21}), ""},
		"not same, though members are the same":    {stands(same(12, 22)), Proposal{apart(11, 21), []int64{1, 2}}, "d1"},
		"messages of one campaign may be apart":    {stands(same(12, 22)), of(apart(11, 21)), ""},
		"a campaign with a quarrel inside merges":  {stands(apart(11, 12)), merge(1, 2, []int64{13}, []int64{21}), ""},
		"a split of what was merged":               {stands(merge(1, 2, []int64{11}, []int64{21}).Decision), of(split(1, []int64{21, 22}, 11, 12)), "d1"},
		"a split of messages that are apart":       {stands(apart(21, 22)), of(split(2, []int64{21, 22}, 23)), "d1"},
		"a split before the run, then the rest":    {stands(split(1, []int64{13}, 11)), Proposal{same(13, 12), []int64{1}}, "d1"},
		"a split before the run, then a merger":    {stands(split(1, []int64{13}, 11)), merge(1, 2, []int64{12}, []int64{21}), ""},
		"a message on both sides":                  {nil, of(apart(1, 1)), "in common"},
		"a name":                                   {stands(same(1, 2)), of(Decision{Kind: Name, Campaign: 1}), ""},
		"ignored and trusted":                      {stands(Decision{Kind: Ignore, Feature: 5}), of(Decision{Kind: Trust, Feature: 5}), "d1"},
		"ignored and another trusted":              {stands(Decision{Kind: Ignore, Feature: 5}), of(Decision{Kind: Trust, Feature: 6}), ""},
		"a message has a feature's number by luck": {stands(same(5, 6)), of(Decision{Kind: Trust, Feature: 5}), ""},
	} {
		err := Check(c.standing, in, &c.next)
		conflict, ok := errors.AsType[*Conflict](err)
		switch {
		case c.names == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.names != "" && !ok:
			t.Errorf("%s: was not refused: %v", name, err)
		case c.names != "":
			var ids []string
			for _, s := range conflict.Standing {
				ids = append(ids, "d"+strconv.FormatInt(s.ID, 10))
			}
			if got := strings.Join(ids, " "); !slices.Contains(strings.Split(c.names, "|"), cmp.Or(got, "in common")) {
				t.Errorf("%s: contradicts %q, want %s", name, got, c.names)
			}
		}
	}
}
