package runs

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"spoor/internal/cli"
	"spoor/internal/report/wording"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/logs"
)

// One is a spamrun with every recipient that it tried.
type One struct {
	campaigns.Spamrun
	Wanted     bool // a burst that looks like wanted mail
	Tries      []logs.Try
	Companions []campaigns.Spamrun // that act together with it
}

// PrintOne prints one spamrun with its timeline.
func PrintOne(env *cli.Env, o *One) error {
	if env.ForPrograms() {
		return env.Result(o.json())
	}
	for _, part := range []func(*cli.Env) error{o.head, o.timeline, o.kinds, o.servers, o.companions} {
		if err := part(env); err != nil {
			return err
		}
	}
	return nil
}

// head prints the sums of the spamrun and the names of its sender.
func (o *One) head(env *cli.Env) error {
	zone := (&runs{}).zoneOf([]campaigns.Spamrun{o.Spamrun})
	noun := "Spamrun"
	if o.Wanted {
		noun = "Burst of wanted mail"
	}
	err := env.Printf("%s r%d   %s\n\n", noun, o.ID, o.Sender)
	if err != nil {
		return err
	}
	first := o.first()
	for _, l := range [][2]string{
		{"when", fmt.Sprintf("%s to %s %s, %s, %s an hour", o.StartedAt.In(zone).Format("2006-01-02 15:04:05"), o.EndedAt.In(zone).Format("15:04:05"), zone, cli.Seconds(o.EndedAt.Sub(o.StartedAt)), perHour(o.Rate))},
		{"tried", fmt.Sprintf("%s: %s accepted, %s refused, %s put off, %s lost; %s stored", cli.Count(o.Attempts, "recipient", ""), cli.Number(o.Accepted), cli.Number(o.Refused), cli.Number(o.Deferred), cli.Number(o.Lost), cli.Count(o.Messages, "message", ""))},
		{"to", wording.Some(o.TargetDomains, 5)},
		{"at", wording.Exchangers(&o.Spamrun)},
		{"sender", fmt.Sprintf("reverse name %s, HELO %s", cmp.Or(first.reverse, "unknown"), cmp.Or(first.helo, "not logged"))},
		{"in", cmp.Or(wording.Some(o.Campaigns, 5), "no campaign")},
	} {
		if err := env.Printf("%s", cli.Wrap(env.Text(fmt.Sprintf("  %-7s %s", l[0], l[1])), env.Columns(), 10)); err != nil {
			return err
		}
	}
	return nil
}

// names are a sender's names: by DNS, and by its HELO.
type names struct{ reverse, helo string }

// first returns the first known reverse name and HELO name of the sender.
func (o *One) first() (n names) {
	for i := range o.Tries {
		t := &o.Tries[i]
		if n.reverse == "" && t.Reverse != nil {
			n.reverse = *t.Reverse
		}
		if n.helo == "" && t.Helo != nil {
			n.helo = *t.Helo
		}
	}
	return n
}

// bars are the heights of a timeline; rows are in the order of legend.
var (
	bars      = []rune("▁▂▃▄▅▆▇█")
	plainBars = []rune("12345678")
	verdicts  = []string{"accepted", "refused", "deferred", "lost"}
)

// timeline draws the number of recipients by verdict over time, across the
// width of the screen.
func (o *One) timeline(env *cli.Env) error {
	// A character stands for at least a second, the resolution of logs.
	width := max(10, min(env.Columns()-14, 60))
	span := o.EndedAt.Sub(o.StartedAt) + time.Second
	if seconds := int(span / time.Second); seconds < width {
		width = max(1, seconds)
	}
	counts := map[string][]int{}
	top := 1
	for i := range o.Tries {
		t := &o.Tries[i]
		if t.At == nil {
			continue
		}
		if counts[t.Verdict] == nil {
			counts[t.Verdict] = make([]int, width)
		}
		at := int(int64(width) * int64(t.At.Sub(o.StartedAt)) / int64(span))
		at = max(0, min(width-1, at))
		counts[t.Verdict][at]++
		top = max(top, counts[t.Verdict][at])
	}
	if err := env.Printf("\n"); err != nil {
		return err
	}
	heights, gap := bars, "·"
	if env.ASCII() {
		heights, gap = plainBars, "."
	}
	for _, v := range verdicts {
		if counts[v] == nil {
			continue
		}
		var b strings.Builder
		for _, n := range counts[v] {
			if n == 0 {
				b.WriteString(gap)
			} else {
				b.WriteRune(heights[min((n*len(heights)-1)/top, len(heights)-1)])
			}
		}
		if err := env.Printf("  %-10s%s\n", v, b.String()); err != nil {
			return err
		}
	}
	return env.Printf("  %-10severy character %s, highest %s\n", "", cli.Seconds(max(time.Second, (span/time.Duration(width)).Round(time.Second))), cli.Number(top))
}

