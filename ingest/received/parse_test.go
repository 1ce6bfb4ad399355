package received

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"spoor/internal/lab/linear"
)

func ip(s string) netip.Addr { return netip.MustParseAddr(s) }

// forms holds one line of each server's form; Raw, Time and Comment are checked apart.
var forms = []struct {
	name, in string
	want     Hop
}{
	{"postfix", "from mail.example.com (mail.example.com [192.0.2.1])\r\n\tby mx.example.net (Postfix) with ESMTP id D674021FAF\r\n\tfor <user@example.net>; Tue,  3 Dec 2002 15:16:03 +0100 (CET)",
		Hop{From: "mail.example.com", Reverse: "mail.example.com", ReverseState: Given, Addr: ip("192.0.2.1"), By: "mx.example.net", With: "ESMTP", ID: "D674021FAF", For: "user@example.net", Zone: "+0100", Syntax: "postfix"}},
	{"postfix unknown, number as HELO", "from 1144567 (unknown [192.0.2.1]) by mx.example.net (Postfix) with SMTP id D674021FAF; Tue, 3 Dec 2002 15:16:03 +0100",
		Hop{From: "1144567", ReverseState: Unknown, Addr: ip("192.0.2.1"), By: "mx.example.net", With: "SMTP", ID: "D674021FAF", Zone: "+0100", Syntax: "postfix"}},
	{"postfix TLS", "from out.example.com (out.example.com [IPv6:2001:db8::25]) (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519) (No client certificate requested) by mx.example.net (Postfix) with ESMTPS id 4RHr4T1wwJz9vNQH for <user@example.net>; Sat, 5 Aug 2023 05:00:25 +0000 (UTC)",
		Hop{From: "out.example.com", Reverse: "out.example.com", ReverseState: Given, Addr: ip("2001:db8::25"), By: "mx.example.net", With: "ESMTPS", ID: "4RHr4T1wwJz9vNQH", For: "user@example.net", TLS: "TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519", Zone: "+0000", Syntax: "postfix"}},
	{"postfix login", "from [10.0.0.5] (dsl.example.org [198.51.100.7]) (Authenticated sender: joe@example.com) by smtp.example.com (Postfix) with ESMTPSA id D674021FAF; Sat, 5 Aug 2023 05:00:25 +0000",
		Hop{From: "[10.0.0.5]", Reverse: "dsl.example.org", ReverseState: Given, Addr: ip("198.51.100.7"), Ident: "joe@example.com", Authenticated: true, By: "smtp.example.com", With: "ESMTPSA", ID: "D674021FAF", Zone: "+0000", Syntax: "postfix"}},
	{"postfix local", "by host.example.com (Postfix, from userid 0) id 39DEA3F725; Tue, 19 Sep 2023 18:35:49 +0000 (UTC)",
		Hop{By: "host.example.com", ID: "39DEA3F725", Zone: "+0000", Syntax: "postfix"}},
	{"sendmail", "from dd_it7 ([192.0.2.167]) by mx.example.net (8.9.3/8.9.3) with ESMTP id NAA04623 for <u@example.net>; Thu, 22 Aug 2002 13:09:41 +0100",
		Hop{From: "dd_it7", ReverseState: Unknown, Addr: ip("192.0.2.167"), By: "mx.example.net", With: "ESMTP", ID: "NAA04623", For: "u@example.net", Zone: "+0100", Syntax: "sendmail"}},
	{"sendmail forged", "from cpu.example.com (IDENT:squid@web.example.org [192.0.2.73] (may be forged)) by mx.example.net (8.11.6/8.11.6) with ESMTP id g8N207C27394; Mon, 23 Sep 2002 03:00:08 +0100",
		Hop{From: "cpu.example.com", Reverse: "web.example.org", ReverseState: Given, Addr: ip("192.0.2.73"), Ident: "squid", By: "mx.example.net", With: "ESMTP", ID: "g8N207C27394", Zone: "+0100", Syntax: "sendmail"}},
	{"sendmail ident without name", "from 192.0.2.253 (IDENT:squid@[192.0.2.250]) by mx.example.net (8.11.6/8.11.6) with SMTP id g8GFIeC30799; Mon, 16 Sep 2002 16:18:58 +0100",
		Hop{From: "192.0.2.253", ReverseState: Unknown, Addr: ip("192.0.2.250"), Ident: "squid", By: "mx.example.net", With: "SMTP", ID: "g8GFIeC30799", Zone: "+0100", Syntax: "sendmail"}},
	{"sendmail local", "(from mail@localhost) by mx.example.net (8.11.6/8.11.6) id g7MBY7g11259 for list@example.org; Thu, 22 Aug 2002 07:34:07 -0400",
		Hop{Ident: "mail", By: "mx.example.net", ID: "g7MBY7g11259", For: "list@example.org", Zone: "-0400", Syntax: "sendmail"}},
	{"sendmail TLS", "from a.example.com (a.example.com [192.0.2.1]) (authenticated bits=0) by mx.example.net (8.17.1/8.17.1/Debian-2) with ESMTPSA id 38JAbcdE012345 (version=TLSv1.3 cipher=TLS_AES_256_GCM_SHA384 bits=256 verify=NOT); Tue, 19 Sep 2023 18:35:49 GMT",
		Hop{From: "a.example.com", Reverse: "a.example.com", ReverseState: Given, Addr: ip("192.0.2.1"), Authenticated: true, By: "mx.example.net", With: "ESMTPSA", ID: "38JAbcdE012345", TLS: "version=TLSv1.3 cipher=TLS_AES_256_GCM_SHA384 bits=256 verify=NOT", Zone: "GMT", Syntax: "sendmail"}},
	{"exim helo", "from [192.0.2.14] (helo=example.com) by mx.example.net with smtp (Exim 3.35 #1 (Debian)) id 17tITf-0006jx-01 for <u@example.net>; Sun, 22 Sep 2002 21:57:35 -0400",
		Hop{From: "example.com", Addr: ip("192.0.2.14"), By: "mx.example.net", With: "smtp", ID: "17tITf-0006jx-01", For: "u@example.net", Zone: "-0400", Syntax: "exim"}},
	{"exim name and helo", "from dsl.example.org ([192.0.2.14] helo=pc7) by mx.example.net with esmtp (Exim 4.97) (envelope-from <a@example.org>) id 1rBq9a-00000000Ur1-2KxY for u@example.net; Sun, 22 Sep 2002 21:57:35 -0400",
		Hop{From: "pc7", Reverse: "dsl.example.org", ReverseState: Given, Addr: ip("192.0.2.14"), By: "mx.example.net", With: "esmtp", ID: "1rBq9a-00000000Ur1-2KxY", For: "u@example.net", EnvelopeFrom: "a@example.org", Zone: "-0400", Syntax: "exim"}},
	{"exim name alone", "from mail.example.org ([192.0.2.14]) by mx.example.net with esmtps (TLS1.2:ECDHE_RSA_AES_256_GCM_SHA384:256) (Exim 4.89) id 1ga30m-00059C-Kv; Thu, 20 Dec 2018 18:25:32 +0000",
		Hop{From: "mail.example.org", Reverse: "mail.example.org", ReverseState: Given, Addr: ip("192.0.2.14"), By: "mx.example.net", With: "esmtps", ID: "1ga30m-00059C-Kv", TLS: "TLS1.2:ECDHE_RSA_AES_256_GCM_SHA384:256", Zone: "+0000", Syntax: "exim"}},
	{"exim port", "from [192.0.2.14] (port=51234 helo=[10.1.1.1]) by mx.example.net with esmtpsa (Exim 4.94) id 1ga30m-00059C-Kv; Thu, 20 Dec 2018 18:25:32 +0000",
		Hop{From: "[10.1.1.1]", Addr: ip("192.0.2.14"), Port: 51234, Authenticated: true, By: "mx.example.net", With: "esmtpsa", ID: "1ga30m-00059C-Kv", Zone: "+0000", Syntax: "exim"}},
	{"exim local", "from www-data by web.example.net with local (Exim 4.72) (envelope-from <www-data@web.example.net>) id 1TdqKR-0001dH-UL; Wed, 28 Nov 2012 22:42:03 +0000",
		Hop{Ident: "www-data", By: "web.example.net", With: "local", ID: "1TdqKR-0001dH-UL", EnvelopeFrom: "www-data@web.example.net", Zone: "+0000", Syntax: "exim"}},
	{"qmail unknown", "from unknown (HELO donald) (192.0.2.218) by mx.example.net with SMTP; 27 Aug 2002 21:06:31 -0000",
		Hop{From: "donald", ReverseState: Unknown, Addr: ip("192.0.2.218"), By: "mx.example.net", With: "SMTP", Zone: "-0000", Syntax: "qmail"}},
	{"qmail name", "from dsl.example.org (HELO PC) (joe@192.0.2.218) by mx.example.net with SMTP; 27 Aug 2002 21:06:31 -0000",
		Hop{From: "PC", Reverse: "dsl.example.org", ReverseState: Given, Addr: ip("192.0.2.218"), Ident: "joe", By: "mx.example.net", With: "SMTP", Zone: "-0000", Syntax: "qmail"}},
	{"qmail without HELO", "from unknown (192.0.2.218) by mx.example.net with QMQP; 27 Aug 2002 21:06:31 -0000",
		Hop{ReverseState: Unknown, Addr: ip("192.0.2.218"), By: "mx.example.net", With: "QMQP", Zone: "-0000", Syntax: "qmail"}},
	{"qmail note", "(qmail 13575 invoked from network); 27 Aug 2002 21:06:31 -0000",
		Hop{ID: "13575", Zone: "-0000", Syntax: "qmail"}},
	{"qpsmtpd", "from mail.example.com (HELO helo.example.com) (192.0.2.1) by mx.example.net (qpsmtpd/0.94) with ESMTP; Thu, 20 Dec 2018 18:25:32 +0000",
		Hop{From: "helo.example.com", Reverse: "mail.example.com", ReverseState: Given, Addr: ip("192.0.2.1"), By: "mx.example.net", With: "ESMTP", Zone: "+0000", Syntax: "qpsmtpd"}},
	{"exchange edge", "from mail.example.com (192.0.2.4) by XX1NAM11FT066.mail.protection.example.test (10.13.177.138) with Microsoft SMTP Server (version=TLS1_2, cipher=TLS_ECDHE) id 15.20.6813.19 via Frontend Transport; Tue, 19 Sep 2023 18:36:44 +0000",
		Hop{From: "mail.example.com", Addr: ip("192.0.2.4"), By: "XX1NAM11FT066.mail.protection.example.test", ByAddr: ip("10.13.177.138"), Via: "Frontend Transport", With: "Microsoft SMTP Server", ID: "15.20.6813.19", TLS: "version=TLS1_2, cipher=TLS_ECDHE", Zone: "+0000", Syntax: "exchange"}},
	{"exchange inside", "from A.example.test (2001:db8:408:e6::28) by B.example.test (2001:db8:806:317::17) with Microsoft SMTP Server id 15.20.6792.27; Tue, 19 Sep 2023 18:36:45 +0000",
		Hop{From: "A.example.test", Addr: ip("2001:db8:408:e6::28"), By: "B.example.test", ByAddr: ip("2001:db8:806:317::17"), With: "Microsoft SMTP Server", ID: "15.20.6792.27", Zone: "+0000", Syntax: "exchange"}},
	{"exchange mapi", "from A.example.test ([fe80::a2f8:7a84:d2ab:6493]) by A.example.test ([fe80::a2f8:7a84:d2ab:6493%4]) with mapi id 15.20.6455.030; Mon, 19 Jun 2023 22:08:19 +0000",
		Hop{From: "A.example.test", Addr: ip("fe80::a2f8:7a84:d2ab:6493"), By: "A.example.test", ByAddr: ip("fe80::a2f8:7a84:d2ab:6493"), With: "mapi", ID: "15.20.6455.030", Zone: "+0000", Syntax: "exchange"}},
	{"exchange 5.5", "from mail.example.com (192.0.2.217 [192.0.2.217]) by mx.example.net with SMTP (Microsoft Exchange Internet Mail Service Version 5.5.2656.59) id RL0XLBTW; Mon, 26 Aug 2002 00:21:57 -0400",
		Hop{From: "mail.example.com", Addr: ip("192.0.2.217"), By: "mx.example.net", With: "SMTP", ID: "RL0XLBTW", Zone: "-0400", Syntax: "exchange"}},
	{"iis", "from mail.example.com ([192.0.2.10]) by ipn over TLS secured channel with Microsoft SMTPSVC(5.0.2195.2966); Tue, 3 Dec 2002 22:56:10 +0900",
		Hop{From: "mail.example.com", Addr: ip("192.0.2.10"), By: "ipn", With: "Microsoft SMTPSVC", Zone: "+0900", Syntax: "iis"}},
	{"iis pickup", "from mail pickup service by mx.example.net with Microsoft SMTPSVC; Fri, 6 Sep 2002 09:00:35 -0700",
		Hop{By: "mx.example.net", With: "Microsoft SMTPSVC", Zone: "-0700", Syntax: "iis"}},
	{"gmail", "from mail.example.com (mail.example.com. [192.0.2.1]) by mx.google.com with ESMTPS id p8-20020a05si845701edy.569.2023.09.19.07.09.40 for <u@example.net> (version=TLS1_2 cipher=ECDHE bits=128/128); Tue, 19 Sep 2023 07:09:40 -0700 (PDT)",
		Hop{From: "mail.example.com", Reverse: "mail.example.com", ReverseState: Given, Addr: ip("192.0.2.1"), By: "mx.google.com", With: "ESMTPS", ID: "p8-20020a05si845701edy.569.2023.09.19.07.09.40", For: "u@example.net", TLS: "version=TLS1_2 cipher=ECDHE bits=128/128", Zone: "-0700", Syntax: "gmail"}},
	{"gmail without name", "from [192.0.2.1] ([192.0.2.1]) by smtp.gmail.com with ESMTPSA id x13sm1799328pfn.55; Tue, 19 Sep 2023 07:09:40 -0700",
		Hop{From: "[192.0.2.1]", Addr: ip("192.0.2.1"), Authenticated: true, By: "smtp.gmail.com", With: "ESMTPSA", ID: "x13sm1799328pfn.55", Zone: "-0700", Syntax: "gmail"}},
	{"gmail twice the address", "from mail.example.com ([192.0.2.1]. [192.0.2.1]) by mx.google.com with ESMTP id z1; Tue, 19 Sep 2023 07:09:40 -0700",
		Hop{From: "mail.example.com", Addr: ip("192.0.2.1"), By: "mx.google.com", With: "ESMTP", ID: "z1", Zone: "-0700", Syntax: "gmail"}},
	{"gmail inside", "by 2002:a05:6a20:7a27:b0:ef:e79f:ecd4 with SMTP id p17csp434264vqb; Thu, 16 Feb 2023 08:48:40 -0800 (PST)",
		Hop{By: "2002:a05:6a20:7a27:b0:ef:e79f:ecd4", ByAddr: ip("2002:a05:6a20:7a27:b0:ef:e79f:ecd4"), With: "SMTP", ID: "p17csp434264vqb", Zone: "-0800", Syntax: "gmail"}},
	{"yahoo", "from 127.0.0.1  (EHLO mail.example.com) (192.0.2.1) by mta4321.mail.example.test with SMTPS; Tue, 19 Sep 2023 07:09:40 +0000",
		Hop{From: "mail.example.com", Addr: ip("192.0.2.1"), By: "mta4321.mail.example.test", With: "SMTPS", Zone: "+0000"}},
	{"sendgrid", "from d0dd0b2b3d3c (unknown) by geopod-ismtpd-canary-0 (SG) with ESMTP id CJV0ELQRQ16fodd9qxPFqg for <u@example.net>; Sat, 25 Feb 2023 17:41:07.334 +0000 (UTC)",
		Hop{From: "d0dd0b2b3d3c", ReverseState: Unknown, By: "geopod-ismtpd-canary-0", With: "ESMTP", ID: "CJV0ELQRQ16fodd9qxPFqg", For: "u@example.net", Zone: "+0000", Syntax: "sendgrid"}},
	{"sendgrid filter", "by filterdrecv-7f5d-x2 with SMTP id filterdrecv-7f5d-x2-1-63FA 2023-02-25 17:41:07.4 +0000 UTC m=+123.45",
		Hop{By: "filterdrecv-7f5d-x2", With: "SMTP", ID: "filterdrecv-7f5d-x2-1-63FA", Zone: "+0000", Syntax: "sendgrid"}},
	{"fetchmail", "from mail.example.com [192.0.2.219] by localhost with POP3 (fetchmail-5.9.0) for u@localhost (single-drop); Thu, 22 Aug 2002 13:17:21 +0100 (IST)",
		Hop{From: "mail.example.com", Addr: ip("192.0.2.219"), By: "localhost", With: "POP3", For: "u@localhost", Zone: "+0100", Syntax: "fetchmail"}},
	{"dovecot LMTP", "from mx1.example.net ([10.81.8.246]) by store7 with LMTP id AP/dHVe8+mMdXAAAhT+Htg (envelope-from <a@example.org>) for <u@example.net>; Sun, 26 Feb 2023 01:56:39 +0000",
		Hop{From: "mx1.example.net", Addr: ip("10.81.8.246"), By: "store7", With: "LMTP", ID: "AP/dHVe8+mMdXAAAhT+Htg", For: "u@example.net", EnvelopeFrom: "a@example.org", Zone: "+0000", Syntax: "lmtp"}},
	{"cyrus", "from murder ([unix socket]) by imap.example.net (Cyrus v2.2.12) with LMTPA; Thu, 03 Dec 2009 10:50:45 -0800",
		Hop{From: "murder", By: "imap.example.net", With: "LMTPA", Zone: "-0800", Syntax: "cyrus"}},
	{"courier", "from mail.example.com (mail.example.com [::ffff:192.0.2.7]) (TLS: TLSv1/SSLv3,256bits,AES256-SHA) by mx.example.net with esmtp; Thu, 03 Dec 2009 10:50:45 -0800 id 0000000000128A5B.4B180B55.00003D1F",
		Hop{From: "mail.example.com", Reverse: "mail.example.com", ReverseState: Given, Addr: ip("192.0.2.7"), By: "mx.example.net", With: "esmtp", ID: "0000000000128A5B.4B180B55.00003D1F", TLS: "TLS: TLSv1/SSLv3,256bits,AES256-SHA", Zone: "-0800", Syntax: "courier"}},
	{"courier login", "from pc7 ([192.0.2.7]) (AUTH: LOGIN joe, TLS: TLSv1.2,256bits) by mx.example.net with ESMTPSA id 0000000000128A5B.4B180B55.00003D1F; Thu, 03 Dec 2009 10:50:45 -0800",
		Hop{From: "pc7", Addr: ip("192.0.2.7"), Ident: "joe", Authenticated: true, By: "mx.example.net", With: "ESMTPSA", ID: "0000000000128A5B.4B180B55.00003D1F", Zone: "-0800", Syntax: "courier"}},
	{"communigate", "from [192.0.2.7] (account joe@example.com HELO pc7.example.com) by cg.example.com (CommuniGate Pro SMTP 5.2.3) with ESMTPSA id 12345; Thu, 03 Dec 2009 10:50:45 -0800",
		Hop{From: "pc7.example.com", Addr: ip("192.0.2.7"), Ident: "joe@example.com", Authenticated: true, By: "cg.example.com", With: "ESMTPSA", ID: "12345", Zone: "-0800", Syntax: "communigate"}},
	{"domino", "from mail.example.com ([192.0.2.7]) by notes.example.net (Lotus Domino Release 5.0.8) with ESMTP id 2002082213094141:1234 ; Thu, 22 Aug 2002 13:09:41 +0100",
		Hop{From: "mail.example.com", Addr: ip("192.0.2.7"), By: "notes.example.net", With: "ESMTP", ID: "2002082213094141:1234", Zone: "+0100", Syntax: "domino"}},
	{"mdaemon", "from mail.example.com (mail.example.com [192.0.2.7]) by md.example.net (MDaemon PRO v13.0.3) with ESMTP id md50001.msg for <u@example.net>; Thu, 22 Aug 2002 13:09:41 +0100",
		Hop{From: "mail.example.com", Reverse: "mail.example.com", ReverseState: Given, Addr: ip("192.0.2.7"), By: "md.example.net", With: "ESMTP", ID: "md50001.msg", For: "u@example.net", Zone: "+0100", Syntax: "mdaemon"}},
	{"imail", "from durnik [192.0.2.217] by mail.example.net with ESMTP (SMTPD32-7.12) id A95F5D0110; Tue, 17 Sep 2002 13:41:51 -0400",
		Hop{From: "durnik", Addr: ip("192.0.2.217"), By: "mail.example.net", With: "ESMTP", ID: "A95F5D0110", Zone: "-0400", Syntax: "imail"}},
	{"powermta", "from mail.example.com (192.0.2.7) by pmta.example.net id hbarg62n8lg5 for <u@example.net>; Tue, 9 May 2023 18:11:22 -0300 (envelope-from <bounce@example.com>)",
		Hop{From: "mail.example.com", Addr: ip("192.0.2.7"), By: "pmta.example.net", ID: "hbarg62n8lg5", For: "u@example.net", EnvelopeFrom: "bounce@example.com", Zone: "-0300"}},
	{"haraka", "from mail.example.com (mail.example.com [192.0.2.7]) by hk.example.net (Haraka/2.8.27) with ESMTPS id 1A2B3C4D-0000-4E5F.1 envelope-from <a@example.com> (cipher=TLS_AES_256_GCM_SHA384); Tue, 09 May 2023 18:11:22 -0300",
		Hop{From: "mail.example.com", Reverse: "mail.example.com", ReverseState: Given, Addr: ip("192.0.2.7"), By: "hk.example.net", With: "ESMTPS", ID: "1A2B3C4D-0000-4E5F.1", EnvelopeFrom: "a@example.com", TLS: "TLS_AES_256_GCM_SHA384", Zone: "-0300", Syntax: "haraka"}},
	{"opensmtpd", "from mail.example.com (mail.example.com [192.0.2.7]) by smrk.example.net (OpenSMTPD) with ESMTPS id 048528c1 (TLSv1.3:TLS_AES_256_GCM_SHA384:256:NO) for <u@example.net>; Tue, 23 Jun 2026 07:47:54 +0200 (CEST)",
		Hop{From: "mail.example.com", Reverse: "mail.example.com", ReverseState: Given, Addr: ip("192.0.2.7"), By: "smrk.example.net", With: "ESMTPS", ID: "048528c1", For: "u@example.net", TLS: "TLSv1.3:TLS_AES_256_GCM_SHA384:256:NO", Zone: "+0200", Syntax: "opensmtpd"}},
	{"iplanet", "from example.com ([192.0.2.139]) by ms.example.net (iPlanet Messaging Server 5.2 HotFix 0.9 (built Jul 29 2002)) with SMTP id <0H31005KPCKSPH@ms.example.net> for u@example.net; Thu, 26 Sep 2002 03:54:04 -0400 (EDT)",
		Hop{From: "example.com", Addr: ip("192.0.2.139"), By: "ms.example.net", With: "SMTP", ID: "0H31005KPCKSPH@ms.example.net", For: "u@example.net", Zone: "-0400", Syntax: "sun"}},
	{"ecelerity", "from [192.0.2.7] ([192.0.2.7:54321] helo=mail.example.com) by ec.example.net (envelope-from <b@example.com>) (ecelerity 3.6.9 r(Core)) with ESMTP id AA/12-34567-89ABCDEF; Tue, 09 May 2023 18:11:22 -0300",
		Hop{From: "mail.example.com", Addr: ip("192.0.2.7"), Port: 54321, By: "ec.example.net", With: "ESMTP", ID: "AA/12-34567-89ABCDEF", EnvelopeFrom: "b@example.com", Zone: "-0300", Syntax: "ecelerity"}},
	{"amavis", "from mx.example.net ([127.0.0.1]) by localhost (mx.example.net [127.0.0.1]) (amavisd-new, port 10024) with ESMTP id 0U+OLchDCS5T; Thu, 26 Nov 2009 00:43:44 -0800",
		Hop{From: "mx.example.net", Addr: ip("127.0.0.1"), By: "localhost", ByAddr: ip("127.0.0.1"), With: "ESMTP", ID: "0U+OLchDCS5T", Zone: "-0800", Syntax: "amavis"}},
	{"zmailer", "from mail.example.com ([192.0.2.10]:1236 \"EHLO helo.example.com\" rhost-flags-OK-OK-OK-OK) by vger.example.org with ESMTP id S932876Ab0KODF6 (ORCPT <rfc822;l@example.org>); Sun, 14 Nov 2010 22:05:58 -0500",
		Hop{From: "helo.example.com", Reverse: "mail.example.com", ReverseState: Given, Addr: ip("192.0.2.10"), Port: 1236, By: "vger.example.org", With: "ESMTP", ID: "S932876Ab0KODF6", Zone: "-0500", Syntax: "zmailer"}},
	{"number that is no address", "from gifts.example (144848872 [146990032]) by richardson.example (Qmailv1) with ESMTP id D674021FAF; Tue, 3 Dec 2002 15:16:03 +0100",
		Hop{From: "gifts.example", Reverse: "144848872", ReverseState: Given, By: "richardson.example", With: "ESMTP", ID: "D674021FAF", Zone: "+0100"}},
	{"ratware date", "from 87.0.2.89 ([192.0.2.89]) by pet.example.net with NNFMP; Aug, 28 2002 8:09:28 PM +0600",
		Hop{From: "87.0.2.89", Addr: ip("192.0.2.89"), By: "pet.example.net", With: "NNFMP", Zone: "+0600"}},
	{"address alone", "from [192.0.2.5] by mx.example.net with SMTP; Tue, 3 Dec 2002 15:16:03 +0100",
		Hop{Addr: ip("192.0.2.5"), By: "mx.example.net", With: "SMTP", Zone: "+0100"}},
	{"no blank before by", "from unknown (HELO m.example.com) (192.0.2.233)by rly.example.net with SMTP; Tue, 3 Dec 2002 15:16:03 +0100",
		Hop{From: "m.example.com", ReverseState: Unknown, Addr: ip("192.0.2.233"), By: "rly.example.net", With: "SMTP", Zone: "+0100", Syntax: "qmail"}},
	{"empty", "", Hop{}},
	{"not a hop", ";;;(((", Hop{}},
}

