package message

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	xencoding "golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"spoor/ingest/vobject"
)

// text sets a part's Text and HTML.
func (w *walker) text(i int, content []byte) {
	p := &w.m.Parts[i]
	if len(content) > MaxTextBytes {
		w.defectCount("text-limit", i, len(content))
		content = content[:MaxTextBytes]
	}
	// Declared type and name come first, because readers follow them. The
	// content decides only where they say nothing of use.
	p.HTML = declaredHTML(p.Type) || htmlName(p.Name)
	switch {
	case p.HTML || p.Sniffed != "text/html" && p.Sniffed != "image/svg+xml" && p.Sniffed != "text/xml":
	case p.Outside != "" || p.Type != "text/plain":
		p.HTML = true
	case w.m.Parts[i].Header.Get("content-type") == nil:
		// Text that is not declared as plain is HTML if it begins like it.
		p.HTML = bytes.HasPrefix(trimSpace(content[:min(len(content), sniffBytes)]), []byte("<"))
	}
	// Folded lines of calendars and cards would split links (RFC 5545 section
	// 3.1, RFC 6350 section 3.2).
	if vobject.Is(p.Type, p.Name) {
		content = vobject.Unfold(content)
	}
	text, how := decodeText(content, p.Charset, p.HTML)
	if how != "" {
		w.defect(how, i, show([]byte(p.Charset)))
	}
	if p.delSp {
		text = joinFlowed(text)
	}
	if text == nil {
		text = []byte{}
	}
	if len(text) > MaxTextBytes {
		text = text[:MaxTextBytes]
		// Conversion may lengthen a text beyond the limit. The cut must not
		// leave half a character.
		for len(text) > 0 && !utf8.Valid(text[max(0, len(text)-utf8.UTFMax):]) && !utf8.RuneStart(text[len(text)-1]) {
			text = text[:len(text)-1]
		}
	}
	p.Text = text
}

// decodeText converts text to UTF-8. The declared charset counts unless the
// bytes contradict it. Without a declaration it tries UTF-8, then the <meta> of
// HTML, then a guess from the bytes. The second result is the code of a defect
// or "".
func decodeText(b []byte, declared string, html bool) ([]byte, string) {
	name := charsetName(declared)
	if transparent(name) && isASCII(b) {
		// ISO-2022-JP is ASCII with escape sequences; Japanese mail of old does
		// not declare it.
		if name == "" && bytes.Contains(b, []byte("\x1B$")) {
			return convert(b, encodingByName("iso-2022-jp")), undeclared(name)
		}
		return b, ""
	}
	defect := ""
	switch name {
	case "", "us-ascii":
		if utf8.Valid(b) {
			return trimBOM(b), undeclared(name)
		}
		if enc := encodingByContent(b, html); enc != nil {
			return convert(b, enc), undeclared(name)
		}
		return lenientUTF8(b), undeclared(name)
	case "utf-8":
		if utf8.Valid(b) {
			return trimBOM(b), ""
		}
		return lenientUTF8(b), "charset-wrong"
	case "utf-7":
		return decodeUTF7(b), ""
	}
	// From here on a charset is declared that is neither ASCII nor Unicode's
	// byte forms.
	enc := encodingByName(name)
	if enc == nil {
		defect = "charset-unknown"
		if utf8.Valid(b) {
			return b, defect
		}
		if enc = encodingByContent(b, html); enc == nil {
			return lenientUTF8(b), defect
		}
	}
	// Mailers declare their default charset and write UTF-8.
	if oneByte(name) && utf8.Valid(b) {
		return trimBOM(b), "charset-wrong"
	}
	text := convert(b, enc)
	if bytes.Contains(text, []byte("\uFFFD")) {
		if utf8.Valid(b) {
			return trimBOM(b), "charset-wrong"
		}
		defect = "charset-wrong"
	}
	return text, defect
}

// oneByte reports whether text in a charset is almost never valid UTF-8 by
// chance: every letter beyond ASCII would have to precede a symbol. TIS-620 is
// excluded, because that is a common pair of letters there.
func oneByte(name string) bool {
	return (strings.HasPrefix(name, "iso-8859-") && name != "iso-8859-11") || strings.HasPrefix(name, "windows-125") ||
		strings.HasPrefix(name, "koi8") || name == "macintosh"
}

