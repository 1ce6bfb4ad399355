package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"syscall"
	"time"

	"spoor/internal/cli"
	"spoor/internal/page/serve"
	"spoor/sql/store"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/lookups"
	"spoor/sql/store/messages"
)

// measurePages asks for pages of a store with n invented messages, as a browser does.
func measurePages(n int, home string) error {
	return withDesk(n, home, func(ctx context.Context, s *server, db *store.DB) error { return s.pages(ctx, db) })
}

// visited are the pages measured: the heaviest of each kind, and the most usual
// searches.
const visited = `
SELECT 'list', '/'
UNION ALL SELECT 'next of the list', '/?from=50'
UNION ALL SELECT 'its end', '/?from=' || count(*) - 100 FROM campaigns WHERE members > 0
UNION ALL (SELECT 'largest campaign, ' || members, '/c/c' || campaign_id FROM campaigns ORDER BY members DESC, campaign_id LIMIT 1)
UNION ALL (SELECT 'its messages', '/c/c' || campaign_id || '/messages' FROM campaigns ORDER BY members DESC, campaign_id LIMIT 1)
UNION ALL (SELECT 'its last messages', '/c/c' || campaign_id || '/messages?from=' || members - 50 FROM campaigns ORDER BY members DESC, campaign_id LIMIT 1)
UNION ALL (SELECT 'campaign of ' || members, '/c/c' || campaign_id FROM campaigns WHERE members <= 50 ORDER BY members DESC, campaign_id LIMIT 1)
UNION ALL (SELECT 'message', '/m/' || encode(sha256, 'hex') FROM messages LIMIT 1)
UNION ALL (SELECT 'why, in the largest campaign', '/m/' || encode(m.sha256, 'hex') || '/why' FROM (SELECT campaign_id FROM campaigns ORDER BY members DESC, campaign_id LIMIT 1) c JOIN memberships USING (campaign_id) JOIN messages m USING (message_key) WHERE EXISTS (SELECT FROM learned_values) LIMIT 1)
UNION ALL (SELECT 'why, in a campaign of ' || c.members, '/m/' || encode(m.sha256, 'hex') || '/why' FROM (SELECT campaign_id, members FROM campaigns WHERE members <= 50 ORDER BY members DESC, campaign_id LIMIT 1) c JOIN memberships USING (campaign_id) JOIN messages m USING (message_key) WHERE EXISTS (SELECT FROM learned_values) LIMIT 1)
UNION ALL (SELECT 'find an address', '/find?q=' || host(sender) FROM messages ORDER BY sender LIMIT 1)
UNION ALL (SELECT 'find a network', '/find?q=' || host(set_masklen(network(set_masklen(sender, 24)), 32)) || '/24' FROM messages ORDER BY sender LIMIT 1)
UNION ALL SELECT 'find a host', '/find?q=www.shop40-2.example'
UNION ALL SELECT 'find a domain', '/find?q=operation7.example'
UNION ALL SELECT 'find a mail address', '/find?q=user7@example.com'
UNION ALL SELECT 'find a phone number', '/find?q=%2B12025550007'
UNION ALL (SELECT 'find a subject', '/find?q=' || replace(subject, ' ', '+') FROM messages ORDER BY message_key LIMIT 1)
UNION ALL SELECT 'find a word', '/find?q=verify'
UNION ALL SELECT 'find what is not there', '/find?q=nowhere+to+be+found'
UNION ALL SELECT 'what changed', '/changes?since=2000-01-01'
UNION ALL SELECT 'questions', '/ask'
UNION ALL SELECT 'decisions', '/decisions'`

// pages opens each page three times and prints the shortest time.
func (s *server) pages(ctx context.Context, db *store.DB) error {
	env := &cli.Env{Stdout: io.Discard, Stderr: os.Stderr, Getenv: os.Getenv}
	token := serve.NewToken()
	h := serve.Handler(serve.Desk{Env: env, Reader: campaigns.New(db), Messages: messages.New(db), Lookups: lookups.New(db), DB: db, Where: "of a benchmark"}, serve.Access{Token: token, Port: "0"})
	open := get(h, "/?token="+token, nil)
	rows, _ := db.Pool.Query(ctx, visited)
	defer rows.Close()
	type visit struct{ name, path string }
	var list []visit
	for rows.Next() {
		var v visit
		if err := rows.Scan(&v.name, &v.path); err != nil {
			return err
		}
		list = append(list, v)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	fmt.Printf("%-28s %8s %10s %10s %8s\n", "", "wall ms", "server ms", "client ms", "KB")
	for _, v := range list {
		size, client := 0, time.Duration(0)
		wall, busy, err := s.shortest(func() error {
			before := ownCPU()
			a := get(h, v.path, open.Result().Cookies())
			size = a.Body.Len()
			if took := ownCPU() - before; client == 0 || took < client {
				client = took
			}
			if a.Code != http.StatusOK && a.Code != http.StatusNotFound {
				return fmt.Errorf("%s: %d", v.path, a.Code)
			}
			return nil
		})
		if err != nil {
			return err
		}
		fmt.Printf("%-28s %8.1f %10.0f %10.0f %8d\n", v.name, ms(wall), ms(busy), ms(client), size>>10)
	}
	return nil
}

// ownCPU is the CPU time of this process, which makes the pages.
func ownCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// get asks a handler for a page.
func get(h http.Handler, path string, cookies []*http.Cookie) *httptest.ResponseRecorder {
	at, err := url.Parse(path)
	if err != nil {
		at = &url.URL{Path: path}
	}
	r := httptest.NewRequest(http.MethodGet, "http://localhost"+at.String(), nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