func TestParse(t *testing.T) {
	ignore := cmpopts.IgnoreFields(Hop{}, "Raw", "Time", "Comment")
	for _, c := range forms {
		t.Run(c.name, func(t *testing.T) {
			got := Parse([]byte(c.in))
			if d := cmp.Diff(c.want, got, ignore, cmpopts.EquateComparable(netip.Addr{})); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
			if got.Zone != "" && got.Time.IsZero() {
				t.Errorf("no time out of %q", c.in)
			}
		})
	}
}

// A time counts only if its zone does: without one the moment is not known.
func TestTime(t *testing.T) {
	want := time.Date(2002, 9, 11, 19, 27, 56, 0, time.UTC)
	for s, zone := range map[string]string{
		"Wed, 11 Sep 2002 21:27:56 +0200": "+0200", "11 Sep 2002 19:27:56 -0000": "-0000", "Sep, 11 2002 7:27:56 PM -0000": "-0000",
		"Wed, 11 Sep 02 15:27:56 EDT": "EDT", "2002-09-11T19:27:56Z": "Z", "2002-09-11 19:27:56.123 +0000 UTC m=+1.2": "+0000",
		"Wed, 11 Sep 102 19:27:56 GMT": "GMT", "Wed, 11-Sep-2002 19:27:56 GMT": "GMT", "(comment) Wed, 11 Sep 2002 (x (y)) 19:27:56 +0000 (GMT)": "+0000",
		"Wed, 11 Sep 2002 15:27:56 EST5EDT": "EST5EDT",
	} {
		h := Parse([]byte("from a.example by b.example; " + s))
		if !h.Time.Truncate(time.Second).Equal(want) || h.Zone != zone {
			t.Errorf("%q: %v, zone %q", s, h.Time, h.Zone)
		}
	}
	for _, s := range []string{"", "soon", "Wed, 11 Sep 2002", "31 Feb 2002 10:00:00 +0000", "11 Sep 2002 19:27:56 -1900", "11 Sep 2002 25:00:00 +0000",
		"11 Sep 2002 19:27:56 +0175", "11 Sep 2002 19:27:56", "Wed Sep 11 19:27:56 2002", "2002-09-11 19:27:56", "11 Sep 2002 19:27:56 XYZ", "1 Jan 1960 00:00:00 +0000"} {
		if h := Parse([]byte("from a.example by b.example; " + s)); !h.Time.IsZero() {
			t.Errorf("%q: %v, want no time", s, h.Time)
		}
	}
}

