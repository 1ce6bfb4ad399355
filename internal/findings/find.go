package findings

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"spoor/graph/decision"
	"spoor/graph/evidence"
	"spoor/internal/cli"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
	"spoor/sql/store/campaigns"
)

// Found holds the occurrences of an indicator.
//
// Object and Hits exclude each other: a word that names one of our own objects
// is not looked for in mail.
//
// Without an Object and without Hits nothing was found, and Indicator tells how
// the word was read.
type Found struct {
	Indicator campaigns.Indicator
	Object    *Object // our own object that the word names; nil if none
	Hits      []campaigns.Hit
	Names     map[int64]string // of campaigns
	Stored    int64            // messages, ham too
}

// Object is a campaign, operation or spamrun.
//
// Messages is 0 for a campaign that is no more.
type Object struct {
	Kind     string // campaign, operation, spamrun
	ID       string
	Messages int64
	Command  string // that shows it
}

// Whole are the bounds of a search on the command line.
//
// More lines than a screen has; further ones are counted and not listed.
var Whole = campaigns.Bounds{Rows: 5000}

// Find looks up a text: as an id of ours, as an indicator, or as any evidence
// that a screen prints.
//
// Readings are tried from the most to the least specific. The first with hits
// counts, so that "example.com" is a host and not a word.
func Find(ctx context.Context, st *campaigns.Store, text string, most campaigns.Bounds) (*Found, error) {
	readings := naming.Readings(text)
	if len(readings) == 0 || len(text) > maxAskedFor {
		return nil, cli.Usage("%q is nothing that could be looked for", printable.Cut(text, 80))
	}
	f := &Found{Indicator: readings[0]}
	var err error
	if f.Object, err = objectNamed(ctx, st, text); err != nil {
		return nil, err
	}
	if f.Object == nil {
		for _, i := range readings {
			hits, err := st.Find(ctx, i, most)
			if err != nil {
				return nil, err
			}
			if len(hits) > 0 {
				f.Indicator, f.Hits = i, named(hits)
				break
			}
		}
	}
	if f.Object == nil && f.Hits == nil {
		if err := f.findTrait(ctx, st, text, most.Rows); err != nil {
			return nil, err
		}
	}
	return f, f.complete(ctx, st)
}

// FindAll looks for each of words as an indicator; nil stands for one that is none.
//
// The order is that of words. Names and totals are read once and shared.
//
// A list of a hundred thousand takes as many queries, each by an index.
func FindAll(ctx context.Context, st *campaigns.Store, words []string) ([]*Found, error) {
	all := &Found{}
	if err := all.complete(ctx, st); err != nil {
		return nil, err
	}
	out := make([]*Found, len(words))
	for n, word := range words {
		for _, i := range naming.Readings(word) {
			if i.Kind == "words" || len(word) > maxAskedFor {
				break // words are compared with all evidence, several queries for each
			}
			hits, err := st.Find(ctx, i, Whole)
			if err != nil {
				return nil, err
			}
			if out[n] == nil || len(hits) > 0 {
				out[n] = &Found{Indicator: i, Hits: hits, Names: all.Names, Stored: all.Stored}
			}
			if len(hits) > 0 {
				break
			}
		}
	}
	return out, nil
}

// maxAskedFor bounds the text of a search, in bytes.
const maxAskedFor = 2048

// FindText looks for mail that has all of some words in its subject or text.
func FindText(ctx context.Context, st *campaigns.Store, words string, most campaigns.Bounds) (*Found, error) {
	if strings.TrimSpace(words) == "" || len(words) > maxAskedFor {
		return nil, cli.Usage("--text takes words to look for")
	}
	f := &Found{Indicator: campaigns.Indicator{Kind: "text", Value: strings.TrimSpace(words)}}
	var err error
	if f.Hits, err = st.Find(ctx, f.Indicator, most); err != nil {
		return nil, err
	}
	return f, f.complete(ctx, st)
}

// complete adds the names of campaigns and the number of stored messages.
func (f *Found) complete(ctx context.Context, st *campaigns.Store) (err error) {
	if f.Names, err = decision.ReadNames(ctx, st); err != nil {
		return err
	}
	last, err := st.LastRun(ctx)
	f.Stored = last.Stored + last.StoredHam
	return err
}

// objectNamed finds the campaign, operation or spamrun that a word such as c2, o1 or r17 names.
func objectNamed(ctx context.Context, st *campaigns.Store, word string) (*Object, error) {
	word = strings.ToLower(strings.TrimSpace(word))
	if len(word) < 2 {
		return nil, nil
	}
	id, err := strconv.ParseInt(word[1:], 10, 64)
	if err != nil {
		return nil, nil
	}
	switch word[0] {
	case 'c':
		s, ok, err := st.State(ctx, id)
		if err != nil || !ok {
			return nil, err
		}
		return &Object{"campaign", naming.ID(id), s.Members, "correlate show " + naming.ID(id)}, nil
	case 'o':
		all, err := st.Operations(ctx)
		for i := range all {
			if all[i].ID == id {
				return &Object{"operation", naming.OperationID(id), all[i].Messages, "correlate show " + naming.OperationID(id)}, nil
			}
		}
		return nil, err
	case 'r':
		runs, err := st.Spamruns(ctx, campaigns.SpamrunFilter{Run: id})
		for i := range runs {
			if runs[i].ID == id {
				return &Object{"spamrun", word, runs[i].Messages, "correlate run-show " + word}, nil
			}
		}
		return nil, err
	}
	return nil, nil
}

