package deciding

import (
	"context"
	"fmt"
	"strings"

	"spoor/graph/evidence"
	"spoor/internal/cli"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
)

// counted is a feature with the number of messages that have it, or the number
// of domains and addresses for which registries and DNS have it.
type counted struct {
	evidence.Feature
	spam, ham int64
	of        int
}

// where describes how often the feature occurs.
func (c counted) where() string {
	switch {
	case c.of > 0:
		return "said of " + cli.Count(c.of, "domain or address", "domains and addresses")
	case c.spam+c.ham == 0:
		return "in no message yet"
	case c.ham > 0:
		return fmt.Sprintf("in %s of spam, %s ham", cli.Count(c.spam, "message", ""), cli.Number(c.ham))
	}
	return "in " + cli.Count(c.spam, "message", "")
}

// features resolves the user's text to features. Of its possible readings it
// keeps those that occur in messages or registry data; else traits that a
// screen shows as this text. A feature without messages is kept only with
// --force and an explicit kind: a typo would stay in effect unnoticed.
//
// The error tells the next step: run correlate, name the kind, or use --force.
func (d *decider) features(ctx context.Context, text string) ([]counted, error) {
	readings, exact, unread := naming.ReadFeature(text)
	out, err := d.occurring(ctx, readings)
	if err != nil || len(out) > 0 {
		return out, err
	}
	shown, err := d.shownAs(ctx, text)
	if err != nil {
		return nil, err
	}
	if out, err = d.occurring(ctx, shown); err != nil || len(out) > 0 {
		return out, err
	}
	switch last, err := d.st.LastRun(ctx); {
	case err != nil:
		return nil, err
	case unread != nil:
		return nil, unread
	case exact && d.Force:
		return []counted{{Feature: readings[0]}}, nil
	case last.Run == 0:
		return nil, d.env.Nothing("No evidence has been worked out yet: run correlate first.")
	case d.Force:
		return nil, cli.Usage("no message has %s; with --force its kind is needed too, such as %q", printable.Cut(text, 80), naming.FeatureWords(readings[0]))
	case strings.Contains(text, "://"):
		return nil, d.env.Nothing("No message has %s as evidence of its own. But at hosts that many share, a URL counts by its host and its path: name one of these.", d.env.Text(printable.Cut(text, 100)))
	}
	return nil, d.env.Nothing("No message has %s; to keep the decision for those to come, name its kind and add --force.", d.env.Text(printable.Cut(text, 100)))
}

// occurring keeps the readings that occur in messages or in data of registries.
func (d *decider) occurring(ctx context.Context, readings []evidence.Feature) ([]counted, error) {
	if len(readings) == 0 {
		return nil, nil
	}
	keys := make([]evidence.Key, len(readings))
	for i, f := range readings {
		keys[i] = f.Key()
	}
	counts, err := d.st.FeatureCounts(ctx, keys)
	if err != nil {
		return nil, err
	}
	said, err := d.registered(ctx, readings)
	if err != nil {
		return nil, err
	}
	var out []counted
	for i, f := range readings {
		n, ok := counts[keys[i]]
		if of := said[keys[i]]; ok || of > 0 {
			out = append(out, counted{f, n.Spam, n.Ham, of})
		}
	}
	return out, nil
}

// shownAs finds the traits of campaigns that the screens show as text. It may
// end in the ellipsis of a cut value.
//
// A value that was cut on the screen is found by its beginning of nine bytes or
// more. Several such values are an error that tells how to see them whole.
func (d *decider) shownAs(ctx context.Context, text string) ([]evidence.Feature, error) {
	traits, err := d.st.TraitValues(ctx)
	if err != nil {
		return nil, err
	}
	text, cut := strings.CutSuffix(strings.ToLower(printable.Fold(text)), "…")
	var out []evidence.Feature
	for _, t := range traits {
		k, ok := evidence.KindOf(t.Kind)
		words := strings.ToLower(printable.Fold(wording.Trait(t.Kind, t.Value)))
		if ok && (words == text || cut && len(text) > 8 && strings.HasPrefix(words, text)) {
			out = append(out, evidence.Feature{Kind: k, Value: t.Value})
		}
	}
	if cut && len(out) > 1 {
		return nil, cli.Usage("%s begin so; widen the screen (COLUMNS=200) to see the whole of them", cli.Count(len(out), "trait", ""))
	}
	return out, nil
}

// registered counts the domains and addresses whose registry and DNS data
// match. It reads them only if one of the readings is of such a kind.
//
// It costs the reading of all registry data, hence only for such kinds.
func (d *decider) registered(ctx context.Context, readings []evidence.Feature) (map[evidence.Key]int, error) {
	out := make(map[evidence.Key]int)
	for _, f := range readings {
		if f.Kind.Is(evidence.Inherited) {
			out[f.Key()] = 0
		}
	}
	if len(out) == 0 {
		return out, nil
	}
	known, err := d.st.Knowledge(ctx)
	if err != nil {
		return nil, err
	}
	count := func(says []evidence.Feature) {
		for _, k := range evidence.Keys(says) {
			if _, asked := out[k]; asked {
				out[k]++
			}
		}
	}
	for i := range known.Domains {
		count(known.Domains[i].Features())
	}
	for i := range known.Addresses {
		count(append(known.Addresses[i].Features(), known.Addresses[i].HostFeatures()...))
	}
	return out, nil
}
