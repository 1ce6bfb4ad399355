package recipient

import (
	_ "embed"
	"strings"
)

// names are given names. Dictionary attacks try them, and they distinguish an
// existing address from a damaged one.
//
//go:embed names.txt
var names string

// guesses are other words that dictionary attacks try.
const guesses = `account accounts backup bill bob boss box business cash client clients computer contactus customer data demo desk
 dev director email fax free friend game girl god guest hello home internet job jobs king linux love mailbox
 me member money music my name new nobody oracle order orders password pc phone print printer public purchase
 scan scanner secret sex shop site smith johnson williams brown jones miller davis wilson anderson taylor moore
 student super team teacher test test1 test2 testing tester trade travel tv user user1 users video vip web work world xxx you`

// roles are the addresses of RFC 2142 and other common ones.
const roles = `abuse accounting admin administrator billing careers contact contacts feedback finance ftp help helpdesk hostmaster hr
 info it legal list listserv mail mailer-daemon majordomo manager marketing media news newsletter noc no-reply noreply office
 operator postmaster press privacy purchasing recruiting reception root sales secretary security service spam staff support sysadmin
 usenet uucp webmaster www`

// hostWords are names of mail servers. List makers who extract addresses from
// logs or web pages leave them in front of the user.
const hostWords = `smtp smtp1 smtp2 mail mail1 mail2 mail3 mx mx1 mx2 mx3 mx01 mx02 pop pop3 pop1 imap imap4 ns ns1 ns2 www www1 ftp webmail relay relay1
 gw gate gateway mailhost mailserver mailgate mailhub mailin mailout inbound outbound mta mta1 exchange owa host host1 server server1
 dns dns1 web web1 secure lists list post esmtp email news autodiscover`

// wordSet splits lists of words.
func wordSet(lists ...string) map[string]bool {
	set := map[string]bool{}
	for _, l := range lists {
		for _, w := range strings.Fields(l) {
			set[w] = true
		}
	}
	return set
}

// looksLikeMessageID recognises the left side of a Message-ID or a queue id,
// because list makers take everything with an "@". Names with a year of birth
// are excluded.
func looksLikeMessageID(local string) bool {
	if len(local) < 8 {
		return false
	}
	digits, letters, upper, hexRun, longest, turns := 0, 0, 0, 0, 0, 0
	digitRun, longDigits := 0, 0
	var last byte
	for i := range len(local) {
		c := local[i]
		d := c >= '0' && c <= '9'
		l := c|32 >= 'a' && c|32 <= 'z'
		hex := d || c|32 >= 'a' && c|32 <= 'f'
		switch {
		case d:
			digits++
			digitRun++
			longDigits = max(longDigits, digitRun)
		case l:
			letters++
			if c < 'a' {
				upper++
			}
		}
		if !d {
			digitRun = 0
		}
		if hex {
			hexRun++
			longest = max(longest, hexRun)
		} else {
			hexRun = 0
		}
		if i > 0 && (d && last|32 >= 'a' && last|32 <= 'z' || l && last >= '0' && last <= '9') {
			turns++ // changes between letter and digit
		}
		last = c
	}
	switch {
	case strings.Count(local, "$") >= 2: // "000501c6$12ab34cd$0100007f"
		return true
	case longDigits >= 8: // "20240310101112.ab", "71816687n65284230y"
		return true
	case longest >= 8 && digits >= 3 && turns >= 2: // "4ecea00f.9040306"
		return true
	case digits >= 6 && 2*digits >= len(local) && len(local) >= 12:
		return true
	}
	return turns >= 4 && len(local) >= 12
}
