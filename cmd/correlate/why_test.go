package main

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/jackc/pgx/v5"
	"spoor/enrich"
	"spoor/enrich/guard"
	"spoor/enrich/netblock"
	"spoor/enrich/replay"
	"spoor/enrich/resolve"
	"spoor/enrich/whois"

	"spoor/graph/campaign"
	"spoor/graph/correlation"
	"spoor/graph/evidence"
	"spoor/ingest"
	"spoor/internal/cli"
	"spoor/sql/store"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/lookups"
	"spoor/sql/store/storetest"
)

// replayAnswers puts the answers of registries and resolvers about the
// example's shops into the script's store.
func replayAnswers(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(observe(context.Background(), ts.Getenv("DATABASE_URL"), ts.Getenv("EXAMPLES")+"/answers", args))
}

func observe(ctx context.Context, url, answers string, subjects []string) error {
	tape, err := replay.Open(answers)
	if err != nil {
		return err
	}
	const registry, blocks, resolver = "whois.nic.example:43", "whois.rir.example:43", "127.0.0.1:53"
	dialer := &guard.Dialer{Configured: []string{registry, blocks, resolver}, Ports: []uint16{43}, Timeout: time.Second, MaxBytes: guard.MaxAnswer}
	tape.Attach(dialer, []string{resolver})
	names, err := resolve.New(resolve.Options{Servers: []string{resolver}, Dialer: dialer})
	if err != nil {
		return err
	}
	defer names.Close()
	client := &whois.Client{Dialer: dialer, Servers: map[string]string{"example": registry}}
	of := map[enrich.Kind][]enrich.Lookup{
		enrich.Domain:  {&whois.Lookup{Client: client}, resolve.Names{Client: names}},
		enrich.Address: {&netblock.Lookup{WHOIS: &whois.Client{Dialer: dialer, Servers: map[string]string{"iana": blocks}}, WHOISOnly: true, AskReserved: true}},
	}
	st, err := store.Open(ctx, url, store.Options{})
	if err != nil {
		return err
	}
	defer st.Close()
	for _, name := range subjects {
		s := enrich.Subject{Kind: enrich.Domain, Name: name}
		if _, err := netip.ParseAddr(name); err == nil {
			s.Kind = enrich.Address
		}
		for _, l := range of[s.Kind] {
			list, err := tape.Lookup(l).Look(ctx, s)
			if err != nil {
				return err
			}
			if err := lookups.New(st).Observe(ctx, list); err != nil {
				return err
			}
		}
	}
	return tape.Close()
}

// correlateOn runs the command on a database and returns its output.
func correlateOn(t *testing.T, url string, columns int, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	env := &cli.Env{
		Args: append(args, "--db", url), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Now: time.Now,
		Getenv: func(name string) string {
			switch name {
			case "COLUMNS":
				return strconv.Itoa(columns)
			case "LANG":
				return "C.UTF-8"
			}
			return ""
		},
	}
	if code := run(context.Background(), env); code != cli.Done && code != cli.NoneFound {
		t.Fatalf("correlate %s: exit %d\n%s%s", strings.Join(args, " "), code, out.String(), errs.String())
	}
	return out.String()
}

var (
	bitsOfLine = regexp.MustCompile(`^  \S.*? ([+-][0-9]+\.[0-9]+)(?: |$)`)
	memberLine = regexp.MustCompile(`^ +[0-9,]+ +c[0-9]+ +([0-9a-f]{12}) `)
)

// TestWaterfallAddsUp checks that the printed bits add up to the printed total,
// in hundredths.
func TestWaterfallAddsUp(t *testing.T) {
	url := storetest.URL(t)
	if err := importPaths(t.Context(), url, ingest.Spam, []string{"../../examples/spambin"}); err != nil {
		t.Fatal(err)
	}
	correlateOn(t, url, 80)
	var members []string
	for line := range strings.Lines(correlateOn(t, url, 80, "members")) {
		if m := memberLine.FindStringSubmatch(line); m != nil {
			members = append(members, m[1])
		}
	}
	if len(members) < 50 {
		t.Fatalf("%d members", len(members))
	}
	pairs := 0
	for i := 0; i+7 < len(members); i += 9 {
		for _, j := range []int{i + 1, i + 7} {
			pairs++
			screen := correlateOn(t, url, 80+120*(pairs%2), "why", members[i], members[j])
			addsUp(t, screen)
			for line := range strings.Lines(screen) {
				if n := len([]rune(strings.TrimRight(line, "\n"))); n > 80+120*(pairs%2) {
					t.Errorf("%d columns: %s", n, line)
				}
			}
		}
	}
}

