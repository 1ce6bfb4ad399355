package find

import (
	"fmt"
	"slices"
	"strings"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/printable"
)

// ManyDocument is the output of find for a list of indicators.
type ManyDocument struct {
	Asked       int     `json:"asked"`
	Found       int     `json:"found"`
	NotReadable int     `json:"not_readable"` // as anything to look for
	Indicators  []Asked `json:"indicators"`
}

// Asked is one of many indicators, as it was given. An unreadable one has no
// kind.
type Asked struct {
	Asked     string   `json:"asked"`
	Campaigns []string `json:"campaigns"`
	Document
}

// Many prints a line for each of many indicators; asked are the words that were
// given. An unreadable word is exit code 3; no hit at all is 1.
func Many(env *cli.Env, asked []string, found []*findings.Found) error {
	out := ManyDocument{Asked: len(asked)}
	for i, f := range found {
		line := Asked{Asked: asked[i]}
		switch {
		case f == nil:
			out.NotReadable++
		case len(f.Hits) > 0:
			out.Found++
			line.Campaigns = campaignsOf(f)
		}
		if f != nil {
			line.Document = documentOf(f)
		}
		out.Indicators = append(out.Indicators, line)
	}
	err := printMany(env, &out)
	switch {
	case err != nil:
		return err
	case out.NotReadable > 0:
		return cli.Silent(cli.InPart)
	case out.Found == 0:
		return cli.Silent(cli.NoneFound)
	}
	return nil
}

// campaignsOf lists the campaigns that have an indicator, each once.
func campaignsOf(f *findings.Found) []string {
	var ids []string
	for _, h := range f.Hits {
		if id := naming.ID(h.Campaign); h.Campaign != 0 && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// printMany prints the table, or JSON. URLs are defanged in the table only.
func printMany(env *cli.Env, out *ManyDocument) error {
	if env.ForPrograms() {
		return env.Result(out)
	}
	t := env.Table(cli.Column{Title: "asked", Flex: true}, cli.Column{Title: "read as"}, cli.Column{Title: "msgs", Right: true}, cli.Column{Title: "ham", Right: true},
		cli.Column{Title: "first"}, cli.Column{Title: "last"}, cli.Column{Title: "campaigns", Flex: true})
	for i := range out.Indicators {
		a := &out.Indicators[i]
		word, kind := a.Value, IndicatorNames[a.Kind]
		switch a.Kind {
		case "":
			word, kind = a.Asked, "nothing"
		case "url":
			word = printable.Defang(word)
		}
		row := []string{word, kind, cli.Number(a.Spam), cli.Number(a.Ham)}
		if a.First != nil && a.Last != nil {
			row = append(row, cli.Date(*a.First), cli.Date(*a.Last))
		} else {
			row = append(row, "", "")
		}
		t.Row(append(row, strings.Join(a.Campaigns, " "))...)
	}
	if err := t.Print(); err != nil {
		return err
	}
	text := fmt.Sprintf("%d of %s found", out.Found, cli.Count(out.Asked, "indicator", ""))
	if out.NotReadable > 0 {
		text += fmt.Sprintf("; %s nothing that could be looked for", cli.Count(out.NotReadable, "line is", "lines are"))
	}
	return env.Printf("\n%s.\n", text)
}
