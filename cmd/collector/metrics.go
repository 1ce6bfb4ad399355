package main

import (
	"context"
	"time"

	"spoor/internal/cli"
	"spoor/internal/openmetrics"
	"spoor/internal/printable"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/facts"
	"spoor/sql/store/lookups"
)

// maxServers limits the series of servers, because each is a time series in the
// monitor. Those backed off come first, then those with most queries.
const maxServers = 500

// measurements are the values that a monitor watches.
type measurements struct {
	version  string
	now      time.Time
	sum      facts.Summary
	last     campaigns.LastRun
	spamruns int64
	look     lookupStatus
	putOff   map[string]int64 // look-ups that wait, by server
	oldest   time.Time        // when the longest-waiting domain without an answer became due
}

// measure reads the values that status does not show.
//
// All values come from the store, so that any machine that reaches the database
// can be the exporter.
func measure(ctx context.Context, env *cli.Env, s *cli.Session, sum facts.Summary, last campaigns.LastRun, look lookupStatus) (m measurements, err error) {
	m = measurements{version: env.Version, now: env.Now(), sum: sum, last: last, look: look, putOff: map[string]int64{}}
	if m.spamruns, err = campaigns.New(s.DB).CountSpamruns(ctx); err != nil {
		return m, err
	}
	q := lookups.New(s.DB).Queue(lookups.Options{})
	if m.oldest, err = q.Oldest(ctx); err != nil {
		return m, err
	}
	waiting, err := q.Backlog(ctx, nil)
	for _, p := range waiting.PutOff {
		m.putOff[p.Server] += int64(p.Tasks)
	}
	return m, err
}

// families returns all metrics. Their names are an interface, documented in
// docs/monitoring.md.
func (m *measurements) families() []openmetrics.Family {
	out := m.ofStore()
	out = append(out, m.ofCorrelation()...)
	out = append(out, m.ofLookups()...)
	return append(out, m.ofServers()...)
}

// ofStore returns the metrics of stored mail and imports.
func (m *measurements) ofStore() []openmetrics.Family {
	// The type info of OpenMetrics is unknown to the older format, whose reader would take nothing at all.
	build := gauge("spoor_build_info", "Version of the program that measured.")
	build.Add(1, "version", printable.Clean(m.version))
	messages := gauge("spoor_messages", "Messages stored, by class.")
	messages.Add(float64(m.sum.Spam), "class", "spam")
	messages.Add(float64(m.sum.Ham), "class", "ham")
	return []openmetrics.Family{
		build, messages,
		gauge("spoor_messages_old_extractor", "Messages with facts of an older extractor; collector reparse derives them again.", m.sum.OldExtractor),
		gauge("spoor_sources", "Folders, files and logs that mail came from.", m.sum.Sources),
		gauge("spoor_failures", "Places that could not be read as a message, and still cannot.", m.sum.Failures),
		gauge("spoor_imports", "Imports recorded.", m.sum.Imports),
		stamp("spoor_last_import_timestamp_seconds", "Start of the last import.", m.sum.LastImport),
		stamp("spoor_last_message_timestamp_seconds", "Newest time at which a message was received.", m.sum.Last),
		sized("spoor_store_size_bytes", "bytes", "Size of the database.", float64(m.sum.DatabaseBytes)),
	}
}

// ofCorrelation returns the metrics of the last run. The duration is missing
// before the first one.
func (m *measurements) ofCorrelation() []openmetrics.Family {
	newer := max(m.last.Stored-m.last.Messages, 0)
	out := []openmetrics.Family{
		gauge("spoor_correlation_runs", "Complete runs of the correlator.", m.last.Run),
		stamp("spoor_last_correlation_timestamp_seconds", "End of the last complete run of the correlator.", m.last.Finished),
	}
	if m.last.Run > 0 {
		out = append(out, sized("spoor_last_correlation_duration_seconds", "seconds", "Time that run took.", m.last.Finished.Sub(m.last.Started).Seconds()))
	}
	return append(out,
		gauge("spoor_campaigns", "Campaigns of the last run.", m.last.Campaigns),
		gauge("spoor_campaign_messages", "Messages in a campaign.", m.last.Members),
		gauge("spoor_messages_uncorrelated", "Spam stored since the last run.", newer),
		gauge("spoor_spamruns", "Bursts of single senders, over mail and logs.", m.spamruns))
}

