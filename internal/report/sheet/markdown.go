package sheet

import (
	"fmt"
	"strings"

	"spoor/internal/cli"
	"spoor/internal/printable"
)

// Markdown prints the report as Markdown (CommonMark, with tables as GitHub has
// them). hide removes text that must not leave, such as addresses of our own
// recipients; nil removes nothing.
func (s *Sheet) Markdown(env *cli.Env, hide *strings.Replacer) error {
	w := &writer{env: env, hide: hide}
	w.line("# " + w.text(s.Name+s.Title))
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
		words[i] = escape(unlinked(word))
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
	return dotted.Replace(word)
}

// dotted breaks names that programs link without a scheme. A dot between digits
// stays: numbers and addresses are not linked.
var dotted = newDotted()

// newDotted replaces a dot before each letter of ASCII.
func newDotted() *strings.Replacer {
	var pairs []string
	for c := 'a'; c <= 'z'; c++ {
		for _, l := range []string{string(c), strings.ToUpper(string(c))} {
			pairs = append(pairs, "."+l, "[.]"+l)
		}
	}
	return strings.NewReplacer(pairs...)
}

// escape removes the meaning of characters that Markdown interprets (CommonMark
// 0.31, section 2.4). Only at the beginning of a line have "#", "-", "+" and
// "1." a meaning; a word is escaped so at any place, since the line is not
// known here.
func escape(word string) string {
	var b strings.Builder
	for i, r := range word {
		switch {
		case strings.ContainsRune("\\`*_[]<>|~&!$", r), i == 0 && strings.ContainsRune("#+-=", r) && len(word) < 7:
			b.WriteByte('\\')
		case (r == '.' || r == ')') && i == len(word)-1 && strings.Trim(word[:i], "0123456789") == "":
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
