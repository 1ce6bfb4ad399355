package show

import (
	"testing"

	"spoor/internal/findings"
	"spoor/sql/store/campaigns"
)

func TestBlock(t *testing.T) {
	c := &onePage{Page: &findings.Page{Last: campaigns.LastRun{SetAside: []campaigns.SetAside{{Value: "list.example"}}}}}
	for _, l := range []struct {
		link campaigns.Link
		want string
	}{
		{campaigns.Link{Host: "www.shop.example", Domain: "shop.example", Members: 9, Spam: 9}, "yes"},
		{campaigns.Link{Host: "www.shop.example", Domain: "shop.example", Members: 9, Spam: 9, Ham: 1}, "no, ham too"},
		{campaigns.Link{Host: "www.shop.example", Domain: "shop.example", Members: 4, Spam: 9}, "others too"},
		{campaigns.Link{Host: "sites.example", Domain: "sites.example", Members: 9, Spam: 9, Shared: "hosting"}, "no, shared host"},
		{campaigns.Link{Host: "www.w3.org", Domain: "w3.org", Members: 9, Spam: 9}, "no, everybody's"},
		{campaigns.Link{Host: "list.example", Domain: "list.example", Members: 9, Spam: 9}, "no, common"},
		{campaigns.Link{Host: "192.0.2.1", Members: 2, Spam: 2}, "yes"},
	} {
		if got := c.blockLink(&l.link); got != l.want {
			t.Errorf("%s: %q, want %q", l.link.Host, got, l.want)
		}
	}
}
