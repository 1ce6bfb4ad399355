package ingest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"spoor/ingest/maillog"
)

// countedLogs is a LogStore that counts.
type countedLogs struct{ deliveries, files int }

func (n *countedLogs) Deliveries(_ context.Context, all []maillog.Delivery) (int, error) {
	n.deliveries += len(all)
	return len(all), nil
}

func (n *countedLogs) File(context.Context, maillog.FileInfo) error {
	n.files++
	return nil
}

// TestProgressOfLogs: the bytes of a log are counted while it is read, and its deliveries.
func TestProgressOfLogs(t *testing.T) {
	text := strings.Repeat("2024-03-04T00:00:07Z mx2 postfix/smtpd[1]: NOQUEUE: reject: RCPT from unknown[203.0.113.31]: 550 5.1.1 <u@own.example>: "+
		"Recipient address rejected: User unknown; from=<a@spam.example> to=<u@own.example> proto=SMTP helo=<144899528>\n"+
		"2024-03-04T00:00:08Z mx2 postfix/smtpd[1]: disconnect from unknown[203.0.113.31]\n", 50)
	path := filepath.Join(t.TempDir(), "mail.log")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	store, p := &countedLogs{}, new(Progress)
	logs := NewLogs(store, LogOptions{Now: time.Now()})
	if _, err := Run(t.Context(), find(t, path), newMemory(), Options{Class: Spam, Progress: p, Logs: logs}); err != nil {
		t.Fatal(err)
	}
	if err := logs.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	if store.deliveries == 0 || store.files != 1 || p.Read.Load() != int64(store.deliveries) || p.Bytes.Load() != int64(len(text)) {
		t.Errorf("%+v stored; progress: %d read, %d bytes of %d", store, p.Read.Load(), p.Bytes.Load(), len(text))
	}
}
