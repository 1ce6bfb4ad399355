package received

import (
	"fmt"
	"strings"
	"testing"

	"spoor/internal/text"
)

func chainOf(lines string) []Hop {
	var hops []Hop
	for _, l := range strings.Split(strings.TrimSpace(lines), "\n") {
		hops = append(hops, Parse([]byte(strings.TrimSpace(l)+"; Tue, 3 Dec 2002 15:16:03 +0000")))
	}
	return hops
}

// boundaryCases are judged by structure alone, as in a folder of one message, unless own
// servers are given. want is the sender's address, "" for none.
var boundaryCases = []struct {
	name, own, lines string
	boundary         int
	want             string
}{
	{"direct", "", "from m.example.com (m.example.com [192.0.2.1]) by mx.example.net (Postfix) with ESMTP id D674021FAF", 0, "192.0.2.1"},
	{"forged line below names our server", "", `from m.example.com (m.example.com [192.0.2.1]) by mx.example.net (Postfix) with ESMTP id D674021FAF
		from bank.example.org (bank.example.org [198.51.100.1]) by mx.example.net (Postfix) with ESMTP id D674021FAE`, 0, "192.0.2.1"},
	{"stranger calls itself by our name", "", `from mx.example.net (dsl7.example.org [192.0.2.1]) by mx.example.net (Postfix) with ESMTP id D674021FAF
		from bank.example.org (bank.example.org [198.51.100.1]) by mx.example.net (Postfix) with ESMTP id D674021FAE`, 0, "192.0.2.1"},
	{"the same without reverse name", "", `from mx.example.net (unknown [192.0.2.1]) by mx.example.net (Postfix) with ESMTP id D674021FAF
		from bank.example.org (bank.example.org [198.51.100.1]) by mx.example.net (Postfix) with ESMTP id D674021FAE`, 0, "192.0.2.1"},
	{"the same, own given", "*.example.net", `from mx.example.net (unknown [192.0.2.1]) by mx.example.net (Postfix) with ESMTP id D674021FAF
		from bank.example.org (bank.example.org [198.51.100.1]) by mx.example.net (Postfix) with ESMTP id D674021FAE`, 0, "192.0.2.1"},
	{"sendmail saw through it", "", `from mx.example.net (mx.example.net [192.0.2.1] (may be forged)) by mx.example.net (8.11.6/8.11.6) with ESMTP id g8N207C27394
		from bank.example.org (bank.example.org [198.51.100.1]) by mx.example.net (8.11.6/8.11.6) with ESMTP id g8N207C27395`, 0, "192.0.2.1"},
	{"amavis and LMTP", "", `from mx.example.net (mx.example.net [10.1.1.1]) by store.example.net (Dovecot) with LMTP id x
		from localhost (localhost [127.0.0.1]) by mx.example.net (Postfix) with ESMTP id D674021FAF
		from mx.example.net ([127.0.0.1]) by localhost (mx.example.net [127.0.0.1]) (amavisd-new, port 10024) with ESMTP id 0U+OLchDCS5T
		from m.example.com (m.example.com [192.0.2.1]) by mx.example.net (Postfix) with ESMTP id D674021FAE
		from pc7 (pc7 [10.0.0.1]) by m.example.com (Postfix) with ESMTP id D674021FAD`, 3, "192.0.2.1"},
	{"fetchmail from a provider", "", `from localhost (localhost [127.0.0.1]) by desk.example.org (Postfix) with ESMTP id D674021FAF
		from pop.example.net [198.51.100.9] by localhost with POP3 (fetchmail-6.4.1) for u@localhost (single-drop)
		from m.example.com (m.example.com [192.0.2.1]) by mx3.example.net (Postfix) with ESMTP id D674021FAE`, 2, "192.0.2.1"},
	{"secondary exchanger", "", `from mx2.example.net (mx2.example.net [203.0.113.2]) by mx1.example.net (Postfix) with ESMTP id D674021FAF
		from m.example.com (m.example.com [192.0.2.1]) by mx2.example.net (Postfix) with ESMTP id D674021FAE`, 1, "192.0.2.1"},
	{"customer's line of the provider", "", `from dsl-192-0-2-1.example.net (dsl-192-0-2-1.example.net [192.0.2.1]) by mx1.example.net (Postfix) with ESMTP id D674021FAF
		from bank.example.org (bank.example.org [198.51.100.1]) by dsl-192-0-2-1.example.net (Postfix) with ESMTP id D674021FAE`, 0, "192.0.2.1"},
	{"address translation hides strangers", "", `from m.example.com (unknown [172.17.0.1]) by mx.example.net (Postfix) with ESMTP id D674021FAF
		from bank.example.org (bank.example.org [198.51.100.1]) by m.example.com (Postfix) with ESMTP id D674021FAE`, 0, ""},
	{"qmail with scanner", "", `(qmail 13577 invoked by uid 89)
		from 192.0.2.1 by mx.example.net (envelope-from <a@example.com>, uid 89) with qmail-scanner-1.25
		(qmail 13575 invoked from network)
		from unknown (HELO m.example.com) (192.0.2.1) by mx.example.net with SMTP`, 3, "192.0.2.1"},
	{"gmail to gmail", "", `by 2002:a05:6a20:7a27:b0:ef:e79f:ecd4 with SMTP id p17csp434264vqb
		from mail-sor-f41.google.com (mail-sor-f41.google.com. [192.0.2.41]) by mx.google.com with SMTPS id d1
		from bank.example.org (bank.example.org [198.51.100.1]) by mail-sor-f41.google.com with SMTP id d2`, 1, "192.0.2.41"},
	{"outlook tenant to outlook", "", `from SA3PR19MB7370.namprd19.prod.outlook.com (::1) by MN0PR19MB6312.namprd19.prod.outlook.com with HTTPS
		from BN0PR03CA0023.namprd03.prod.outlook.com (2603:10b6:408:e6::28) by SA3PR19MB7370.namprd19.prod.outlook.com (2603:10b6:806:317::17) with Microsoft SMTP Server id 15.20.6792.27
		from BN8NAM11FT066.eop-nam11.prod.protection.outlook.com (2603:10b6:408:e6:cafe::23) by BN0PR03CA0023.outlook.office365.com (2603:10b6:408:e6::28) with Microsoft SMTP Server id 15.20.6792.28 via Frontend Transport
		from NAM11-DM6-obe.outbound.protection.outlook.com (192.0.2.119) by BN8NAM11FT066.mail.protection.outlook.com (10.13.177.138) with Microsoft SMTP Server id 15.20.6813.19 via Frontend Transport
		from PH0P220MB0746.NAMP220.PROD.OUTLOOK.COM (2603:10b6:510:111::16) by NAM11-DM6-obe.outbound.protection.outlook.com (2603:10b6:a03:403::8) with Microsoft SMTP Server id 15.20.6477.19`, 3, "192.0.2.119"},
	{"the same, own given", "*.outlook.com", `from SA3PR19MB7370.namprd19.prod.outlook.com (::1) by MN0PR19MB6312.namprd19.prod.outlook.com with HTTPS
		from BN8NAM11FT066.eop-nam11.prod.protection.outlook.com (2603:10b6:408:e6:cafe::23) by BN0PR03CA0023.outlook.office365.com (2603:10b6:408:e6::28) with Microsoft SMTP Server id 15.20.6792.28 via Frontend Transport
		from NAM11-DM6-obe.outbound.protection.outlook.com (192.0.2.119) by BN8NAM11FT066.mail.protection.outlook.com (10.13.177.138) with Microsoft SMTP Server id 15.20.6813.19 via Frontend Transport
		from PH0P220MB0746.NAMP220.PROD.OUTLOOK.COM (2603:10b6:510:111::16) by SJ0P220MB0724.NAMP220.PROD.OUTLOOK.COM (2603:10b6:a03:403::8) with Microsoft SMTP Server id 15.20.6477.19`, 2, "192.0.2.119"},
	{"exchange in the house behind a gateway", "", `from EX1.example.net (10.0.0.5) by EX2.example.net (10.0.0.6) with Microsoft SMTP Server id 15.2.1118.7
		from gw.example.net (10.0.0.2) by EX1.example.net (10.0.0.5) with Microsoft SMTP Server id 15.2.1118.7 via Frontend Transport
		from m.example.com (m.example.com [192.0.2.1]) by gw.example.net (Postfix) with ESMTP id D674021FAE`, 2, "192.0.2.1"},
	{"own user at home", "", `from smtp.example.net (smtp.example.net [203.0.113.2]) by mx1.example.net (Postfix) with ESMTP id D674021FAF
		from [10.0.0.5] (dsl.example.org [192.0.2.1]) (Authenticated sender: joe) by smtp.example.net (Postfix) with ESMTPSA id D674021FAE
		from x.example.com (x.example.com [198.51.100.1]) by smtp.example.net (Postfix) with ESMTP id D674021FAD`, 1, "192.0.2.1"},
	{"own address given, other name", "203.0.113.2,mx1.example.net", `from relay.example.org (relay.example.org [203.0.113.2]) by mx1.example.net (Postfix) with ESMTP id D674021FAF
		from m.example.com (m.example.com [192.0.2.1]) by relay.example.org (Postfix) with ESMTP id D674021FAE`, 1, "192.0.2.1"},
	{"own given, delivery above it", "mx1.example.net", `from localhost (localhost [127.0.0.1]) by desk.example.org (Postfix) with ESMTP id D674021FAF
		from mx1.example.net ([10.0.0.7]) by store7 with LMTP id x
		from m.example.com (m.example.com [192.0.2.1]) by mx1.example.net (Postfix) with ESMTP id D674021FAE`, 2, "192.0.2.1"},
	{"own given, another's mail", "mx1.example.net", `from m.example.com (m.example.com [192.0.2.1]) by mx.example.org (Postfix) with ESMTP id D674021FAF
		from bank.example.org (bank.example.org [198.51.100.1]) by mx1.example.net (Postfix) with ESMTP id D674021FAE`, -1, ""},
	{"milter without an address, own given", "mx.example.net", `from mx.example.net (localhost) by mx.example.net (Scanner Milter) with SMTP id A1
		from m.example.com (m.example.com [192.0.2.1]) by mx.example.net (Postfix) with ESMTP id D674021FAF`, 1, "192.0.2.1"},
	{"scanner without an address, by structure", "", `from localhost (unknown) by mx.example.net with SMTP id A1
		from m.example.com (m.example.com [192.0.2.1]) by mx.example.net (Postfix) with ESMTP id D674021FAF`, 1, "192.0.2.1"},
	{"scanner of another host of ours", "*.example.net", `from scan1.example.net (unknown) by store.example.net with ESMTP id A1
		from mx.example.net by scan1.example.net (Scanner) with ESMTP id A2
		from m.example.com (m.example.com [192.0.2.1]) by mx.example.net (Postfix) with ESMTP id D674021FAF`, 2, "192.0.2.1"},
	{"a stranger's name without an address", "mx.example.net", `from bank.example.org (unknown) by mx.example.net with SMTP id A1
		from m.example.com (m.example.com [192.0.2.1]) by mx.example.net (Postfix) with ESMTP id D674021FAF`, 0, ""},
	{"our name without an address, then a stranger's line", "mx.example.net", `from mx.example.net (localhost) by mx.example.net with SMTP id A1
		from m.example.com (m.example.com [192.0.2.1]) by mx.example.org (Postfix) with ESMTP id D674021FAF`, 0, ""},
	{"fetchmail from a provider that notes no client", "", `from imap.example.com [198.51.100.9] by home.example.org with IMAP (fetchmail-6.4.22) for u@localhost (single-drop)
		by 2002:a05:6214:1234:b0:4f1:1234:5678 with SMTP id dq8csp1
		from m.example.com (m.example.com. [192.0.2.1]) by mx.example.net with ESMTPS id d4`, 2, "192.0.2.1"},
	{"fetchmail from a provider with qmail's notes", "", `from pop.example.com [198.51.100.9] by home.example.org with POP3 (getmail-6.1) for u@localhost
		(qmail 123 invoked by alias)
		(qmail 122 invoked from network)
		from m.example.com (HELO m.example.com) (192.0.2.1) by mx.example.net with SMTP`, 3, "192.0.2.1"},
	{"script on our own web server", "", `from localhost (localhost [127.0.0.1]) by mx.example.net (Postfix) with ESMTP id D674021FAF
		by mx.example.net (Postfix, from userid 33) id D674021FAE
		from bank.example.org (bank.example.org [198.51.100.1]) by mx.example.org (Postfix) with ESMTP id D674021FAD`, 1, ""},
}

