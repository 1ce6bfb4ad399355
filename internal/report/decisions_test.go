package report

import (
	"strings"
	"testing"

	"spoor/graph/evidence"
	"spoor/sql/store/campaigns"
)

func TestReadFeature(t *testing.T) {
	for text, want := range map[string]string{
		"link domain shop.example":              "link domain=shop.example",
		"Link Domain: Shop.Example":             "link domain=shop.example",
		"link domain:hxxp://www.shop[.]example": "link domain=www.shop.example",
		"link host www.shop.example":            "link host=www.shop.example",
		"link shop.example":                     "link domain=shop.example",
		"link http://shop.example/a?b=1":        "link at a shared host=shop.example/a",
		`subject "Cheap toner 123"`:             "subject=cheap toner",
		"subject Re: Cheap Watches":             "subject=cheap watches", // the key of what a screen shows
		"subject:AW: Fwd: Cheap  Watches":       "subject=cheap watches",
		"subject:software":                      "subject=software",
		"HELO form 9":                           "HELO form=9",
		"helo mail.shop.example":                "HELO name=mail.shop.example",
		"From me@shop.example":                  "From address=me@shop.example",
		"From domain shop.example":              "From domain=shop.example",
		"From @shop.example":                    "From address=shop.example",
		"sent from 192.0.2.7":                   "sender address=192.0.2.7",
		"Message-ID like aa@d":                  "Message-ID form=aa@d",
		"subject like \"x y\"":                  "subject form=x y",
		"write to me@shop.example":              "contact address=me@shop.example",
		"registrar some registrar, inc.":        "registrar=some registrar, inc.",
		"shop.example":                          "link domain=shop.example",
		"192.0.2.7":                             "sender address=192.0.2.7",
		"192.0.2.0/24":                          "sender address=192.0.2.0/24",
		"me@shop.example":                       "contact address=me@shop.example",
		"+442079460000":                         "phone=+442079460000",
		"<id@mail.example>":                     "Message-ID=id@mail.example",
	} {
		got, _, err := readFeature(text)
		if err != nil || len(got) == 0 || got[0].Kind.String()+"="+got[0].Value != want {
			t.Errorf("%q: %v, %v, want %s first", text, got, err, want)
		}
	}
}

func TestBareIndicatorsAreReadAsEveryKind(t *testing.T) {
	got, exact, err := readFeature("shop.example")
	kinds := map[evidence.Kind]bool{}
	for _, f := range got {
		kinds[f.Kind] = true
	}
	if err != nil || exact || !kinds[evidence.LinkDomain] || !kinds[evidence.FromDomain] || !kinds[evidence.HELOName] || !kinds[evidence.NameServers] {
		t.Errorf("%v, %v, %v", got, exact, err)
	}
	if _, exact, err := readFeature("link domain shop.example"); err != nil || !exact {
		t.Errorf("a kind was named: %v, %v", exact, err)
	}
}

func TestWhatIsNoFeature(t *testing.T) {
	for text, want := range map[string]string{
		"lnik domain shop.example":   "near are: link domain",
		"subjcet software":           "subject",
		"quite something else":       "--help lists the kinds",
		"link domain":                "lacks a value",
		"subject:":                   "lacks a value|near are",
		"":                           "no indicator",
		strings.Repeat("x y ", 9999): "no indicator",
	} {
		got, _, err := readFeature(text)
		if err == nil {
			t.Errorf("%.40q was read as %v", text, got)
			continue
		}
		found := false
		for _, w := range strings.Split(want, "|") {
			found = found || strings.Contains(err.Error(), w)
		}
		if !found {
			t.Errorf("%.40q: %.300v, want something of %q", text, err, want)
		}
	}
}

// stands makes decisions that stand of what people may have decided.
func stands(list ...campaigns.Decision) []campaigns.Decision {
	for i := range list {
		list[i].ID = int64(i + 1)
		list[i].Value = "A and B"
		list[i].MadeBy = "ana"
	}
	return list
}

