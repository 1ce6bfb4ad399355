package whois

import (
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

func TestDecode(t *testing.T) {
	for _, c := range []struct {
		name, text, tld string
		e               encoding.Encoding
	}{
		{"UTF-8", "Registrant: Jürgen Müßig, Zürich", "", encoding.Nop},
		{"Latin-1", "Name: Jürgen Müßig\nCity: Zürich\nStreet: Bäckerstraße", "", charmap.ISO8859_1},
		{"Latin-5 of .tr", "İstanbul Şirketi, Ağrı", "tr", charmap.Windows1254},
		{"KOI8-R", "org: Общество с ограниченной ответственностью\naddress: Москва, улица Ленина", "", charmap.KOI8R},
		{"Windows-1251", "org: Общество с ограниченной ответственностью\naddress: Москва, улица Ленина", "", charmap.Windows1251},
		{"EUC-KR", "등록인 : 예시 주식회사\n주소 : 서울특별시 강남구 테헤란로", "", korean.EUCKR},
		{"EUC-KR of .kr", "등록인", "kr", korean.EUCKR},
		{"EUC-JP", "[登録者名] エグザンプル株式会社のドメイン", "", japanese.EUCJP},
		{"ISO-2022-JP", "[登録者名] エグザンプル株式会社", "", japanese.ISO2022JP},
		{"GBK", "注册者: 示例贸易有限公司\n地址: 北京市朝阳区建国路", "", simplifiedchinese.GBK},
		{"Big5 of .tw", "範例股份有限公司", "tw", traditionalchinese.Big5},
	} {
		raw, err := c.e.NewEncoder().String(c.text)
		if err != nil {
			t.Fatal(err)
		}
		if got := decode([]byte(raw), c.tld); got != c.text {
			t.Errorf("%s: %q, want %q", c.name, got, c.text)
		}
	}
}

func TestDecodeTidies(t *testing.T) {
	for in, want := range map[string]string{
		"a\r\nb\rc\n":               "a\nb\nc\n",
		"\x1b[31mred\x00\a":         "[31mred",
		"\xef\xbb\xbfDomain: x":     "Domain: x",
		"user\u202eexample\u200b.x": "userexample.x",
		"a\u00a0b\u2028c":           "a b\nc",
	} {
		got := Decode([]byte(in), "", "")
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
