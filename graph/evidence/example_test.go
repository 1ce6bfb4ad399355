package evidence_test

import (
	"fmt"
	"net/netip"

	"spoor/graph/evidence"
)

func ExampleOf() {
	m := evidence.Message{
		Subject: "Watches for sale", SubjectKey: "watches for sale", From: "info@shop.example",
		Sender: netip.MustParseAddr("192.0.2.31"), HELO: "144899528",
		Links: []evidence.Link{{URL: "http://shop.example/go?aff=K7F2Q9", Host: "shop.example", Domain: "shop.example"}},
	}
	for _, f := range evidence.Of(&m) {
		fmt.Printf("%-12v %v: %s\n", f.Kind.Group(), f.Kind, f.Value)
	}
	// Output:
	// content      subject: watches for sale
	// content      subject form: watches for sale
	// links        link domain: shop.example
	// links        id in a link: aff=K7F2Q9
	// sending      sender address: 192.0.2.31
	// sending      sender network: 192.0.2.0/24
	// sending      HELO name: 144899528
	// sending      HELO form: 99
	// sending      From address: info@shop.example
	// sending      From domain: shop.example
	// content      subject word: sale
	// content      subject word: watches
	// content      lure: replica
}
