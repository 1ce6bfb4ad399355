package rented

import (
	"fmt"
	"html"
	"strings"

	"spoor/internal/lab/dice"
)

// layout is the page design of a crew: class names and colours are its own, the
// outline is one of a few common ones.
//
// The outlines are few, so that strangers share them; class, colour and width
// are the crew's own.
type layout struct {
	outline int
	class   string
	colour  string
	width   int
	comment string
	plain   string // how the letter without HTML marks its link
}

// outlines is the number of page structures.
const outlines = 6

// newLayout makes up the look of a line's pages.
func (w *world) newLayout() *layout {
	return &layout{
		outline: w.IntN(outlines), class: strings.ToLower(w.Word(1)) + w.Chars(dice.Lower, 2), colour: "#" + w.Chars(dice.Hex, 6), width: 480 + 20*w.IntN(10),
		comment: dice.Pick(w.Dice, []string{"", "", "<!-- " + strings.ToLower(w.Word(3)) + " -->"}), plain: dice.Pick(w.Dice, []string{"", ">> ", "* ", "[1] "}),
	}
}

// content is the text of a letter with its links.
type content struct {
	open, close string
	sentences   []string
	press       string
	link        string // "" without one
	picture     string // "" without one
	pixel       string // link of an open counter, "" without one
}

// text is the letter without HTML.
//
// Three sentences make a paragraph.
func (l *layout) text(c *content) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s,\n\n", c.open)
	for i, s := range c.sentences {
		b.WriteString(s)
		if i%3 == 2 {
			b.WriteString("\n\n")
		} else {
			b.WriteByte(' ')
		}
	}
	if c.link != "" {
		fmt.Fprintf(&b, "\n\n%s%s: %s\n", l.plain, c.press, c.link)
	}
	fmt.Fprintf(&b, "\n\n%s\n", c.close)
	return b.String()
}

// page is the letter in HTML.
func (l *layout) page(c *content) string {
	var paragraphs []string
	for _, s := range c.sentences {
		paragraphs = append(paragraphs, html.EscapeString(s))
	}
	button := ""
	if c.link != "" {
		button = fmt.Sprintf(`<a class="%s-b" href="%s" style="background:%s;color:#fff;padding:10px 22px">%s</a>`, l.class, html.EscapeString(c.link), l.colour, html.EscapeString(c.press))
	}
	picture := ""
	if c.picture != "" {
		picture = fmt.Sprintf(`<img src="%s" width="%d" alt="">`, html.EscapeString(c.picture), l.width)
	}
	if c.pixel != "" {
		button += fmt.Sprintf("\n<img src=\"%s\" width=\"1\" height=\"1\">", html.EscapeString(c.pixel))
	}
	return l.frame(html.EscapeString(c.open), html.EscapeString(c.close), paragraphs, button, picture)
}

// frame writes a page.
func (l *layout) frame(open, close string, paragraphs []string, button, picture string) string {
	switch l.outline {
	case 0:
		return fmt.Sprintf("<html><body>%s\n<table width=\"%d\" align=\"center\"><tr><td>%s</td></tr>\n<tr><td><p>%s,</p>\n<p>%s</p></td></tr>\n<tr><td align=\"center\">%s</td></tr>\n<tr><td><small>%s</small></td></tr></table></body></html>\n",
			l.comment, l.width, picture, open, strings.Join(paragraphs, "</p>\n<p>"), button, close)
	case 1:
		return fmt.Sprintf("<!doctype html>\n<html><head><style>.%s{max-width:%dpx;color:%s}</style></head><body><div class=\"%s\"><h2>%s</h2>%s<div>%s</div>\n<div>%s</div><footer>%s</footer></div></body></html>\n",
			l.class, l.width, l.colour, l.class, open, picture, strings.Join(paragraphs, "<br><br>\n"), button, close)
	case 2:
		return fmt.Sprintf("<div dir=\"ltr\"><div>%s,</div><div><br></div><div>%s</div><div><br></div><div>%s %s</div><div>%s</div></div>\n",
			open, strings.Join(paragraphs, "</div><div>"), picture, button, close)
	case 3:
		return fmt.Sprintf("<html xmlns:o=\"urn:schemas-microsoft-com:office:office\"><head><meta name=Generator content=\"Microsoft Word 15 (filtered medium)\"></head><body lang=EN-US><div class=WordSection1><p class=MsoNormal>%s,</p>\n<p class=MsoNormal>%s</p>\n%s<p class=MsoNormal>%s</p><p class=MsoNormal>%s</p></div></body></html>\n",
			open, strings.Join(paragraphs, "</p>\n<p class=MsoNormal>"), picture, button, close)
	case 4:
		return fmt.Sprintf("%s<center><font color=\"%s\" size=\"4\">%s</font><br>%s<ul><li>%s</ul>%s<hr width=\"%d\">%s</center>\n",
			l.comment, l.colour, open, picture, strings.Join(paragraphs, "<li>"), button, l.width, close)
	}
	return fmt.Sprintf("<html><head>%s</head><body style=\"margin:0\"><table class=\"%s\" width=\"100%%\" bgcolor=\"%s\"><tr><td><table width=\"%d\"><tr><td>%s %s</td></tr><tr><td>%s</td></tr><tr><td>%s</td></tr></table></td></tr></table><p>%s</p></body></html>\n",
		l.comment, l.class, l.colour, l.width, open, picture, strings.Join(paragraphs, " "), button, close)
}