// undeclared returns the defect for a text whose charset had to be detected.
func undeclared(name string) string {
	if name == "" {
		return "charset-missing"
	}
	return "charset-wrong"
}

// trimBOM removes a byte order mark, which is no text.
func trimBOM(b []byte) []byte { return bytes.TrimPrefix(b, byteOrderMark) }

// toUTF8 decodes a short string of a header or parameter.
func toUTF8(b []byte, declared string) string {
	text, _ := decodeText(b, declared, false)
	return string(text)
}

// utf16BE is the encoding that the name "utf-16" denotes.
var utf16BE = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)

// littleEndian detects text declared as UTF-16 without a byte order mark whose
// Latin letters have their zero byte second. Programs on Windows write it
// against RFC 2781 section 4.3.
//
// At least half of the pairs must show it: text of other scripts has few zero
// bytes, and stays big-endian.
func littleEndian(b []byte) bool {
	b = b[:min(len(b), 512)]
	pairs, first, second := 0, 0, 0
	for ; len(b) >= 2; b = b[2:] {
		pairs++
		if b[0] == 0 {
			first++
		}
		if b[1] == 0 {
			second++
		}
	}
	return second > first && second*2 >= pairs
}

// convert decodes text to UTF-8. Undecodable bytes become U+FFFD.
func convert(b []byte, enc xencoding.Encoding) []byte {
	if enc == utf16BE && littleEndian(b) {
		enc = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	}
	text, err := enc.NewDecoder().Bytes(b)
	if err != nil || !utf8.Valid(text) {
		return bytes.ToValidUTF8(text, []byte("\uFFFD"))
	}
	return text
}

// encodingByContent looks for a byte order mark and, in HTML, for a <meta>. It
// returns nil if there is neither.
//
// The first 1024 bytes suffice: the HTML Standard has browsers look no further
// for a <meta>.
func encodingByContent(b []byte, html bool) xencoding.Encoding {
	contentType := "text/plain"
	if html {
		contentType = "text/html"
	}
	enc, name, certain := charset.DetermineEncoding(b[:min(len(b), 1024)], contentType)
	// The package returns these two names as defaults, when it found nothing.
	if !certain && !(html && name != "windows-1252" && name != "utf-8") {
		return nil
	}
	return enc
}

// lenientUTF8 reads invalid UTF-8: as UTF-8 if only a few bytes are broken
// (truncated or spliced text), else by the guessed charset.
//
// Two valid sequences for each invalid byte are the threshold: text in another
// charset forms a valid sequence only by chance.
func lenientUTF8(b []byte) []byte {
	good, bad := 0, 0
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n <= 1 {
			bad++
		} else {
			good++
		}
		i += max(n, 1)
	}
	if good > 2*bad {
		return bytes.ToValidUTF8(b, []byte("\uFFFD"))
	}
	return convert(b, encodingByName(detectCharset(b)))
}

// transparent reports whether bytes below 0x80 are always ASCII in a charset.
//
// Text of ASCII bytes in such a charset needs no decoder, which most mail
// benefits from. The others shift states by escape sequences or use two bytes
// and more a character.
func transparent(name string) bool {
	switch name {
	case "", "us-ascii", "utf-8", "iso-8859-1", "windows-1252":
		return true
	case "utf-7", "hz-gb-2312":
		return false
	}
	return !strings.HasPrefix(name, "iso-2022") && !strings.HasPrefix(name, "utf-16") &&
		!strings.HasPrefix(name, "utf-32") && !strings.HasPrefix(name, "ebcdic") && !strings.HasPrefix(name, "ucs")
}

// charsetName maps the names that mail uses for charsets to those of
// golang.org/x/text.
func charsetName(declared string) string {
	switch declared {
	case "", "utf-8", "us-ascii", "iso-8859-1", "windows-1252":
		return declared
	}
	// The longest registered name has 45 characters. Longer ones are not worth
	// folding.
	if len(declared) > 64 {
		return "unknown"
	}
	name := strings.ToLower(strings.Trim(declared, " \t'\";,=<>"))
	key := strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, name)
	if known, ok := charsetAliases[key]; ok {
		return known
	}
	return name
}

