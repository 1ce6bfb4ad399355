// Package grep prints every line of logs and every stored message that mentions
// a pattern, in the order of time.
//
// A line is one recipient of one mail, with its verdict, campaign and spamrun,
// so that a complaint of one user can be followed through all servers.
package grep

import (
	"fmt"
	"net/netip"
	"time"

	"spoor/internal/cli"
	"spoor/internal/naming"
	"spoor/sql/store/logs"
)

// Print prints the mentions in the order of time; none is exit code 1.
func Print(env *cli.Env, pattern string, found []logs.Mention) error {
	if env.ForPrograms() {
		if err := env.Result(asJSON(pattern, found)); err != nil {
			return err
		}
	} else if err := print(env, pattern, found); err != nil {
		return err
	}
	if len(found) == 0 {
		return cli.Silent(cli.NoneFound)
	}
	return nil
}

// print prints a headline, the table, and the number of mentions beyond the
// limit.
func print(env *cli.Env, pattern string, found []logs.Mention) error {
	if len(found) == 0 {
		return env.Printf("Nothing mentions %s.\n", env.Cut(pattern, 60))
	}
	// The number of senders tells one machine's mail from a campaign's at a
	// glance.
	senders := map[netip.Addr]bool{}
	for i := range found {
		if s := found[i].Sender; s != nil {
			senders[*s] = true
		}
	}
	head := fmt.Sprintf("%s from %s, %s to %s UTC.", cli.Count(found[0].All, "mention", ""), cli.Count(len(senders), "sender", ""), stamp(found[0].At), stamp(found[len(found)-1].At))
	if err := env.Printf("%s\n", head); err != nil {
		return err
	}
	t := env.Table(cli.Column{Title: "Time UTC"}, cli.Column{Title: "Sender"}, cli.Column{Title: "From", Flex: true}, cli.Column{Title: "To", Flex: true},
		cli.Column{Title: "Was"}, cli.Column{Title: "At", Flex: true}, cli.Column{Title: "In"})
	for i := range found {
		m := &found[i]
		t.Row(stamp(m.At), senderText(m), text(m.ReturnPath, "<>"), text(m.Recipient, ""), was(m), where(m), in(m, env.Columns()))
	}
	if err := t.Print(); err != nil {
		return err
	}
	if rest := found[0].All - int64(len(found)); rest > 0 {
		return env.Printf("\n%s more: correlate grep --all %s\n", cli.Number(rest), env.Cut(pattern, 60))
	}
	return nil
}

// stamp is a time in UTC to the second; "-" if it is unknown.
func stamp(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.UTC().Format(time.DateTime)
}

// senderText is the sender's address; "-" if it is unknown.
func senderText(m *logs.Mention) string {
	if m.Sender == nil {
		return "-"
	}
	return m.Sender.String()
}

// text is a value; "-" if it is unknown, and empty if it is known to be empty.
func text(s *string, empty string) string {
	switch {
	case s == nil:
		return "-"
	case *s == "":
		return empty
	}
	return *s
}

// was is the verdict with its reason; "stored" for a message without a log
// line.
func was(m *logs.Mention) string {
	if m.Verdict == nil {
		return "stored"
	}
	s := *m.Verdict
	if m.Reason != nil {
		s += " " + *m.Reason
	}
	if m.Kind != nil && *m.Kind != "valid" && *m.Kind != "unknown" {
		s += ", " + *m.Kind
	}
	return s
}

// where is the server with the queue id, and the subject of a stored message.
func where(m *logs.Mention) string {
	s := text(m.Server, "")
	if m.QueueID != nil {
		s += " " + *m.QueueID
	}
	if m.Subject != nil {
		s += " " + *m.Subject
	}
	return s
}

// wideEnoughForRuns is the width from which ids of spamruns are shown, which
// take 20 cells.
const wideEnoughForRuns = 110

// in names the campaign and, on a wide screen, the spamrun.
func in(m *logs.Mention, width int) string {
	s := ""
	if m.Campaign != nil {
		s = naming.ID(*m.Campaign)
	}
	if m.SpamrunID != nil && width >= wideEnoughForRuns {
		if s != "" {
			s += " "
		}
		s += fmt.Sprintf("r%d", *m.SpamrunID)
	}
	return s
}

// Document lists mentions for programs.
type Document struct {
	Pattern  string        `json:"pattern"`
	Count    int64         `json:"mention_count"`
	Mentions []mentionJSON `json:"mentions"`
}

// mentionJSON is one recipient of one mail. Null is unknown; ids are strings,
// since they have 63 bits.
type mentionJSON struct {
	At         *time.Time  `json:"at"`
	Origin     string      `json:"origin"`
	Server     *string     `json:"server"`
	File       *string     `json:"file"`
	Line       *int64      `json:"line"`
	QueueID    *string     `json:"queue_id"`
	Sender     *netip.Addr `json:"sender"`
	Helo       *string     `json:"helo"`
	ReturnPath *string     `json:"return_path"`
	Recipient  *string     `json:"recipient"`
	Verdict    *string     `json:"verdict"`
	Reason     *string     `json:"reason"`
	Outcome    *string     `json:"outcome"`
	Kind       *string     `json:"kind"`
	MadeFrom   *string     `json:"made_from"`
	MessageID  *string     `json:"message_id"`
	Subject    *string     `json:"subject"`
	Spamrun    *string     `json:"spamrun_id"`
	Campaign   *string     `json:"campaign"`
}

// asJSON converts mentions; every mention repeats the total.
func asJSON(pattern string, found []logs.Mention) Document {
	out := Document{Pattern: pattern, Mentions: []mentionJSON{}}
	for i := range found {
		m := &found[i]
		out.Count = m.All
		j := mentionJSON{At: m.At, Origin: m.Origin, Server: m.Server, File: m.File, Line: m.Line, QueueID: m.QueueID, Sender: m.Sender, Helo: m.Helo, ReturnPath: m.ReturnPath,
			Recipient: m.Recipient, Verdict: m.Verdict, Reason: m.Reason, Outcome: m.Outcome, Kind: m.Kind, MadeFrom: m.MadeFrom, MessageID: m.MessageID, Subject: m.Subject}
		if m.SpamrunID != nil {
			id := fmt.Sprint(*m.SpamrunID)
			j.Spamrun = &id
		}
		if m.Campaign != nil {
			id := naming.ID(*m.Campaign)
			j.Campaign = &id
		}
		out.Mentions = append(out.Mentions, j)
	}
	return out
}
