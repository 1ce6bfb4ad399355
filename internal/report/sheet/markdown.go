package sheet

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"spoor/internal/cli"
	"spoor/internal/printable"
)

// Markdown prints the report as Markdown (CommonMark, with tables as GitHub has
// them). hide removes text that must not leave, such as addresses of our own
// recipients; nil removes nothing.
func (s *Sheet) Markdown(env *cli.Env, hide *strings.Replacer) error {
	w := &writer{env: env, hide: hide}
	w.line("# " + strings.TrimSuffix(w.text(s.Name+s.Title), ":")) // on a terminal the lead follows in the line
	w.line("")
	w.line(w.text(s.Lead))
	for i := range s.Parts {
		w.part(&s.Parts[i])
	}
	return env.Printf("%s", w.b.String())
}

// writer collects the lines of a report as Markdown.
type writer struct {
	env  *cli.Env
	hide *strings.Replacer
	b    strings.Builder
}

func (w *writer) line(s string) { w.b.WriteString(strings.TrimRight(s, " ") + "\n") }

// part writes one part, in the same order as on a terminal.
func (w *writer) part(p *Part) {
	if p.Title != "" {
		w.line("\n## " + w.text(p.Title))
	}
	if p.Picture != "" {
		w.line("\n`" + strings.ReplaceAll(w.env.Text(p.Picture), "`", "'") + "`")
	}
	w.paragraphs(p.Text)
	if p.Quote != "" {
		w.line("")
		for line := range strings.Lines(p.Quote) {
			w.line("> " + w.text(strings.TrimSpace(line)))
		}
	}
	for i, item := range p.Items {
		if i == 0 {
			w.line("")
		}
		w.line(fmt.Sprintf("%d. %s", i+1, w.text(item)))
	}
	w.table(p)
	w.paragraphs(p.Foot)
}

// paragraphs writes each text below an empty line.
func (w *writer) paragraphs(list []string) {
	for _, text := range list {
		w.line("\n" + w.text(text))
	}
}

// table writes a table; short rows are filled with empty cells.
func (w *writer) table(p *Part) {
	if len(p.Rows) == 0 {
		return
	}
	w.line("")
	head, rule := "|", "|"
	for _, c := range p.Columns {
		head += " " + w.text(c.Title) + " |"
		if c.Right {
			rule += " ---: |"
		} else {
			rule += " --- |"
		}
	}
	w.line(head)
	w.line(rule)
	for _, row := range p.Rows {
		line := "|"
		for i := range p.Columns {
			cell := ""
			if i < len(row) {
				cell = w.text(row[i])
			}
			line += " " + cell + " |"
		}
		w.line(line)
	}
}

// text makes words safe: one line, no control characters, no markup, no links.
func (w *writer) text(s string) string {
	if w.hide != nil {
		s = w.hide.Replace(s)
	}
	words := strings.Split(printable.Fold(s), " ")
	for i, word := range words {
		words[i] = escape(unlinked(word), i == 0)
	}
	return w.env.Text(strings.Join(words, " "))
}

// unlinked defangs a word that a mail program might turn into a link.
func unlinked(word string) string {
	if strings.Contains(word, "://") {
		return printable.Defang(word)
	}
	if at := strings.LastIndexByte(word, '@'); at > 0 {
		word = word[:at] + "[at]" + word[at+1:]
	}
	var b strings.Builder
	for i, r := range word {
		if r == '.' && label(word[i+1:]) {
			b.WriteString("[.]")
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// label reports whether a text begins with a letter and one more character of a
// host name. A dot before it may be part of a name that programs link without a
// scheme; those between digits and in "S.A." are not.
func label(s string) bool {
	first, n := utf8.DecodeRuneInString(s)
	second, _ := utf8.DecodeRuneInString(s[n:])
	return unicode.IsLetter(first) && (unicode.IsLetter(second) || unicode.IsDigit(second) || second == '-')
}

// escape removes the meaning of characters that Markdown interprets (CommonMark
// 0.31, section 2.4). Only at the beginning of a line have "#", "-", "+" and
// "1." a meaning. The brackets of unlinked stay: between letters they are no link.
func escape(word string, first bool) string {
	var b strings.Builder
	for i, r := range word {
		switch {
		case (r == '[' || r == ']') && broken(word, i):
		case strings.ContainsRune("\\`*_[]<>|~&!$", r), first && i == 0 && strings.ContainsRune("#+-=", r):
			b.WriteByte('\\')
		case first && (r == '.' || r == ')') && i == len(word)-1 && strings.Trim(word[:i], "0123456789") == "":
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// broken reports whether the bracket at i is one of "[.]" or "[at]" inside a word.
func broken(word string, i int) bool {
	for _, mark := range []string{"[.]", "[at]"} {
		at := i
		if word[i] == ']' {
			at = i + 1 - len(mark)
		}
		if at > 0 && strings.HasPrefix(word[at:], mark) {
			after, _ := utf8.DecodeRuneInString(word[at+len(mark):])
			return unicode.IsLetter(after) || unicode.IsDigit(after)
		}
	}
	return false
}
