package score

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/printable"
	"spoor/sql/store/campaigns"
)

// stored is two campaigns of ten messages, c1 and c2 of operation o1, one of four, c3, and
// ten messages outside; every fifth Message-ID is that of the message before.
func stored() iter.Seq2[*campaigns.Grouped, error] {
	return func(yield func(*campaigns.Grouped, error) bool) {
		for n := range 34 {
			g := campaigns.Grouped{MessageID: fmt.Sprintf("m%d@mail.example", n-n%5/4), Ham: n >= 32}
			g.SHA256[0], g.SHA256[1] = byte(n), 0xab
			switch {
			case n < 20:
				g.CampaignID, g.Operation = int64(n/10+1), 1
			case n < 24:
				g.CampaignID = 3
			}
			if !yield(&g, nil) {
				return
			}
		}
	}
}

// lines writes the class of the messages from to to-1.
func lines(from, to int, class string) string {
	var b strings.Builder
	for n := from; n < to; n++ {
		fmt.Fprintf(&b, "%02xab%s\t%s\n", n, strings.Repeat("0", 60), class)
	}
	return b.String()
}

func scoringOf(t *testing.T, columns, text string) (string, *scoring) {
	t.Helper()
	m, err := findings.MatchTruth("t.tsv", strings.NewReader(text), 3, stored())
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	env := &cli.Env{Stdout: &out, Stderr: &out, Getenv: func(k string) string { return map[string]string{"COLUMNS": columns, "LANG": "C.UTF-8"}[k] }}
	switch err := Print(env, m); {
	case err != nil && len(m.Messages) > 0:
		t.Fatal(err)
	case err != nil:
		out.WriteString(err.Error())
	}
	return out.String(), &scoring{env, m}
}

