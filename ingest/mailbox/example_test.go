package mailbox_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"spoor/ingest/mailbox"
)

// A folder may hold mailboxes of any format. Names do not matter.
func ExampleFind() {
	dir, err := os.MkdirTemp("", "mail")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	mbox := "From a@shop.example Fri Jan  6 12:00:00 2006\nSubject: first\n\nA text.\n\n" +
		"From b@shop.example Fri Jan  6 12:00:01 2006\nSubject: second\n\nA text.\n"
	if err := os.WriteFile(filepath.Join(dir, "spam"), []byte(mbox), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	for source, err := range mailbox.Find(ctx, []string{dir}, nil, mailbox.Limits{}) {
		if err != nil {
			fmt.Println(err)
			continue
		}
		for m, err := range source.Messages(ctx, mailbox.Limits{}) {
			fmt.Printf("%s, %d bytes at %d, error %v\n", m.Format, len(m.Data), m.Offset, err)
		}
	}
	// Output:
	// mbox, 24 bytes at 45, error <nil>
	// mbox, 25 bytes at 115, error <nil>
}
