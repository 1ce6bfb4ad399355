package sheet

import (
	"bytes"
	"strings"
	"testing"

	"spoor/internal/cli"
)

func screen(columns string) (*cli.Env, *bytes.Buffer) {
	var out bytes.Buffer
	return &cli.Env{Stdout: &out, Getenv: func(name string) string {
		if name == "COLUMNS" {
			return columns
		}
		return ""
	}}, &out
}

var sample = Sheet{Name: "c1", Title: "  \"Toner\"", Lead: "9 messages", Parts: []Part{
	{Title: "Lure", Text: []string{"It says this."}, Quote: "Buy now\nat www.shop.example"},
	{Title: "Next", Items: []string{"Look", "Act"}},
	{Title: "Hosts", Columns: []cli.Column{{Title: "host", Flex: true}, {Title: "in", Right: true}}, Rows: [][]string{{"www.shop.example", "9"}}},
}}

func TestPrint(t *testing.T) {
	env, out := screen("60")
	if err := sample.Print(env); err != nil {
		t.Fatal(err)
	}
	const want = "c1 \"Toner\" 9 messages\n\nIt says this.\n  | Buy now\n  | at www.shop.example\n\nNext\n  1. Look\n  2. Act\n\n  host              in\n  www.shop.example   9\n"
	if out.String() != want {
		t.Errorf("%q\nwant %q", out.String(), want)
	}
}

func TestMarkdown(t *testing.T) {
	env, out := screen("60")
	if err := sample.Markdown(env, strings.NewReplacer("Buy", "[us]")); err != nil {
		t.Fatal(err)
	}
	const want = "# c1 \"Toner\"\n\n9 messages\n\n## Lure\n\nIt says this.\n\n> \\[us\\] now\n> at www[.]shop[.]example\n\n## Next\n\n1. Look\n2. Act\n\n## Hosts\n\n| host | in |\n| --- | ---: |\n| www[.]shop[.]example | 9 |\n"
	if out.String() != want {
		t.Errorf("%q\nwant %q", out.String(), want)
	}
}

// A spammer's text is no markup and no link.
func TestMarkdownIsInert(t *testing.T) {
	for text, want := range map[string]string{
		"[click](http://evil.example/x)":   `\[click\](hxxp://evil[.]example/x)`,
		"<img src=x onerror=alert(1)>":     `\<img src=x onerror=alert(1)\>`,
		"a|b":                              `a\|b`,
		"# not a title":                    `\# not a title`,
		"1. not a list":                    `1\. not a list`,
		"- nor this":                       `\- nor this`,
		"**bold** _x_ `code`":              "\\*\\*bold\\*\\* \\_x\\_ \\`code\\`",
		"ann@shop.example":                 `ann[at]shop[.]example`,
		"\x1b[31mred\u202e":                "\ufffd\\[31mred",
		"Shop S.A., 2 more with --all +4":  "Shop S.A., 2 more with --all +4",
		"a[.](http://evil.example/)":       `a\[.\](hxxp://evil[.]example/)`,
		"[.]: x":                           `\[.\]: x`,
		"x[.]y[z](b.test)":                 `x[.]y\[z\](b[.]test)`,
		"пример.рф":                        "пример[.]рф",
		"+ item":                           `\+ item`,
		"two\nlines":                       "two lines",
		"6.00.2800 and 192.0.2.1, 5.5 %":   "6.00.2800 and 192.0.2.1, 5.5 %",
		"&lt;script&gt;":                   `\&lt;script\&gt;`,
		"https://a.example and WWW.B.TEST": `hxxps://a[.]example and WWW.B[.]TEST`,
	} {
		env, _ := screen("80")
		if got := (&writer{env: env}).text(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
