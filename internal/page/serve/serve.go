// Package serve shows a store as pages over HTTP, to one person: it reads with a login that
// can only read, and decides with another, if it was given one.
//
// Access is checked before anything is read (guard.go). A request becomes a
// question to internal/findings or internal/deciding, and package page prints
// the answer.
package serve

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"spoor/internal/cli"
	"spoor/internal/deciding"
	"spoor/internal/explain"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/page"
	"spoor/internal/printable"
	"spoor/sql/store"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/dossiers"
	"spoor/sql/store/lookups"
	"spoor/sql/store/messages"
)

// Desk is the store behind the pages, with its connections.
type Desk struct {
	Env      *cli.Env
	Reader   *campaigns.Store
	Messages *messages.Store
	Lookups  *lookups.Store
	DB       *store.DB        // of the same, for named questions
	Decider  *campaigns.Store // nil: nothing can be decided
	Where    string           // the store, for the foot of a page
}

// longest is how long a question may take. A run of the correlator that follows a decision
// takes as long as it takes.
const longest = time.Minute

// question is one request.
type question struct {
	*server
	*http.Request
	env   *cli.Env
	notes *bytes.Buffer // notes that a command would print on stderr
}

// answer is the answer to a request: a document, or another address.
type answer struct {
	page.Document
	code int    // 0: 200
	to   string // to go there instead
}

// server is a desk with the links of its pages.
type server struct {
	Desk
	site page.Site
}

// pages are the places that each page leads to.
func (s *server) pages() []page.Ref {
	return []page.Ref{{Text: "Campaigns", Href: "/"}, {Text: "What changed", Href: "/changes"}, {Text: "Publishers", Href: "/publishers"}, {Text: "Ask", Href: "/ask"}, {Text: "Decisions", Href: "/decisions"}}
}

// routes lists the pages by pattern.
func routes() map[string]func(*question) (answer, error) {
	return map[string]func(*question) (answer, error){
		"GET /{$}":             (*question).list,
		"GET /c/{id}":          (*question).campaign,
		"GET /c/{id}/messages": (*question).members,
		"GET /m/{sha256}":      (*question).letter,
		"GET /m/{sha256}/why":  (*question).why,
		"GET /ask":             (*question).questions,
		"GET /ask/{name}":      (*question).ask,
		"GET /find":            (*question).find,
		"GET /changes":         (*question).changes,
		"GET /publishers":      (*question).publishers,
		"GET /decisions":       (*question).decisions,
		"POST /decide":         (*question).decide,
		"/":                    (*question).nowhere,
	}
}

// Patterns lists the patterns of all pages, so that a test can try each.
func Patterns() []string { return slices.Sorted(maps.Keys(routes())) }

// mux returns the handler of all pages.
func (s *server) mux() *http.ServeMux {
	mux := http.NewServeMux()
	for pattern, f := range routes() {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, f) })
	}
	return mux
}

// serve asks a question and writes its answer.
func (s *server) serve(w http.ResponseWriter, r *http.Request, f func(*question) (answer, error)) {
	if r.Method == http.MethodGet {
		ctx, cancel := context.WithTimeout(r.Context(), longest)
		defer cancel()
		r = r.WithContext(ctx)
	}
	env, notes := *s.Env, &bytes.Buffer{}
	env.Stderr, env.StderrTTY = notes, false
	q := &question{s, r, &env, notes}
	a, err := f(q)
	if err != nil {
		a = q.failed(err)
	} else if said := strings.TrimSpace(notes.String()); said != "" {
		a.Notices = append(a.Notices, strings.Split(said, "\n")...)
	}
	if a.to != "" {
		http.Redirect(w, r, a.to, http.StatusSeeOther)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(cmp.Or(a.code, http.StatusOK))
	if err := s.site.Write(w, a.Document); err != nil && r.Context().Err() == nil {
		s.Env.Notef("%s: %s\n", s.Env.Text(r.URL.Path), s.Env.Text(err.Error()))
	}
}

// failed puts an error into words.
func (q *question) failed(err error) answer {
	e, ok := errors.AsType[*cli.Error](q.env.StoreError(err, q.Where))
	if !ok {
		e = &cli.Error{Message: "the store failed"}
	}
	a := answer{code: http.StatusInternalServerError, Document: page.Document{Title: "Failed", Asked: q.URL.Query().Get("q")}}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		a.code, a.Title = http.StatusGatewayTimeout, "That takes too long"
		e = &cli.Error{Message: "The database had no answer within a minute."}
	case e.Code == cli.NoneFound:
		a.code, a.Title = http.StatusNotFound, "Nothing found"
	case e.Code == cli.Misused:
		a.code, a.Title = http.StatusBadRequest, "That makes no sense"
	default: // the user that started the server may want to know
		q.Env.Notef("%s: %s\n", q.Env.Text(q.URL.Path), q.Env.Text(err.Error()))
	}
	lines := []string{e.Message}
	if e.Hint != "" {
		lines = append(lines, e.Hint)
	}
	a.Bodies = []page.Body{q.site.Words(a.Title, lines...)}
	return a
}

