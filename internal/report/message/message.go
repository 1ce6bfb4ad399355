// Package message prints one message for reading: header, way, text, links and
// attachments.
//
// Everything in it is a stranger's text. Control characters are removed, links
// are defanged, HTML is shown as text. The way is drawn with the boundary below
// which fields are claims. Each part is cut to some lines unless all are asked
// for.
package message

import (
	"cmp"
	"fmt"
	"strings"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
	"spoor/sql/store/messages"
)

// letter is the screen of one message.
type letter struct {
	env *cli.Env
	all bool
	*findings.Letter
}

// Print prints one message; with all, nothing of it is cut.
func Print(env *cli.Env, l *findings.Letter, all bool) error {
	if env.ForPrograms() {
		return env.Result(asJSON(l))
	}
	s := &letter{env, all, l}
	for _, section := range []func() error{s.printHead, s.printHeader, s.printHops, s.printTexts, s.printLinks, s.printContacts, s.printFiles, s.printPlaces} {
		if err := section(); err != nil {
			return err
		}
	}
	return nil
}

// Lines shown of each part, unless all are requested; columnOfName is the width
// of a field's name. A usual spam fits two screens.
const (
	shownFields  = 40
	shownLines   = 2 // of a header field
	shownText    = 30
	shownLinks   = 15
	shownPlaces  = 3
	columnOfName = 18
)

// printHead prints the line above all parts: class, size, campaign, confidence
// and spamrun.
func (s *letter) printHead() error {
	words := []string{"spam"}
	if s.Ham {
		words[0] = "ham"
	}
	words = append(words, cli.Bytes(s.Size))
	switch {
	case s.Campaign != 0 && s.Name != "":
		words = append(words, fmt.Sprintf("in %s %s", naming.ID(s.Campaign), wording.Quoted(s.Name)))
	case s.Campaign != 0:
		words = append(words, "in "+naming.ID(s.Campaign))
	case !s.Ham:
		words = append(words, cmp.Or(wording.SetAside(s.Publisher, s.Report), "in no campaign"))
	}
	if s.Returned != 0 {
		words = append(words, wording.Returns(naming.ID(s.Returned), s.ReturnedBy))
	}
	if s.Operation != 0 {
		words = append(words, "of "+naming.OperationID(s.Operation))
	}
	if s.Confidence > 0 {
		words = append(words, fmt.Sprintf("sure to %.0f %%", 100*s.Confidence))
	}
	if s.Spamrun != 0 {
		words = append(words, fmt.Sprintf("spamrun r%d", s.Spamrun))
	}
	id := wording.Head(s.SHA256, 12)
	text := wording.Paragraph(s.env.Text("message "+id+"  "+strings.Join(words, ", ")), s.env.Columns())
	return s.env.Printf("%s", strings.Replace(text, id, s.env.Bold(id), 1))
}

// title begins a part of the screen.
func (s *letter) title(text string) error {
	return s.env.Printf("\n%s\n", s.env.Bold(s.env.Text(text)))
}

// lines prints text indented below begin, at most so many lines of it (0: all).
// It cleans the text itself, since it holds foreign bytes.
func (s *letter) lines(begin, text string, most int) error {
	room := max(s.env.Columns()-printable.Width(begin), 20)
	lines := strings.Split(strings.TrimSuffix(wording.Paragraph(printable.Clean(text), room), "\n"), "\n")
	if most > 0 && len(lines) > most {
		lines = append(lines[:most-1], lines[most-1]+" …")
	}
	for i, line := range lines {
		if i > 0 {
			begin = strings.Repeat(" ", printable.Width(begin))
		}
		if err := s.env.Printf("%s\n", strings.TrimRight(s.env.Text(begin)+s.env.Cut(line, room), " ")); err != nil {
			return err
		}
	}
	return nil
}

// printHeader prints the fields in their order; Received fields are drawn as the way below.
func (s *letter) printHeader() error {
	title := "Header"
	if s.Raw == nil {
		title = "Header, as far as the store knows it: the message itself is not kept"
	}
	if err := s.title(title); err != nil {
		return err
	}
	most, left := shownLines, 0
	if s.all {
		most = 0
	}
	n := 0
	for _, f := range s.Header {
		// The way below shows these, with the boundary of trust.
		if strings.EqualFold(f.Name, "Received") {
			continue
		}
		if n++; n > shownFields && !s.all {
			left++
			continue
		}
		name := printable.Cut(f.Name, 40) + " "
		if w := columnOfName - printable.Width(name); w > 0 {
			name += strings.Repeat(" ", w)
		}
		if err := s.lines("  "+name, f.Value, most); err != nil {
			return err
		}
	}
	return s.more(left, "field")
}

