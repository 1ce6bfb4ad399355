package main

import (
	"time"

	"spoor/internal/abuse"
	"spoor/internal/cli"
	"spoor/sql/store/ledger"
)

// aliveJSON is the output of abuse --still-alive.
//
// reports is never null. Its order is that of the ledger.
type aliveJSON struct {
	Campaign string      `json:"campaign_id"`
	Reports  []aliveLine `json:"reports"`
}

// aliveLine is one report with later observations; null times were never
// observed.
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

// aliveOf converts the ledger's lines.
//
// since_then repeats the words of the table, so that a program can pass them
// on.
func aliveOf(label string, lines []ledger.Line) aliveJSON {
	out := aliveJSON{Campaign: label, Reports: []aliveLine{}}
	for i := range lines {
		l := &lines[i]
		out.Reports = append(out.Reports, aliveLine{l.ReportID, cli.Time(l.MadeAt), l.Contact, l.Role, l.Source, l.Messages, l.MessagesSince, cli.Time(l.LastSince),
			l.Outcome, cli.Time(l.LookedAt), l.State, cli.Time(l.StateAt), sinceThen(l)})
	}
	return out
}

// abuseJSON is the output of abuse, a line for each contact and source.
type abuseJSON struct {
	Campaign    string          `json:"campaign_id"`
	Folder      *string         `json:"folder"` // null: nothing was written
	Sources     []abuseLine     `json:"sources"`
	Unreachable []unreachedLine `json:"unreachable"`
}

// abuseLine is one source of a report; made_before is null if it was never
// reported.
type abuseLine struct {
	ID         string     `json:"report_id"`
	Contact    string     `json:"contact"`
	Guessed    bool       `json:"guessed"`
	Role       string     `json:"role"`
	Source     string     `json:"source"`
	Messages   int64      `json:"messages"`
	MadeBefore *time.Time `json:"made_before"`
}

// unreachedLine is a source without a contact.
type unreachedLine struct {
	Role   string `json:"role"`
	Source string `json:"source"`
	Why    string `json:"why"`
}

// json converts reports and the ledger's lines; its lists are never null.
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