// nowhere answers a path that no page has.
func (q *question) nowhere() (answer, error) {
	return answer{code: http.StatusNotFound, Document: page.Document{Title: "No such page", Bodies: []page.Body{q.site.Words("No such page", "The campaigns are listed on the first one.")}}}, nil
}

// Campaigns on the first page of the list, and on each further one.
const (
	listedFirst = 50
	listedNext  = 200
)

// place reads the place in a list from which a page goes on.
func (q *question) place() (int, error) {
	from, err := strconv.Atoi(cmp.Or(q.FormValue("from"), "0"))
	if err != nil || from < 0 || from > math.MaxInt32 {
		return 0, cli.Usage("%q is no place in a list", printable.Cut(q.FormValue("from"), 20))
	}
	return from, nil
}

// list answers with a stretch of the list of campaigns.
func (q *question) list() (answer, error) {
	from, err := q.place()
	if err != nil {
		return answer{}, err
	}
	o := findings.ListOptions{From: from, Limit: listedFirst}
	if from > 0 {
		o.Limit = listedNext
	}
	l, err := findings.ReadList(q.Context(), q.Reader, o)
	if err != nil {
		return answer{}, err
	}
	if l.Last.Run == 0 {
		return answer{Document: page.Document{Title: "Campaigns", Here: "/", Bodies: []page.Body{q.site.Words("No campaigns yet", "The stored messages have not been correlated: run correlate.")}}}, nil
	}
	return answer{Document: page.Document{Title: "Campaigns", Here: "/", Bodies: []page.Body{q.site.List(l, from)}}}, nil
}

// shownRows is how many rows the tables of a campaign have.
const shownRows = 12

// judgedAtOnce is the size of campaigns whose indicators are judged without
// being asked for: that takes a tenth of a second.
const judgedAtOnce = 100

// id reads the campaign's id in the path.
func (q *question) id() (int64, error) {
	id, ok := naming.ParseID(q.PathValue("id"))
	if !ok {
		return 0, cli.Usage("%q is no campaign's ID, such as c2", printable.Cut(q.PathValue("id"), 40))
	}
	return id, nil
}

// campaign answers with the page of a campaign.
func (q *question) campaign() (answer, error) {
	id, err := q.id()
	if err != nil {
		return answer{}, err
	}
	o := findings.ShowOptions{Limit: shownRows, NoRuns: true, Dossiers: dossiers.New(q.DB), JudgeUpTo: judgedAtOnce}
	if q.FormValue("judge") != "" {
		o.JudgeUpTo = 0
	}
	p, err := findings.ReadPage(q.Context(), q.env, q.Reader, id, o)
	if err != nil {
		return answer{}, err
	}
	in, err := findings.ReadInfrastructure(q.Context(), q.Reader, p, q.FormValue("around"))
	if err != nil {
		return answer{}, err
	}
	return answer{Document: page.Document{Title: naming.ID(p.State.ID), Bodies: []page.Body{q.site.OneCampaign(p, in, nil, "")}}}, nil
}

// membersOnPage is how many messages one page lists.
const membersOnPage = 100

// members answers with a stretch of a campaign's messages.
func (q *question) members() (answer, error) {
	id, err := q.id()
	if err != nil {
		return answer{}, err
	}
	from, err := q.place()
	if err != nil {
		return answer{}, err
	}
	m, err := findings.ReadMembers(q.Context(), q.env, q.Reader, id, from, membersOnPage)
	if err != nil {
		return answer{}, err
	}
	return answer{Document: page.Document{Title: "Messages of " + naming.ID(m.State.ID), Bodies: []page.Body{q.site.MembersOf(m)}}}, nil
}

// letter answers with a message.
func (q *question) letter() (answer, error) {
	l, err := findings.ReadLetter(q.Context(), q.env, q.Reader, q.Messages, q.PathValue("sha256"), "")
	if err != nil {
		return answer{}, err
	}
	return answer{Document: page.Document{Title: "Message " + l.SHA256[:8], Bodies: []page.Body{q.site.Letter(l, nil)}}}, nil
}

