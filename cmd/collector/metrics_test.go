package main

import (
	"bytes"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"spoor/internal/openmetrics"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/facts"
	"spoor/sql/store/lookups"
)

// metricsSample measures a store in which everything happened, with a server whose name
// means to end its line.
func metricsSample() string {
	now := time.Date(2006, 1, 10, 12, 0, 0, 0, time.UTC)
	m := measurements{
		version: "1.2", now: now, spamruns: 7, oldest: now.Add(-90 * time.Minute),
		sum:  facts.Summary{Messages: 12, Spam: 10, Ham: 2, Sources: 3, Imports: 4, Failures: 5, DatabaseBytes: 1 << 40, LastImport: now, Last: now},
		last: campaigns.LastRun{Run: 6, Started: now.Add(-1500 * time.Millisecond), Finished: now, Messages: 8, Stored: 10, Campaigns: 2, Members: 6},
		look: lookupStatus{
			tasks:   []lookups.Status{{Task: "names", All: 9, Fresh: 4, Due: 2, Never: 3}, {Task: "registration", All: 1, Retry: 1}},
			servers: []lookups.ServerStatus{{Server: "whois.test:43", Asked: 20, BackedOffs: 1, LeftAlone: true, BackedUntil: now.Add(time.Hour)}, {Server: "\"} 1\n# EOF\x1b[2J\\", Asked: 1}},
		},
		putOff: map[string]int64{"whois.test:43": 11},
	}
	var b strings.Builder
	if err := openmetrics.Write(&b, m.families()); err != nil {
		panic(err)
	}
	return b.String()
}

func TestMetrics(t *testing.T) {
	text := metricsSample()
	for _, want := range []string{
		`spoor_messages{class="spam"} 10`, `spoor_messages{class="ham"} 2`, "spoor_failures 5", "spoor_store_size_bytes 1099511627776",
		"spoor_last_import_timestamp_seconds 1136894400", "spoor_last_correlation_duration_seconds 1.5", "spoor_messages_uncorrelated 2", "spoor_spamruns 7",
		`spoor_lookups_due{task="names"} 2`, `spoor_lookups_retry{task="registration"} 1`, "spoor_oldest_unasked_domain_age_seconds 5400",
		"spoor_servers_backed_off 1", `spoor_server_questions_total{server="whois.test:43"} 20`, `spoor_server_waiting_lookups{server="whois.test:43"} 11`,
		`spoor_server_backoff_end_timestamp_seconds{server="whois.test:43"} 1136898000`,
	} {
		if !strings.Contains(text, "\n"+want+"\n") {
			t.Errorf("no line %q", want)
		}
	}
	assertOpenMetrics(t, text)
	empty := measurements{look: lookupStatus{}}
	var b strings.Builder
	if err := openmetrics.Write(&b, empty.families()); err != nil || strings.Contains(b.String(), "_timestamp_seconds 0") || strings.Contains(b.String(), "-62") {
		t.Errorf("an empty store has invented times, %v:\n%s", err, b.String())
	}
	assertOpenMetrics(t, b.String())
}

var (
	metricHead   = regexp.MustCompile(`^# (TYPE|UNIT|HELP) (spoor_[a-z_]+) (.+)$`)
	metricSample = regexp.MustCompile(`^(spoor_[a-z_]+)(\{[a-z]+="([^"\\\n]|\\[\\n"])*"(,[a-z]+="([^"\\\n]|\\[\\n"])*")*\})? [0-9]+(\.[0-9]+)?$`)
)

// assertOpenMetrics checks the rules of OpenMetrics 1.0 that our types fall under, and asks
// the reference parser where it is installed (python3-prometheus-client).
func assertOpenMetrics(t *testing.T, text string) {
	t.Helper()
	lines := strings.Split(text, "\n")
	if n := len(lines); n < 2 || lines[n-1] != "" || lines[n-2] != "# EOF" || strings.Count(text, "\n# EOF\n") > 1 {
		t.Fatalf("the end is not marked, or twice:\n%s", text)
	}
	met, series := map[string]map[string]string{}, map[string]bool{}
	family := ""
	for _, line := range lines[:len(lines)-2] {
		if head := metricHead.FindStringSubmatch(line); head != nil {
			if family != head[2] && met[head[2]] != nil || met[head[2]][head[1]] != "" {
				t.Errorf("%s comes again: %s", head[2], line)
			}
			if family = head[2]; met[family] == nil {
				met[family] = map[string]string{}
			}
			met[family][head[1]] = head[3]
			continue
		}
		sample := metricSample.FindStringSubmatch(line)
		name := family
		if met[family]["TYPE"] == "counter" {
			name += "_total"
		}
		if sample == nil || sample[1] != name || series[sample[1]+sample[2]] {
			t.Errorf("no sample of %s, or again: %q", family, line)
			continue
		}
		series[sample[1]+sample[2]] = true
	}
	for name, m := range met {
		if m["TYPE"] == "" || m["HELP"] == "" || m["UNIT"] != "" && !strings.HasSuffix(name, "_"+m["UNIT"]) {
			t.Errorf("%s: %v", name, m)
		}
	}
	if exec.Command("/usr/bin/python3", "-c", "import prometheus_client").Run() != nil {
		t.Log("python3-prometheus-client is not installed: only our own reading of the rules was tried")
		return
	}
	parse := exec.Command("/usr/bin/python3", "-c", "import sys\nfrom prometheus_client.openmetrics.parser import text_fd_to_metric_families as parse\nprint(len(list(parse(sys.stdin))))")
	parse.Stdin = strings.NewReader(text)
	if out, err := parse.CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != strconv.Itoa(len(met)) {
		t.Errorf("the reference parser: %v\n%s", err, bytes.TrimSpace(out))
	}
}
