package mailbox

import (
	"os"
	"path/filepath"
	"testing"
)

// The counts are those of Python's mailbox module, of the suites' own expectations, or
// of the files in a folder; where they differ the reason is given.
func TestCorpora(t *testing.T) {
	root := os.Getenv("SPOOR_CORPORA")
	if root == "" {
		t.Skip("SPOOR_CORPORA is not set: real mail is not at hand")
	}
	tests := []struct {
		path     string
		messages int
		failures int
	}{
		{"spam-1", 500, 1},        // failures here and below: licences, provenance notes
		{"easy-ham-1", 2500, 1},   //
		{"phishing_pot", 2497, 5}, // one of the 2,498 files is empty
		{"mbox-messageparser/mailboxes/invalid-boundaries.txt", 8, 0},
		{"mbox-messageparser/mailboxes/mailseparators.txt", 3, 0},
		{"mbox-messageparser/mailboxes/separators1.sep", 4, 0},
		{"mbox-messageparser/mailboxes/separators2.sep", 2, 0}, // Python: 3, it splits at "From this principle, all of life"
		{"mbox-messageparser/mailboxes/malformed.txt", 54, 0},
		{"mbox-messageparser/mailboxes/mailarc-1.txt", 16, 0},
		{"mbox-messageparser/mailboxes/mailarc-1-dos.txt", 16, 0},
		{"mbox-messageparser/mailboxes/mailarc-2.txt", 5, 0},
		{"mbox-messageparser/mailboxes/mailarc-2.txt.gz", 5, 0},
		{"mbox-messageparser/mailboxes/mailarc-2.txt.bz2", 5, 0},
		{"mbox-messageparser/mailboxes/mailarc-2.txt.xz", 5, 0},
		{"mbox-messageparser/mailboxes/mailarc-2.txt.lz", 0, 1}, // lzip
		{"mbox-messageparser/mailboxes/mailarc-3.txt", 17, 0},
		{"mbox-messageparser/mailboxes/hessbug.txt", 1, 0},
		{"mbox-messageparser/mailboxes/binary_body.txt", 1, 0},
		{"mbox-messageparser/mailboxes/newlines_at_beginning.txt", 1, 0},
		{"mbox-messageparser/mailboxes/vm-emacs.txt", 1, 0},
		{"mbox-messageparser/mailboxes/non-mailbox.txt.gz", 0, 1},
		{"mime4j/mbox/src/test/resources/test-1/mbox.rlug", 5, 0},
		{"gmime/tests/data/mbox/input/substring.mbox", 3, 0},
		{"cpython/data/msg_25.txt", 1, 0},
		{"notmuch/test/corpora/insert/mbox-attachment.eml", 1, 0}, // Python: 2, it splits at the attached patch
		{"notmuch/test/corpora/lkml", 210, 0},
		{"notmuch/test/corpora/default", 53, 0},
		{"mu/testdata/testdir", 19, 0},
		{"mu/testdata/testdir2", 14, 0},
		{"mu/testdata/testdir4", 14, 0},
		{"mu/testdata/cjk", 4, 0},
		{"stalwart-mail-parser/resources/maildir", 6, 0},
		{"cpython/data", 47, 18}, // pictures and sounds; msg_19.txt has no header, as its test wants it
		{"postfix-logs/pixelpark/mail-20230314-15.log", 0, 1},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			path := filepath.Join(root, tt.path)
			a := find(t, path)
			if len(a.raws) != tt.messages || len(a.failures) != tt.failures {
				t.Errorf("%d messages and %d failures, want %d and %d", len(a.raws), len(a.failures), tt.messages, tt.failures)
				for _, f := range a.failures {
					t.Log(f.Code, f)
				}
			}
		})
	}
}
