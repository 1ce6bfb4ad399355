package findings

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/sql/store/campaigns"
)

// Limits of a truth file: reading any file ends, and an error quotes little of
// it.
const (
	maxTruthLine  = 64 << 10
	maxTruthLines = 20_000_000
)

// truth is the true campaign of each message, with the operation of the
// campaign, from a person or from the generator of the mail.
type truth struct {
	Rows       []truthRow
	at         map[truthKey]int32 // which row speaks of a message
	labels     map[string]string  // one copy of each
	operations bool               // some line names an operation
	Found      int                // rows that some stored message matched
}

// truthKey identifies a message: 16 bytes of the SHA-256 of its name in the
// file.
type truthKey [16]byte

// truthRow is a line. An empty campaign is a class of its own.
type truthRow struct {
	campaign, operation string
	line                int32
	found               bool
}

// readTruth reads lines of Message-ID or SHA-256, tab, campaign and perhaps tab,
// operation. Errors name the line.
func readTruth(r io.Reader) (*truth, error) {
	t := &truth{at: map[truthKey]int32{}, labels: map[string]string{}}
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, maxTruthLine), maxTruthLine)
	n := 0
	for lines.Scan() {
		if n++; n > maxTruthLines {
			return nil, fmt.Errorf("line %d: more than %d lines", n, maxTruthLines)
		}
		line := lines.Bytes()
		if n == 1 {
			// Spreadsheets write a byte order mark in front.
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		if err := t.add(string(line), n); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("line %d: longer than %d bytes", n+1, maxTruthLine)
	case err != nil && n == 0:
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("after line %d: %w", n, err)
	case len(t.Rows) == 0:
		return nil, errors.New("no line names a message")
	}
	return t, nil
}

// add reads one line; further columns are ignored, and a second line on one
// message must agree with the first.
//
// A first line of titles is skipped if its first word is a title, see isHeader.
func (t *truth) add(line string, n int) error {
	if strings.TrimSpace(line) == "" {
		return nil
	}
	id, rest, ok := strings.Cut(strings.TrimRight(line, "\r"), "\t")
	id = strings.TrimSpace(id)
	switch {
	case !ok:
		return fmt.Errorf("no tab in %q; it takes Message-ID, tab, campaign", printable.Cut(line, 60))
	case id == "":
		return errors.New("no Message-ID before the tab")
	case len(t.Rows) == 0 && isHeader(id):
		return nil
	}
	campaign, operation, _ := strings.Cut(rest, "\t")
	operation, _, _ = strings.Cut(operation, "\t") // more columns are the maker's own
	row := truthRow{campaign: t.label(campaign), operation: t.label(operation), line: int32(n)}
	if row.operation != "" {
		t.operations = true
	}
	key := keyOf(id)
	if at, said := t.at[key]; said {
		return t.Rows[at].contradicts(row, id)
	}
	t.at[key] = int32(len(t.Rows))
	t.Rows = append(t.Rows, row)
	return nil
}

// isHeader distinguishes a line of titles from a message.
func isHeader(id string) bool {
	switch strings.ToLower(strings.NewReplacer("-", "", "_", "", " ", "", "#", "").Replace(id)) {
	case "messageid", "message", "id", "sha256":
		return true
	}
	return false
}

// label returns one copy of each name; "-" means none.
func (t *truth) label(s string) string {
	s = strings.TrimSpace(s)
	if s == "-" || s == "" {
		return ""
	}
	if known, ok := t.labels[s]; ok {
		return known
	}
	s = strings.Clone(s)
	t.labels[s] = s
	return s
}

// contradicts describes the difference to another line on the same message; a
// repetition has none.
func (r truthRow) contradicts(other truthRow, id string) error {
	if r.campaign == other.campaign && r.operation == other.operation {
		return nil
	}
	return fmt.Errorf("%s is in %s here and in %s on line %d", printable.Cut(id, 60), other.words(), r.words(), r.line)
}

// words describes the line for an error.
func (r truthRow) words() string {
	campaign := "no campaign"
	if r.campaign != "" {
		campaign = "campaign " + printable.Cut(r.campaign, 40)
	}
	if r.operation != "" {
		campaign += " of " + printable.Cut(r.operation, 40)
	}
	return campaign
}

// keyOf makes the key of a first column: a SHA-256, or a Message-ID with or without its
// brackets.
func keyOf(id string) truthKey {
	if naming.IsHash(id) {
		return hashKey(strings.ToLower(id))
	}
	return idKey(strings.TrimSuffix(strings.TrimPrefix(id, "<"), ">"))
}

func hashKey(hexHash string) truthKey { return digest("h", hexHash) }

// idKey uses the form of a Message-ID that correlate members prints, so that
// its output is a valid truth.
func idKey(id string) truthKey { return digest("m", strings.TrimSpace(printable.Field(id))) }

// digest is the key of a name of one kind.
func digest(kind, s string) (k truthKey) {
	sum := sha256.Sum256([]byte(kind + s))
	copy(k[:], sum[:])
	return k
}

// of returns the line of a stored message. A line with its SHA-256 takes
// precedence over one with its Message-ID, which can be forged.
//
// Copies with one Message-ID all take its line.
func (t *truth) of(g *campaigns.Grouped) (truthRow, bool) {
	row, ok := truthRow{}, false
	byID, idSaid := t.at[idKey(g.MessageID)]
	if idSaid && g.MessageID != "" {
		row, ok = t.match(byID), true
	}
	if byHash, said := t.at[hashKey(hex.EncodeToString(g.SHA256[:]))]; said {
		row, ok = t.match(byHash), true
	}
	return row, ok
}

// match marks a row as found and counts each once.
func (t *truth) match(at int32) truthRow {
	if row := &t.Rows[at]; !row.found {
		row.found = true
		t.Found++
	}
	return t.Rows[at]
}

// campaignLabel returns the class of a message among campaigns. A line without
// a campaign is a class by itself, regardless of its number of stored messages.
func (r truthRow) campaignLabel() string {
	if r.campaign != "" {
		return "campaign " + r.campaign
	}
	return fmt.Sprintf("line %d", r.line)
}

// operationLabel is the class among operations: the operation, else the campaign, else
// itself.
func (r truthRow) operationLabel() string {
	if r.operation != "" {
		return "operation " + r.operation
	}
	return r.campaignLabel()
}
