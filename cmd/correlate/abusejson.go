package main

import (
	"time"

	"spoor/internal/abuse"
	"spoor/internal/cli"
	"spoor/sql/store/ledger"
)

type aliveJSON struct {
	Campaign string      `json:"campaign_id"`
	Reports  []aliveLine `json:"reports"`
}

type aliveLine struct {
	ID            string     `json:"report_id"`
	MadeAt        *time.Time `json:"made_at"`
	Contact       string     `json:"contact"`
	Role          string     `json:"role"`
	Source        string     `json:"source"`
	Messages      int64      `json:"messages"`
	MessagesSince int64      `json:"messages_since"`
	LastSince     *time.Time `json:"last_since"`
	DNS           string     `json:"dns_outcome"`
	DNSAt         *time.Time `json:"dns_at"`
	State         string     `json:"registration_state"`
	StateAt       *time.Time `json:"registration_at"`
	Said          string     `json:"since_then"`
}

func aliveOf(label string, lines []ledger.Line) aliveJSON {
	out := aliveJSON{Campaign: label, Reports: []aliveLine{}}
	for i := range lines {
		l := &lines[i]
		out.Reports = append(out.Reports, aliveLine{l.ReportID, cli.Time(l.MadeAt), l.Contact, l.Role, l.Source, l.Messages, l.MessagesSince, cli.Time(l.LastSince),
			l.Outcome, cli.Time(l.LookedAt), l.State, cli.Time(l.StateAt), sinceThen(l)})
	}
	return out
}

type abuseJSON struct {
	Campaign    string          `json:"campaign_id"`
	Folder      *string         `json:"folder"` // null: nothing was written
	Sources     []abuseLine     `json:"sources"`
	Unreachable []unreachedLine `json:"unreachable"`
}

type abuseLine struct {
	ID         string     `json:"report_id"`
	Contact    string     `json:"contact"`
	Guessed    bool       `json:"guessed"`
	Role       string     `json:"role"`
	Source     string     `json:"source"`
	Messages   int64      `json:"messages"`
	MadeBefore *time.Time `json:"made_before"`
}

type unreachedLine struct {
	Role   string `json:"role"`
	Source string `json:"source"`
	Why    string `json:"why"`
}

func (f *abuseFlags) json(label string, reports []abuse.Report, unreachable []abuse.Unreachable, made map[string]ledger.Line) abuseJSON {
	out := abuseJSON{Campaign: label, Sources: []abuseLine{}, Unreachable: []unreachedLine{}}
	if f.out != "" {
		out.Folder = &f.out
	}
	for i := range reports {
		r := &reports[i]
		for j := range r.Sources {
			s := &r.Sources[j]
			out.Sources = append(out.Sources, abuseLine{r.ID(s), r.Contact, r.Guessed, roleKey(s.Role), s.Value, s.Messages, cli.Time(made[r.ID(s)].LastMade)})
		}
	}
	for i := range unreachable {
		u := &unreachable[i]
		out.Unreachable = append(out.Unreachable, unreachedLine{roleKey(u.Role), u.Value, u.Why})
	}
	return out
}
