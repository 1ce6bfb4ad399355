package whois

import (
	"bytes"
	"net"
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// maxAnswer limits the bytes read of an answer; RFC 3912 sets no limit.
const maxAnswer = 1 << 20

// Decode converts an answer to UTF-8 with "\n" as line ends, and removes
// unprintable characters. RFC 3912 section 4 does not define a character set,
// so Decode guesses it. name is the domain in question and server "host" or
// "host:port"; the top-level domain of either is a hint. Both may be "".
func Decode(raw []byte, name, server string) string {
	if host, _, err := net.SplitHostPort(server); err == nil {
		server = host
	}
	if _, err := netip.ParseAddr(name); err == nil {
		name = "" // an address has no top-level domain
	}
	return decode(raw, topLevel(domainIn(name), server))
}

// decode is Decode with the top-level domain as hint: two Korean syllables in
// EUC-KR may also be two Chinese ones in GBK.
func decode(raw []byte, tld string) string {
	raw = raw[:min(len(raw), maxAnswer)]
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if e := charset(raw, tld); e != nil {
		if out, err := e.NewDecoder().Bytes(raw); err == nil {
			raw = out
		}
	}
	return tidy(raw[:min(len(raw), 2*maxAnswer)])
}

// charset guesses the encoding of raw; nil means UTF-8.
//
// The order is by certainty: escape sequences and valid UTF-8 are proofs, the
// shares of byte ranges are likelihoods, and the top-level domain decides
// between sets that share their ranges.
func charset(raw []byte, tld string) encoding.Encoding {
	if bytes.Contains(raw, []byte("\x1b$")) {
		return japanese.ISO2022JP
	}
	s := survey(raw)
	switch {
	case s.high == 0, s.utf8*2 >= s.high: // a truncated or damaged character does not turn UTF-8 into Latin-1
		return nil
	case tld == "tw" || tld == "hk": // second bytes of Big5 may be ASCII, so its runs have any length
		return traditionalchinese.Big5
	case s.middle*12 < s.high || s.pairs*4 < s.high*3:
		return singleByte(s, tld)
	}
	switch tld {
	case "jp":
		return japanese.EUCJP
	case "kr":
		return korean.EUCKR
	case "cn":
		return simplifiedchinese.GB18030
	}
	return doubleByte(s, tld)
}

// letters counts features that distinguish encodings, over all bytes above
// 0x7f.
type letters struct {
	high int // bytes above 0x7f
	utf8 int // in valid UTF-8 sequences
	// 0x80-0xbf: not letters in most single-byte sets, but a third of the
	// second bytes in the others.
	middle int
	pairs  int // in runs of even length
	kana   int // EUC-JP kana pairs
	hangul int // EUC-KR syllable pairs
	lower  int // 0xc0-0xdf: capitals in Windows-1251, small letters in KOI8
	upper  int // bytes 0xe0-0xff
	runs   int // runs of two or more letters: Cyrillic words, but not umlauts in German
}

// survey counts the runs of bytes outside ASCII, from which the charset is
// guessed.
func survey(raw []byte) (s letters) {
	for i := 0; i < len(raw); {
		if raw[i] < utf8.RuneSelf {
			i++
			continue
		}
		j := i
		for j < len(raw) && raw[j] >= utf8.RuneSelf {
			j++
		}
		s.count(raw[i:j])
		i = j
	}
	return s
}

// count adds one run of bytes above 0x7f.
func (s *letters) count(run []byte) {
	s.high += len(run)
	for p := run; len(p) > 0; {
		r, n := utf8.DecodeRune(p)
		// Bytes of valid UTF-8 count for that; other encodings are rarely valid
		// UTF-8 by chance.
		if r != utf8.RuneError {
			s.utf8 += n
		}
		p = p[n:]
	}
	// Words of a script beyond Latin are runs. An accent stands alone.
	if len(run) >= 3 {
		s.runs += len(run)
	}
	for _, c := range run {
		switch {
		// KOI8-R has lower case where Windows-1251 has upper case.
		case c >= 0xe0:
			s.upper++
		case c >= 0xc0:
			s.lower++
		default:
			s.middle++
		}
	}
	// East Asian encodings have two bytes for each character.
	if len(run)%2 != 0 {
		return
	}
	s.pairs += len(run)
	for i := 0; i+1 < len(run); i += 2 {
		switch c := run[i]; {
		case c == 0xa4 || c == 0xa5:
			s.kana++
		case c >= 0xb0 && c <= 0xc8:
			s.hangul++
		}
	}
}

// cyrillic lists the top-level domains whose 8-bit answers are Cyrillic.
var cyrillic = map[string]bool{"ru": true, "su": true, "ua": true, "by": true, "kz": true, "bg": true, "xn--p1ai": true, "rs": true, "uz": true, "kg": true}

// singleByte selects one of the 8-bit sets. Words that consist of letters above
// 0x7f are Cyrillic; single ones are accents of a Latin script.
func singleByte(s letters, tld string) encoding.Encoding {
	if s.runs*2 > s.high || cyrillic[tld] {
		if s.lower > s.upper {
			return charmap.KOI8U
		}
		return charmap.Windows1251
	}
	switch tld {
	case "tr":
		return charmap.Windows1254
	case "pl", "cz", "sk", "hu", "ro", "si", "hr":
		return charmap.ISO8859_2
	case "gr":
		return charmap.ISO8859_7
	}
	return charmap.Windows1252
}

// doubleByte selects one of the East Asian sets if the domain gives no hint.
func doubleByte(s letters, tld string) encoding.Encoding {
	pairs := s.pairs / 2
	switch {
	case s.kana*5 > pairs:
		return japanese.EUCJP
	case s.hangul*10 > pairs*9 && pairs >= 4:
		return korean.EUCKR
	case s.runs*2 < s.high && s.high < 8: // pairs of accents, such as two successive umlauts
		return singleByte(s, tld)
	}
	return simplifiedchinese.GB18030
}

// tidy removes unprintable characters and normalises line ends. It also removes
// direction marks and zero-width characters, whose only use is to make
// different values look alike.
//
// Answers are shown on terminals. Control characters could write there whatever
// they like.
func tidy(raw []byte) string {
	var b strings.Builder
	b.Grow(len(raw))
	for i := 0; i < len(raw); {
		c := raw[i]
		switch {
		case c == '\r':
			if i+1 >= len(raw) || raw[i+1] != '\n' {
				b.WriteByte('\n')
			}
			i++
		case c == '\n' || c == '\t' || c >= ' ' && c < 0x7f:
			b.WriteByte(c)
			i++
		case c < utf8.RuneSelf:
			i++
		default:
			r, n := utf8.DecodeRune(raw[i:])
			i += n
			writeRune(&b, r)
		}
	}
	return b.String()
}

// writeRune writes a character of an answer. Unicode's line separators and
// spaces become ASCII; control characters are dropped.
func writeRune(b *strings.Builder, r rune) {
	switch {
	case r == utf8.RuneError:
		b.WriteRune(r)
	case r == 0x85 || r == 0x2028 || r == 0x2029:
		b.WriteByte('\n')
	case unicode.Is(unicode.Zs, r):
		b.WriteByte(' ')
	case unicode.IsPrint(r):
		b.WriteRune(r)
	}
}
