package received

import (
	"bufio"
	"bytes"
	"net/mail"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"spoor/ingest/date"
)

// corpus reads the folder name under SPOOR_CORPORA, or skips the test.
func corpus(t testing.TB, name string) string {
	root := os.Getenv("SPOOR_CORPORA")
	if root == "" {
		t.Skip("SPOOR_CORPORA is not set: no real mail to measure on")
	}
	return filepath.Join(root, name)
}

// header holds the fields that these tests take from a message, without any
// MIME library.
type header struct {
	hops       []Hop
	recipients []string
	list       bool
	env        Envelope
}

func readHeader(raw []byte) header {
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	if i := bytes.Index(raw, []byte("\n\n")); i >= 0 {
		raw = raw[:i]
	}
	var h header
	for _, f := range unfoldFields(raw) {
		name, value, ok := bytes.Cut(f, []byte(":"))
		if !ok {
			continue
		}
		v := strings.TrimSpace(string(value))
		switch strings.ToLower(string(name)) {
		case "received":
			h.hops = append(h.hops, Parse(value))
		case "delivered-to", "x-original-to", "envelope-to":
			h.recipients = append(h.recipients, v)
		case "list-id", "list-unsubscribe", "list-post", "list-help":
			h.list = true
		case "precedence":
			h.list = h.list || strings.EqualFold(v, "list") || strings.EqualFold(v, "bulk")
		case "message-id":
			h.env.MessageID = strings.Trim(v, "<>")
		case "from":
			if a, err := mail.ParseAddress(v); err == nil {
				h.env.From = a.Address
			}
		case "date":
			h.env.DateRaw = v
			d := date.Parse(v)
			h.env.Date, h.env.DateOK, h.env.DateZoneOK = d.Time, !d.Time.IsZero(), d.ZoneOK
		}
	}
	h.env.Recipients = h.recipients
	return h
}

func unfoldFields(raw []byte) [][]byte {
	var out [][]byte
	for _, line := range bytes.Split(raw, []byte("\n")) {
		if len(line) > 0 && (line[0] == ' ' || line[0] == '\t') && len(out) > 0 {
			out[len(out)-1] = append(append(out[len(out)-1], '\n'), line...)
			continue
		}
		out = append(out, bytes.Clone(line))
	}
	return out
}

func readFolder(t testing.TB, dir string) (names []string, headers []header) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".eml") && !strings.HasSuffix(e.Name(), ".txt") {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, e.Name())
		headers = append(headers, readHeader(raw))
	}
	return names, headers
}

func survey(headers []header) (Own, []Guess) {
	var s Survey
	for _, h := range headers {
		s.Add(Sample{Hops: h.hops, Recipients: h.recipients, List: h.list})
	}
	return s.Infer()
}

type oracleRow struct{ addr, helo string }

func readOracle(t testing.TB, path string) map[string]oracleRow {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows := map[string]oracleRow{}
	for sc := bufio.NewScanner(f); sc.Scan(); {
		c := strings.Split(sc.Text(), "\t")
		if c[0] != "file" {
			rows[c[0]] = oracleRow{c[1], c[3]}
		}
	}
	return rows
}

