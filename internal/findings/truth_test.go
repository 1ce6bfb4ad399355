package findings

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"spoor/sql/store/campaigns"
)

// said is the class of a message in the truth: "campaign class|operation
// class".
func said(t *testing.T, text string, g campaigns.Grouped) string {
	t.Helper()
	truth, err := readTruth(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	row, ok := truth.of(&g)
	if !ok {
		return ""
	}
	return row.campaignLabel() + "|" + row.operationLabel()
}

func TestTruth(t *testing.T) {
	hash := sha256.Sum256([]byte("mail"))
	text := hex.EncodeToString(hash[:])
	m := campaigns.Grouped{SHA256: hash, MessageID: "a@mail.example"}
	for name, c := range map[string]struct{ file, want string }{
		"Message-ID":                {"a@mail.example\tpills\n", "campaign pills|campaign pills"},
		"in brackets":               {"<a@mail.example>\tpills\n", "campaign pills|campaign pills"},
		"operation":                 {"a@mail.example\tpills\tgang\n", "campaign pills|operation gang"},
		"operation alone":           {"a@mail.example\t-\tgang\n", "line 1|operation gang"},
		"no operation":              {"a@mail.example\tpills\t-\n", "campaign pills|campaign pills"},
		"by itself":                 {"b@mail.example\tx\na@mail.example\t-\n", "line 2|line 2"},
		"by itself, nothing said":   {"a@mail.example\t\n", "line 1|line 1"},
		"another":                   {"b@mail.example\tpills\n", ""},
		"SHA-256":                   {text + "\tpills\n", "campaign pills|campaign pills"},
		"SHA-256 in capitals":       {strings.ToUpper(text) + "\tpills\n", "campaign pills|campaign pills"},
		"SHA-256 before Message-ID": {"a@mail.example\tother\n" + text + "\tpills\n", "campaign pills|campaign pills"},
		"header":                    {"Message-ID\tcampaign\toperation\na@mail.example\tpills\n", "campaign pills|campaign pills"},
		"header with a mark":        {"\ufeffmessage_id\tcampaign\r\na@mail.example\tpills\r\n", "campaign pills|campaign pills"},
		"empty lines":               {"\n\na@mail.example\tpills\n  \n", "campaign pills|campaign pills"},
		"no last line end":          {"a@mail.example\tpills", "campaign pills|campaign pills"},
		"blanks":                    {" <a@mail.example> \t pills \t gang \n", "campaign pills|operation gang"},
		"more columns":              {"a@mail.example\tpills\tgang\teasy\t1\n", "campaign pills|operation gang"},
		"said twice":                {"a@mail.example\tpills\n<a@mail.example>\tpills\n", "campaign pills|campaign pills"},
		"a campaign named line 1":   {"a@mail.example\tline 1\n", "campaign line 1|campaign line 1"},
	} {
		if got := said(t, c.file, m); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	// A message without a Message-ID is not one with an empty Message-ID.
	if got := said(t, "<>\tpills\n", campaigns.Grouped{SHA256: hash}); got != "" {
		t.Errorf("a message without a Message-ID is in %q", got)
	}
	// As correlate members prints it.
	odd := campaigns.Grouped{MessageID: "a\x1b[2J@mail.example"}
	if got := said(t, "a\ufffd[2J@mail.example\tpills\n", odd); got != "campaign pills|campaign pills" {
		t.Errorf("a Message-ID with a control character is in %q", got)
	}
}

func TestTruthErrors(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"empty":           {"", "no line names a message"},
		"only a header":   {"message-id\tcampaign\n", "no line names a message"},
		"no tab":          {"a@x\tc\n\nb@x c\n", `line 3: no tab in "b@x c"; it takes Message-ID, tab, campaign`},
		"no id":           {"a@x\tc\n\tc\n", "line 2: no Message-ID before the tab"},
		"contradiction":   {"a@x\tc\nb@x\tc\n<a@x>\td\n", "line 3: <a@x> is in campaign d here and in campaign c on line 1"},
		"of operations":   {"a@x\tc\to\na@x\tc\n", "line 2: a@x is in campaign c here and in campaign c of o on line 1"},
		"alone and not":   {"a@x\t-\na@x\tc\n", "line 2: a@x is in campaign c here and in no campaign on line 1"},
		"too long a line": {"a@x\tc\n" + strings.Repeat("y", maxTruthLine+1), "line 2: longer than 65536 bytes"},
		"hostile":         {"\x1b]0;x\x07 no tab\n", "line 1: no tab in \"\ufffd]0;x\ufffd no tab\"; it takes Message-ID, tab, campaign"},
	} {
		if _, err := readTruth(strings.NewReader(c.file)); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	broken := errors.New("disk on fire")
	if _, err := readTruth(&brokenFile{text: "a@x\tc\n", err: broken}); !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "after line 1: ") {
		t.Errorf("a file that breaks off: %v", err)
	}
}

type brokenFile struct {
	text string
	err  error
}

func (f *brokenFile) Read(b []byte) (int, error) {
	if f.text == "" {
		return 0, f.err
	}
	n := copy(b, f.text)
	f.text = f.text[n:]
	return n, nil
}

func FuzzTruth(f *testing.F) {
	f.Add("message-id\tcampaign\toperation\n<a@x>\tc\to\nb@x\t-\n")
	f.Add("a@x\tc\r\n\r\na@x\td\n")
	f.Add("\ufeff\t\t\t\n")
	f.Fuzz(func(t *testing.T, text string) {
		truth, err := readTruth(strings.NewReader(text))
		if err != nil {
			if len(err.Error()) > 1000 {
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
			return
		}
		if n := strings.Count(text, "\n") + 1; len(truth.Rows) == 0 || len(truth.Rows) > n || len(truth.at) != len(truth.Rows) {
			t.Errorf("%d rows, %d messages of %d lines", len(truth.Rows), len(truth.at), n)
		}
		for i := range truth.Rows {
			if r := &truth.Rows[i]; r.line < 1 || fmt.Sprint(r.campaignLabel(), r.operationLabel()) == "" {
				t.Errorf("row %+v", r)
			}
		}
	})
}
