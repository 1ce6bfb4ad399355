package main

import (
	"time"

	"spoor/ingest"
	"spoor/ingest/received"
	"spoor/internal/cli"
	"spoor/sql/store/facts"
)

// importJSON is the output of import --json. Keys are only ever added: see
// format.Version.
//
// read = new + already_stored + not_readable. assigned is missing before the
// first run of correlate, logs if no log was read.
type importJSON struct {
	Run         int64         `json:"run"`
	Class       ingest.Class  `json:"class"`
	Store       storeJSON     `json:"store"`
	Stopped     bool          `json:"stopped"`
	Seconds     float64       `json:"seconds"`
	Read        int64         `json:"read"`
	New         int64         `json:"new"`
	Known       int64         `json:"already_stored"`
	NotReadable int64         `json:"not_readable"`
	Bytes       int64         `json:"bytes"`
	Sources     []sourceJSON  `json:"sources"`
	Received    receivedJSON  `json:"received"`
	Dates       datesJSON     `json:"dates"`
	Found       foundJSON     `json:"found"`
	Own         ownJSON       `json:"own_servers"`
	Senders     []senderJSON  `json:"top_senders"`
	Defects     []tallyJSON   `json:"defects"`
	Anomalies   []tallyJSON   `json:"anomalies"`
	Causes      []tallyJSON   `json:"failure_causes"`
	Failures    []failureJSON `json:"failures"`
	Assigned    *assignedJSON `json:"assigned,omitempty"`
	Logs        *logsJSON     `json:"logs,omitempty"`
}

// logsJSON is the result of importing logs.
type logsJSON struct {
	Files      []logFileJSON `json:"files"`
	Deliveries int64         `json:"new_deliveries"`
	Joined     int64         `json:"with_message"`
	Spamruns   int64         `json:"spamruns"`
}

// logFileJSON is one log: its period, the lines that no parser understood, and
// how zone and year were found.
type logFileJSON struct {
	File      string     `json:"file"`
	Kind      string     `json:"kind"`
	Server    string     `json:"server"`
	First     *time.Time `json:"first"`
	Last      *time.Time `json:"last"`
	Lines     int64      `json:"lines"`
	Unknown   int64      `json:"unknown_lines"`
	Zone      string     `json:"zone"`
	YearBasis string     `json:"year_basis"`
}

// json returns the result of importing logs; nil if there were none.
func (l *logged) json() *logsJSON {
	if len(l.files()) == 0 {
		return nil
	}
	out := &logsJSON{Deliveries: l.fresh, Joined: l.found.Joined, Spamruns: l.found.Runs}
	for i := range l.Files {
		f := &l.Files[i]
		out.Files = append(out.Files, logFileJSON{f.Name, string(f.Kind), f.Server, cli.Time(f.First), cli.Time(f.Last), f.Lines, f.Unknown, l.zoneText(f), f.YearBasis})
	}
	return out
}

// storeJSON is the place and kind of a store.
type storeJSON struct {
	Place   string `json:"place"`
	Kind    string `json:"kind"`
	Private bool   `json:"private"`
	New     bool   `json:"new"`
}

// sourceJSON is one source of mail: file, folder or archive.
type sourceJSON struct {
	Path        string `json:"path"`
	Format      string `json:"format"`
	Dialect     string `json:"dialect,omitempty"`
	Compression string `json:"compression,omitempty"`
	Read        int64  `json:"read"`
	NotReadable int64  `json:"not_readable"`
	Bytes       int64  `json:"bytes"`
}

// receivedJSON is the span of arrival times, and the number of messages without
// one.
type receivedJSON struct {
	First   *time.Time `json:"first"`
	Last    *time.Time `json:"last"`
	Unknown int64      `json:"unknown"`
}

// datesJSON counts Date fields that differ from the arrival or are no date.
type datesJSON struct {
	Off         int64 `json:"off_more_than_7_days"`
	NotReadable int64 `json:"not_a_date"`
}

// foundJSON counts the distinct values in the new messages.
type foundJSON struct {
	Relays      int64 `json:"relay_addresses"`
	Senders     int64 `json:"senders"`
	LinkHosts   int64 `json:"link_hosts"`
	FromDomains int64 `json:"from_domains"`
}

