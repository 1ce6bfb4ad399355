package evidence

import (
	"slices"
	"strings"
	"testing"
)

func TestLures(t *testing.T) {
	for _, c := range []struct{ subject, name, text, lure, ofName, ofText string }{
		{"your parcel is waiting at the depot", "Depot", "delivery courier customs", "parcel", "", "parcel"},
		{"Ihr Paket wartet", "Zustellung", "Sendung Zoll", "parcel", "parcel", "parcel"},
		{"𝗬𝗼𝘂𝗿 𝗽𝗮𝗿𝗰𝗲𝗹", "", "", "parcel", "", ""},
		{"Félicitations, vous avez gagné", "Sondage", "récompense", "prize", "prize", "prize"},
		{"a parcel from the casino", "", "", "", "", ""},      // two lures
		{"casino, roulette and a parcel", "", "", "", "", ""}, // one named by half as many
		{"casino roulette jackpot parcel", "", "", "gambling", "", ""},
		{"hello again", "Anna", "see you on monday", "", "", ""},
		{"", "", "", "", "", ""},
	} {
		m := &Message{SubjectKey: c.subject, FromName: c.name, Words: strings.Fields(c.text)}
		for kind, value := range map[Kind]string{Lure: c.lure, LureName: c.ofName, LureText: c.ofText} {
			if value == "" {
				want(t, m, kind)
			} else {
				want(t, m, kind, value)
			}
		}
	}
}

// A stem stands under one lure, and is written as plain writes words.
func TestStems(t *testing.T) {
	of := make(map[string]string)
	for lure, stems := range lexicon {
		for stem := range strings.FieldsSeq(stems) {
			if other, ok := of[stem]; ok {
				t.Errorf("%q names %s and %s", stem, lure, other)
			}
			of[stem] = lure
			if plain(stem) != stem || len(stem) < 3 {
				t.Errorf("%q of %s is not plain or too short", stem, lure)
			}
		}
	}
	if got := Lures(); len(got) != len(lexicon) || !slices.IsSorted(got) {
		t.Errorf("Lures: %q", got)
	}
}
