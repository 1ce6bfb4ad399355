package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"spoor/graph/evidence"
	mailtext "spoor/ingest/text"
	"spoor/internal/cli"
	"spoor/internal/printable"
	"spoor/internal/text"
	"spoor/sql/store/campaigns"
)

// counted is a feature and how many messages have it, or of how many domains and
// addresses registries and DNS say it.
type counted struct {
	evidence.Feature
	spam, ham int64
	of        int
}

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

// features reads what people mean by a feature: of the readings that text allows, those
// that messages have, or registries speak of; else what a screen shows so. One that no message
// has is kept only by force, and then the kind has to be given: a slip of the pen would stay
// for ever, and no one would notice.
func (d *decider) features(ctx context.Context, text string) ([]counted, error) {
	readings, exact, unread := readFeature(text)
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
		return nil, nothing(d.env, "No evidence has been worked out yet: run correlate first.")
	case d.Force:
		return nil, cli.Usage("no message has %s; with --force its kind is needed too, such as %q", printable.Cut(text, 80), featureWords(readings[0]))
	case strings.Contains(text, "://"):
		return nil, nothing(d.env, "No message has %s as evidence of its own. But at hosts that many share, a URL counts by its host and its path: name one of these.", d.env.Text(printable.Cut(text, 100)))
	}
	return nil, nothing(d.env, "No message has %s; to keep the decision for those to come, name its kind and add --force.", d.env.Text(printable.Cut(text, 100)))
}

// occurring are those of the readings that messages have, or that registries speak of.
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

// shownAs finds the traits of campaigns that the screens show as text, which may end in
// the ellipsis of what was cut.
func (d *decider) shownAs(ctx context.Context, text string) ([]evidence.Feature, error) {
	traits, err := d.st.TraitValues(ctx)
	if err != nil {
		return nil, err
	}
	text, cut := strings.CutSuffix(strings.ToLower(printable.Fold(text)), "…")
	var out []evidence.Feature
	for _, t := range traits {
		k, ok := evidence.KindOf(t.Kind)
		words := strings.ToLower(printable.Fold(traitWords(t.Kind, t.Value)))
		if ok && (words == text || cut && len(text) > 8 && strings.HasPrefix(words, text)) {
			out = append(out, evidence.Feature{Kind: k, Value: t.Value})
		}
	}
	if cut && len(out) > 1 {
		return nil, cli.Usage("%s begin so; widen the screen (COLUMNS=200) to see the whole of them", cli.Count(len(out), "trait", ""))
	}
	return out, nil
}

// registered counts the domains and addresses of which registries and DNS say what is
// looked for. That is read only if one of the readings is of such a kind.
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

// formOf is the form of values that an indicator is.
func formOf(i campaigns.Indicator) evidence.Form {
	switch i.Kind {
	case "host":
		return evidence.Host
	case "net":
		return evidence.Net
	case "mail":
		return evidence.Mail
	case "phone":
		return evidence.Telephone
	case "url":
		return evidence.Page
	case "hash":
		return evidence.Hash
	case "message-id":
		return evidence.ID
	}
	return evidence.Free
}

// readFeature lists what text may mean, the likeliest first: "KIND VALUE", "KIND:VALUE",
// or an indicator without a kind. exact: it names a kind.
func readFeature(text string) (readings []evidence.Feature, exact bool, err error) {
	text = strings.TrimSpace(text)
	kinds, value := namedKind(text)
	if _, bare := evidence.KindOf(text); bare {
		value = ""
	}
	exact = kinds != nil
	if !exact {
		i, ok := ParseIndicator(text)
		if !ok {
			return nil, false, noKind(text)
		}
		kinds, value = evidence.Bare(formOf(i)), text
	}
	if value == "" {
		return nil, false, cli.Usage("%q lacks a value after the kind", printable.Cut(text, 80))
	}
	i, _ := ParseIndicator(value)
	url := i.Kind == "url"
	for _, k := range kinds {
		if url && (k == evidence.LinkHost || k == evidence.LinkDomain) {
			continue // names more than a host
		}
		for _, v := range forms(k, value) {
			readings = append(readings, evidence.Feature{Kind: k, Value: v})
		}
	}
	return readings, exact, nil
}

