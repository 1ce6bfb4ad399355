package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"time"
)

// invent writes n messages with a mean size of 21 KB in the proportions of real
// spam: a third short and plain, half long HTML with a plain alternative, and
// the rest with an attachment. The same n gives the same bytes. All names and
// addresses are reserved.
//
// The mbox has a separator before each message, and no line of a body begins
// with "From ".
func invent(path string, n int) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	g := &inventor{Rand: rand.New(rand.NewPCG(1, 2)), at: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)}
	for i := range n {
		g.at = g.at.Add(time.Duration(g.IntN(600)) * time.Second)
		fmt.Fprintf(w, "From sender@mailer.example %s\n%s\n", g.at.Format(time.ANSIC), g.message(i))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}

// inventor makes up mail, the same for the same seed.
type inventor struct {
	*rand.Rand
	at time.Time
}

// vocabulary has the words of texts.
var vocabulary = strings.Fields(`account active again answer archive balance before below best better box branch
	brand bring button call card certain change claim clear click code collect confirm contact copy credit customer daily
	deliver detail device direct discount display document double early email enter every expire final find follow free
	friend gift grand happy hello help home hour important inform invoice item join keep large last letter limit link list
	little login member message minute month monthly name near need never notice number offer office only open order
	package parcel password pay people personal phone place please point price private product profit program promise
	protect quick read ready reason receive regular reply report request reward safe sale save secure security select
	send service share ship shop simple small special start state stop store subject summer support system thank time
	today update upgrade user value verify view visit wait warning watch week welcome winner work world write year`)

// words returns n random words in lines of twelve.
func (g *inventor) words(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(" \n"[btoi(i%12 == 0)])
		}
		b.WriteString(vocabulary[g.IntN(len(vocabulary))])
	}
	return b.String()
}

// btoi is 1 for true.
func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// hex returns n hex digits.
func (g *inventor) hex(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = "0123456789abcdef"[g.IntN(16)]
	}
	return string(b)
}

func (g *inventor) url(campaign int) string {
	return fmt.Sprintf("https://www.shop%d.example/%s/view?id=%s&c=%d", campaign, vocabulary[campaign%len(vocabulary)], g.hex(24), campaign)
}

// message makes up one message: a third is plain text, the others have HTML,
// and one in six an attachment.
func (g *inventor) message(i int) string {
	campaign := g.IntN(400)
	var b strings.Builder
	g.header(&b, i, campaign)
	switch k := i % 6; {
	case k < 2:
		fmt.Fprintf(&b, "Content-Type: text/plain; charset=utf-8\n\n%s\n\n%s\n\n%s\n", g.words(300), g.url(campaign), g.words(40))
	default:
		boundary := "----=_Part_" + g.hex(12)
		kind := "alternative"
		if k == 5 {
			kind = "mixed"
		}
		fmt.Fprintf(&b, "Content-Type: multipart/%s; boundary=\"%s\"\n\n--%s\n", kind, boundary, boundary)
		fmt.Fprintf(&b, "Content-Type: text/plain; charset=utf-8\n\n%s\n%s\n\n--%s\n", g.words(200), g.url(campaign), boundary)
		fmt.Fprintf(&b, "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n%s\n--%s", g.html(campaign), boundary)
		if k == 5 {
			fmt.Fprintf(&b, "\nContent-Type: application/pdf; name=\"invoice.pdf\"\nContent-Transfer-Encoding: base64\n\n%s\n--%s", g.base64(16<<10), boundary)
		}
		b.WriteString("--\n")
	}
	return b.String()
}

// header writes the fields of a message that came through two servers of ours.
func (g *inventor) header(b *strings.Builder, i, campaign int) {
	stamp := g.at.Format(time.RFC1123Z)
	sender := fmt.Sprintf("203.0.113.%d", campaign%250+1)
	fmt.Fprintf(b, "Return-Path: <bounce-%s@shop%d.example>\nDelivered-To: user%d@ours.example\n", g.hex(8), campaign, g.IntN(50))
	fmt.Fprintf(b, "Received: from localhost (localhost [127.0.0.1])\n\tby store.ours.example (Postfix) with ESMTP id %s\n\tfor <user@ours.example>; %s\n", strings.ToUpper(g.hex(10)), stamp)
	fmt.Fprintf(b, "Received: from mx1.ours.example (mx1.ours.example [192.0.2.10])\n\tby store.ours.example (Postfix) with ESMTPS id %s\n\tfor <user@ours.example>; %s\n", strings.ToUpper(g.hex(10)), stamp)
	fmt.Fprintf(b, "Received: from out%d.shop%d.example (out%d.shop%d.example [%s])\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\n\tby mx1.ours.example (Postfix) with ESMTPS id %s\n\tfor <user@ours.example>; %s\n", campaign%3, campaign, campaign%3, campaign, sender, strings.ToUpper(g.hex(10)), stamp)
	fmt.Fprintf(b, "Received: from [198.51.100.%d] (unknown [198.51.100.%d])\n\tby out%d.shop%d.example (Postfix) with ESMTPA id %s; %s\n", g.IntN(250), g.IntN(250), campaign%3, campaign, strings.ToUpper(g.hex(10)), stamp)
	fmt.Fprintf(b, "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=shop%d.example; s=mail;\n\tbh=%s;\n\tb=%s\n", campaign, g.hex(44), g.hex(340))
	fmt.Fprintf(b, "X-Spam-Status: Yes, score=9.1 required=5.0 tests=BAYES_99,HTML_MESSAGE,URIBL_BLACK\n\tautolearn=no version=4.0.0\nX-Scan-Id: %s\n", g.hex(900))
	fmt.Fprintf(b, "Message-ID: <%s.%d@shop%d.example>\nDate: %s\nFrom: \"%s\" <news@shop%d.example>\nTo: user@ours.example\nSubject: %s\nMIME-Version: 1.0\n",
		g.hex(16), i, campaign, stamp, g.words(2), campaign, g.words(6))
}

// html is a page of about 20 KB.
//
// Quoted-printable with soft line breaks, as most HTML mail has.
func (g *inventor) html(campaign int) string {
	var b strings.Builder
	b.WriteString("<html><head><style>td { font-family: Arial; color: #333333 }</style></head><body>\n")
	for range 29 {
		fmt.Fprintf(&b, "<table width=3D\"100%%\" cellpadding=3D\"0\" border=3D\"0\"><tr><td style=3D\"padding: 12px 24px; =\nfont-size: 14px\"><p>%s</p>\n", g.words(70))
		if g.IntN(3) == 0 {
			fmt.Fprintf(&b, "<a href=3D\"%s\">%s</a>", strings.ReplaceAll(g.url(campaign), "=", "=3D"), g.words(3))
		}
		b.WriteString("</td></tr></table>\n")
	}
	b.WriteString("</body></html>\n")
	return b.String()
}

// base64 returns n random bytes as an attachment's lines.
func (g *inventor) base64(n int) string {
	raw := make([]byte, n)
	for i := range raw {
		raw[i] = byte(g.Uint32())
	}
	s := base64.StdEncoding.EncodeToString(raw)
	var b strings.Builder
	for len(s) > 76 {
		b.WriteString(s[:76] + "\n")
		s = s[76:]
	}
	return b.String() + s
}