// The longest value that is read whole costs in proportion to its length.
func TestLinear(t *testing.T) {
	for name, unit := range map[string]string{
		"open comments": "(", "quotes": "\"a", "angles": "<", "comments": "(a)", "semicolons": ";",
		"brackets": "[1.", "keywords": "by for with id from ", "escapes": "\\(", "blanks": " \t\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			build := func(n int) []byte { return []byte("from a (" + strings.Repeat(unit, n/len(unit))) }
			linear.Check(t, maxValue, build, func(in []byte) { Parse(in) })
		})
	}
}

// A value over the limit is read up to the limit: ten times as much costs the same.
func TestHugeValue(t *testing.T) {
	huge := func(n int) []byte {
		head := "from a.example.com (a.example.com [192.0.2.1]) by b.example.net (Postfix) with ESMTP id D674021FAF "
		return append([]byte(head), bytes.Repeat([]byte("x (y) "), n/6)...)
	}
	allocated := func(in []byte) float64 { return testing.AllocsPerRun(3, func() { Parse(in) }) }
	if one, ten := allocated(huge(1<<20)), allocated(huge(10<<20)); ten > one {
		t.Errorf("%v allocations for 1 MB, %v for 10 MB", one, ten)
	}
	h := Parse(huge(10 << 20))
	if h.By != "b.example.net" || len(h.Raw) > maxRaw || len(h.Comment) > maxComment {
		t.Errorf("By %q, Raw %d bytes", h.By, len(h.Raw))
	}
}

