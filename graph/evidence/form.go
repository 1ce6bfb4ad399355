package evidence

import (
	"strconv"
	"strings"

	"spoor/internal/text"
)

// numberForm replaces each run of digits by "0", so that values with a counter,
// a date or an id become equal.
func numberForm(s string) string {
	if !strings.ContainsAny(s, "0123456789") {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		c := s[i]
		if isDigit(c) {
			if n := len(b); n > 0 && b[n-1] == '0' {
				continue
			}
			c = '0'
		}
		b = append(b, c)
	}
	return string(b)
}

// shape returns the pattern of a generated string: runs of letters and digits
// become their class and rough length, and punctuation stays.
func shape(s string) string {
	s = text.Cut(s, 200)
	var b strings.Builder
	for i := 0; i < len(s); {
		c := classOf(s[i])
		j := i + 1
		for j < len(s) && classOf(s[j]) == c && c != 0 {
			j++
		}
		if c == 0 {
			b.WriteByte(s[i])
		} else {
			b.WriteByte(c)
			b.WriteString(lengthOf(j-i, c))
		}
		i = j
	}
	return b.String()
}

// lengthOf groups lengths: words vary in length, generated strings do not. The
// exact number of digits is kept up to 16, because a generator writes a counter
// or time with a fixed number of digits.
func lengthOf(n int, class byte) string {
	switch {
	case class == '9' && n <= 16:
		return strconv.Itoa(n)
	case n <= 2:
		return "2"
	case n <= 8:
		return "8"
	case n <= 16:
		return "16"
	}
	return "n"
}

// classOf returns the class of a byte: '9' for digits, 'a' for lower case and
// every byte beyond ASCII, 'A' for upper case, 0 for punctuation, which a shape
// keeps.
func classOf(c byte) byte {
	switch {
	case isDigit(c):
		return '9'
	case c >= 'a' && c <= 'z' || c >= 0x80:
		return 'a'
	case c >= 'A' && c <= 'Z':
		return 'A'
	}
	return 0
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isAlpha(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// everyday reports whether mail of every kind links to a host: standards that
// document types name, platforms in footers, brands that phishing imitates,
// free mail. In a large store the frequency shows the same; the list is for
// small ones.
func everyday(host string) bool {
	for h := host; h != ""; {
		if known, ok := everydayHosts[h]; ok {
			return known
		}
		_, rest, ok := strings.Cut(h, ".")
		if !ok {
			return false
		}
		h = rest
	}
	return false
}

// everydayHosts holds the hosts of everyday. Subdomains inherit the entry of
// the longest listed suffix. A false entry is an exception below a listed
// domain, or a domain that hosts pages of anybody: the customer's page is
// evidence there.
var everydayHosts = map[string]bool{
	"w3.org": true, "schemas.microsoft.com": true, "schemas.openxmlformats.org": true, "purl.org": true,
	"facebook.com": true, "fb.com": true, "twitter.com": true, "x.com": true, "instagram.com": true,
	"linkedin.com": true, "youtube.com": true, "youtu.be": true, "pinterest.com": true, "tiktok.com": true,
	"whatsapp.com": true, "apple.com": true, "microsoft.com": true, "facebookmail.com": true, "fbcdn.net": true,
	"google.com": true, "docs.google.com": false, "sites.google.com": false, "drive.google.com": false, "script.google.com": false,
	"goo.gl": false, "googleapis.com": false, "gstatic.com": true, "licdn.com": true, "twimg.com": true,
	"fonts.googleapis.com": true, "ajax.googleapis.com": true, "fonts.gstatic.com": true, "gravatar.com": true,
	"wikipedia.org": true, "wikimedia.org": true, "amazon.com": true, "paypal.com": true, "paypalobjects.com": true,
	"media-amazon.com": true, "ssl-images-amazon.com": true, "yahoo.com": true, "bootstrapcdn.com": true, "jsdelivr.net": true,
	"hotmail.com": true, "msn.com": true, "aol.com": true, "outlook.com": true, "live.com": true, "onedrive.live.com": false,
	"adobe.com": true, "mozilla.org": true, "aka.ms": true, "office.com": true, "forms.office.com": false, "office.net": true,
	"sourceforge.net": true, "cloudflare.com": true, "doubleclick.net": true, "google-analytics.com": true,
	"googleusercontent.com": false, "netflix.com": true, "nflxext.com": true, "dhl.com": true, "fedex.com": true, "ups.com": true,
	"usps.com": true, "ebay.com": true, "walmart.com": true, "costco.com": true, "mcafee.com": true, "norton.com": true,
	"geocities.com": false, "example.com": false,
}

// freeMail reports whether anybody can have an address at the domain. The
// domain then proves nothing, but the address and its shape do.
func freeMail(domain string) bool { return freeMailDomains[domain] }

// freeMailDomains lists the largest providers of free mail by country. It is
// for small stores: in a large one the learned frequency of the domain shows
// the same.
var freeMailDomains = map[string]bool{
	"gmail.com": true, "googlemail.com": true, "hotmail.com": true, "hotmail.co.uk": true, "hotmail.fr": true, "outlook.com": true,
	"live.com": true, "msn.com": true, "yahoo.com": true, "yahoo.co.uk": true, "yahoo.co.jp": true, "yahoo.fr": true, "ymail.com": true,
	"rocketmail.com": true, "aol.com": true, "aim.com": true, "mail.com": true, "gmx.com": true, "gmx.de": true, "gmx.net": true,
	"web.de": true, "t-online.de": true, "mail.ru": true, "bk.ru": true, "list.ru": true, "inbox.ru": true, "yandex.ru": true,
	"yandex.com": true, "rambler.ru": true, "icloud.com": true, "me.com": true, "mac.com": true, "protonmail.com": true,
	"proton.me": true, "zoho.com": true, "qq.com": true, "163.com": true, "126.com": true, "sina.com": true, "naver.com": true,
	"hanmail.net": true, "daum.net": true, "libero.it": true, "virgilio.it": true, "orange.fr": true, "wanadoo.fr": true,
	"free.fr": true, "laposte.net": true, "comcast.net": true, "verizon.net": true, "att.net": true, "sbcglobal.net": true,
	"bellsouth.net": true, "earthlink.net": true, "juno.com": true, "excite.com": true, "lycos.com": true, "netscape.net": true,
	"uol.com.br": true, "bol.com.br": true, "terra.com.br": true, "rediffmail.com": true, "o2.pl": true, "wp.pl": true, "seznam.cz": true,
	"tutanota.com": true, "fastmail.com": true, "cox.net": true, "charter.net": true, "btinternet.com": true,
}
