package page

import (
	"cmp"
	"fmt"
	"strings"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
)

// letter is the screen of one message.
type letter struct {
	ID, Subject string
	In          Ref
	Name        string // of its campaign
	Sure        string
	Facts       []fact
	NoHops      bool
	Unknown     bool // where our own servers end
	Hops        []hop
	Anomalies   []anomaly // of the message as a whole
	Fields      []field
	Texts       []text
	Links       table
	Contacts    table
	Files       table
	Places      table
	WhyHref     string
	Fall        *waterfall
}

// hop is one Received field. Last is that after which strangers write.
type hop struct {
	N            int
	At, By       string
	From         []Ref
	More, Raw    string
	Claim        bool
	Last         bool
	Claimed      bool // there are claims below
	HopAnomalies []anomaly
}

// anomaly is an anomaly as the page shows it.
type anomaly struct{ Reason, Evidence string }

// field is a header field.
//
// Of a long value the beginning is shown, and the rest when asked: some filters write thousands
// of letters that nobody reads.
type field struct {
	Name, Value string
	Begins      string // of a long value
	Length      string
}

// longField is the length of a value, in bytes, from which its beginning is shown.
const (
	longField   = 800
	fieldBegins = 160 // cells
)

// fieldOf is a header field.
func fieldOf(name, value string) field {
	f := field{Name: name, Value: value}
	if len(value) > longField {
		f.Begins, f.Length = printable.Cut(printable.Fold(value), fieldBegins), cli.Count(len(value), "byte", "")
	}
	return f
}

// text is the readable text of a part, by lines.
type text struct {
	Type  string
	Lines []string
	Cut   bool
}

// sureWords never says that it is quite certain.
func sureWords(confidence float64) string {
	if confidence > 0.99 {
		return "over 99 % sure"
	}
	return fmt.Sprintf("%.0f %% sure", 100*confidence)
}

// Letter is the screen of one message. fall is the evidence about it; nil if it
// stands elsewhere.
//
// The text of the message is shown as lines of plain text. Nothing of its HTML
// is passed on.
func (s *Site) Letter(l *findings.Letter, fall *Waterfall) Body {
	out := &letter{ID: l.SHA256, Subject: printable.Fold(l.Subject), Name: l.Name, NoHops: len(l.Hops) == 0, Unknown: l.Boundary < 0 && len(l.Hops) > 0}
	if out.Subject == "" {
		out.Subject = "No subject"
	}
	switch {
	case l.Campaign != 0:
		out.In = Ref{naming.ID(l.Campaign), s.Paths.Campaign(l.Campaign)}
		if l.Confidence > 0 {
			out.Sure = sureWords(l.Confidence)
		}
		if s.Ask {
			out.WhyHref = s.Message(l.SHA256) + "/why"
		}
	case l.Ham:
		out.Sure = "ham"
	case l.Returned != 0:
		out.In = Ref{naming.ID(l.Returned), s.Paths.Campaign(l.Returned)}
		out.Sure = cmp.Or(wording.SetAside(l.Publisher, l.Report), "in no campaign") + ", " + wording.Returns("it", l.ReturnedBy)
	default:
		out.Sure = cmp.Or(wording.SetAside(l.Publisher, l.Report), "in no campaign")
	}
	out.Facts = s.letterFacts(l)
	out.Anomalies = anomaliesOf(l, -1)
	for i := range l.Hops {
		out.Hops = append(out.Hops, s.hop(l, i))
	}
	for _, f := range l.Header {
		if !strings.EqualFold(f.Name, "Received") { // the hops above
			out.Fields = append(out.Fields, fieldOf(f.Name, f.Value))
		}
	}
	for _, t := range l.Texts {
		out.Texts = append(out.Texts, text{t.Type, strings.Split(strings.ReplaceAll(t.Seen, "\r", ""), "\n"), t.Cut})
	}
	if fall != nil {
		drawn := fall.draw()
		out.Fall = &drawn
	}
	s.letterTables(out, l)
	return Body{"letter.html", out}
}

