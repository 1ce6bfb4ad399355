package findings

import (
	"strings"
	"testing"

	"spoor/sql/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// The index holds what SQL's trait_letters makes of a value, and a search asks for what letters
// makes of the words: both must agree on every text.
func TestLettersAreThoseOfTheIndex(t *testing.T) {
	db := storetest.New(t)
	for _, text := range []string{"", "Software", `"Swiss style, small price"`, "ns1.timepool.example", "Größe ΑΒΓ İı 4711", "a\u00a0b\tc", strings.Repeat("Long 1 ", 40), "\u202eabc"} {
		want := letters(text)
		want = want[:min(len(want), mostLetters)]
		if got := storetest.Column(t, db, "SELECT trait_letters("+quoted(text)+")"); got[0] != want {
			t.Errorf("%q: %q in the index, %q is asked for", text, got[0], want)
		}
	}
}

// quoted writes a text as a literal of SQL.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