func FuzzParse(f *testing.F) {
	for _, c := range forms {
		f.Add([]byte(c.in))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		h := Parse(in)
		checkBounds(t, &h)
		if again := Parse([]byte(h.Raw)); len(h.Raw) < maxRaw-8 && !cmp.Equal(h, again, cmpopts.EquateComparable(netip.Addr{})) {
			t.Errorf("reading Raw again gives another hop\n%s", cmp.Diff(h, again, cmpopts.EquateComparable(netip.Addr{})))
		}
	})
}

func checkBounds(t *testing.T, h *Hop) {
	for _, s := range []string{h.From, h.Reverse, h.Ident, h.By, h.Via, h.With, h.ID, h.For, h.EnvelopeFrom, h.TLS, h.Zone} {
		if len(s) > maxText || strings.ContainsAny(s, "\x00\r\n\t") || !strings.Contains(h.Raw, s) && len(h.Raw) < maxRaw-8 {
			t.Errorf("field %q not bounded or not of the line", s)
		}
	}
	if len(h.Raw) > maxRaw || len(h.Comment) > maxComment {
		t.Error("Raw or Comment too long")
	}
	if h.Addr.Is4In6() || h.Addr.Zone() != "" {
		t.Errorf("address %v not in normal form", h.Addr)
	}
}

func BenchmarkParse(b *testing.B) {
	var lines [][]byte
	for _, c := range forms {
		lines = append(lines, []byte(c.in))
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		Parse(lines[i%len(lines)])
		i++
	}
}
