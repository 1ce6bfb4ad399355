package export

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"spoor/internal/dossier"
	"spoor/internal/printable"
)

// columns of the CSV, a row an indicator.
var columns = []string{"campaign", "name", "kind", "value", "members", "spam", "ham", "first_seen", "last_seen", "shared", "own", "block", "reason"}

// writeCSV writes one row for each indicator. Spreadsheets execute cells that
// look like formulas, so such texts get an apostrophe (OWASP, CSV injection).
// Programs that compare values should use JSON lines.
func writeCSV(w io.Writer, campaigns []dossier.Campaign, _ Options) (int, error) {
	out := csv.NewWriter(w)
	if err := out.Write(columns); err != nil {
		return 0, err
	}
	n := 0
	for i := range campaigns {
		c := &campaigns[i]
		for j := range c.Indicators {
			in := &c.Indicators[j]
			err := out.Write([]string{c.Label(), printable.Cell(c.Name), string(in.Kind), printable.Cell(in.Value),
				number(in.Members), number(in.Spam), number(in.Ham), instant(in.FirstSeen), instant(in.LastSeen),
				printable.Cell(in.Shared), strconv.FormatBool(in.Own), strconv.FormatBool(in.Verdict.Block), in.Verdict.Words()})
			if err != nil {
				return n, err
			}
			n++
		}
	}
	out.Flush()
	return n, out.Error()
}

// countCSV counts the rows below the header.
func countCSV(r io.Reader) (int, error) {
	in := csv.NewReader(r)
	// A row with another number of cells is a file that was cut, or text that
	// broke out of its cell.
	in.FieldsPerRecord = len(columns)
	for n := -1; ; n++ { // the first row has the column names
		if _, err := in.Read(); errors.Is(err, io.EOF) {
			return n, nil
		} else if err != nil {
			return n, err
		}
	}
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// instant writes a time, or nothing if it is unknown.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// writeJSONL writes everything, one object a line. "type" is the kind of a
// line, "campaign" its campaign. Values are unchanged.
func writeJSONL(w io.Writer, campaigns []dossier.Campaign, _ Options) (int, error) {
	b := bufio.NewWriter(w)
	n := 0
	for i := range campaigns {
		for line := range lines(&campaigns[i]) {
			text, err := json.Marshal(line)
			if err != nil {
				return n, err
			}
			if _, err := b.Write(append(printable.JSON(text), '\n')); err != nil {
				return n, err
			}
			n++
		}
	}
	return n, b.Flush()
}

// lines yields the objects of one campaign: itself, then each list in the order
// of the types above.
func lines(c *dossier.Campaign) func(yield func(any) bool) {
	id := c.Label()
	return func(yield func(any) bool) {
		if !yield(campaignLine{"campaign", 1, id, c.Key, c.Name, when(c.FirstSeen), when(c.LastSeen), c.Members, c.Confidence, c.WeakestBits}) {
			return
		}
		for _, t := range c.Traits {
			if !yield(traitLine{"trait", id, t.Evidence, t.Kind, t.Value, t.Members, t.Elsewhere, t.Ham, t.Bits}) {
				return
			}
		}
		for j := range c.Indicators {
			in := &c.Indicators[j]
			if !yield(indicatorLine{"indicator", id, string(in.Kind), in.Value, in.Members, in.Spam, in.Ham, when(in.FirstSeen), when(in.LastSeen),
				in.Shared, in.Own, in.Verdict.Block, in.Verdict.Words()}) {
				return
			}
		}
		for j := range c.Senders {
			if s := &c.Senders[j]; !yield(senderLine{"sender", id, s.Addr.String(), s.Messages, s.HELO, s.ReverseName, networkOf(&s.Network)}) {
				return
			}
		}
		for j := range c.Domains {
			d := &c.Domains[j]
			if !yield(domainLine{"domain", id, d.Name, d.Members, d.Shared, d.State, d.Registrar, d.RegistrantName, d.RegistrantOrg, d.RegistrantMail,
				when(d.Created), when(d.Expires), when(d.LookedUp), d.NameServers}) {
				return
			}
		}
		for j := range c.Hosts {
			h := &c.Hosts[j]
			if !yield(hostLine{"resolution", id, h.Name, h.NameServer, h.Addr.String(), when(h.Since), when(h.Till), networkOf(&h.Network)}) {
				return
			}
		}
		for j := range c.Messages {
			m := &c.Messages[j]
			if !yield(messageLine{"message", id, m.SHA256, m.MessageID, when(m.Received), when(m.Date), m.FromName, m.FromAddress, m.Subject, addrOf(m), m.HELO, m.Mailer, m.Size, m.Confidence}) {
				return
			}
		}
		for _, r := range c.Runs {
			if !yield(runLine{"spamrun", id, r.Sender.String(), when(r.Start), when(r.End), r.Messages}) {
				return
			}
		}
	}
}

// wantJSONL counts the lines that the file must have.
func wantJSONL(campaigns []dossier.Campaign) int {
	n := 0
	for i := range campaigns {
		c := &campaigns[i]
		n += 1 + len(c.Traits) + len(c.Indicators) + len(c.Senders) + len(c.Domains) + len(c.Hosts) + len(c.Messages) + len(c.Runs)
	}
	return n
}

// maxLine limits a line that is read back. Texts of mail are limited when they
// are stored.
const maxLine = 64 << 20

// countLines counts JSON lines and checks that each is valid.
func countLines(r io.Reader) (int, error) {
	s := bufio.NewScanner(r)
	s.Buffer(nil, maxLine)
	n := 0
	for s.Scan() {
		if !json.Valid(s.Bytes()) {
			return n, fmt.Errorf("line %d is no JSON", n+1)
		}
		n++
	}
	return n, s.Err()
}
