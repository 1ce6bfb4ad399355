package page

import (
	"fmt"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/sql/store/campaigns"
)

// publishersScreen is the screen of publishers, or of the issues of some.
type publishersScreen struct {
	Title, Words string
	Back         string // link to the list; "" on the list itself
	List, Issues table
}

// Publishers is the screen of publishers: addresses that send regular issues,
// whose mail is set aside from campaigns.
func (s *Site) Publishers(f *findings.Publishers) Body {
	out := &publishersScreen{Title: "Publishers", List: s.publisherTable(f.List)}
	if len(f.List) > 0 {
		h := f.List[0]
		out.Words = fmt.Sprintf("%s of %s set aside from campaigns, as of the last run.", cli.Count(h.AllMessages, "message", ""), cli.Count(h.AllPublishers, "publisher is", "publishers are"))
		if left := h.AllPublishers - int64(len(f.List)); left > 0 {
			out.List.More = []Ref{{Text: cli.Count(left, "smaller publisher", "") + ": correlate publishers --all"}}
		}
	}
	if f.Asked == "" {
		return Body{"publishers.html", out}
	}
	out.Title, out.Back, out.Issues = f.Asked, "/publishers", s.messageTable(f.Issues)
	out.Issues.Name = "Issues, newest first"
	var all int64
	for i := range f.List {
		all += f.List[i].Messages
	}
	if left := all - int64(len(f.Issues)); left > 0 {
		out.Issues.More = []Ref{{Text: cli.Count(left, "older issue", "") + ": correlate publishers " + f.Asked + " --all"}}
	}
	return Body{"publishers.html", out}
}

// publisherTable lists publishers with the reason for each: a spammer who mails
// one text a day looks alike.
func (s *Site) publisherTable(list []campaigns.Publisher) table {
	t := table{ID: "publishers", Name: "Publishers, most issues first", Unless: "Nothing is set aside as a newsletter.",
		Head: []head{{"Publisher", "wide mono"}, {"Issues", "num"}, {"List mail", "num"}, {"Days", "num"}, {"First", "date"}, {"Last", "date"}}}
	for i := range list {
		p := &list[i]
		t.add(link(p.Name, s.Paths.Publisher(p.Name)), number(p.Messages), number(p.Listed), number(p.Days), word(cli.Date(p.FirstSeen)), word(cli.Date(p.LastSeen)))
	}
	return t
}
