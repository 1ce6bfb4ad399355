package naming

import (
	"cmp"
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

// formOf returns the form of evidence values for an indicator.
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

// ReadFeature lists the possible meanings of text, most likely first: "KIND
// VALUE", "KIND:VALUE", or an indicator without a kind. exact is true if it
// names a kind.
func ReadFeature(text string) (readings []evidence.Feature, exact bool, err error) {
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
			continue // it has more than a host
		}
		for _, v := range forms(k, value) {
			readings = append(readings, evidence.Feature{Kind: k, Value: v})
		}
	}
	return readings, exact, nil
}

// namedKind removes the longest name or synonym of a kind from the start of
// text.
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
		// A synonym that is also the name of a kind means that kind, unless it
		// cannot have the value.
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

// forms lists the possible spellings of a kind's value in its key, most likely
// first.
func forms(k evidence.Kind, value string) []string {
	lower := strings.ToLower(value)
	out := []string{value, lower}
	switch i, ok := ParseIndicator(value); {
	case !ok, k.Form() == evidence.Free:
	case k.Form() == evidence.Page:
		// Evidence has host and path, or the host and its customer after a
		// space.
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

// distinct drops empty and repeated strings and keeps the order.
func distinct(list []string) []string {
	var out []string
	for _, s := range list {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// noKind is the error for a text that names no kind and is no indicator. It
// lists kinds with similar names.
func noKind(text string) error {
	text = printable.Cut(text, 80)
	if near := nearKinds(text); len(near) > 0 {
		return cli.Usage("%q begins with no kind of evidence; near are: %s", text, strings.Join(near, ", "))
	}
	return cli.Usage("%q is no indicator, and begins with no kind of evidence; correlate ignore --help lists the kinds", text)
}

// nearKinds lists up to five kinds whose names resemble the start of typed.
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

// FeatureWords formats a feature in the form in which users can type it.
func FeatureWords(f evidence.Feature) string { return fmt.Sprintf("%s %s", f.Kind, f.Value) }