// ownJSON lists our own servers, and the grounds if they were inferred.
type ownJSON struct {
	Inferred bool        `json:"inferred"`
	Patterns []string    `json:"patterns"`
	Grounds  []guessJSON `json:"grounds"`
}

// guessJSON is one inferred server.
type guessJSON struct {
	Name   string `json:"name"`
	Hops   int    `json:"sampled_hops"`
	Reason string `json:"reason"`
}

// senderJSON is an address that sent, with its names.
type senderJSON struct {
	Address     string `json:"address"`
	ReverseName string `json:"reverse_name,omitempty"`
	HELO        string `json:"helo,omitempty"`
	Messages    int64  `json:"messages"`
}

// tallyJSON counts the messages with one code.
type tallyJSON struct {
	Code     string `json:"code"`
	Messages int64  `json:"messages"`
}

// failureJSON is one place that could not be read; offset and length are in
// bytes.
type failureJSON struct {
	ID       int64  `json:"id,omitempty"`
	Path     string `json:"path"`
	Name     string `json:"name,omitempty"`
	Offset   int64  `json:"byte_offset"`
	Length   int64  `json:"length"`
	Code     string `json:"code"`
	Reason   string `json:"reason"`
	Resolved bool   `json:"resolved"`
	Items    int64  `json:"items,omitempty"` // number of items in the entry; omitted for 1
}

// json returns the result of the import for programs.
func (d *imported) json() importJSON {
	out := importJSON{
		Run: d.run, Class: ingest.Class(d.flags.class), Store: storePlaceJSON(d.where),
		Stopped: d.stopped, Seconds: d.took.Seconds(),
		Read: d.sum.Read, New: d.sum.New, Known: d.sum.Known, NotReadable: d.sum.Failed, Bytes: d.sum.Bytes,
		Sources:  []sourceJSON{},
		Received: receivedJSON{First: cli.Time(d.stored.First), Last: cli.Time(d.stored.Last), Unknown: d.stored.NoReceived},
		Dates:    datesJSON{Off: d.stored.DateOff, NotReadable: d.stored.NoDate},
		Found:    foundJSON{Relays: d.stored.Hops, Senders: d.stored.Senders, LinkHosts: d.stored.LinkHosts, FromDomains: d.stored.FromDomains},
		Own:      ownJSON{Inferred: d.own.Inferred, Patterns: ownPatterns(d.own), Grounds: []guessJSON{}},
		Senders:  []senderJSON{}, Failures: []failureJSON{}, Assigned: d.assignedJSON(),
		Defects: talliesJSON(d.stored.Defects), Anomalies: talliesJSON(d.stored.Anomalies), Causes: talliesJSON(d.stored.Failures),
	}
	out.Logs = d.logs.json()
	for _, s := range d.sum.Sources {
		out.Sources = append(out.Sources, sourceJSON{s.Source.Path, string(s.Source.Format), s.Source.Dialect, s.Source.Compression, s.Read, s.Failed, s.Bytes})
	}
	for _, g := range d.guesses {
		out.Own.Grounds = append(out.Own.Grounds, guessJSON{g.Name, g.Hops, g.Reason})
	}
	for _, s := range d.stored.Top {
		out.Senders = append(out.Senders, senderJSON{s.Addr.String(), s.ReverseName, s.HELO, s.Messages})
	}
	for _, f := range d.sum.Failures {
		out.Failures = append(out.Failures, failureJSON{Path: f.Path, Name: f.Name, Offset: f.Offset, Length: f.Length, Code: f.Code, Reason: f.Reason})
	}
	return out
}

func storePlaceJSON(s *cli.Session) storeJSON { return storeJSON{s.Where, s.Kind, s.Private, s.New} }

// talliesJSON converts counts; the list is never null.
func talliesJSON(all []facts.Tally) []tallyJSON {
	out := []tallyJSON{}
	for _, t := range all {
		out = append(out, tallyJSON{t.Code, t.Messages})
	}
	return out
}

// ownPatterns lists names and networks as --own-mx takes them.
//
// A user can copy them from the screen into the flag.
func ownPatterns(own received.Own) []string {
	out := append([]string{}, own.Names...)
	for _, p := range own.Addrs {
		if p.IsSingleIP() {
			out = append(out, p.Addr().String())
		} else {
			out = append(out, p.String())
		}
	}
	return out
}
