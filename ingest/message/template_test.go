package message

import (
	"strings"
	"testing"
)

// Invented messages of known programs: those of one group have one template,
// and no two groups have the same.
func TestTemplate(t *testing.T) {
	groups := map[string][]string{
		"Outlook Express boundary": {"----=_NextPart_000_0007_01C1D3B5.A1B2C3D0", "----=_NextPart_001_01AF_01C25394.F5A1C4C0", "----=_NextPart_000_0018_12345678.1460000A"},
		"Outlook Express id":       {"<000801c1d3b5$01020304$0200a8c0@host>", "<003a01c24d19$f7f142e0$010ea8c0@amy>", "<001901c25394$12345678$0a00000a@pc>"},
		"Postfix":                  {"<20230801012403.CACFBE32FF@mail.example.com>", "<20021004002558.8A8B34894B@mx.example.org>", "20221029145818.134AB80631@a.example"},
		"Python boundary":          {"===============4393696039162130131==", "===============3763538686711167339=="},
		"PHPMailer":                {"b1_ec2cd3a6fe59be435c7d905d6da6b871", "b2_0123456789abcdef0123456789abcdef"},
		"Apple Mail":               {"Apple-Mail=_8E616A76-BC39-41F1-BD0D-D2E103DB18FF", "Apple-Mail=_01234567-89AB-CDEF-0123-456789ABCDEF"},
		"Java boundary":            {"----=_Part_12_345.678", "----=_Part_272347_19184.16896"},
		"Gmail id":                 {"<CAHq_4WvV1QJipahNWbO6DG_296rBbiCT6mPgmqBTz3XEj6ZFDQ@mail.gmail.com>", "<CADi0ko-tPf0tWWHSJoXxS68EBrbkU9AX8ki1wjstOd93E6Hw5w@mail.gmail.com>", "<CAEthc3PSVsfjiGKhyJWSppi-pSC-5K2gR=9JO+TKt6eA7PGvow@mail.gmail.com>"},
		"Gmail boundary":           {"000000000000c5927605e80946bd", "00000000000040e97506090293f4"},
		"Thunderbird boundary":     {"------------060989257613355162049867", "------------010203040506070809000102"},
		"UUID":                     {"<9d79e327-37e1-fd60-0fd9-5375e7e101e6@bank.example>", "<0320d714-789f-3b54-34c8-8dc7821a2dde@shop.example>"},
		"Microsoft web":            {"<883f9e36-c52c-4c3e-bbc8-74e5bd51c822@DU2P.eurprd03.prod.outlook.com>"},
		"Pine":                     {"<Pine.LNX.4.44.0208231610470.17440-100000@host.example>", "<Pine.BSO.4.44.0208221524380.28231-100000@crank.example>"},
		"MD5":                      {"<fe5a59263be048e994229d8d1b31df82@a.example>", "<bccc5d32346b5535b887fbf78e594bdf@www.b.example>"},
		"Mutt":                     {"<20021004002558.GD9666@green.example.com>"},
	}
	owner := make(map[string]string)
	for name, examples := range groups {
		want := Template(examples[0])
		for _, e := range examples[1:] {
			if got := Template(e); got != want {
				t.Errorf("%s: %s and %s for %s and %s", name, want, got, examples[0], e)
			}
		}
		if other, taken := owner[want]; taken {
			t.Errorf("%s and %s share %s", name, other, want)
		}
		owner[want] = name
		t.Logf("%-26s %s", name, want)
	}
}

func TestTemplateBounds(t *testing.T) {
	for _, s := range []string{"", "@", "<>", "\x00\xff", strings.Repeat("a-", 5000), strings.Repeat("@", 5000), "a@" + strings.Repeat("x.", 3000), strings.Repeat("=_", 400)} {
		if got := Template(s); len(got) > maxTemplate {
			t.Errorf("%.20q: %d bytes", s, len(got))
		}
	}
}
