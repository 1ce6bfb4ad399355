package main

import (
	"fmt"
	"strings"
	"time"

	"spoor/ingest"
	"spoor/ingest/mailbox"
	"spoor/internal/cli"
)

// meter writes the progress line of an import: work done, total if known,
// speed, and remaining time.
type meter struct {
	env      *cli.Env
	progress *ingest.Progress
	messages int64 // in all, 0 if not known
	bytes    int64 // in all, 0 if not known
}

// newMeter sums up the sources. The total is unknown if a source is compressed,
// or may hold many messages in a file.
func newMeter(env *cli.Env, sources []*mailbox.Source, p *ingest.Progress) *meter {
	m := &meter{env: env, progress: p}
	counted, measured := true, true
	for _, s := range sources {
		// One file of a folder may hold many messages, unless the folder is a Maildir or MH.
		counted = counted && (s.Format == mailbox.Maildir || s.Format == mailbox.MH || s.Format == mailbox.Single)
		measured = measured && s.Bytes >= 0 && s.Compression == ""
		m.messages += int64(max(s.Files, 1))
		m.bytes += max(s.Bytes, 0)
	}
	if !counted {
		m.messages = 0
	}
	if !measured {
		m.bytes = 0
	}
	return m
}

// line formats the progress: messages, bytes, speed, time left and failures.
func (m *meter) line(elapsed time.Duration) string {
	read, bytes, failed := m.progress.Read.Load(), m.progress.Bytes.Load(), m.progress.Failed.Load()
	// The first line may come before any time has passed.
	rate := float64(read) / max(elapsed.Seconds(), 0.001)
	parts := []string{"reading  " + cli.Number(read)}
	if m.messages > 0 {
		parts[0] += " of " + cli.Number(max(m.messages, read))
	}
	size := cli.Bytes(bytes)
	if m.bytes > 0 && m.messages == 0 {
		size += " of " + cli.Bytes(max(m.bytes, bytes))
	}
	parts = append(parts, size, fmt.Sprintf("%s/s", cli.Number(int64(rate))))
	if left, ok := m.left(read, bytes, elapsed); ok {
		parts = append(parts, cli.Seconds(left)+" left")
	}
	return strings.Join(append(parts, cli.Number(failed)+" not readable"), "   ")
}

// left estimates the remaining time, by bytes if the total is known: they cost
// more evenly than messages do.
func (m *meter) left(read, bytes int64, elapsed time.Duration) (time.Duration, bool) {
	done, all := bytes, m.bytes
	if all == 0 {
		done, all = read, m.messages
	}
	// In the first second the speed is that of opening files.
	if all == 0 || done == 0 || elapsed < time.Second {
		return 0, false
	}
	return time.Duration(float64(elapsed) * float64(max(all-done, 0)) / float64(done)), true
}
