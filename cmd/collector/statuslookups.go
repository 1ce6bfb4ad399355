package main

import (
	"cmp"
	"context"
	"time"

	"spoor/internal/cli"
	"spoor/sql/store/lookups"
)

// lookupStatus is the state of the queue by task, and that of the servers.
type lookupStatus struct {
	tasks   []lookups.Status
	servers []lookups.ServerStatus
}

// readLookups reads the state of the queue. It adds no names to it, since
// status changes nothing.
func readLookups(ctx context.Context, s *cli.Session) (l lookupStatus, err error) {
	q := lookups.New(s.DB).Queue(lookups.Options{})
	if l.tasks, err = q.Status(ctx); err != nil {
		return l, err
	}
	// 0 stands for all servers.
	l.servers, err = q.Servers(ctx, 0)
	return l, err
}

// print prints the queue by task, then the servers that are backed off.
//
// "due" are those that a run could ask now, "to retry" those that failed and
// wait.
func (l *lookupStatus) print(env *cli.Env) error {
	if len(l.tasks) == 0 {
		return labelled(env, [][2]string{{"look-ups", "none yet: collector enrich --dry-run"}})
	}
	if err := env.Printf("\n"); err != nil {
		return err
	}
	t := env.Table(cli.Column{Title: "look-ups"}, cli.Column{Title: "all", Right: true}, cli.Column{Title: "fresh", Right: true}, cli.Column{Title: "due", Right: true},
		cli.Column{Title: "under way", Right: true}, cli.Column{Title: "to retry", Right: true}, cli.Column{Title: "never asked", Right: true}, cli.Column{Title: "next"})
	for _, s := range l.tasks {
		t.Row(s.Task, cli.Number(s.All), cli.Number(s.Fresh), cli.Number(s.Due), cli.Number(s.Leased), cli.Number(s.Retry), cli.Number(s.Never), cli.Minute(s.NextDue))
	}
	if err := t.Print(); err != nil {
		return err
	}
	return l.printServers(env)
}

// printServers lists the servers that are backed off, at most ten.
func (l *lookupStatus) printServers(env *cli.Env) error {
	t := env.Table(cli.Column{Title: "server left alone", Flex: true}, cli.Column{Title: "until"}, cli.Column{Title: "why", Flex: true})
	n := 0
	for _, s := range l.servers {
		if s.LeftAlone && n < 2*listedServers {
			t.Row(s.Server, cli.Minute(s.BackedUntil), cmp.Or(s.Reason, "it failed"))
			n++
		}
	}
	if n == 0 {
		return nil
	}
	if err := env.Printf("\n"); err != nil {
		return err
	}
	return t.Print()
}

// lookupsJSON is the state of the queue in the output of status.
//
// Both lists are never null. next_due is null if nothing waits.
type lookupsJSON struct {
	Tasks     []lookupTaskJSON `json:"tasks"`
	LeftAlone []backedJSON     `json:"servers_left_alone"`
}

// lookupTaskJSON counts the look-ups of one task.
type lookupTaskJSON struct {
	Task    string     `json:"task"`
	All     int64      `json:"all"`
	Fresh   int64      `json:"fresh"`
	Due     int64      `json:"due"`
	Leased  int64      `json:"leased"`
	Retry   int64      `json:"retry"`
	Never   int64      `json:"never_asked"`
	NextDue *time.Time `json:"next_due"`
}

// json returns the state for programs.
func (l *lookupStatus) json() lookupsJSON {
	j := lookupsJSON{Tasks: []lookupTaskJSON{}, LeftAlone: []backedJSON{}}
	for _, s := range l.tasks {
		j.Tasks = append(j.Tasks, lookupTaskJSON{s.Task, s.All, s.Fresh, s.Due, s.Leased, s.Retry, s.Never, cli.Time(s.NextDue)})
	}
	for _, s := range l.servers {
		if s.LeftAlone {
			j.LeftAlone = append(j.LeftAlone, backedJSON{s.Server, s.BackedUntil, s.Reason})
		}
	}
	return j
}
