package message

// detectCharset guesses the charset of text that is not UTF-8 and whose charset
// is undeclared or wrong. It knows the East Asian and Cyrillic charsets that
// old mailers leave undeclared, and returns "windows-1252" otherwise. It judges
// by the byte pairs: whether they are possible, and whether they are common in
// the language.
//
// The order matters: kana show Japanese beyond doubt, the EUC forms are a
// subset of GBK's pairs, and Big5 and GBK accept almost any pair of high bytes.
// The latter therefore need seven common pairs of ten.
func detectCharset(b []byte) string {
	b = b[:min(len(b), detectBytes)]
	if jp := countPairs(b, shiftJISPair); jp.sound() && jp.kana*5 >= jp.pairs {
		return "shift_jis"
	}
	if euc := countPairs(b, eucPair); euc.sound() {
		switch {
		case euc.kana*5 >= euc.pairs:
			return "euc-jp"
		case euc.common*10 < euc.pairs*7:
		// KS X 1001 has its syllables in rows 16 to 40 (B0 to C8). GB 2312 uses
		// the rows above them for a good part of its level 1.
		case euc.beyondHangul*12 < euc.pairs:
			return "euc-kr"
		default:
			return "gb18030"
		}
	}
	if big5 := countPairs(b, big5Pair); big5.sound() && big5.common*10 >= big5.pairs*7 {
		return "big5"
	}
	if gbk := countPairs(b, gbkPair); gbk.sound() && gbk.common*10 >= gbk.pairs*7 {
		return "gb18030"
	}
	return detectCyrillic(b)
}

// Four kilobytes suffice for a decision. Fewer than four pairs may be accents
// of Latin text.
const (
	detectBytes = 4 << 10
	fewPairs    = 4
)

// pairKind is the role of a byte pair in a charset.
type pairKind int

// The roles.
const (
	badPair pairKind = iota
	rarePair
	commonPair
	kanaPair
	beyondHangulPair // common in Chinese, but not a Korean syllable
)

// pairCount counts the pairs of a text. joined ones follow another pair without
// a gap.
type pairCount struct{ pairs, bad, joined, common, kana, beyondHangul int }

// sound demands enough pairs, almost no impossible one, and most of them
// adjacent. Accented letters of Latin text stand alone.
func (c pairCount) sound() bool {
	return c.pairs >= fewPairs && c.bad*50 <= c.pairs && c.joined*2 >= c.pairs
}

// countPairs counts the two-byte characters of a text by kind. A text in the
// encoding has mostly common pairs; in another one it has bad and rare ones.
//
// After an impossible pair it moves on by one byte, so that a single broken
// byte does not shift the rest of the text.
func countPairs(b []byte, kind func(lead, trail byte) pairKind) (c pairCount) {
	last := -2
	for i := 0; i < len(b); i++ {
		if b[i] < 0x80 {
			continue
		}
		if i+1 == len(b) {
			break
		}
		c.pairs++
		switch kind(b[i], b[i+1]) {
		case badPair:
			c.bad++
			continue
		case commonPair:
			c.common++
		case kanaPair:
			c.common++
			c.kana++
		case beyondHangulPair:
			c.common++
			c.beyondHangul++
		}
		// Text in such an encoding has pairs side by side.
		if last == i-2 {
			c.joined++
		}
		last = i
		i++
	}
	return c
}

func within(c, low, high byte) bool { return low <= c && c <= high }

// shiftJISPair classifies a pair of Shift_JIS: kana, level 1 and level 2 of JIS
// X 0208.
func shiftJISPair(lead, trail byte) pairKind {
	if !within(trail, 0x40, 0xFC) || trail == 0x7F {
		return badPair
	}
	switch {
	case lead == 0x82 && within(trail, 0x9F, 0xF1), lead == 0x83 && within(trail, 0x40, 0x96):
		return kanaPair
	case within(lead, 0x81, 0x84), within(lead, 0x88, 0x97):
		return commonPair
	case within(lead, 0x98, 0x9F), within(lead, 0xE0, 0xEA), within(lead, 0xFA, 0xFC):
		return rarePair
	}
	return badPair
}

// eucPair classifies a pair of EUC-JP or EUC-KR, which share their ranges. Only
// Japanese text has many kana, and only Chinese text many pairs beyond the
// Korean syllables.
func eucPair(lead, trail byte) pairKind {
	if !within(lead, 0xA1, 0xFE) || !within(trail, 0xA1, 0xFE) {
		return badPair
	}
	switch {
	case lead == 0xA4 && trail <= 0xF3, lead == 0xA5 && trail <= 0xF6:
		return kanaPair
	case within(lead, 0xA1, 0xA3), within(lead, 0xB0, 0xC8):
		return commonPair
	case within(lead, 0xC9, 0xD7):
		return beyondHangulPair
	}
	return rarePair
}

// big5Pair classifies a pair of Big5: frequently used characters up to C67E,
// others above.
func big5Pair(lead, trail byte) pairKind {
	if !within(lead, 0xA1, 0xF9) || !within(trail, 0x40, 0x7E) && !within(trail, 0xA1, 0xFE) {
		return badPair
	}
	if within(lead, 0xA1, 0xA3) || within(lead, 0xA4, 0xC6) {
		return commonPair
	}
	return rarePair
}

// gbkPair classifies a pair of GBK: level 1 of GB 2312 and its symbols are
// common.
func gbkPair(lead, trail byte) pairKind {
	if !within(lead, 0x81, 0xFE) || !within(trail, 0x40, 0xFE) || trail == 0x7F {
		return badPair
	}
	if (within(lead, 0xB0, 0xD7) || within(lead, 0xA1, 0xA3)) && trail >= 0xA1 {
		return commonPair
	}
	return rarePair
}

// detectCyrillic looks for words that consist of bytes above 0xC0. Small
// letters are the more frequent ones, and they lie in different halves in
// windows-1251 and KOI8-R.
func detectCyrillic(b []byte) string {
	letters, words, high, upperHalf, run := 0, 0, 0, 0, 0
	for i := 0; i <= len(b); i++ {
		if i < len(b) && b[i] >= 0xC0 {
			run++
			letters++
			if b[i] >= 0xE0 {
				upperHalf++
			}
			continue
		}
		// Words of Cyrillic text are runs of such bytes; in Latin text accents
		// stand alone.
		// Two capitals may begin a Latin word; three such letters in a row
		// hardly occur there.
		if run >= 3 {
			words += run
		}
		if run > 0 {
			run = 0
		}
		if i < len(b) && b[i] >= 0x80 {
			high++
		}
	}
	switch {
	case letters < 8 || words*4 < letters*3 || high > letters/4:
		return "windows-1252"
	// Most letters are lower case. They are in the upper half in windows-1251,
	// in the lower half in KOI8-R.
	case upperHalf*2 > letters:
		return "windows-1251"
	}
	return "koi8-r"
}
