package facts_test

import (
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"spoor/ingest"
	"spoor/ingest/received"
	"spoor/sql/store"
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

// TestStoredMessagesGetTerms migrates a store of before terms: its messages get the same as an import writes.
func TestStoredMessagesGetTerms(t *testing.T) {
	url := storetest.EmptyURL(t)
	old, err := store.OpenAt(t.Context(), url, 28)
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	i, err := facts.New(old).Begin(t.Context(), facts.Import{})
	if err != nil {
		t.Fatal(err)
	}
	const mail = "Return-Path: <bounce@News.Shop.example>\r\nReceived: from HELO.shop.example (rev.isp.example [192.0.2.1]) by mx.example.com (Postfix) with ESMTP id 4Fzq; Mon, 2 Jan 2006 15:04:05 +0000\r\n" +
		"From: \"Ann B\" <Ann@Shop.example>\r\nReply-To: x@reply.example, y@reply.example\r\nSubject: An Offer\r\nX-Mailer: The Mailer 1.0\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: text/plain\r\n\r\nWrite to claims@mail.example\r\n--b\r\nContent-Type: application/pdf; name=\"Invoice 7.pdf\"\r\nContent-Disposition: attachment; filename=\"Invoice 7.pdf\"\r\n\r\nxx\r\n--b--\r\n"
	var list []ingest.Facts
	for _, text := range []string{mail, "Subject: alone\r\n\r\n", "X: y\r\n\r\n"} {
		list = append(list, *ingest.Extract([]byte(text), ingest.Spam, &received.Own{}))
	}
	if _, err := i.Store(t.Context(), &ingest.Batch{Messages: list}); err != nil {
		t.Fatal(err)
	}
	const stored = "SELECT message_key || ' ' || words::text FROM texts ORDER BY 1"
	want := storetest.Column(t, old, stored)
	for _, term := range []string{"=an offer", ".shop.example", "@ann@shop.example", "#4fzq", "=invoice 7.pdf", "@claims@mail.example", "@x@reply.example", "=the mailer 1.0"} {
		if !strings.Contains(strings.Join(want, "\n"), "'"+term+"'") {
			t.Errorf("no term %s in %q", term, want)
		}
	}
	for _, statement := range []string{
		"UPDATE texts SET words = (SELECT array_to_tsvector(array_agg(w)) FROM unnest(tsvector_to_array(words)) AS w WHERE w !~ '^[#.=@]')",
		"DELETE FROM texts WHERE words IS NULL",
	} {
		if err := storetest.Exec(old, statement); err != nil {
			t.Fatal(err)
		}
	}
	now := storetest.Open(t, url)
	if got := storetest.Column(t, now, stored); !slices.Equal(got, want) {
		t.Errorf("migrated\n%s\nimported\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
