package storetest

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"time"

	"spoor/ingest"
	"spoor/ingest/links"
	"spoor/ingest/mailbox"
	"spoor/ingest/received"
)

// Facts makes message n of a made-up folder; the same n always gives the same. It is
// as rich as real spam: 6 hops, 9 links, 3 parts, some anomalies, 8 KiB compressed.
func Facts(n int) ingest.Facts {
	r := rand.New(rand.NewPCG(7, uint64(n)))
	var seed [8]byte
	binary.BigEndian.PutUint64(seed[:], uint64(n))
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n) * 37 * time.Second)
	host := fmt.Sprintf("www.shop%d.example", r.IntN(3000))
	f := ingest.Facts{
		Hash: sha256.Sum256(seed[:]), Size: 21000, Class: ingest.Spam,
		MessageID: fmt.Sprintf("%016x.%d@mail.%s", r.Uint64(), n, host),
		Subject:   "Your parcel is waiting, order " + fmt.Sprint(n), SubjectKey: "your parcel is waiting, order",
		From: ingest.Address{Name: "Parcel Service", Address: fmt.Sprintf("user%d@%s", r.IntN(500), host)},
		To:   []string{fmt.Sprintf("victim%d@example.com", r.IntN(900))},
		Date: at.Add(-time.Minute), DateRaw: at.Format(time.RFC1123Z), ReturnPath: "bounce@" + host,
		Mailer: "Example Mailer 1.0", HeaderNames: strings.Repeat("Received,", 6) + "From,To,Subject,Date,Message-ID,MIME-Version,Content-Type,X-Mailer,X-Priority,List-Unsubscribe,DKIM-Signature",
		MIMESkeleton: "multipart/alternative(text/plain,text/html)", BoundaryForm: "----=_a4_9999", MessageIDForm: "x16.9@a.a.a",
		TextHash: int64(r.Uint64() >> 1), TextLength: 1200,
		TextSketch: bytes.Repeat(seed[:], 8), HTMLForm: int64(r.Uint64() >> 1), DateForm: "Www, 99 Mmm 9999 99:99:99 +9999",
		Encodings: "text/plain;utf-8;quoted-printable,text/html;utf-8;base64", Boundary: 1,
		SenderAddr: randomAddr(r), HELO: fmt.Sprint(r.IntN(1e9)), ReverseState: received.Unknown, ReceivedAt: at,
	}
	for h := range 6 {
		f.Hops = append(f.Hops, received.Hop{From: fmt.Sprintf("relay%d.%s", h, host), Reverse: fmt.Sprintf("host%d.example.net", r.IntN(9999)),
			ReverseState: received.Given, Addr: randomAddr(r), By: "mx.example.org", With: "ESMTPS", ID: fmt.Sprintf("%012X", r.Uint64()>>16),
			For: "victim@example.com", TLS: "TLS1_2 cipher ECDHE-RSA-AES256", Time: at.Add(-time.Duration(h) * time.Second), Zone: "+0000", Syntax: "postfix",
			Raw: "from relay.example.net (host.example.net [192.0.2.77]) (using TLSv1.2 with cipher ECDHE-RSA-AES256-GCM-SHA384) by mx.example.org (Postfix) with ESMTPS id 4AB12C34D for <victim@example.com>; " + at.Format(time.RFC1123Z)})
	}
	for l := range 9 {
		target := fmt.Sprintf("http://%s/c/%x?id=%d", host, r.Uint64(), l)
		f.Links = append(f.Links, links.Link{Raw: target, URL: target,
			Scheme: "http", Host: host, Domain: host[4:], Part: 2, Where: "a@href", Visible: "Click here to track your parcel", Via: -1, Count: 1})
	}
	f.Parts = []ingest.Part{{Parent: -1, Type: "multipart/alternative"},
		{Parent: 0, Type: "text/plain", Charset: "utf-8", Encoding: "quoted-printable", Size: 1200, Hash: sha256.Sum256(seed[:4])},
		{Parent: 0, Type: "text/html", Charset: "utf-8", Encoding: "base64", Size: 14000, Hash: sha256.Sum256(seed[:])}}
	f.Anomalies = []received.Anomaly{{Code: "helo-number", Hop: 1, Reason: "The HELO name is a bare number.", Evidence: f.HELO},
		{Code: "reverse-unknown", Hop: 1, Reason: "The sender's address has no reverse name.", Evidence: "unknown"}}
	f.Contacts = []links.Contact{{Kind: "mail", Value: "sales@" + host, Raw: "sales@" + host, Part: 1, Where: "text", Count: 1}}
	f.Defects = []ingest.Defect{{Code: "header-8bit", Part: -1, Detail: "Subject"}}
	f.Raw = make([]byte, 8<<10)
	for i := 0; i < len(f.Raw); i += 8 {
		binary.LittleEndian.PutUint64(f.Raw[i:], r.Uint64())
	}
	return f
}

func randomAddr(r *rand.Rand) netip.Addr {
	return netip.AddrFrom4([4]byte{198, 51, 100, byte(r.Uint32())}).Prev()
}

// Batch makes messages from to to-1, each with the place of an mbox at path.
func Batch(path string, from, to int) *ingest.Batch {
	b := &ingest.Batch{}
	for n := from; n < to; n++ {
		f := Facts(n)
		b.Messages = append(b.Messages, f)
		b.Sightings = append(b.Sightings, ingest.Sighting{Hash: f.Hash, Place: mailbox.Place{Path: path, Offset: int64(n) * 21000, Length: 21000, Format: mailbox.Mbox}})
	}
	b.Progress = ingest.Counts{Read: int64(to), New: int64(to), Bytes: int64(to) * 21000}
	return b
}
