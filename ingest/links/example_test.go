package links_test

import (
	"fmt"

	"spoor/ingest/links"
)

func ExampleExtract() {
	page := `<p>Dear customer,
<a href="https://www.google.com/url?q=http%3A%2F%2FShop.Example%2Fgo%3Fid%3D7">www.bank.example</a>
or call +1 202 555 0100.</p>`
	found := links.Extract([]links.Text{{Body: []byte(page), HTML: true}})
	for _, l := range found.Links {
		fmt.Printf("%s %s shown as %q, within link %d, %s\n", l.Where, l.URL, l.Visible, l.Via, l.Notes)
	}
	for _, c := range found.Contacts {
		fmt.Println(c.Kind, c.Value)
	}
	// Output:
	// a@href https://www.google.com/url?q=http%3A%2F%2FShop.Example%2Fgo%3Fid%3D7 shown as "www.bank.example", within link -1, [visible-mismatch]
	// a@href http://shop.example/go?id=7 shown as "", within link 0, []
	// text http://www.bank.example/ shown as "", within link -1, [no-scheme]
	// phone +12025550100
}
