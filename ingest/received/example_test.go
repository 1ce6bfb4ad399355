package received_test

import (
	"fmt"

	"spoor/ingest/received"
)

// The upper field was written by the receiver's own server, the lower one by
// the sender, and it may be forged.
func Example() {
	fields := []string{
		"from mail.bank.example (unknown [192.0.2.31]) by mx.ours.example (Postfix) with ESMTP id 8A1B2C3D4E; Fri, 6 Jan 2006 12:00:03 +0100",
		"from 144899528 by mail.bank.example with SMTP; Fri, 6 Jan 2006 11:59:58 +0100",
	}
	var hops []received.Hop
	for _, f := range fields {
		hops = append(hops, received.Parse([]byte(f)))
	}
	own, err := received.ParseOwn([]string{"*.ours.example"})
	if err != nil {
		fmt.Println(err)
		return
	}
	boundary := own.Boundary(hops)
	sender := hops[boundary]
	fmt.Println("sender", sender.Addr, "HELO", sender.From)
	for _, a := range received.Anomalies(hops, boundary, &own, received.Envelope{}) {
		fmt.Println(a.Code, a.Evidence)
	}
	// Output:
	// sender 192.0.2.31 HELO mail.bank.example
	// reverse-unknown 192.0.2.31
	// helo-number 144899528
	// hop-no-address from 144899528 by mail.bank.example with SMTP; Fri, 6 Jan 2006 11:59:58 +0100
}
