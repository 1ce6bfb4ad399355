package received

import (
	"strings"
	"testing"
)

// receiverCases are chains as the large receivers and products write them, one for each
// way in which a message gets from the host that faces the Internet to the mailbox. They
// are judged by structure alone, as in a folder of one message.
var receiverCases = []struct {
	name, lines string
	want, helo  string
}{
	{"yahoo since 2019", `from 10.253.63.12 by atlas105.free.mail.ne1.yahoo.com with HTTPS
		from 192.0.2.1 (EHLO m.example.com) by 10.253.63.12 with SMTPs (version=TLS1_2 cipher=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256)
		from bank.example.org (bank.example.org [198.51.100.1]) by m.example.com (Postfix) with ESMTP id D674021FAE`, "192.0.2.1", "m.example.com"},
	{"yahoo before", `from 127.0.0.1 (EHLO m.example.com) (192.0.2.1) by mta1317.mail.gq1.yahoo.com with SMTPS
		from bank.example.org (bank.example.org [198.51.100.1]) by m.example.com (Postfix) with ESMTP id D674021FAE`, "192.0.2.1", "m.example.com"},
	{"yahoo of 2005", `from 192.0.2.1 (HELO m.example.com) (192.0.2.1) by mta154.mail.sc5.yahoo.com with SMTP`, "192.0.2.1", "m.example.com"},
	{"aol", `from rly-xi02.mx.aol.com (rly-xi02.mail.aol.com [172.31.76.1]) by air-xi01.mail.aol.com (v98.10) with ESMTP id MAILINXI11
		from m.example.com (m.example.com [192.0.2.1]) by rly-xi02.mx.aol.com (v98.10) with ESMTP id MAILRELAYINXI25-4b4`, "192.0.2.1", "m.example.com"},
	{"hotmail of 2006", `from m.example.com ([192.0.2.1]) by bay0-mc4-f12.bay0.hotmail.com with Microsoft SMTPSVC(6.0.3790.1830)`, "192.0.2.1", "m.example.com"},
	{"icloud", `from ci74p00im-qukt09090102.me.com by p25-mailgateway-smtp-7d7f5c9b6-x2x (mailgateway 2413B60) with SMTP id 8d3a for <u@icloud.com>
		from m.example.com (m.example.com [192.0.2.1]) by ci74p00im-qukt09090102.me.com (Postfix) with ESMTPS id D674021FAE`, "192.0.2.1", "m.example.com"},
	{"fastmail", `from compute4.internal (compute4.nyi.internal [10.202.2.44]) by sloti22d1t06 (Cyrus 3.1.0) with LMTPA
		from mx3.example.net ([10.202.2.202]) by compute4.internal (LMTPProxy)
		from mx3.example.net (localhost [127.0.0.1]) by mailmx.nyi.internal (Postfix) with ESMTP id D674021FAF
		from m.example.com (m.example.com [192.0.2.1]) by mx3.example.net (Postfix) with ESMTPS id D674021FAE`, "192.0.2.1", "m.example.com"},
	{"gmx", `from m.example.com ([192.0.2.1]) by mx-ha.gmx.net (mxgmx116 [212.227.17.5]) with ESMTPS (Nemesis) id 1MTAqA-1oQ for <u@gmx.net>`, "192.0.2.1", "m.example.com"},
	{"mail.ru", `by rmx12.i.mail.ru with local (envelope-from <a@example.com>) id 1k9yRW-0002Kd-8b
		from m.example.com ([192.0.2.1]:44390) by mx12.i.mail.ru with esmtp (envelope-from <a@example.com>) id 1k9yRW-0002Kd-8a`, "192.0.2.1", "m.example.com"},
	{"yandex", `from mxfront1j.mail.yandex.net ([127.0.0.1]) by mxfront1j.mail.yandex.net with LMTP id 8DvRAjLZ
		from m.example.com (m.example.com [192.0.2.1]) by mxfront1j.mail.yandex.net (nwsmtp/Yandex) with ESMTPS id vH5JpVgPzc`, "192.0.2.1", "m.example.com"},
	{"zimbra", `from mail.example.net (LHLO mail.example.net) (10.1.1.1) by mail.example.net with LMTP
		from localhost (localhost [127.0.0.1]) by mail.example.net (Postfix) with ESMTP id D674021FAF
		from mail.example.net ([127.0.0.1]) by localhost (mail.example.net [127.0.0.1]) (amavisd-new, port 10032) with ESMTP id 0U-OLchDCS5T
		from m.example.com (m.example.com [192.0.2.1]) by mail.example.net (Postfix) with ESMTP id D674021FAE`, "192.0.2.1", "m.example.com"},
	{"groupwise", `from GWDOM-MTA by gw.example.net with Novell_GroupWise
		from m.example.com ([192.0.2.1]) by gw.example.net with ESMTP (TLS encrypted)`, "192.0.2.1", "m.example.com"},
	{"domino", `from m.example.com ([192.0.2.1]) by domino.example.net (Lotus Domino Release 8.5.3FP6) with ESMTP id 2012120315160312-1234`, "192.0.2.1", "m.example.com"},
	{"proofpoint on one's own machine", `from mx0a.example.net (10.0.0.2) by EX1.example.net (10.0.0.5) with Microsoft SMTP Server id 15.2.1118.7
		from pps.filterd (m0123456.ppops.net [127.0.0.1]) by mx0a.example.net (8.17.1.24/8.17.1.24) with ESMTP id 3x1y2z
		from m.example.com (m.example.com [192.0.2.1]) by mx0a.example.net (PPS) with ESMTPS id 3x1y2z-1`, "192.0.2.1", "m.example.com"},
	{"ironport", `from unknown (HELO m.example.com) ([192.0.2.1]) by esa1.example.net with ESMTP/TLS/ECDHE-RSA-AES128-GCM-SHA256`, "192.0.2.1", "m.example.com"},
	{"ironport before exchange", `from esa1.example.net (203.0.113.7) by EX1.example.net (203.0.113.8) with Microsoft SMTP Server id 14.3.498.0
		from m.example.com ([192.0.2.1]) by esa1.example.net with ESMTP`, "192.0.2.1", "m.example.com"},
	{"container", `from mx.example.net ([172.22.1.253]) by 1a2b3c4d5e6f with LMTP id YK3yAg
		from m.example.com (m.example.com [192.0.2.1]) by mx.example.net (Postcow) with ESMTPS id D674021FAE`, "192.0.2.1", "m.example.com"},
	{"haraka", `from m.example.com (m.example.com [192.0.2.1]) by mx.example.net (Haraka/2.8.27) with ESMTPS id D1E7B0A1-2C3D.1 envelope-from <a@example.com> (cipher=TLS_AES_256_GCM_SHA384)`, "192.0.2.1", "m.example.com"},
	{"amazon workmail", `from m.example.com (m.example.com [192.0.2.1]) by inbound-smtp.us-east-1.amazonaws.com with SMTP id 3m2p for u@example.net`, "192.0.2.1", "m.example.com"},
	{"exim behind proxy protocol", `from m.example.com ([192.0.2.1]:54321) by mx.example.net with esmtps (TLS1.3) tls TLS_AES_256_GCM_SHA384 (Exim 4.96) (envelope-from <a@example.com>) id 1rBq9a-00000000Ur1-2KxY for u@example.net`, "192.0.2.1", "m.example.com"},
	{"exim, then dovecot over http", `from mx.example.net by mx.example.net with LMTP id 6Pj7Ag (envelope-from <a@example.com>) for <u@example.net>
		from m.example.com ([192.0.2.1]) by mx.example.net with esmtps (Exim 4.96) id 1rBq9a-00000000Ur1-2KxY`, "192.0.2.1", "m.example.com"},
	{"qmail's exchanger writes no name of its own", `from mx.example.net (mx.example.net [203.0.113.2]) by store.example.net (Postfix) with SMTP id D674021FAF
		(qmail 15208 invoked by alias)
		(qmail 5969 invoked by uid 82)
		from a@example.com by mailhost with qmail-scanner-1.00 (uvscan: v4.1.40/v4208. . Clean. Processed in 6.2 secs)
		from m.example.com (192.0.2.1) by mx.example.net with SMTP`, "192.0.2.1", "m.example.com"},
	{"exchange online, address overwritten by the collector", `from SA2PR02MB7595.namprd02.prod.outlook.com (2603:10b6:806:146::24) by IA1PR02MB9088.namprd02.prod.outlook.com with HTTPS
		from BN9PR03CA0937.namprd03.prod.outlook.com (2603:10b6:408:x@y::12) by SA2PR02MB7595.namprd02.prod.outlook.com (2603:10b6:806:146::24) with Microsoft SMTP Server id 15.20.8293.9
		from BN2PEPF0000449D.namprd02.prod.outlook.com (2603:10b6:408:x@y:cafe::fd) by BN9PR03CA0937.outlook.office365.com (2603:10b6:408:x@y::12) with Microsoft SMTP Server id 15.20.8293.9 via Frontend Transport
		from m.example.com (192.0.2.1) by BN2PEPF0000449D.mail.protection.outlook.com (10.167.243.148) with Microsoft SMTP Server id 15.20.8293.12 via Frontend Transport`, "192.0.2.1", "m.example.com"},
	{"exchange online, a stranger's address overwritten", `from BN2PEPF0000449D.namprd02.prod.outlook.com (2603:10b6:408:1::fd) by BN9PR03CA0937.outlook.office365.com (2603:10b6:408:1::12) with Microsoft SMTP Server id 15.20.8293.9 via Frontend Transport
		from m.example.com (192.0.2.x@y) by BN2PEPF0000449D.mail.protection.outlook.com (10.167.243.148) with Microsoft SMTP Server id 15.20.8293.12 via Frontend Transport
		from bank.example.org (198.51.100.1) by m.example.com (Postfix) with ESMTP id D674021FAE`, "", "m.example.com"},
}

func TestReceivers(t *testing.T) {
	for _, c := range receiverCases {
		t.Run(c.name, func(t *testing.T) {
			own := Own{Inferred: true}
			hops := chainOf(c.lines)
			b := own.Boundary(hops)
			s := own.Sender(hops, b)
			got := ""
			if s.Addr.IsValid() {
				got = s.Addr.String()
			}
			if got != c.want || !strings.EqualFold(s.HELO, c.helo) {
				t.Errorf("boundary %d sender %q %q, want %q %q", b, got, s.HELO, c.want, c.helo)
			}
		})
	}
}