// more prints the number of lines left out, and the command that shows them.
func (s *letter) more(n int, what string) error {
	if n <= 0 {
		return nil
	}
	return s.env.Printf("  %s more: collector show %s --all\n", cli.Count(n, what, ""), wording.Head(s.SHA256, 12))
}

// printTexts prints the readable text of each part, or says why there is none.
func (s *letter) printTexts() error {
	if s.Raw == nil {
		return s.env.Printf("\nNo text: the import that stored the message did not keep its bytes (--no-raw).\n")
	}
	if s.Cut {
		if err := s.env.Printf("\nOnly the first part of the message is kept: it was over the size limit.\n"); err != nil {
			return err
		}
	}
	for _, t := range s.Texts {
		if err := s.title(fmt.Sprintf("Text  %s, %s", cmp.Or(t.Type, "text"), cli.Bytes(t.Size))); err != nil {
			return err
		}
		lines := strings.Split(t.Seen, "\n")
		left := 0
		if len(lines) > shownText && !s.all {
			left = len(lines) - shownText
			lines = lines[:shownText]
		}
		for _, line := range lines {
			if err := s.lines("  ", line, 0); err != nil {
				return err
			}
		}
		if t.Cut {
			if err := s.env.Printf("  cut here; --raw gives all of it\n"); err != nil {
				return err
			}
		}
		if err := s.more(left, "line"); err != nil {
			return err
		}
	}
	return nil
}

// printLinks prints the links, defanged, beside the text shown in their place.
func (s *letter) printLinks() error {
	if len(s.Links) == 0 {
		return nil
	}
	list, left := s.Links, 0
	if len(list) > shownLinks && !s.all {
		list, left = list[:shownLinks], len(list)-shownLinks
	}
	if err := s.env.Printf("\n"); err != nil {
		return err
	}
	t := s.env.Table(cli.Column{Title: cli.Count(len(s.Links), "link", ""), Flex: true}, cli.Column{Title: "where"}, cli.Column{Title: "shown as", Flex: true})
	for _, l := range list {
		where := l.FoundIn
		if l.Count > 1 {
			where += fmt.Sprintf(" ×%d", l.Count)
		}
		t.Row(printable.Defang(l.URL), where, printable.Fold(l.Visible))
	}
	if err := t.Print(); err != nil {
		return err
	}
	return s.more(left, "link")
}

// printContacts prints the ways to reply: normal form and as written.
func (s *letter) printContacts() error {
	if len(s.Contacts) == 0 {
		return nil
	}
	if err := s.env.Printf("\n"); err != nil {
		return err
	}
	t := s.env.Table(cli.Column{Title: "To reply to"}, cli.Column{Flex: true}, cli.Column{Title: "as written", Flex: true}, cli.Column{Title: "where"})
	for _, c := range s.Contacts {
		t.Row(c.Kind, c.Value, c.Raw, c.FoundIn)
	}
	return t.Print()
}

// printFiles prints the attachments with their hashes; the type looked like may
// differ from the declared one.
func (s *letter) printFiles() error {
	if len(s.Files) == 0 {
		return nil
	}
	if err := s.env.Printf("\n"); err != nil {
		return err
	}
	t := s.env.Table(cli.Column{Title: "Attachments", Flex: true}, cli.Column{Title: "claims to be", Flex: true}, cli.Column{Title: "looks like", Flex: true}, cli.Column{Title: "size", Right: true}, cli.Column{Title: "SHA-256"})
	for _, f := range s.Files {
		t.Row(cmp.Or(f.Name, "(no name)"), f.MediaType, f.Sniffed, cli.Bytes(f.Size), wording.Head(f.SHA256, 12))
	}
	return t.Print()
}

// printPlaces prints the files and folders that the message was read from.
func (s *letter) printPlaces() error {
	list, left := s.Places, 0
	if len(list) > shownPlaces && !s.all {
		list, left = list[:shownPlaces], len(list)-shownPlaces
	}
	if err := s.env.Printf("\n"); err != nil {
		return err
	}
	for _, p := range list {
		if err := s.lines("Read from ", placeWords(p), 0); err != nil {
			return err
		}
	}
	return s.more(left, "place")
}

// placeWords is a place in words. The path is missing if its source was
// forgotten.
func placeWords(p messages.Place) string {
	out := cmp.Or(p.Path, "a source that is not known any more")
	if p.Name != "" {
		out += " " + p.Name
	}
	if p.ByteOffset > 0 {
		out += ", byte " + cli.Number(p.ByteOffset)
	}
	return out
}
