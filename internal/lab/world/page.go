package world

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"slices"
	"strings"

	"spoor/internal/lab/dice"
)

// look is a page's frame: the HTML around a campaign's text. Frames are reused, bought
// and copied more than texts are.
type look struct {
	font, color, button string
	width, skeleton     int
}

// newLook makes up the look of pages.
func (b *builder) newLook() *look {
	return &look{
		font: dice.Pick(b.Dice, []string{"Arial", "Verdana, Geneva", "Helvetica, Arial, sans-serif", "Times New Roman", "Tahoma", "Georgia, serif"}), color: "#" + b.Chars(dice.Hex, 6),
		button: "#" + b.Chars(dice.HEX, 6), width: dice.Pick(b.Dice, []int{480, 540, 560, 600, 620, 640, 700}), skeleton: b.IntN(6),
	}
}

// html lays out paragraphs; the link follows the call, and the picture is on
// top.
func (l *look) html(paragraphs []string, link, call, picture, below string) string {
	var body strings.Builder
	for _, p := range paragraphs {
		p = strings.ReplaceAll(escape(p), "\n", "<br>\n")
		switch l.skeleton {
		case 0:
			fmt.Fprintf(&body, "<p><font face=\"%s\" color=\"%s\">%s</font></p>\n", l.font, l.color, p)
		case 1:
			fmt.Fprintf(&body, "<tr><td style=\"font-family:%s;padding:8px 20px\">%s</td></tr>\n", l.font, p)
		case 2:
			fmt.Fprintf(&body, "<div class=\"p\">%s</div>\n", p)
		case 3:
			fmt.Fprintf(&body, "%s<br><br>\n", p)
		case 4:
			fmt.Fprintf(&body, "<center><b>%s</b></center>\n<hr width=%d>\n", p, l.width)
		default:
			fmt.Fprintf(&body, "<p style=\"margin:0 0 16px\">%s</p>\n", p)
		}
	}
	if picture != "" {
		img := fmt.Sprintf("<img src=\"%s\" border=\"0\">", picture)
		if link != "" && call == "" {
			img = fmt.Sprintf("<a href=\"%s\">%s</a>", escape(link), img)
		}
		body.WriteString(img + "\n")
	}
	if link != "" && call != "" {
		fmt.Fprintf(&body, l.anchor(), escape(link), escape(call))
	}
	return l.frame(body.String() + below)
}

// borrow returns a link to a page that has nothing to do with the sender.
func (b *builder) borrow(brand string) string {
	s := ""
	if i := slices.Index(brandNames, brand); i >= 0 {
		d := b.brandDomains[i]
		s += fmt.Sprintf("<img src=\"https://www.%s/img/logo.png\" alt=\"%s\"><a href=\"https://www.%s/privacy\">Privacy</a>\n", d, brand, d)
	}
	switch b.IntN(6) {
	case 0:
		s += "<a href=\"http://www.w3.org/\"></a>\n"
	case 1:
		s += "<link href=\"https://fonts.googleapis.com/css?family=Roboto\" rel=\"stylesheet\">\n"
	case 2:
		s += "<a href=\"https://www.facebook.com/\">f</a> <a href=\"https://twitter.com/\">t</a>\n"
	}
	return s
}

// anchor is the pattern of a link.
func (l *look) anchor() string {
	switch l.skeleton {
	case 1, 5:
		return "<a style=\"background:" + l.button + ";padding:12px 24px;color:#fff\" href=\"%s\">%s</a>\n"
	case 4:
		return "<center><a href=\"%s\"><font size=5>%s</font></a></center>\n"
	}
	return "<a href=\"%s\">%s</a><br>\n"
}

// frame puts a body into the page's structure.
func (l *look) frame(body string) string {
	switch l.skeleton {
	case 0, 3, 4:
		return "<html><body bgcolor=\"#ffffff\">\n" + body + "</body></html>"
	case 1:
		return fmt.Sprintf("<html><head><meta http-equiv=\"Content-Type\" content=\"text/html\"></head><body>\n<table width=\"%d\" align=\"center\" cellpadding=\"0\">\n%s</table></body></html>", l.width, tableRows(body))
	case 2:
		return fmt.Sprintf("<!DOCTYPE html>\n<html><head><style>.p{font:%dpx %s;color:%s}</style></head><body>\n%s</body></html>", 12+l.width%5, l.font, l.color, body)
	}
	return fmt.Sprintf("<div style=\"max-width:%dpx;margin:auto;font-family:%s;color:%s\">\n%s</div>", l.width, l.font, l.color, body)
}

// tableRows puts the rest of a body behind its rows into a row.
func tableRows(body string) string {
	i := strings.LastIndex(body, "</tr>")
	if i < 0 || i+6 > len(body) {
		return "<tr><td>" + body + "</td></tr>\n"
	}
	return body[:i+6] + "<tr><td>" + body[i+6:] + "</td></tr>\n"
}

// escape makes text safe in HTML.
func escape(s string) string {
	if !strings.ContainsAny(s, "&<>\"") {
		return s
	}
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\"", "&quot;").Replace(s)
}

// picture draws bars where an image spammer's text would stand. noise moves single dots,
// as those did who wanted each copy to hash differently.
func picture(seed uint32, noise uint32) []byte {
	img := image.NewPaletted(image.Rect(0, 0, 96, 48), color.Palette{color.White, color.Black, color.RGBA{200, 20, 20, 255}, color.RGBA{20, 60, 200, 255}})
	x := seed | 1
	next := func() uint32 { x ^= x << 13; x ^= x >> 17; x ^= x << 5; return x }
	for row := 4; row < 44; row += 6 {
		for col := 4; col < 90; {
			w := int(next()%12) + 2
			c := uint8(next()%3) + 1
			for i := col; i < min(col+w, 92); i++ {
				img.Pix[row*img.Stride+i], img.Pix[(row+1)*img.Stride+i] = c, c
			}
			col += w + int(next()%4) + 1
		}
	}
	for x = noise | 1; noise != 0 && next()%13 != 0; {
		img.Pix[next()%uint32(len(img.Pix))] = uint8(next() % 4)
	}
	var out bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.NoCompression}
	if err := enc.Encode(&out, img); err != nil {
		return nil // a bytes.Buffer takes everything
	}
	return out.Bytes()
}

// document returns an attachment of the format; the seed decides its content.
func document(ext string, seed uint32) (kind string, data []byte) {
	body := make([]byte, 700+seed%900)
	x := seed | 1
	for i := range body {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		body[i] = byte(x)
	}
	switch ext {
	case "pdf":
		return "application/pdf", append([]byte(fmt.Sprintf("%%PDF-1.4\n%%%08x\n1 0 obj\n<< /Type /Catalog >>\nstream\n", crc32.ChecksumIEEE(body))), body...)
	case "doc":
		return "application/msword", append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00\x00\x00"), body...)
	case "html":
		return "text/html", []byte(fmt.Sprintf("<html><body onload=\"f()\"><script>var k=\"%x\";function f(){document.forms[0].submit()}</script><form></form></body></html>\n", body[:120]))
	}
	return "application/zip", append([]byte("PK\x03\x04\x14\x00\x00\x00\x08\x00"), body...)
}
