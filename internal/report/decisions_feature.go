package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"spoor/graph/evidence"
	"spoor/internal/cli"
	"spoor/internal/printable"
	"spoor/sql/store"
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
	switch last, err := d.st.LastCorrelation(ctx); {
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

// ofMessages reports whether messages have features of that kind themselves, and not
// through what registries and DNS say of their domains and senders.
func ofMessages(k evidence.Kind) bool {
	switch k {
	case evidence.SenderOwner, evidence.SenderAS:
		return false
	}
	return k.Group() != evidence.Registration && k.Group() != evidence.Hosting
}

// registered counts the domains and addresses of which registries and DNS say what is
// looked for. That is read only if one of the readings is of such a kind.
func (d *decider) registered(ctx context.Context, readings []evidence.Feature) (map[evidence.Key]int, error) {
	out := make(map[evidence.Key]int)
	for _, f := range readings {
		if !ofMessages(f.Kind) {
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

// spoken are words that people use for kinds, and those by which our screens show them.
func spoken() map[string][]evidence.Kind {
	out := map[string][]evidence.Kind{
		"link":         {evidence.LinkDomain, evidence.LinkHost, evidence.LinkTenant},
		"url":          {evidence.LinkTenant},
		"host":         {evidence.LinkHost, evidence.LinkDomain, evidence.HELOName, evidence.MessageIDHost},
		"domain":       domainKinds(),
		"from":         {evidence.FromAddress, evidence.FromDomain, evidence.FromName},
		"sender":       {evidence.SenderAddress, evidence.SenderNet},
		"helo":         {evidence.HELOName, evidence.HELOForm},
		"mail address": mailKinds(),
		"address":      netKinds(),
		"mailer":       {evidence.MailerName},
	}
	for k := range evidence.Kinds {
		const value = "VALUE"
		words, _, _ := strings.Cut(traitWords(k.String(), value), value)
		words = strings.ToLower(strings.Trim(words, " \"@"))
		if words != "" && !slices.Contains(out[words], k) {
			out[words] = append(out[words], k)
		}
	}
	return out
}

func domainKinds() []evidence.Kind {
	return []evidence.Kind{evidence.LinkDomain, evidence.LinkHost, evidence.LinkTenant, evidence.FromDomain, evidence.BounceDomain, evidence.HELOName,
		evidence.MessageIDHost, evidence.ReverseDomain, evidence.Unsubscribe, evidence.NameServers}
}

func mailKinds() []evidence.Kind {
	return []evidence.Kind{evidence.Mailbox, evidence.ReplyTo, evidence.FromAddress, evidence.RegistrantEmail}
}

func netKinds() []evidence.Kind {
	return []evidence.Kind{evidence.SenderAddress, evidence.SenderNet, evidence.Origin, evidence.LinkDomain, evidence.LinkHost,
		evidence.HostAddress, evidence.HostNet, evidence.ServerAddress}
}

// kindsOf says which kinds a bare indicator can be.
func kindsOf(i store.Indicator) []evidence.Kind {
	switch i.Kind {
	case "host":
		return domainKinds()
	case "net":
		return netKinds()
	case "mail":
		return mailKinds()
	case "phone":
		return []evidence.Kind{evidence.Phone, evidence.RegistrantPhone}
	case "url":
		return []evidence.Kind{evidence.LinkTenant}
	case "hash":
		return []evidence.Kind{evidence.Attachment}
	case "message-id":
		return []evidence.Kind{evidence.MessageID}
	}
	return nil
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
		kinds, value = kindsOf(i), text
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
	for name, of := range spoken() {
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
	if i, ok := ParseIndicator(value); ok {
		switch k {
		case evidence.LinkDomain, evidence.FromDomain, evidence.BounceDomain, evidence.Unsubscribe, evidence.LinkHost, evidence.HELOName,
			evidence.MessageIDHost, evidence.ReverseDomain, evidence.Mailbox, evidence.ReplyTo, evidence.FromAddress,
			evidence.Phone, evidence.SenderAddress, evidence.SenderNet, evidence.Origin, evidence.MessageID, evidence.NameServers,
			evidence.HostAddress, evidence.HostNet, evidence.ServerAddress, evidence.RegistrantEmail:
			out = []string{i.Value, value, lower}
		case evidence.LinkTenant:
			// Host and path, as evidence has it; or the host and its customer after a space.
			_, rest, _ := strings.Cut(i.Value, "://")
			rest, _, _ = strings.Cut(rest, "#")
			rest, _, _ = strings.Cut(rest, "?")
			out = []string{rest, value}
		}
	}
	if k == evidence.SubjectKey {
		out = append([]string{subjectKey(value)}, out...)
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

// subjectKey takes a subject as a message has it to its normal form.
func subjectKey(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
	return strings.Join(strings.Fields(s), " ")
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

// nearKinds lists up to five kinds that are spelled like the beginning of text.
func nearKinds(text string) []string {
	type near struct {
		name string
		far  int
	}
	var all []near
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == ' ' || r == ':' })
	for k := range evidence.Kinds {
		name := strings.ToLower(k.String())
		n := min(len(strings.Fields(name)), len(words))
		far := distance(strings.Join(words[:n], " "), name)
		if len(words) > 0 && distance(words[0], strings.Fields(name)[0]) <= len(words[0])/3 {
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

// distance counts the letters to insert, delete or replace to get from a to b. Both are
// short.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}

// KindNames lists the kinds of evidence as people may type them.
func KindNames() []string {
	var out []string
	for k := range evidence.Kinds {
		out = append(out, k.String())
	}
	return out
}