// letterFacts are the facts above a message.
func (s *Site) letterFacts(l *findings.Letter) []fact {
	out := []fact{{orUnknown(cli.Minute(l.ReceivedAt)), "received"}}
	if l.Sender != nil {
		out = append(out, fact{l.Sender.String(), "sender, by our own server"})
	}
	out = append(out, fact{cli.Bytes(l.Size), "long"})
	if n := len(l.Anomalies); n > 0 {
		out = append(out, fact{cli.Number(n), plural(int64(n), "anomaly", "anomalies")})
	}
	return out
}

// anomaliesOf lists the anomalies of a hop; -1 is the message as a whole.
func anomaliesOf(l *findings.Letter, hop int) (out []anomaly) {
	for _, a := range l.Anomalies {
		if a.Hop == hop {
			out = append(out, anomaly{a.Reason, printable.Cut(a.Evidence, 300)})
		}
	}
	return out
}

// hop describes a Received field, with links to its client.
func (s *Site) hop(l *findings.Letter, i int) hop {
	h := &l.Hops[i]
	out := hop{N: h.N, At: wording.HopTime(h), By: wording.HopServer(h), More: wording.HopDetails(h), Raw: h.Raw, Claim: !h.Trusted, Last: h.N == l.Boundary, Claimed: i+1 < len(l.Hops), HopAnomalies: anomaliesOf(l, h.N)}
	if h.Address != nil {
		out.From = append(out.From, Ref{h.Address.String(), s.Find(h.Address.String())})
	}
	if h.ReverseName != "" {
		out.From = append(out.From, Ref{h.ReverseName, s.Find(h.ReverseName)})
	}
	if h.HELO != "" {
		out.From = append(out.From, Ref{Text: "HELO " + h.HELO})
	}
	return out
}

// letterTables are links, contacts, attachments and places of a message; links
// are defanged.
//
// A link of the mail is never a link of the page: it leads to the search for
// its host.
func (s *Site) letterTables(out *letter, l *findings.Letter) {
	out.Links = table{Name: "Links", Head: []head{{"Link", "wide mono"}, {"Shown as", ""}, {"Found in", ""}, {"Odd", ""}}}
	for i := range l.Links {
		u := &l.Links[i]
		to := cell{Text: printable.Cut(printable.Defang(u.URL), 300)}
		if u.Host != "" {
			to.Href = s.Find(u.Host)
		}
		if u.Shared != "" {
			to.Note = "shared: " + u.Shared
		}
		out.Links.add(to, word(printable.Cut(u.Visible, 80)), word(u.FoundIn), word(strings.Join(u.Notes, ", ")))
	}
	out.Links = out.Links.withoutEmpty()
	out.Contacts = table{Name: "Addresses, phone numbers and wallets", Head: []head{{"Value", "wide mono"}, {"Kind", ""}, {"Found in", ""}}}
	for _, c := range l.Contacts {
		out.Contacts.add(link(c.Value, s.Find(c.Value)), word(c.Kind), word(c.FoundIn))
	}
	out.Files = table{Name: "Attachments", Head: []head{{"File", "wide"}, {"Says it is", ""}, {"Looks like", ""}, {"Size", "num"}, {"SHA-256", "mono"}}}
	for _, f := range l.Files {
		out.Files.add(word(orUnnamed(f.Name)), word(f.MediaType), word(f.Sniffed), word(cli.Bytes(f.Size)), link(wording.Head(f.SHA256, 16), s.Find(f.SHA256)))
	}
	out.Places = table{Name: "Where it was read", Head: []head{{"Source", "wide mono"}, {"Byte", "num"}}}
	for _, p := range l.Places {
		out.Places.add(cell{Text: p.Path, Note: p.Name}, number(p.ByteOffset))
	}
}

// orUnnamed is a name, or words for a missing one.
func orUnnamed(s string) string {
	if s == "" {
		return "without a name"
	}
	return s
}
