package findings

import (
	"fmt"
	"testing"

	"spoor/sql/store/campaigns"
)

// Traits of all mail, of a platform's customers and of the reader's own mail
// system hold no campaign together.
func TestOwnComesFirst(t *testing.T) {
	traits := []campaigns.Trait{
		{Kind: "cloud tenant", Value: "the reader's", Members: 40, Elsewhere: 1500, Bits: 2},
		{Kind: "Reply-To", Value: "no-reply@example.com", Members: 40, Elsewhere: 500, Ham: 100, Bits: 4},
		{Kind: "link domain", Value: "bit.ly", Members: 40, Elsewhere: 2, Bits: 8},
		{Kind: "link domain", Value: "toner.example", Members: 30, Bits: 8},
		{Kind: "mailer fingerprint", Value: "abcd", Members: 40, Bits: 8},
		{Kind: "id in a link", Value: "aff=4471", Members: 20, Bits: 11},
		{Kind: "number in a link", Value: "4471", Members: 20, Bits: 8},
		{Kind: "subject", Value: "toner", Members: 40, Bits: 5},
		{Kind: "phone", Value: "+15550100", Members: 2, Bits: 11},
	}
	own := Own(traits, 40, 2000)
	var got []string
	for _, tr := range own {
		got = append(got, tr.Kind)
	}
	if want := "[mailer fingerprint subject link domain id in a link number in a link phone]"; fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
	got = nil
	for _, tr := range Told(own, 40, 4) {
		got = append(got, tr.Kind)
	}
	if want := "[link domain id in a link subject mailer fingerprint]"; fmt.Sprint(got) != want {
		t.Errorf("told: %v, want %s", got, want)
	}
}

func TestOwnOfAnEmptyCampaign(t *testing.T) {
	if got := Own([]campaigns.Trait{{Kind: "phone", Members: 1}}, 0, 0); len(got) != 0 {
		t.Errorf("%v", got)
	}
}
