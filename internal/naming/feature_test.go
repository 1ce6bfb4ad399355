package naming

import (
	"strings"
	"testing"

	"spoor/graph/evidence"
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
		"subject Re: Cheap Watches":             "subject=cheap watches", // the key of a value on a screen
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
		got, _, err := ReadFeature(text)
		if err != nil || len(got) == 0 || got[0].Kind.String()+"="+got[0].Value != want {
			t.Errorf("%q: %v, %v, want %s first", text, got, err, want)
		}
	}
}

func TestBareIndicatorsAreReadAsEveryKind(t *testing.T) {
	got, exact, err := ReadFeature("shop.example")
	kinds := map[evidence.Kind]bool{}
	for _, f := range got {
		kinds[f.Kind] = true
	}
	if err != nil || exact || !kinds[evidence.LinkDomain] || !kinds[evidence.FromDomain] || !kinds[evidence.HELOName] || !kinds[evidence.NameServers] {
		t.Errorf("%v, %v, %v", got, exact, err)
	}
	if _, exact, err := ReadFeature("link domain shop.example"); err != nil || !exact {
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
		got, _, err := ReadFeature(text)
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
