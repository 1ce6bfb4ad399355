package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"spoor/internal/cli"
	"spoor/internal/explain"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/page"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/lookups"
	"spoor/sql/store/messages"
)

// Bounds of a folder: what a reader goes through by hand. The store has the
// rest.
const (
	reportedLetters = 10  // pages of messages of a campaign
	reportedMembers = 500 // lines of the list of its messages
)

// indexName is the page of a folder that leads to the others.
const indexName = "index.html"

// readLetters reads the messages of each campaign that get a page of their own:
// the surest and the least sure, and the newest.
func (r *reported) readLetters(ctx context.Context, env *cli.Env, s *cli.Session, whole bool) error {
	st, all := campaigns.New(s.DB), messages.New(s.DB)
	r.letters = make([][]*findings.Letter, len(r.pages))
	r.members = make([]*findings.Members, len(r.pages))
	for i, p := range r.pages {
		ends, err := p.Ends(ctx, st, all)
		if err != nil {
			return err
		}
		r.letters[i] = ends
		if !whole {
			continue
		}
		met := make(map[string]bool)
		for _, l := range ends {
			met[l.SHA256] = true
		}
		for n := range p.Messages {
			if sha256 := p.Messages[n].SHA256; !met[sha256] && len(r.letters[i]) < reportedLetters {
				l, err := findings.ReadLetter(ctx, env, st, all, sha256, "")
				if err != nil {
					return err
				}
				r.letters[i] = append(r.letters[i], l)
			}
		}
		if r.members[i], err = findings.ReadMembers(ctx, env, st, p.State.ID, 0, reportedMembers); err != nil {
			return err
		}
	}
	for _, letters := range r.letters {
		for _, l := range letters {
			l.Places = nil // paths of our own machine
		}
	}
	return nil
}

// weigh adds up the evidence about each message that has a page.
func (r *reported) weigh(ctx context.Context, env *cli.Env, s *cli.Session) error {
	var hashes []string
	for _, letters := range r.letters {
		for _, l := range letters {
			hashes = append(hashes, l.SHA256)
		}
	}
	pairs, err := explain.Members(ctx, env, campaigns.New(s.DB), lookups.New(s.DB), hashes)
	r.falls = make(map[string]*page.Waterfall, len(pairs))
	for sha256, p := range pairs {
		w := page.WaterfallOf(p)
		r.falls[sha256] = &w
	}
	return err
}

// endsOf are the sums of evidence that stand on the page of campaign i: of its
// surest message and of its least sure one.
func (r *reported) endsOf(i int) (out []page.Waterfall) {
	titles := []string{"The surest message", "The least sure message"}
	for n, l := range r.letters[i][:min(len(r.letters[i]), len(titles))] {
		if w := r.falls[l.SHA256]; w != nil {
			end := *w
			end.Title = titles[n] + ", " + w.Title
			out = append(out, end)
		}
	}
	return out
}

// readers lists the addresses to mask: recipients of the campaigns' mail, and
// all to whom a message with a page is addressed.
func (r *reported) readers(ctx context.Context, st *campaigns.Store, ids []int64) ([]string, error) {
	out, err := st.Recipients(ctx, ids)
	for _, letters := range r.letters {
		for _, l := range letters {
			out = append(out, l.ToAddresses...)
		}
	}
	return out, err
}

// writeFolder writes a file for each campaign, for the list of its messages and
// for some of these, and an index.
func (r *reported) writeFolder(env *cli.Env, out string) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return &cli.Error{Code: cli.InPart, Message: err.Error()}
	}
	site := r.site(env, func(id int64) string { return naming.ID(id) + ".html" }, indexName)
	there := make(map[string]bool)
	for _, letters := range r.letters {
		for _, l := range letters {
			there[l.SHA256] = true
		}
	}
	site.Paths.Message = func(sha256 string) string {
		if !there[sha256] {
			return ""
		}
		return "message-" + sha256 + ".html"
	}
	site.Paths.Members = func(id int64, from int) string {
		if from > 0 || site.Paths.Campaign(id) == "" {
			return ""
		}
		return naming.ID(id) + "-messages.html"
	}
	write := func(name, title string, bodies ...page.Body) error {
		return r.write(filepath.Join(out, name), site, page.Document{Title: title, Bodies: bodies})
	}
	for i, p := range r.pages {
		id := naming.ID(p.State.ID)
		for _, l := range r.letters[i] {
			if err := write(site.Paths.Message(l.SHA256), "Message "+l.SHA256[:8], site.Letter(l, r.falls[l.SHA256])); err != nil {
				return err
			}
		}
		if err := write(site.Paths.Members(p.State.ID, 0), "Messages of "+id, site.MembersOf(r.members[i])); err != nil {
			return err
		}
		if err := write(id+".html", id, site.OneCampaign(p, r.uses[i], r.endsOf(i), r.pagesOf(i))); err != nil {
			return err
		}
	}
	return r.write(filepath.Join(out, indexName), site, page.Document{Title: r.title(), Here: indexName, Bodies: []page.Body{r.index(site)}})
}

// pagesOf says how many of the messages of campaign i have pages.
func (r *reported) pagesOf(i int) string {
	return fmt.Sprintf("%s of %s have a page here: the surest, the least sure, and the newest.", cli.Number(len(r.letters[i])), cli.Count(r.pages[i].Sums.Messages, "message", ""))
}