// TestPhishingPot demands the sender in 99 % and the HELO name in 98 % of the
// rows that state one, from the Received fields alone; once with the boundary
// inferred and once with the servers that a user would name.
func TestPhishingPot(t *testing.T) {
	dir := corpus(t, "phishing_pot")
	oracle := readOracle(t, filepath.Join(dir, "ORACLE-envelope.tsv"))
	names, headers := readFolder(t, dir)
	inferred, guesses := survey(headers)
	for _, g := range guesses {
		t.Logf("%6d %s: %s", g.Hops, g.Name, g.Reason)
	}
	given, err := ParseOwn([]string{"*.outlook.com"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		own  Own
	}{{"inferred", inferred}, {"given", given}, {"structure only", Own{Inferred: true}}} {
		t.Run(c.name, func(t *testing.T) { checkOracle(t, &c.own, names, headers, oracle) })
	}
}

func checkOracle(t *testing.T, own *Own, names []string, headers []header, oracle map[string]oracleRow) {
	var addrs, addrsOK, helos, helosOK, shown int
	for i, name := range names {
		row := oracle[name]
		hops := headers[i].hops
		s := own.Sender(hops, own.Boundary(hops))
		bad := false
		if want, err := netip.ParseAddr(row.addr); err == nil {
			addrs++
			if s.Addr == want {
				addrsOK++
			} else {
				bad = true
			}
		}
		if row.helo != "" {
			helos++
			if strings.EqualFold(s.HELO, row.helo) {
				helosOK++
			} else {
				bad = true
			}
		}
		if bad && shown < 40 {
			shown++
			t.Logf("%s: got %v %q, want %s %q", name, s.Addr, s.HELO, row.addr, row.helo)
		}
	}
	t.Logf("sender %d of %d, HELO %d of %d", addrsOK, addrs, helosOK, helos)
	if addrs < 2000 || addrsOK*100 < addrs*99 {
		t.Errorf("sender right in %d of %d rows, want 99 %%", addrsOK, addrs)
	}
	if helos < 1000 || helosOK*100 < helos*98 {
		t.Errorf("HELO right in %d of %d rows, want 98 %%", helosOK, helos)
	}
}

// ownRelays are the hosts by which the SpamAssassin mail reached the man who
// collected it: his exchanger, the relay of his provider, and the forwarder of
// a domain.
var ownRelays = []string{"212.17.35.15", "193.120.211.219"}

func TestSpamAssassin(t *testing.T) {
	for _, folders := range [][]string{{"spam-1"}, {"easy-ham-1"}, {"spam-1", "easy-ham-1"}} {
		t.Run(strings.Join(folders, "+"), func(t *testing.T) {
			var names []string
			var headers []header
			for _, f := range folders {
				n, h := readFolder(t, corpus(t, f))
				names, headers = append(names, n...), append(headers, h...)
			}
			own, guesses := survey(headers)
			for _, g := range guesses {
				t.Logf("%6d %s: %s", g.Hops, g.Name, g.Reason)
			}
			public := 0
			for i := range names {
				b := own.Boundary(headers[i].hops)
				s := own.Sender(headers[i].hops, b)
				if isPublic(s.Addr) {
					public++
				} else if s.Addr.IsValid() {
					t.Errorf("%s: %v is a sender", names[i], s.Addr)
				}
				for _, r := range ownRelays {
					if s.Addr.String() == r {
						t.Errorf("%s: the collector's own relay %s is the sender", names[i], r)
					}
				}
			}
			t.Logf("%d of %d messages have a sender", public, len(names))
			if public*2 < len(names) {
				t.Errorf("only %d of %d messages have a sender", public, len(names))
			}
		})
	}
}

// TestAnomalyRates prints how often each anomaly occurs, and demands that wanted mail
// stays mostly free of the grave ones.
func TestAnomalyRates(t *testing.T) {
	grave := []string{"helo-number", "hop-bad-address", "id-not-postfix", "id-not-sendmail", "id-not-exim", "syntax-not-qmail", "syntax-not-postfix", "time-zone"}
	for _, folder := range []string{"spam-1", "easy-ham-1", "phishing_pot"} {
		names, headers := readFolder(t, corpus(t, folder))
		own, _ := survey(headers)
		count, example := map[string]int{}, map[string]string{}
		for i, h := range headers {
			for _, a := range Anomalies(h.hops, own.Boundary(h.hops), &own, h.env) {
				count[a.Code]++
				example[a.Code] = names[i] + ": " + a.Evidence
			}
		}
		for _, k := range AnomalyKinds {
			t.Logf("%-12s %5d %-22s %s", folder, count[k.Code], k.Code, example[k.Code])
		}
		for _, code := range grave {
			if folder == "easy-ham-1" && count[code]*100 > len(names) {
				t.Errorf("%s in %d of %d wanted messages", code, count[code], len(names))
			}
		}
	}
}