func addsUp(t *testing.T, screen string) {
	t.Helper()
	sum, total, lines := 0, math.MinInt, 0
	_, table, _ := strings.Cut(screen, "  evidence ")
	for line := range strings.Lines(table) {
		m := bitsOfLine.FindStringSubmatch(strings.TrimRight(line, "\n"))
		if m == nil {
			if strings.TrimSpace(line) == "" {
				break
			}
			continue
		}
		v, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		n := int(math.Round(100 * v))
		if strings.HasPrefix(line, "  total ") {
			total = n
			break
		}
		sum += n
		lines++
	}
	if lines < 2 || sum != total {
		t.Errorf("%d lines sum to %d hundredths, the total is %d:\n%s", lines, sum, total, screen)
	}
	if want := fmt.Sprintf("%+.1f bits", float64(total)/100); total%10 == 0 && !strings.Contains(strings.ReplaceAll(screen, "\n", " "), want) {
		t.Errorf("the verdict does not say %s:\n%s", want, screen)
	}
}

// TestOperationsAreShown: campaigns of the same people are told wherever one of them is.
func TestOperationsAreShown(t *testing.T) {
	url := storetest.URL(t)
	if err := importPaths(t.Context(), url, ingest.Spam, []string{"../../examples/spambin"}); err != nil {
		t.Fatal(err)
	}
	correlateOn(t, url, 80)
	makeOperation(t, url)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"list"}, `(?m)^  ID  Msgs  First .* Op  +Weak `},
		{[]string{"list"}, `(?m)^ +c1 .* o1 `},
		{[]string{"list"}, `(?m)^  o1   94 messages in 2 campaigns: c1 c2`},
		{[]string{"list", "--json"}, `"operation_id": "o1"`},
		{[]string{"show", "c1"}, `(?m)^Operation o1: the same people as c2 \(6\.5 bits\)\.`},
		{[]string{"show", "o1"}, `(?m)^o1 94 messages, 2 campaigns, `},
		{[]string{"show", "o1"}, `(?m)^ +link offleware\.example +[0-9]+ `},
		{[]string{"show", "o1"}, `(?m)^ +c1 +78 `},
		{[]string{"show", "o1", "--json"}, `"operation_id": "o1"`},
		{[]string{"show", "o1", "--markdown"}, `(?m)^# o1$`},
		{[]string{"show", "c2", "--json"}, `"operation_campaigns": \[\s+"c1",\s+"c2"\s+\]`},
		{[]string{"why", "o1"}, `(?m)^o1 [0-9]+ messages`},
		{[]string{"why", "o1", "--json"}, `"id": "o1"`},
		{[]string{"why", "o1", "885aca8e"}, `(?m)^strongest of [0-9]+ messages in o1:$`},
	} {
		if got := correlateOn(t, url, 80, c.args...); !regexp.MustCompile(c.want).MatchString(got) {
			t.Errorf("correlate %s: no %s in\n%s", strings.Join(c.args, " "), c.want, got)
		}
	}
}

// makeOperation replaces the campaigns by the two largest as one operation.
func makeOperation(t *testing.T, url string) {
	t.Helper()
	ctx := t.Context()
	st, err := store.Open(ctx, url, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	shop := evidence.Feature{Kind: evidence.LinkDomain, Value: "offleware.example"}.Key()
	found := campaign.Result{Operations: []campaign.Operation{{Campaigns: []int{0, 1}, Weakest: 6.5}}}
	if _, found.Parameters, err = campaigns.New(st).Parameters(ctx); err != nil {
		t.Fatal(err)
	}
	rows, _ := st.Pool.Query(ctx, "SELECT first, packed FROM learned_values")
	if found.Learned, err = pgx.CollectRows(rows, pgx.RowToStructByPos[campaign.Page]); err != nil {
		t.Fatal(err)
	}
	for _, id := range []int64{1, 2} {
		keys, err := campaigns.New(st).Central(ctx, id, nil, 0)
		if err != nil || len(keys) == 0 {
			t.Fatal(len(keys), err)
		}
		c := campaign.Campaign{Weakest: 9}
		for _, k := range keys {
			c.Members = append(c.Members, campaign.Member{Key: k, Confidence: 0.9})
		}
		found.Campaigns = append(found.Campaigns, c)
		if id == 1 {
			found.Operations[0].Traits = []campaign.Trait{{Feature: shop, Example: keys[0], Members: len(keys), Bits: 9}}
		}
	}
	err = campaigns.New(st).Exclusively(ctx, func(tx correlation.Tx) error {
		_, err := correlation.Keep(ctx, tx, &found, evidence.Knowledge{}, nil, 0, time.Now(), time.Now())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