// kinds prints a table of recipients by their kind, such as valid or damaged,
// with examples.
func (o *One) kinds(env *cli.Env) error {
	type sum struct {
		kind     string
		n        int
		examples []string
	}
	by := map[string]*sum{}
	var order []*sum
	for i := range o.Tries {
		t := &o.Tries[i]
		if t.Kind == nil {
			continue
		}
		s := by[*t.Kind]
		if s == nil {
			s = &sum{kind: *t.Kind}
			by[*t.Kind] = s
			order = append(order, s)
		}
		s.n++
		if t.Recipient != nil && len(s.examples) < 2 {
			s.examples = append(s.examples, example(t))
		}
	}
	if len(order) == 0 {
		return nil
	}
	// Equal numbers go by name, so that the table is always the same.
	slices.SortFunc(order, func(a, b *sum) int { return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.kind, b.kind)) })
	if err := env.Printf("\n"); err != nil {
		return err
	}
	t := env.Table(cli.Column{Title: "Recipients"}, cli.Column{Title: "", Right: true}, cli.Column{Title: "such as", Flex: true})
	for _, s := range order {
		t.Row(s.kind, cli.Number(s.n), strings.Join(s.examples, ", "))
	}
	return t.Print()
}

// example is a recipient, with the real address that it was made from.
func example(t *logs.Try) string {
	if t.MadeFrom != nil && *t.MadeFrom != *t.Recipient {
		return *t.Recipient + " (of " + *t.MadeFrom + ")"
	}
	return *t.Recipient
}

// servers prints a table of our servers' replies, the ten most frequent.
func (o *One) servers(env *cli.Env) error {
	type key struct{ server, verdict, reason string }
	count := map[key]int{}
	var order []key
	for i := range o.Tries {
		t := &o.Tries[i]
		k := key{verdict: t.Verdict}
		if t.Server != nil {
			k.server = *t.Server
		}
		if t.Reason != nil {
			k.reason = *t.Reason
		}
		if count[k]++; count[k] == 1 {
			order = append(order, k)
		}
	}
	slices.SortFunc(order, func(a, b key) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a.server, b.server), cmp.Compare(a.verdict, b.verdict), cmp.Compare(a.reason, b.reason))
	})
	if err := env.Printf("\n"); err != nil {
		return err
	}
	t := env.Table(cli.Column{Title: "Server", Flex: true}, cli.Column{Title: "Said"}, cli.Column{Title: "Because"}, cli.Column{Title: "Recipients", Right: true})
	for _, k := range order[:min(len(order), 10)] {
		t.Row(cmp.Or(k.server, "-"), k.verdict, cmp.Or(k.reason, "-"), cli.Number(count[k]))
	}
	return t.Print()
}

// companions lists the senders that act together with this one.
func (o *One) companions(env *cli.Env) error {
	if len(o.Companions) == 0 {
		return nil
	}
	if err := env.Printf("\nTogether with\n"); err != nil {
		return err
	}
	t := env.Table(cli.Column{Title: "Run"}, cli.Column{Title: "Sender"}, cli.Column{Title: "Start UTC"}, cli.Column{Title: "Tried", Right: true})
	for i := range o.Companions {
		c := &o.Companions[i]
		t.Row(fmt.Sprintf("r%d", c.ID), c.Sender.String(), c.StartedAt.UTC().Format("15:04:05"), cli.Number(c.Attempts))
	}
	return t.Print()
}

// OneDocument is one spamrun for programs.
type OneDocument struct {
	runJSON
	Wanted     bool      `json:"wanted"`
	Tries      []tryJSON `json:"recipients_tried"`
	Companions []string  `json:"companions"`
}

// tryJSON is one recipient tried. Sure is the probability of its kind.
type tryJSON struct {
	At        *time.Time `json:"at"`
	Server    *string    `json:"server"`
	Recipient *string    `json:"recipient"`
	Verdict   string     `json:"verdict"`
	Reason    *string    `json:"reason"`
	Kind      *string    `json:"kind"`
	MadeFrom  *string    `json:"made_from"`
	Sure      *float32   `json:"sure"`
	Stored    bool       `json:"stored"`
}

// json converts the spamrun.
func (o *One) json() OneDocument {
	out := OneDocument{runJSON: asJSON(&o.Spamrun), Wanted: o.Wanted, Tries: []tryJSON{}, Companions: []string{}}
	for i := range o.Tries {
		t := &o.Tries[i]
		out.Tries = append(out.Tries, tryJSON{t.At, t.Server, t.Recipient, t.Verdict, t.Reason, t.Kind, t.MadeFrom, t.Sure, t.Stored})
	}
	for i := range o.Companions {
		out.Companions = append(out.Companions, fmt.Sprint(o.Companions[i].ID))
	}
	return out
}