func TestBoundary(t *testing.T) {
	for _, c := range boundaryCases {
		t.Run(c.name, func(t *testing.T) {
			own := Own{Inferred: true}
			if c.own != "" {
				var err error
				if own, err = ParseOwn([]string{c.own}); err != nil {
					t.Fatal(err)
				}
			}
			hops := chainOf(c.lines)
			b := own.Boundary(hops)
			s := own.Sender(hops, b)
			got := ""
			if s.Addr.IsValid() {
				got = s.Addr.String()
			}
			if b != c.boundary || got != c.want {
				t.Errorf("boundary %d sender %q, want %d %q", b, got, c.boundary, c.want)
			}
		})
	}
	if own := (Own{}); own.Boundary(nil) != -1 {
		t.Error("no hop, but a boundary")
	}
}

func TestParseOwn(t *testing.T) {
	o, err := ParseOwn([]string{"*.Example.NET., mx?.example.org", "192.0.2.7", "2001:db8::/32 ::ffff:198.51.100.0/120"})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"a.example.net": true, "A.B.EXAMPLE.NET.": true, "example.net": false, "mx1.example.org": true, "mx12.example.org": false, "": false} {
		if o.MatchesName(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
	for addr, want := range map[string]bool{"192.0.2.7": true, "192.0.2.8": false, "2001:db8::1": true, "198.51.100.9": true} {
		if o.MatchesAddr(ip(addr)) != want {
			t.Errorf("%s: %v", addr, !want)
		}
	}
	for _, bad := range []string{"", "*", "*.*", "0.0.0.0/0", "192.0.2.0/33", "joe@example.net", "mx.example.net/24", "a b_$.net", "1234", "x..y", strings.Repeat("a", 300)} {
		if _, err := ParseOwn([]string{bad}); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
	if o, err := ParseOwn(nil); err != nil || len(o.Names) != 0 {
		t.Error("nothing given must be no error")
	}
}

// pattern matching must not explode on stars.
func TestMatchPattern(t *testing.T) {
	if text.Glob(strings.Repeat("*a", 120)+"b", strings.Repeat("a", 1000)) {
		t.Error("matched")
	}
	if !text.Glob("*.mail.*.example.com", "x.mail.mail.gq1.example.com") {
		t.Error("not matched")
	}
}

// folder makes messages: n of the text with day, number and network put in.
func folder(n int, text string) []Sample {
	var out []Sample
	for i := range n {
		lines := strings.NewReplacer("$i", fmt.Sprint(i), "$net", fmt.Sprintf("%d.%d", 11+i%200, i%250), "$id", fmt.Sprintf("%010X", 0xABC0000000+i), "$d", fmt.Sprint(1+i*7%40), "$c", fmt.Sprint(i%6)).Replace(text)
		s := Sample{Recipients: []string{"u@example.net"}}
		for _, l := range strings.Split(strings.TrimSpace(lines), "\n") {
			s.Hops = append(s.Hops, Parse([]byte(fmt.Sprintf("%s; %d Dec 2002 15:16:03 +0000", strings.TrimSpace(l), 1+i%28))))
		}
		out = append(out, s)
	}
	return out
}

const (
	directMail = "from s$i.example (s$i.example [$net.0.1]) by mx1.example.net (Postfix) with ESMTP id $id for <u@example.net>"
	viaBackup  = `from backup.example.org (backup.example.org [198.51.100.9]) by mx1.example.net (Postfix) with ESMTP id $id for <u@example.net>
		from s$i.example (s$i.example [$net.0.1]) by backup.example.org (Postfix) with ESMTP id $id for <u@example.net>`
	viaFilter = `from filter7.example.com (203.0.113.9) by XX1.mail.protection.outlook.com (10.1.1.1) with Microsoft SMTP Server id 15.20.1 via Frontend Transport
		from s$i.example (s$i.example [$net.0.1]) by filter7.example.com (Postfix) with ESMTP id $id for <u@example.net>`
	viaService = `from mx0a-0012.service.example.com (mx0a-0012.service.example.com [203.0.113.9]) by mx1.example.net (Postfix) with ESMTP id $id
		from pps.filterd (m$i.inner.example.org [127.0.0.1]) by mx0a-0012.service.example.com (8.17.1.24/8.17.1.24) with ESMTP id 3x1y$i
		from s$i.example (s$i.example [$net.0.1]) by mx0a-0012.service.example.com (PPS) with ESMTPS id 3x1y$i-1`
	viaPool = `from us-in-$d.service.example.com (203.0.113.$d) by XX1.mail.protection.outlook.com (10.1.1.1) with Microsoft SMTP Server id 15.20.1 via Frontend Transport
		from s$i.example (s$i.example [$net.0.1]) by relay.service.example.com with ESMTP id us-mta-$i`
	viaHosts = `from mail$d.out.service.example.com (mail$d.out.service.example.com [203.0.113.$d]) by mx1.example.net (Postfix) with ESMTP id $id
		from s$i.example (s$i.example [$net.0.1]) by server-$d.tower-$i.service.example.com with ESMTP id $i`
	viaStrange = `from out-ip$d.service.example.com (203.0.113.$d) by XX1.mail.protection.outlook.com (10.1.1.1) with Microsoft SMTP Server id 15.20.1 via Frontend Transport
		from s$i.example (s$i.example [$net.0.1]) by mx-in$d-$i.cloud.example.org (version=TLSv1.2) with ESMTP`
	viaInner = `from filter.example.org ([10.1.1.9]) by store.example.net (Postfix) with ESMTP id $id
		from s$i.example (s$i.example [$net.0.1]) by filter.example.org (Postfix) with ESMTP id $id`
	viaNAT = `from s$i.example (unknown [172.17.0.1]) by mx1.example.net (Postfix) with ESMTP id $id
		from pc$i (pc$i.example.com [$net.0.1]) by s$i.example (Postfix) with ESMTP id $id`
	viaSmarthost = `from out$d.isp.example.com (out$d.isp.example.com [203.0.113.$d]) by mx1.example.net (Postfix) with ESMTP id $id
		from pc$i (h$i.isp.example.com [$net.0.1]) by out$d.isp.example.com (Postfix) with ESMTP id $id`
	viaCompany = `from out.service.example.com (out.service.example.com [203.0.113.9]) by mx1.example.net (Postfix) with ESMTP id $id for <u@example.net>
		from m$c.company.example (m$c.company.example [77.$i.0.1]) by relay.service.example.com with ESMTP id us-mta-$i for <u@example.net>`
	viaFew = `from in.service.example.com (in.service.example.com [203.0.113.9]) by mx1.example.net (Postfix) with ESMTP id $id
		from m.c$c.example (m.c$c.example [77.$c.0.1]) by relay.service.example.com with ESMTP id us-mta-$i`
	viaResender = `from lists.example.org (lists.example.org [198.51.100.8]) by mx1.example.net (Postfix) with ESMTP id $id
		from lists.example.org (localhost [127.0.0.1]) by lists.example.org (Postfix) with ESMTP id $id
		from s$i.example (s$i.example [$net.0.1]) by lists.example.org (Postfix) with ESMTP id $id`
	viaList = `from lists.example.org (lists.example.org [198.51.100.8]) by mx1.example.net (Postfix) with ESMTP id $id for <u@example.net>
		from s$i.example (s$i.example [$net.0.1]) by lists.example.org (Postfix) with ESMTP id $id for <chat@lists.example.org>`
	forgedRun = `from bulk.example.com (bulk.example.com [198.51.100.66]) by mx1.example.net (Postfix) with ESMTP id $id
		from s$i.example (s$i.example [$net.0.1]) by bulk.example.com (Postfix) with ESMTP id $id`
)

func infer(samples ...[]Sample) (Own, []Guess) {
	var s Survey
	for _, list := range samples {
		for _, m := range list {
			s.Add(m)
		}
	}
	return s.Infer()
}

func TestInfer(t *testing.T) {
	list := folder(80, viaList)
	for i := range list {
		list[i].List = true
	}
	run := folder(36, forgedRun)
	for i := range run { // within minutes
		for j := range run[i].Hops {
			run[i].Hops[j].Time = run[0].Hops[0].Time
		}
	}
	background := folder(200, directMail)
	strange := strings.ReplaceAll(viaStrange, "XX1.mail.protection.outlook.com", "mx1.example.net")
	for _, c := range []struct {
		name    string
		samples [][]Sample
		last    []Sample // whose boundary is asked
		want    int
	}{
		{"direct", [][]Sample{background}, background, 0},
		{"secondary exchanger of another domain", [][]Sample{background, folder(60, viaBackup)}, folder(60, viaBackup), 1},
		{"filter in front of Exchange", [][]Sample{folder(100, viaFilter)}, folder(100, viaFilter), 1},
		{"service with its own filter", [][]Sample{folder(100, viaService)}, folder(100, viaService), 2},
		{"service with one name and many addresses", [][]Sample{folder(100, viaPool)}, folder(100, viaPool), 1},
		{"service by which all mail of few senders comes", [][]Sample{folder(50, viaFew)}, folder(50, viaFew), 1},
		{"service with many names", [][]Sample{folder(100, viaHosts)}, folder(100, viaHosts), 1},
		{"service with two domains", [][]Sample{folder(100, viaStrange)}, folder(100, viaStrange), 1},
		{"two domains, but few messages", [][]Sample{background, folder(60, strange)}, folder(60, strange), 0},
		{"filter of another domain on the inner network", [][]Sample{folder(100, viaInner)}, folder(100, viaInner), 1},
		{"address translation", [][]Sample{folder(100, viaNAT)}, folder(100, viaNAT), 0},
		{"a provider's customers", [][]Sample{background, folder(100, viaSmarthost)}, folder(100, viaSmarthost), 0},
		{"a company's way out through a service", [][]Sample{background, folder(20, viaCompany)}, folder(20, viaCompany), 0},
		{"mailing list without list fields", [][]Sample{background, folder(80, viaResender)}, folder(80, viaResender), 0},
		{"mailing list", [][]Sample{background, list}, list, 0},
		{"a run with forged lines", [][]Sample{background, run}, run, 0},
		{"one message", [][]Sample{folder(1, viaBackup)}, folder(1, viaBackup), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			own, guesses := infer(c.samples...)
			for _, m := range c.last {
				if b := own.Boundary(m.Hops); b != c.want {
					t.Fatalf("boundary %d, want %d; %+v", b, c.want, guesses)
				}
			}
			if len(guesses) == 0 || guesses[0].Reason == "" {
				t.Errorf("no grounds given: %+v", guesses)
			}
		})
	}
}

func TestInferPatterns(t *testing.T) {
	_, guesses := infer(folder(9, strings.ReplaceAll(directMail, "mx1.", "mx$i.")))
	if len(guesses) != 1 || guesses[0].Name != "mx?.example.net" || guesses[0].Hops != 9 {
		t.Errorf("%+v", guesses)
	}
}

func TestInferOrder(t *testing.T) {
	all := append(folder(3000, directMail), folder(3000, viaBackup)...)
	var forward, backward Survey
	for i := range all {
		forward.Add(all[i])
		backward.Add(all[len(all)-1-i])
	}
	a, ga := forward.Infer()
	b, gb := backward.Infer()
	if fmt.Sprint(a, ga) != fmt.Sprint(b, gb) {
		t.Errorf("order matters:\n%v\n%v", ga, gb)
	}
	if len(forward.chains) != maxChains || len(forward.known) != maxChains {
		t.Errorf("%d chains kept", len(forward.chains))
	}
}

func TestInferEmpty(t *testing.T) {
	var s Survey
	own, guesses := s.Infer()
	if !own.Inferred || len(guesses) != 0 {
		t.Errorf("%+v %+v", own, guesses)
	}
}

func TestDynamicNames(t *testing.T) {
	for name, want := range map[string]bool{
		"dslb-192-000-002-031.pools.example.net": true, "pool-31.dialup.example.com": true,
		"31.2.0.192.example.com": true, "adsl31a7.example.net": true, "c000021f.example.net": true, "mail.example.com": false, "mx31.example.com": false,
		"static-192-0-2-31.example.com": false, "mail-ed1-f43.example.com": false, "smtp-out-192.example.com": false, "": false,
	} {
		if got := isDynamic(name, ip("192.0.2.31")); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}