func TestScoreScreen(t *testing.T) {
	text := lines(0, 10, "pills\tgang") + lines(10, 14, "watches\tgang") + lines(14, 24, "toner") + lines(24, 30, "-") + lines(30, 32, "pills\tgang") + "absent@mail.example\tpills\tgang\n"
	got, _ := scoringOf(t, "80", text)
	// By hand: 72 of 96 pairs found are right, of 117 in the truth; B-cubed 27.2/32 and 23.7/32.
	want := `32 messages of t.tsv, as run 3 has them. 1 message of the truth is not stored. 2
stored messages are not in the truth, 2 of them ham.

                        campaigns  operations
  B-cubed F1               0.7916      0.7371
    precision              0.8500      0.7375
    recall                 0.7406      0.7367
  pairwise F1              0.6761      0.6205
    precision              0.7500      0.5714
    recall                 0.6154      0.6788
  adjusted Rand index      0.5886      0.4059
  V-measure                0.8189      0.7037
    homogeneity            0.8718      0.7192
    completeness           0.7720      0.6887
  classes in the truth          9           8
  clusters found               11          10

Of 6 messages alone in the truth 6 (100.0 %) stand outside every campaign.

  Mixed  msgs  wrong pairs  holds               two of them
     c2    10           24  toner 6, watches 4  0eab00000000 0aab00000000

  Broken  msgs  missed pairs  lies in         two of them
  toner     10            24  c2 6, c3 4      0eab00000000 14ab00000000
  pills     12            21  c1 10, 2 alone  00ab00000000 1eab00000000

  Mixed op.  msgs  wrong pairs  holds             two of them
         o1    20           84  gang 14, toner 6  00ab00000000 0eab00000000

  Broken op.  msgs  missed pairs  lies in         two of them
  gang          16            29  o1 14, 2 alone  00ab00000000 1eab00000000
  toner         10            24  o1 6, c3 4      0eab00000000 14ab00000000

Why two messages are together or apart: correlate why A B, with the two that end
a line.
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for line := range strings.Lines(got) {
		if printable.Width(strings.TrimSuffix(line, "\n")) > 80 {
			t.Errorf("wider than the screen: %q", line)
		}
	}
}

func TestScoreMatches(t *testing.T) {
	for name, c := range map[string]struct {
		truth                     string
		messages, missing, unsaid int
		classes, clusters         int
		singletons, outside       int
		precision, recall         float64
	}{
		"all right": {lines(0, 10, "a") + lines(10, 20, "b") + lines(20, 24, "c") + lines(24, 34, "-"), 34, 0, 0, 13, 13, 10, 10, 1, 1},
		// m3 is the Message-ID of two messages, as is m8.
		"several bear a Message-ID": {"<m3@mail.example>\ta\nm8@mail.example\ta\n", 4, 0, 30, 1, 1, 0, 0, 1, 1},
		"one of its own, twice":     {"m3@mail.example\t-\n", 2, 0, 32, 1, 1, 0, 0, 1, 1},
		"alone, but in a campaign":  {lines(0, 1, "-") + lines(24, 25, "-"), 2, 0, 32, 2, 2, 2, 1, 1, 1},
		"two heaps in one":          {lines(0, 20, "a"), 20, 0, 14, 1, 2, 0, 0, 1, 90. / 190},
		"one heap of two":           {lines(0, 5, "a") + lines(5, 10, "b"), 10, 0, 24, 2, 1, 0, 0, 20. / 45, 1},
		"half is not stored":        {lines(0, 10, "a") + lines(90, 100, "a"), 10, 10, 24, 1, 1, 0, 0, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			_, s := scoringOf(t, "80", c.truth)
			l := s.Campaigns
			if len(s.Messages) != c.messages || len(s.Truth.Rows)-s.Truth.Found != c.missing || s.Unsaid != int64(c.unsaid) {
				t.Errorf("%d messages, %d missing, %d unsaid", len(s.Messages), len(s.Truth.Rows)-s.Truth.Found, s.Unsaid)
			}
			if l.Classes != c.classes || l.Clusters != c.clusters || l.Singletons != c.singletons || l.Alone != c.outside {
				t.Errorf("%+v", l.Scores)
			}
			if l.Pairwise.Precision != c.precision || l.Pairwise.Recall != c.recall {
				t.Errorf("precision %v, recall %v", l.Pairwise.Precision, l.Pairwise.Recall)
			}
		})
	}
}

func TestScoreOfOperations(t *testing.T) {
	// c1 and c2 are one operation in both; c3 has none, and counts as itself.
	_, s := scoringOf(t, "80", lines(0, 10, "a\tgang")+lines(10, 20, "b\tgang")+lines(20, 24, "c")+lines(24, 32, "-"))
	if l := s.Operations; l == nil || l.BCubed.F1 != 1 || l.Classes != 10 || l.Clusters != 10 {
		t.Errorf("%+v", l)
	}
	if _, s := scoringOf(t, "80", lines(0, 10, "a\t-")); s.Operations != nil {
		t.Errorf("operations were scored that the truth does not name: %+v", s.Operations)
	}
}

func TestScoreOfNothing(t *testing.T) {
	got, s := scoringOf(t, "80", "a@mail.example\tc\n")
	if got != "t.tsv names 1 message, of which none is stored." || len(s.Messages) != 0 {
		t.Errorf("%q", got)
	}
	broken := errors.New("the server is gone")
	_, err := findings.MatchTruth("t.tsv", strings.NewReader("a@mail.example\tc\n"), 3, func(yield func(*campaigns.Grouped, error) bool) { yield(nil, broken) })
	if !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

func TestScoreSaysWhatIsWrongWithTheFile(t *testing.T) {
	_, err := findings.MatchTruth("standard input", strings.NewReader("a@x\tc\nb@x\n"), 3, stored())
	if e, ok := errors.AsType[*cli.Error](err); !ok || e.Code != cli.InPart || err.Error() != `standard input: line 2: no tab in "b@x"; it takes Message-ID, tab, campaign` {
		t.Errorf("%v", err)
	}
}
