package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"spoor/graph/evidence"
	"spoor/graph/score"
	"spoor/ingest/received"
)

// pair is two messages of real mail, by file name, and the verdict of human
// readers: "same" campaign, "other-offer" of the same operator, "different", or
// "unsure".
//
// Folders in front of the names are dropped: the judges and the machine keep
// the corpus in different places.
type pair struct{ left, right, verdict string }

// readPairs reads tab-separated lines: left, right, verdict, and further
// columns.
//
// A first line of titles and lines that begin with "#" are skipped. An unknown
// verdict is an error and not a pair less.
func readPairs(in io.Reader) (all []pair, err error) {
	lines := bufio.NewScanner(in)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		f := strings.Split(line, "\t")
		if line == "" || line[0] == '#' || f[0] == "left" {
			continue
		}
		if len(f) < 3 {
			return nil, fmt.Errorf("line %d: not left, right and verdict", n)
		}
		p := pair{path.Base(f[0]), path.Base(f[1]), strings.ToLower(strings.Trim(f[2], "{} "))}
		switch p.verdict {
		case "same", "different", "unsure", "other-offer":
		default:
			return nil, fmt.Errorf("line %d: verdict %q is none of same, other-offer, different, unsure", n, f[2])
		}
		all = append(all, p)
	}
	if len(all) == 0 && lines.Err() == nil {
		return nil, fmt.Errorf("no pairs")
	}
	return all, lines.Err()
}

// judged is how the correlator agrees with people about pairs.
type judged struct {
	Pairs      int            `json:"pairs"`
	Unsure     int            `json:"unsure"`
	Missing    []string       `json:"missing"` // files that the mail does not hold
	Campaigns  score.Accuracy `json:"campaigns"`
	Operations score.Accuracy `json:"operations"`
	Wrong      []string       `json:"wrong"`  // joined, but different or another offer
	Missed     []string       `json:"missed"` // same, but not joined
}

// judge compares. Pairs that people are unsure about, and pairs of which a file is
// missing, count nowhere.
//
// "other-offer" is apart as a campaign and together as an operation. A pair of
// one message in two files is joined by definition.
func judge(all []pair, files map[string]int64, at map[int64]place) judged {
	j := judged{Pairs: len(all), Missing: []string{}, Wrong: []string{}, Missed: []string{}}
	var campaigns, operations tally
	for _, p := range all {
		if p.verdict == "unsure" {
			j.Unsure++
			continue
		}
		left, okLeft := files[p.left]
		right, okRight := files[p.right]
		if !okLeft || !okRight {
			j.Missing = append(j.Missing, p.left+" "+p.right)
			continue
		}
		a, b := at[left], at[right]
		joined := left == right || a.campaign != "" && a.campaign == b.campaign
		campaigns.add(p.verdict == "same", joined)
		operations.add(p.verdict != "different", left == right || a.operation != "" && a.operation == b.operation)
		switch {
		case joined && p.verdict != "same":
			j.Wrong = append(j.Wrong, p.left+" "+p.right+" "+p.verdict)
		case !joined && p.verdict == "same":
			j.Missed = append(j.Missed, p.left+" "+p.right)
		}
	}
	j.Campaigns, j.Operations = campaigns.accuracy(), operations.accuracy()
	return j
}

// tally counts decisions.
type tally struct{ right, wrong, missed int }

// add counts a pair. Pairs apart in both need no count: precision and recall do
// not use them.
func (t *tally) add(truth, found bool) {
	switch {
	case truth && found:
		t.right++
	case found:
		t.wrong++
	case truth:
		t.missed++
	}
}

// accuracy is precision and recall over the judged pairs.
//
// Without any decision of a kind the figure is 1: nothing was done wrong.
func (t *tally) accuracy() score.Accuracy {
	a := score.Accuracy{Precision: 1, Recall: 1}
	if n := t.right + t.wrong; n > 0 {
		a.Precision = float64(t.right) / float64(n)
	}
	if n := t.right + t.missed; n > 0 {
		a.Recall = float64(t.right) / float64(n)
	}
	if a.Precision+a.Recall > 0 {
		a.F1 = 2 * a.Precision * a.Recall / (a.Precision + a.Recall)
	}
	return a
}

// comparePairs judges the pairs of all files, which name messages of one folder of real
// mail.
func comparePairs(ctx context.Context, o options, stdout io.Writer) error {
	var all []pair
	for _, path := range o.pairs {
		list, err := openPairs(path)
		if err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
		all = append(all, list...)
	}
	own, err := received.ParseOwn(o.ownMX)
	if err != nil {
		return err
	}
	c, err := cached(ctx, o.cache, mail{path: o.mail, own: own})
	if err != nil {
		return fmt.Errorf("read %s: %w", o.mail, err)
	}
	j, err := c.judge(ctx, all)
	if err != nil {
		return err
	}
	if o.json {
		return writeJSON(stdout, j)
	}
	_, err = io.WriteString(stdout, j.table())
	return err
}

// openPairs reads a file of judged pairs.
func openPairs(path string) ([]pair, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readPairs(f)
}

// judge correlates the mail and compares the result with the pairs.
func (c *corpus) judge(ctx context.Context, all []pair) (judged, error) {
	at, err := c.places(ctx, evidence.Knowledge{})
	if err != nil {
		return judged{}, fmt.Errorf("correlate: %w", err)
	}
	return judge(all, c.Files, at), nil
}

// table is the result as Markdown.
func (j *judged) table() string {
	t := table{{"level", "F1", "precision", "recall"}}
	for _, r := range []struct {
		name string
		a    score.Accuracy
	}{{"campaigns", j.Campaigns}, {"operations", j.Operations}} {
		t = append(t, []string{r.name, figure(r.a.F1), figure(r.a.Precision), figure(r.a.Recall)})
	}
	return fmt.Sprintf("%s\n%d pairs, of which %d unsure and %d without their mail; %d wrongly joined, %d missed\n", t, j.Pairs, j.Unsure, len(j.Missing), len(j.Wrong), len(j.Missed))
}
