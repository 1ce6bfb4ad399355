package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"spoor/sql/store"
)

// measureCorrelate fills a store with n invented messages and measures three
// runs of the correlator: the first, one without new messages, and one after
// 1,000 more.
//
// features limits the evidence of each message, to tell how cost grows with it;
// 0 means all. With keep the store stays in that folder for a look at it.
func measureCorrelate(n, features int, keep string) error {
	dir, err := built("collector", "correlate")
	defer os.RemoveAll(dir)
	if err != nil {
		return err
	}
	if keep == "" {
		keep = filepath.Join(dir, "home")
	}
	s := server{collector: filepath.Join(dir, "collector"), home: keep}
	correlate := filepath.Join(dir, "correlate")
	if err := s.start(); err != nil {
		return err
	}
	return errors.Join(s.correlations(correlate, n, features), s.stop())
}

// more is the number of messages that arrive before the last run.
const more = 1000

// correlations measures three runs: over a new store, again without new mail,
// and again with some.
//
// The second run shows the fixed cost, the third that of a day's mail.
func (s *server) correlations(correlate string, n, features int) error {
	w := newWorld(n+more, features)
	if err := s.makeTables(); err != nil {
		return err
	}
	if err := s.fill(w, 0, n); err != nil {
		return err
	}
	fmt.Printf("%-22s %9s %9s %9s %10s %10s %8s %9s\n", "", "messages", "campaigns", "wall s", "client s", "server s", "CPU s", "peak MiB")
	for _, c := range []struct {
		name string
		add  int
	}{{"correlate", 0}, {"again, nothing new", 0}, {fmt.Sprintf("again, %d new", more), more}} {
		if err := s.fill(w, n, n+c.add); err != nil {
			return err
		}
		got, stdout, err := s.timed(correlate, []string{"-n", "1", "--json"})
		if err != nil {
			return err
		}
		var sum struct {
			Messages  int64 `json:"messages"`
			Campaigns int64 `json:"campaign_count"`
		}
		if err := json.Unmarshal(stdout, &sum); err != nil {
			return fmt.Errorf("the correlator's output: %w\n%.500s", err, stdout)
		}
		fmt.Printf("%-22s %9d %9d %9.1f %10.1f %10.1f %8.1f %9.0f\n", c.name, sum.Messages, sum.Campaigns, got.wall.Seconds(),
			got.client.Seconds(), got.server.Seconds(), (got.client + got.server).Seconds(), float64(got.peak)/(1<<20))
	}
	return nil
}

// makeTables opens the store once, which creates its tables.
func (s *server) makeTables() error {
	url, err := s.command(s.collector, "db", "url", "--write").Output()
	if err != nil {
		return fmt.Errorf("db url: %w", err)
	}
	st, err := store.Open(context.Background(), strings.TrimSpace(string(url)), store.Options{})
	if err != nil {
		return err
	}
	st.Close()
	return nil
}

// fill writes the messages of a world from one number to another, and analyzes
// the tables as autovacuum does.
//
// COPY through a pipe, so that a million messages need no file. The incidence
// is written as a run would leave it.
func (s *server) fill(w *world, from, to int) error {
	if from == to {
		return nil
	}
	begun := time.Now()
	// How many messages there are is known from the imports.
	record := fmt.Sprintf(`INSERT INTO imports (started_at, finished_at, class, extractor, keeps_raw, arguments, own_names, own_addrs, own_mx, own_inferred, read, added)
		VALUES (now(), now(), 'spam', 1, false, '{}', '{}', '{}', '{}', false, %[1]d, %[1]d)`, to-from)
	if said, err := s.command(s.collector, "db", "psql", "--write", "--", "-qc", record).CombinedOutput(); err != nil {
		return fmt.Errorf("import: %w\n%s", err, said)
	}
	for _, table := range []struct {
		name, columns string
		write         func(io.Writer, int, int) error
	}{{"messages", messagesColumns, w.writeMessages}, {"urls", urlsColumns, w.writeURLs}, {"incidence", incidenceColumns, w.writeIncidence}} {
		psql := s.command(s.collector, "db", "psql", "--write", "--", "-qc", "COPY "+table.name+" ("+table.columns+") FROM STDIN")
		in, out := io.Pipe()
		psql.Stdin = in
		written := make(chan error, 1)
		go func() {
			err := table.write(out, from, to)
			out.CloseWithError(err)
			written <- err
		}()
		said, err := psql.CombinedOutput()
		in.Close()
		if err = errors.Join(err, <-written); err != nil {
			return fmt.Errorf("fill %s: %w\n%s", table.name, err, said)
		}
		if said, err := s.command(s.collector, "db", "psql", "--write", "--", "-qc", "VACUUM ANALYZE "+table.name).CombinedOutput(); err != nil {
			return fmt.Errorf("analyze %s: %w\n%s", table.name, err, said)
		}
	}
	fmt.Fprintf(os.Stderr, "%d messages invented in %.0f s\n", to-from, time.Since(begun).Seconds())
	return nil
}
