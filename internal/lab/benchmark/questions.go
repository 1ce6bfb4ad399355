package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"spoor/internal/lab/desk"
	"spoor/sql/questions"
	"spoor/sql/store"
	"spoor/sql/store/answers"
)

// asked are values for which the invented store holds much, where the default of a question
// is an example of form.
var asked = map[string]map[string]string{
	"domain-campaigns": {"domain": "bank.example"}, "domain-history": {"domain": "shop1-2.example"}, "domain-registration": {"domain": "shop1-2.example"},
	"registrant-domains": {"value": "owner7@mail.example"}, "nameserver-domains": {"server": "ns1.pool7.example"},
	"recipient-mail": {"recipient": "user7@example.com"}, "path-campaigns": {"template": "/secure/verify?id="},
	"attachment-campaigns": {"sha256": "cd2662154e6d76b2b2b92e70c0cac3ccf534f9b74eb5b89819ec509083d00a50"},
}

// measureQuestions asks every question of a store with n invented messages.
func measureQuestions(n int, home string) error {
	return withDesk(n, home, func(ctx context.Context, s *server, db *store.DB) error { return s.questions(ctx, db) })
}

// withDesk fills a store with n invented messages and measures there. A home that
// already holds such a store is used as it is.
func withDesk(n int, home string, measure func(context.Context, *server, *store.DB) error) error {
	dir, err := built("collector")
	defer os.RemoveAll(dir)
	if err != nil {
		return err
	}
	if home == "" {
		home = filepath.Join(dir, "home")
	}
	s := server{collector: filepath.Join(dir, "collector"), home: home}
	if err := s.start(); err != nil {
		return err
	}
	defer s.stop()
	url, err := s.command(s.collector, "db", "url", "--write").Output()
	if err != nil {
		return fmt.Errorf("db url: %w", err)
	}
	ctx := context.Background()
	db, err := store.Open(ctx, strings.TrimSpace(string(url)), store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	var there int
	if err := db.Pool.QueryRow(ctx, "SELECT count(*) FROM imports").Scan(&there); err != nil {
		return err
	}
	if there == 0 {
		begun := time.Now()
		if err := desk.Fill(ctx, db, n); err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "%d messages invented in %.0f s\n", n, time.Since(begun).Seconds())
	}
	return measure(ctx, &s, db)
}

// questions prints the time of each question: the best of three tries.
func (s *server) questions(ctx context.Context, db *store.DB) error {
	fmt.Printf("%-24s %8s %10s %6s\n", "", "wall ms", "server ms", "rows")
	for _, q := range questions.All() {
		rows := 0
		wall, busy, err := s.shortest(func() error {
			a, err := answers.Ask(ctx, db, q, asked[q.Name], 5*time.Minute)
			if err == nil {
				rows = len(a.Rows)
			}
			return err
		})
		if err != nil {
			return err
		}
		fmt.Printf("%-24s %8.1f %10.0f %6d\n", q.Name, ms(wall), ms(busy), rows)
	}
	return nil
}

// shortest tries something three times. The shortest time counts, since other work
// of the machine only adds; busy is the CPU time of the server meanwhile.
func (s *server) shortest(do func() error) (wall, busy time.Duration, err error) {
	for try := range 3 {
		before, err := treeCPU(s.postmaster)
		if err != nil {
			return 0, 0, err
		}
		begun := time.Now()
		if err := do(); err != nil {
			return 0, 0, err
		}
		took := time.Since(begun)
		after, err := treeCPU(s.postmaster)
		if err != nil {
			return 0, 0, err
		}
		if try == 0 || took < wall {
			wall, busy = took, after-before
		}
	}
	return wall, busy, nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
