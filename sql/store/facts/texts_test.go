package facts_test

import (
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"spoor/ingest"
	"spoor/sql/store/facts"
	"spoor/sql/store/storetest"
)

// TestWordsAreFound checks that text_query finds the words that the extractor
// takes from mail.
func TestWordsAreFound(t *testing.T) {
	s := storetest.New(t)
	i, err := facts.New(s).Begin(t.Context(), facts.Import{})
	if err != nil {
		t.Fatal(err)
	}
	mails := map[string]string{
		"parcel": "Your parcel is held. Pay the e-mail fee of 3.50 EUR at http://post.example/pay or ask help@post.example",
		"greek":  "Επιβεβαίωση λογαριασμού",
		"han":    "アカウントの確認、今すぐ",
		"quotes": "it's \"quoted\" & 'said' | !never <none> \\ a:b*",
		"empty":  "",
	}
	names := map[string]string{}
	var list []ingest.Facts
	for name, subject := range mails {
		f := ingest.Extract([]byte("Subject: "+subject+"\r\nX-Name: "+name+"\r\n\r\n"), ingest.Spam, nil)
		names[string(f.Hash[:])] = name
		list = append(list, *f)
	}
	if _, err := i.Store(t.Context(), &ingest.Batch{Messages: list}); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ ask, want string }{
		{"parcel held", "parcel"}, {"PARCEL, held!", "parcel"}, {"e-mail", "parcel"}, {"mail parcel 3.50 x@y.example", "parcel"}, {"parcel quoted", ""},
		{strings.ToLower("ΛΟΓΑΡΙΑΣΜΟΎ"), "greek"}, {"確認", "han"}, {"今すぐ確認", "han"}, {"確認 parcel", ""}, {"quoted", "quotes"}, {"it's 'said' & | ! ( \\ <-> :*", "quotes"},
		{"", ""}, {"500 !!!", ""}, {"help@post.example", ""}, {"a", ""},
	} {
		got := storetest.Column(t, s, "SELECT sha256 FROM texts_v WHERE words @@ text_query($1)", tc.ask)
		for n := range got {
			sum, err := hex.DecodeString(got[n])
			if err != nil {
				t.Fatal(err)
			}
			got[n] = names[string(sum)]
		}
		if slices.Sort(got); strings.Join(got, " ") != tc.want {
			t.Errorf("%q finds %q, want %q", tc.ask, got, tc.want)
		}
	}
}