// charsetAliases is keyed by the letters and digits of the name, in lower case.
//
// Values are those under which encodingByName finds the decoder. "" means that
// the name tells nothing: the charset counts as undeclared. GB 2312 and GBK
// become GB 18030, which includes both and which mailers write under the older
// names.
var charsetAliases = map[string]string{
	"utf8": "utf-8", "unicode11utf8": "utf-8", "xutf8": "utf-8", "utf8mb4": "utf-8", "cputf8": "utf-8", "cp65001": "utf-8",
	"utf7": "utf-7", "unicode11utf7": "utf-7", "unicode20utf7": "utf-7", "xunicode20utf7": "utf-7", "cp65000": "utf-7",
	"ascii": "us-ascii", "usascii": "us-ascii", "ansix341968": "us-ascii", "iso646us": "us-ascii", "us": "us-ascii",
	"ansi": "windows-1252", "win1252": "windows-1252", "cp1252": "windows-1252", "windows1252": "windows-1252", "xansi": "windows-1252",
	"iso88591": "iso-8859-1", "latin1": "iso-8859-1", "isolatin1": "iso-8859-1", "88591": "iso-8859-1", "iso885911": "iso-8859-11",
	"iso88592": "iso-8859-2", "iso88595": "iso-8859-5", "iso88597": "iso-8859-7", "iso88599": "iso-8859-9", "iso885915": "iso-8859-15",
	"iso88598i": "iso-8859-8", "iso88598e": "iso-8859-8", "iso88596e": "iso-8859-6", "iso88596i": "iso-8859-6",
	"win1250": "windows-1250", "win1251": "windows-1251", "win1253": "windows-1253", "win1254": "windows-1254",
	"win1255": "windows-1255", "win1256": "windows-1256", "win1257": "windows-1257", "win1258": "windows-1258",
	"windows1250": "windows-1250", "windows1251": "windows-1251", "windows1253": "windows-1253", "windows1254": "windows-1254",
	"cp936": "gb18030", "gb2312": "gb18030", "gb231280": "gb18030", "gbk": "gb18030", "xgbk": "gb18030", "euccn": "gb18030",
	"cp1251": "windows-1251", "cp1250": "windows-1250", "koi8": "koi8-r", "koi8r": "koi8-r", "koi8u": "koi8-u",
	"ksc56011987": "euc-kr", "ksc5601": "euc-kr", "ksc56011989": "euc-kr", "cp949": "euc-kr", "ms949": "euc-kr", "uhc": "euc-kr", "euckr": "euc-kr",
	"cp932": "shift_jis", "ms932": "shift_jis", "sjis": "shift_jis", "shiftjis": "shift_jis", "windows31j": "shift_jis", "xsjis": "shift_jis",
	"cp874": "windows-874", "tis620": "windows-874", "cp950": "big5", "big5hkscs": "big5", "xbig5": "big5",
	"iso2022jpms": "iso-2022-jp", "cp50220": "iso-2022-jp", "cp50221": "iso-2022-jp", "iso2022jp1": "iso-2022-jp", "iso2022jp2": "iso-2022-jp",
	"xmacroman": "macintosh", "macroman": "macintosh", "mac": "macintosh", "applemac": "macintosh",
	"hzgb2312": "hz-gb-2312", "ucs2": "utf-16", "iso10646ucs2": "utf-16", "unicode": "utf-16",
	"default": "", "none": "", "unknown8bit": "", "xunknown": "", "unknown": "", "charset": "", "8bit": "", "7bit": "", "binary": "", "default_charset": "",
}

// encodingByName returns the decoder of a charset, nil for an unknown one. The
// listed names are missing from HTML's index or mean something else there.
func encodingByName(name string) xencoding.Encoding {
	switch name {
	case "utf-16", "utf-16be":
		return utf16BE // RFC 2781 section 4.3: big-endian without a mark
	case "utf-16le":
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case "utf-32", "utf-32be":
		return utf32.UTF32(utf32.BigEndian, utf32.UseBOM)
	case "utf-32le":
		return utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)
	case "hz-gb-2312":
		return simplifiedchinese.HZGB2312
	}
	if enc, err := htmlindex.Get(name); err == nil && enc != xencoding.Replacement {
		return enc
	}
	// The MIME index has preferred names, IANA's all aliases.
	for _, index := range []*ianaindex.Index{ianaindex.MIME, ianaindex.IANA} {
		if enc, err := index.Encoding(name); err == nil && enc != nil {
			return enc
		}
	}
	return nil
}
