package mask

import (
	"testing"

	"spoor/internal/block"
	"spoor/internal/dossier"
)

func TestCampaign(t *testing.T) {
	yes := block.Verdict{Block: true, Reason: block.Alone}
	c := dossier.Campaign{
		Indicators: []dossier.Indicator{
			{Kind: dossier.URL, Value: "http://shop.example/?e=john.doe@own.example", Members: 1, Spam: 1},
			{Kind: dossier.URL, Value: "http://shop.example/?e=JOHN.DOE%40own.example", Members: 2, Spam: 2},
			{Kind: dossier.LinkHost, Value: "john.doe.shop.example", Members: 1, Spam: 1, Verdict: yes},
			{Kind: dossier.LinkHost, Value: "www.shop.example", Members: 3, Spam: 3, Verdict: yes},
		},
		Messages: []dossier.Message{{Subject: "john.doe, buy", FromAddress: "john.doe@own.example", Parts: []dossier.Part{{Name: "john.doe.zip"}}}},
		Traits:   []dossier.Trait{{Value: "x john.doe"}},
	}
	masked, joined := New(recipients).Campaign(&c)
	if masked != 3 || joined != 1 || len(c.Indicators) != 3 || c.Indicators[0].Members != 3 {
		t.Errorf("%d masked, %d joined: %+v", masked, joined, c.Indicators)
	}
	if v := c.Indicators[1].Verdict; v.Block {
		t.Errorf("a host that names a recipient: %+v", v)
	}
	if v := c.Indicators[2].Verdict; !v.Block {
		t.Errorf("a host that names none: %+v", v)
	}
	if p := c.Messages[0]; p.Subject != "masked-r1, buy" || p.FromAddress != "r1@masked.invalid" || p.Parts[0].Name != "masked-r1.zip" || c.Traits[0].Value != "x masked-r1" {
		t.Errorf("%+v %+v", p, c.Traits)
	}
}