// why adds up the evidence that holds a message in its campaign.
func (q *question) why() (answer, error) {
	pair, _, err := explain.Ask(q.Context(), q.env, q.Reader, q.Lookups, []string{q.PathValue("sha256")}, explain.Options{})
	if err != nil {
		return answer{}, err
	}
	w := page.WaterfallOf(pair)
	return answer{Document: page.Document{Title: "Why " + pair.A.Label, Bodies: []page.Body{q.site.Why(w, pair.A.Label)}}}, nil
}

// Bounds of a search: what a person reads through, and what a browser filters.
// Messages of a large network are read up to a number that takes 0.3 s.
var (
	foundFirst = campaigns.Bounds{Rows: 450, Values: 3, Messages: 8_000}
	foundAll   = campaigns.Bounds{Rows: 5000, Values: 3, Messages: 8_000}
)

// find leads to the campaign or message that is named, or tells where an indicator stands.
func (q *question) find() (answer, error) {
	text := strings.TrimSpace(q.FormValue("q"))
	if text == "" {
		return answer{to: "/"}, nil
	}
	if id, ok := naming.ParseID(text); ok && !naming.HashLike(text) {
		return answer{to: q.site.Campaign(id)}, nil
	}
	bounds, more := foundFirst, q.site.Find(text)+"&all=1"
	if q.FormValue("all") != "" {
		bounds, more = foundAll, ""
	}
	f, err := findings.Find(q.Context(), q.Reader, text, bounds)
	if err != nil {
		return answer{}, err
	}
	return answer{Document: page.Document{Title: "Find " + printable.Cut(text, 60), Asked: text, Bodies: []page.Body{q.site.Found(f, more)}}}, nil
}

// changes lists changes since a time, by default since a week: a page is looked at less
// often than a daily mail.
func (q *question) changes() (answer, error) {
	asked := cmp.Or(strings.TrimSpace(q.FormValue("since")), "7d")
	from, err := q.env.Since("since", asked)
	if err != nil {
		return answer{}, err
	}
	s, err := findings.ReadSummary(q.Context(), q.Reader, from)
	if err != nil {
		return answer{}, err
	}
	return answer{Document: page.Document{Title: "What changed", Here: "/changes", Bodies: []page.Body{q.site.Changes(s, asked)}}}, nil
}

// publishers lists the publishers whose issues are set aside, or with ?name= the
// issues of some.
func (q *question) publishers() (answer, error) {
	f, err := findings.ReadPublishers(q.Context(), q.env, q.Reader, findings.PublishersOptions{Name: strings.TrimSpace(q.FormValue("name")), Limit: shownPublishers})
	if err != nil {
		return answer{}, err
	}
	return answer{Document: page.Document{Title: "Publishers", Here: "/publishers", Bodies: []page.Body{q.site.Publishers(f)}}}, nil
}

// shownPublishers limits the publishers, or the issues, on a page.
const shownPublishers = 200

// decisions answers with all decisions, undone ones too.
func (q *question) decisions() (answer, error) {
	list, err := deciding.List(q.Context(), q.env, q.Reader, deciding.ListOptions{All: true})
	if err != nil {
		return answer{}, err
	}
	return answer{Document: page.Document{Title: "Decisions", Here: "/decisions", Bodies: []page.Body{q.site.Decisions(list)}}}, nil
}

// paths are where things are found on this server.
func paths() page.Paths {
	return page.Paths{
		Campaign: func(id int64) string { return "/c/" + naming.ID(id) },
		Members: func(id int64, from int) string {
			if from == 0 {
				return "/c/" + naming.ID(id) + "/messages"
			}
			return "/c/" + naming.ID(id) + "/messages?from=" + strconv.Itoa(from)
		},
		List:    func(from int) string { return "/?from=" + strconv.Itoa(from) },
		Judge:   func(id int64) string { return "/c/" + naming.ID(id) + "?judge=1" },
		Message: func(sha256 string) string { return "/m/" + url.PathEscape(sha256) },
		Around: func(id int64, node string) string {
			return "/c/" + naming.ID(id) + "?around=" + url.QueryEscape(node) + "#graph"
		},
		Publisher: func(name string) string { return "/publishers?name=" + url.QueryEscape(name) },
		Find:      func(text string) string { return "/find?q=" + url.QueryEscape(text) },
	}
}