func TestContradictions(t *testing.T) {
	same := func(a, b int64) campaigns.Decision {
		return campaigns.Decision{Kind: "same", Messages: []int64{a}, Others: []int64{b}}
	}
	apart := func(a, b int64) campaigns.Decision {
		return campaigns.Decision{Kind: "not-same", Messages: []int64{a}, Others: []int64{b}}
	}
	split := func(c int64, out []int64, rest ...int64) campaigns.Decision {
		return campaigns.Decision{Kind: "split", Campaign: c, Messages: out, Others: rest}
	}
	merge := func(c, d int64, a, b []int64) proposal {
		return proposal{campaigns.Decision{Kind: "merge", Campaign: c, Other: d, Messages: a, Others: b}, []int64{c, d}}
	}
	of := func(d campaigns.Decision) proposal { return proposal{Decision: d} }
	in := map[int64]int64{11: 1, 12: 1, 13: 1, 21: 2, 22: 2, 31: 3}
	for name, c := range map[string]struct {
		standing []campaigns.Decision
		next     proposal
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
		"not same, though members are the same":    {stands(same(12, 22)), proposal{apart(11, 21), []int64{1, 2}}, "d1"},
		"messages of one campaign may be apart":    {stands(same(12, 22)), of(apart(11, 21)), ""},
		"a campaign with a quarrel inside merges":  {stands(apart(11, 12)), merge(1, 2, []int64{13}, []int64{21}), ""},
		"a split of what was merged":               {stands(merge(1, 2, []int64{11}, []int64{21}).Decision), of(split(1, []int64{21, 22}, 11, 12)), "d1"},
		"a split of messages that are apart":       {stands(apart(21, 22)), of(split(2, []int64{21, 22}, 23)), "d1"},
		"a split before the run, then the rest":    {stands(split(1, []int64{13}, 11)), proposal{same(13, 12), []int64{1}}, "d1"},
		"a split before the run, then a merger":    {stands(split(1, []int64{13}, 11)), merge(1, 2, []int64{12}, []int64{21}), ""},
		"a message on both sides":                  {nil, of(apart(1, 1)), "in common"},
		"a name":                                   {stands(same(1, 2)), of(campaigns.Decision{Kind: "name", Campaign: 1}), ""},
		"ignored and trusted":                      {stands(campaigns.Decision{Kind: "ignore", Feature: 5}), of(campaigns.Decision{Kind: "trust", Feature: 5}), "d1"},
		"ignored and another trusted":              {stands(campaigns.Decision{Kind: "ignore", Feature: 5}), of(campaigns.Decision{Kind: "trust", Feature: 6}), ""},
		"a message has a feature's number by luck": {stands(same(5, 6)), of(campaigns.Decision{Kind: "trust", Feature: 5}), ""},
	} {
		err := contradicts(c.standing, in, c.next)
		switch {
		case c.names == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.names != "" && err == nil:
			t.Errorf("%s: was not refused", name)
		case c.names != "":
			found := false
			for _, n := range strings.Split(c.names, "|") {
				found = found || strings.HasSuffix(err.Error(), "correlate undo "+n) || n == "in common" && strings.Contains(err.Error(), n)
			}
			if !found {
				t.Errorf("%s: %v, want to be told of %s", name, err, c.names)
			}
		}
	}
}

func TestWrittenByPeople(t *testing.T) {
	for in, want := range map[[2]string]string{
		{"name", "  toner \x1b[31m gang "}: "toner \uFFFD[31m gang",
		{"tag", "Pharmacy"}:                "pharmacy",
		{"note", "two\nlines"}:             "two lines",
	} {
		if got, err := written(in[0], in[1]); err != nil || got != want {
			t.Errorf("%q: %q, %v, want %q", in, got, err, want)
		}
	}
	for _, in := range [][2]string{{"name", " \n"}, {"name", strings.Repeat("x", 201)}, {"tag", "two words"}, {"tag", "a,b"}, {"untag", ""}, {"note", "\xff"}} {
		if got, err := written(in[0], in[1]); err == nil {
			t.Errorf("%q was taken as %q", in, got)
		}
	}
}
