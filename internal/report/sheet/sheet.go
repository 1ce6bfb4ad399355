// Package sheet lays out a report in parts: as text for a terminal, or as Markdown to paste
// into a mail, a ticket or a chat.
//
// In go words and tables; out come lines. Text is made safe for the terminal by cli.Env. In
// Markdown nothing that a spammer wrote is markup, and no link of his can be clicked.
package sheet

import (
	"fmt"
	"strings"

	"spoor/internal/cli"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
)

// Sheet is a report.
type Sheet struct {
	Name  string // its subject: "c2"
	Title string // behind the name, such as a name in quotation marks; may be ""
	Lead  string // the first paragraph
	Parts []Part
}

// Part is one part of a report; empty fields are left out.
type Part struct {
	Title   string   // on a terminal above a list only: tables and paragraphs have titles of their own
	Text    []string // paragraphs
	Items   []string // a numbered list
	Quote   string   // somebody else's words
	Picture string   // of a fixed width: a line of bars
	Columns []cli.Column
	Rows    [][]string
	Foot    []string // paragraphs below the table
}

// Add appends a part unless it is empty.
func (s *Sheet) Add(p Part) {
	if len(p.Text)+len(p.Items)+len(p.Rows)+len(p.Foot) > 0 || p.Quote != "" || p.Picture != "" {
		s.Parts = append(s.Parts, p)
	}
}

// Print prints the report as text.
func (s *Sheet) Print(env *cli.Env) error {
	text := wording.Paragraph(env.Text(strings.TrimSpace(s.Name+s.Title+" "+s.Lead)), env.Columns())
	if err := env.Printf("%s%s", env.Bold(s.Name), strings.TrimPrefix(text, s.Name)); err != nil {
		return err
	}
	for i := range s.Parts {
		if err := s.Parts[i].print(env); err != nil {
			return err
		}
	}
	return nil
}

// print prints one part as text.
func (p *Part) print(env *cli.Env) error {
	if err := env.Printf("\n"); err != nil {
		return err
	}
	if p.Picture != "" {
		if err := env.Printf("  %s\n", env.Text(p.Picture)); err != nil {
			return err
		}
	}
	if err := printParagraphs(env, p.Text); err != nil {
		return err
	}
	for line := range strings.Lines(p.Quote) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if err := env.Printf("%s", wording.Indented("  | ", env.Text(unclickable(line)), env.Columns())); err != nil {
			return err
		}
	}
	if err := p.printItems(env); err != nil {
		return err
	}
	if len(p.Rows) > 0 {
		t := env.Table(p.Columns...)
		for _, row := range p.Rows {
			t.Row(row...)
		}
		if err := t.Print(); err != nil {
			return err
		}
	}
	return printParagraphs(env, p.Foot)
}

// printItems prints a numbered list under its title.
func (p *Part) printItems(env *cli.Env) error {
	if len(p.Items) == 0 {
		return nil
	}
	if err := env.Printf("%s\n", env.Text(p.Title)); err != nil {
		return err
	}
	for i, item := range p.Items {
		if err := env.Printf("%s", wording.Indented(fmt.Sprintf("  %d. ", i+1), env.Text(item), env.Columns())); err != nil {
			return err
		}
	}
	return nil
}

// unclickable defangs the URLs of a line, since many terminals make links of
// them.
func unclickable(line string) string {
	words := strings.Fields(line)
	for i, w := range words {
		if strings.Contains(w, "://") {
			words[i] = printable.Defang(w)
		}
	}
	return strings.Join(words, " ")
}

// printParagraphs prints texts, wrapped.
func printParagraphs(env *cli.Env, list []string) error {
	for _, text := range list {
		for line := range strings.Lines(wording.Paragraph(printable.Clean(text), env.Columns())) {
			if err := env.Printf("%s\n", env.Text(strings.TrimSuffix(line, "\n"))); err != nil {
				return err
			}
		}
	}
	return nil
}