// named gives roles of features the names of their kinds. It drops a feature if
// a field with the same value is among the hits.
//
// A hit of a feature has the key as its value, as the evidence is stored so.
func named(hits []campaigns.Hit) (out []campaigns.Hit) {
	fields := map[string]bool{}
	for _, h := range hits {
		fields[h.Role] = true
	}
	for _, h := range hits {
		if h.Role == "evidence" {
			key, err := strconv.ParseInt(h.Value, 10, 64)
			if err != nil {
				continue
			}
			k := evidence.Key(key).Kind()
			if again[k] != "" && fields[again[k]] {
				continue
			}
			h.Role, h.Value = k.String(), ""
		}
		out = append(out, h)
	}
	return out
}

// again names the field that shows the values of a kind as they stand.
var again = map[evidence.Kind]string{evidence.HELOName: "HELO", evidence.FromName: "From name", evidence.SubjectKey: "subject", evidence.SubjectForm: "subject",
	evidence.MailerName: "mailer", evidence.FileName: "attachment", evidence.Wallet: "in the text", evidence.Mailbox: "in the text"}

// findTrait compares the text with traits as screens print them, which cut
// long values.
//
// A value that ends in an ellipsis was copied from a screen that cut it: its
// beginning is compared.
func (f *Found) findTrait(ctx context.Context, st *campaigns.Store, text string, rows int) error {
	asked := plain(text)
	begins, cut := strings.CutSuffix(asked, "…")
	asked = strings.TrimSpace(begins)
	if asked == "" {
		return nil
	}
	err := st.EachTrait(ctx, likely(text, asked, cut), func(t *campaigns.NamedTrait) {
		if !printed(t, asked, cut) {
			return
		}
		role := t.Kind
		if t.OperationID != 0 {
			role += " of " + naming.OperationID(t.OperationID)
		}
		value := wording.Trait(t.Kind, t.Value)
		f.Hits = append(f.Hits, campaigns.Hit{Campaign: t.CampaignID, Role: role, Value: value, Spam: t.Members, RoleSpam: t.Members})
		if t.OperationID == 0 && t.Elsewhere+t.Ham > 0 {
			f.Hits = append(f.Hits, campaigns.Hit{Role: t.Kind + ", outside of " + naming.ID(t.CampaignID), Value: value, Spam: t.Elsewhere, Ham: t.Ham, RoleSpam: t.Elsewhere, RoleHam: t.Ham})
		}
	})
	if all := int64(len(f.Hits)); all > 0 {
		f.Indicator = campaigns.Indicator{Kind: "trait", Value: f.Hits[0].Value}
		f.Hits = f.Hits[:min(len(f.Hits), rows)]
		f.Hits[0].AllHits, f.Hits[0].AllRoles = all, all
	}
	return err
}

// likely lists where traits stand that a screen may write as text or asked:
// its letters, without the words before a value. Kinds whose values a screen
// writes in words of its own are read whole, if the text begins like these.
//
// The index is over the letters and digits of a trait's value, so that quotes,
// dots and blanks of a screen do not matter.
func likely(text, asked string, cut bool) []campaigns.TraitRange {
	var out []campaigns.TraitRange
	for k := range evidence.Kinds {
		for _, all := range distinct(letters(text), letters(asked)) {
			words, name := letters(k.Words()), letters(k.String())
			if k.Showing() == evidence.HELOClass {
				words, _, _ = strings.Cut(strings.ToLower(k.Words()), " ")
			}
			inWords, hasWords := strings.CutPrefix(all, words)
			inName, hasName := strings.CutPrefix(all, name)
			if own := !slices.Contains([]evidence.Showing{evidence.Plain, evidence.Quoted, evidence.FieldNames}, k.Showing()); own && (hasWords || hasName || cut && strings.HasPrefix(words, all)) {
				out = append(out, campaigns.TraitRange{Kind: k.String(), Most: lastLetters})
				continue
			}
			for _, value := range distinct(all, inWords, inName) {
				value = value[:min(len(value), mostLetters)]
				r := campaigns.TraitRange{Kind: k.String(), Least: value, Most: value}
				if cut {
					r.Most += lastLetters
				}
				out = append(out, r)
			}
		}
	}
	return out
}

// lastLetters comes after all letters and digits.
const lastLetters = "~"

// mostLetters is the number of letters and digits that SQL's trait_letters
// keeps.
const mostLetters = 100

// letters returns the ASCII letters and digits of text, in lower case.
func letters(text string) string {
	out := make([]byte, 0, len(text))
	for i := range len(text) {
		switch c := text[i]; {
		case '0' <= c && c <= '9', 'a' <= c && c <= 'z':
			out = append(out, c)
		case 'A' <= c && c <= 'Z':
			out = append(out, c|0x20)
		}
	}
	return string(out)
}

// distinct drops repeated strings.
func distinct(list ...string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// printed reports whether some screen writes a trait as asked: in words, by its kind's name,
// or its value alone.
func printed(t *campaigns.NamedTrait, asked string, cut bool) bool {
	forms := []string{plain(wording.Trait(t.Kind, t.Value)), plain(t.Kind + " " + t.Value), plain(t.Value)}
	return slices.ContainsFunc(forms, func(form string) bool {
		return form == asked || cut && strings.HasPrefix(form, asked)
	})
}

// plain folds case, quotation marks, defanging and white space.
func plain(text string) string {
	return strings.Join(strings.Fields(refanged.Replace(strings.ToLower(printable.Fold(text)))), " ")
}

// refanged undoes what a screen does to values.
var refanged = strings.NewReplacer("\"", "", "[.]", ".", "[at]", "@", "hxxp", "http")
