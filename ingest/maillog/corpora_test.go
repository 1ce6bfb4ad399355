package maillog

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Two real days of one server hold nothing that is unknown, and the verdicts that a plain
// search of the file finds.
func TestRealDays(t *testing.T) {
	root := os.Getenv("SPOOR_CORPORA")
	if root == "" {
		t.Skip("SPOOR_CORPORA is not set: no real log to read")
	}
	files, err := filepath.Glob(filepath.Join(root, "postfix-logs", "pixelpark", "*.log"))
	if err != nil || len(files) == 0 {
		t.Skipf("no real log under %s: %v", root, err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		ds, info := read(t, string(raw))
		if 1000*info.Unknown >= info.Lines {
			t.Errorf("%d of %d lines unknown: %v", info.Unknown, info.Lines, info.UnknownShapes)
		}
		var got Counts
		for i := range ds {
			c := ds[i].Counts()
			got.Accepted += c.Accepted
			got.Refused += c.Refused
			got.Deferred += c.Deferred
			if ds[i].Client.IsLoopback() {
				t.Errorf("%s: %v is no client", ds[i].QueueID, ds[i].Client)
			}
		}
		want := searched(string(raw))
		if got != want {
			t.Errorf("got %+v, a search of the file finds %+v", got, want)
		}
		t.Logf("%s: %d lines, %d deliveries, %+v", filepath.Base(name), info.Lines, len(ds), got)
	}
}

// searched counts deliveries by a plain search. It holds for this server only:
// its filter gives each recipient back once, and nothing is relayed.
func searched(log string) (c Counts) {
	again := map[string]bool{} // queue ids behind the filter and behind aliases
	for line := range strings.Lines(log) {
		for _, mark := range []string{"queued as ", "forwarded as "} {
			if _, next, ok := strings.Cut(line, mark); ok && strings.Contains(line, "]: ") {
				again[strings.TrimRight(next, ")\n")] = true
			}
		}
	}
	for line := range strings.Lines(log) {
		_, text, _ := strings.Cut(line, "]: ")
		switch id, rest, _ := strings.Cut(text, ": "); {
		case strings.HasPrefix(rest, "reject: RCPT") && strings.Contains(rest, ": 450 "):
			c.Deferred++
		case strings.HasPrefix(rest, "reject: RCPT"):
			c.Refused++
		case strings.HasPrefix(rest, "to=<") && strings.Contains(rest, "status=") && !again[id]:
			c.Accepted++
		}
	}
	return c
}