// ofLookups returns the metrics of the queue, by task.
func (m *measurements) ofLookups() []openmetrics.Family {
	all := []openmetrics.Family{
		gauge("spoor_lookups", "Look-ups in the queue, answered or not, by task."),
		gauge("spoor_lookups_fresh", "Look-ups with a fresh answer."),
		gauge("spoor_lookups_due", "Look-ups that may be made now."),
		gauge("spoor_lookups_in_progress", "Look-ups that a process works on."),
		gauge("spoor_lookups_retry", "Look-ups that failed and wait for another try."),
		gauge("spoor_lookups_put_off", "Look-ups whose server is left alone for now."),
		gauge("spoor_lookups_never_asked", "Look-ups never made."),
	}
	for _, s := range m.look.tasks {
		for i, n := range []int64{s.All, s.Fresh, s.Due, s.Leased, s.Retry, s.PutOff, s.Never} {
			all[i].Add(float64(n), "task", s.Task)
		}
	}
	age := 0.0
	if !m.oldest.IsZero() {
		age = max(m.now.Sub(m.oldest).Seconds(), 0)
	}
	return append(all, sized("spoor_oldest_unasked_domain_age_seconds", "seconds", "How long the longest-waiting domain of the queue, never asked about, could have been asked about; 0 if none waits.", age))
}

// ofServers returns the metrics of servers. Gauges count all of them, series at
// most maxServers.
//
// Names of servers come from configuration and from registries' referrals, and
// are cleaned before they become labels.
func (m *measurements) ofServers() []openmetrics.Family {
	asked := openmetrics.Family{Name: "spoor_server_questions", Type: openmetrics.Counter, Help: "Questions to a server of a registry or of DNS."}
	backoffs := openmetrics.Family{Name: "spoor_server_backoffs", Type: openmetrics.Counter, Help: "Times that a server had to be left alone."}
	waiting := gauge("spoor_server_waiting_lookups", "Look-ups that wait for a server that is left alone.")
	until := stamp("spoor_server_backoff_end_timestamp_seconds", "Until when a server is left alone; only of those that are.", time.Time{})
	left := 0
	for i, s := range m.look.servers {
		if s.LeftAlone {
			left++
		}
		if i >= maxServers {
			continue
		}
		name := printable.Clean(s.Server)
		asked.Add(float64(s.Asked), "server", name)
		backoffs.Add(float64(s.BackedOffs), "server", name)
		if s.LeftAlone {
			until.Add(seconds(s.BackedUntil), "server", name)
		}
		if n := m.putOff[s.Server]; n > 0 {
			waiting.Add(float64(n), "server", name)
		}
	}
	return []openmetrics.Family{
		gauge("spoor_servers", "Servers that were ever asked.", int64(len(m.look.servers))),
		gauge("spoor_servers_backed_off", "Servers that are left alone now.", int64(left)),
		asked, backoffs, waiting, until,
	}
}

// gauge returns a family of whole numbers with one value, or with none yet.
func gauge(name, help string, values ...int64) openmetrics.Family {
	f := openmetrics.Family{Name: name, Type: openmetrics.Gauge, Help: help}
	for _, v := range values {
		f.Add(float64(v))
	}
	return f
}

// sized is a gauge with a unit.
func sized(name, unit, help string, v float64) openmetrics.Family {
	f := openmetrics.Family{Name: name, Type: openmetrics.Gauge, Unit: unit, Help: help}
	f.Add(v)
	return f
}

// stamp returns a family with one point in time. An unknown time has no sample,
// as 0 would mean 1970.
func stamp(name, help string, t time.Time) openmetrics.Family {
	f := openmetrics.Family{Name: name, Type: openmetrics.Gauge, Unit: "seconds", Help: help}
	if !t.IsZero() {
		f.Add(seconds(t))
	}
	return f
}

// seconds are those since 1970, in whole milliseconds.
func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }
