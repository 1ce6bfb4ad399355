package ingest_test

import (
	"fmt"

	"spoor/ingest"
	"spoor/ingest/received"
)

func ExampleExtract() {
	mail := `Received: from 144899528 (unknown [192.0.2.31]) by mx.ours.example (Postfix) with ESMTP id 8A1B2C3D4E; Fri, 6 Jan 2006 12:00:03 +0100
From: "Service" <info@shop.example>
Subject: =?utf-8?q?Your_account?=
Message-ID: <1@shop.example>

Visit http://shop.example/go?id=7 now.
`
	own, err := received.ParseOwn([]string{"mx.ours.example"})
	if err != nil {
		fmt.Println(err)
		return
	}
	facts := ingest.Extract([]byte(mail), ingest.Spam, &own)
	fmt.Println(facts.Subject, "from", facts.From.Address)
	fmt.Println(facts.SenderAddr, "HELO", facts.HELO, "at", facts.ReceivedAt.UTC())
	for _, l := range facts.Links {
		fmt.Println(l.URL, l.Domain)
	}
	for _, a := range facts.Anomalies {
		fmt.Println(a.Code)
	}
	// Output:
	// Your account from info@shop.example
	// 192.0.2.31 HELO 144899528 at 2006-01-06 11:00:03 +0000 UTC
	// http://shop.example/go?id=7 shop.example
	// helo-number
	// reverse-unknown
}
