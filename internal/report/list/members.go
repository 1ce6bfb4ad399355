package list

import (
	"bufio"
	"iter"

	"spoor/internal/cli"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
	"spoor/sql/store/campaigns"
)

// MembersDocument is the list of members for programs.
type MembersDocument struct {
	Members []Member `json:"members"`
}

// Member is a message that is in a campaign, for programs.
type Member struct {
	Campaign  string `json:"campaign_id"`
	MessageID string `json:"message_id"`
	SHA256    string `json:"sha256"`
}

// Members prints every message that is in a campaign, a line each. only is the
// id of one campaign, or 0 for all. With tsv a line is Message-ID, tab and
// campaign, for programs. listed are the hashes of the messages that were
// printed with a number.
func Members(env *cli.Env, all iter.Seq2[campaigns.Member, error], only int64, tsv bool) (listed []string, err error) {
	// Lines for programs are streamed. A table is not, since its widths depend
	// on all rows.
	w := bufio.NewWriterSize(env.Stdout, 64<<10)
	var list MembersDocument
	t := env.Table(cli.Column{Title: "#", Right: true}, cli.Column{Title: "ID", Right: true}, cli.Column{Title: "SHA-256"}, cli.Column{Title: "Message-ID", Flex: true})
	n := 0
	for m, err := range all {
		switch {
		case err != nil:
			return nil, err
		case only != 0 && m.CampaignID != only:
			continue
		case tsv:
			w.WriteString(printable.Field(m.MessageID) + "\t" + naming.ID(m.CampaignID) + "\n") // Flush returns the error
		case env.ForPrograms():
			list.Members = append(list.Members, Member{naming.ID(m.CampaignID), m.MessageID, m.SHA256})
		default:
			listed = append(listed, m.SHA256)
			t.Row(cli.Number(n+1), naming.ID(m.CampaignID), wording.Head(m.SHA256, 12), m.MessageID)
		}
		n++
	}
	err = w.Flush()
	switch {
	case tsv:
	case env.ForPrograms():
		err = env.Result(list)
	case n > 0:
		err = t.Print()
	}
	if err == nil && n == 0 {
		return nil, env.Nothing("No message is in a campaign.")
	}
	return listed, err
}