// namedKind cuts the longest name of a kind, or word for some, from the beginning of text.
func namedKind(text string) (kinds []evidence.Kind, value string) {
	lower, longest := strings.ToLower(text), 0
	fits := func(name string) bool {
		rest, ok := strings.CutPrefix(lower, strings.ToLower(name))
		if !ok || rest == "" || len(name) <= longest || rest[0] != ' ' && rest[0] != ':' || strings.HasPrefix(rest, "://") {
			return false
		}
		longest = len(name)
		return true
	}
	for k := range evidence.Kinds {
		if fits(k.String()) {
			kinds = []evidence.Kind{k}
		}
	}
	for name, of := range evidence.Typed() {
		// A word that is also a kind's name is the kind, unless that cannot have the value.
		if fits(name) || len(name) == longest && strings.HasPrefix(lower, name) {
			kinds, longest = of, len(name)
		}
	}
	if kinds == nil {
		return nil, ""
	}
	value = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text[longest:]), ":"))
	if quoted := len(value) >= 2 && value[0] == '"' && value[len(value)-1] == '"'; quoted {
		value = value[1 : len(value)-1]
	}
	return kinds, value
}

// forms lists how the value of a kind may be written in its key, the likeliest first.
func forms(k evidence.Kind, value string) []string {
	lower := strings.ToLower(value)
	out := []string{value, lower}
	switch i, ok := ParseIndicator(value); {
	case !ok, k.Form() == evidence.Free:
	case k.Form() == evidence.Page:
		// Host and path, as evidence has it; or the host and its customer after a space.
		_, rest, _ := strings.Cut(i.Value, "://")
		rest, _, _ = strings.Cut(rest, "#")
		rest, _, _ = strings.Cut(rest, "?")
		out = []string{rest, value}
	default:
		out = []string{i.Value, value, lower}
	}
	if k == evidence.SubjectKey {
		out = append([]string{mailtext.SubjectKey(value)}, out...)
	}
	return distinct(out)
}

func distinct(list []string) []string {
	var out []string
	for _, s := range list {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// noKind is the error for a feature that names no kind and is no indicator; it lists the
// kinds that may have been meant.
func noKind(text string) error {
	text = printable.Cut(text, 80)
	if near := nearKinds(text); len(near) > 0 {
		return cli.Usage("%q begins with no kind of evidence; near are: %s", text, strings.Join(near, ", "))
	}
	return cli.Usage("%q is no indicator, and begins with no kind of evidence; correlate ignore --help lists the kinds", text)
}

// nearKinds lists up to five kinds that are spelled like the beginning of what was typed.
func nearKinds(typed string) []string {
	type near struct {
		name string
		far  int
	}
	var all []near
	words := strings.FieldsFunc(strings.ToLower(typed), func(r rune) bool { return r == ' ' || r == ':' })
	for k := range evidence.Kinds {
		name := strings.ToLower(k.String())
		n := min(len(strings.Fields(name)), len(words))
		far := text.Distance(strings.Join(words[:n], " "), name)
		if len(words) > 0 && text.Distance(words[0], strings.Fields(name)[0]) <= len(words[0])/3 {
			far = min(far, len(name)/3) // the first word is right, or nearly
		}
		if far <= len(name)/3 {
			all = append(all, near{k.String(), far})
		}
	}
	slices.SortStableFunc(all, func(a, b near) int { return cmp.Compare(a.far, b.far) })
	var out []string
	for _, n := range all[:min(len(all), 5)] {
		out = append(out, n.name)
	}
	return out
}
