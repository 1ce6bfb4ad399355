package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"spoor/enrich"
	"spoor/enrich/asking"
	"spoor/enrich/whois"
	"spoor/internal/cli"
	"spoor/internal/domain"
	"spoor/sql/store/lookups"
)

// lookupCommand defines lookup.
func lookupCommand(env *cli.Env) *cobra.Command {
	var s asking.Settings
	var raw bool
	c := &cobra.Command{
		Use:   "lookup DOMAIN|ADDRESS",
		Short: "ask registries and DNS about one domain or address now",
		Example: "  collector lookup www.example.com\n" +
			"  collector lookup 192.0.2.7",
		Long: "Asks the registry, DNS and the regional registry about one name or address, shows the answers as people read WHOIS, and stores them. " +
			"It asks also where a fresh answer is stored, but keeps to the servers' limits.",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return cli.Usage("needs one DOMAIN or ADDRESS; for example: collector lookup www.example.com")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return lookupOne(cmd.Context(), env, &s, args[0], raw)
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.BoolVar(&raw, "raw", false, "show the answers as they came")
	addAskFlags(&s, flags)
	return c
}

// askedFor is one look-up task on one subject.
type askedFor struct {
	task    enrich.Task
	subject enrich.Subject
}

// questionsOf returns the look-ups for a word of the command line: an address,
// a host, or a URL of which only the host counts. Defanged forms are
// understood, because people copy names out of reports.
//
// A name below a public suffix gives two: the registration of its operator's
// domain, and the DNS of the name itself. Parsing is the whole defence here:
// nothing but a normalised name reaches a server.
func questionsOf(word string) ([]askedFor, error) {
	word = strings.TrimSpace(strings.NewReplacer("[.]", ".", "hxxp://", "", "hxxps://", "", "http://", "", "https://", "").Replace(word))
	word, _, _ = strings.Cut(word, "/")
	if a, err := netip.ParseAddr(strings.Trim(word, "[]")); err == nil {
		s := enrich.Subject{Kind: enrich.Address, Name: a.Unmap().WithZone("").String()}
		return []askedFor{{enrich.ReverseTask, s}, {enrich.NetblockTask, s}}, nil
	}
	n, ok := domain.Parse(word)
	if !ok || n.Malformed || !strings.Contains(n.Host, ".") {
		return nil, cli.Usage("%q is neither a domain nor an address", word)
	}
	var out []askedFor
	if n.Operator != "" {
		out = append(out, askedFor{enrich.RegistrationTask, enrich.Subject{Kind: enrich.Domain, Name: n.Operator}})
	}
	kind := enrich.Host
	if n.Host == n.Operator || n.Host == n.Registered {
		kind = enrich.Domain
	}
	return append(out, askedFor{enrich.NamesTask, enrich.Subject{Kind: kind, Name: n.Host}}), nil
}

// lookupOne looks up, stores and prints. No answer at all is exit code 1.
//
// Answers are stored before they are shown, so that a closed pipe loses none.
func lookupOne(ctx context.Context, env *cli.Env, s *asking.Settings, word string, raw bool) (err error) {
	questions, err := questionsOf(word)
	if err != nil {
		return err
	}
	if err := loadSettings(env, s); err != nil {
		return err
	}
	session, err := env.OpenStore(ctx, cli.Create)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	a, err := newAsking(ctx, env, session, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	// The lack of a network must not be stored as answers.
	if !a.Online(ctx) {
		return &cli.Error{Code: cli.InPart, Message: "no network", Hint: "Nothing was asked."}
	}
	observations, err := askNow(ctx, a, questions, env.Now())
	if err != nil {
		return err
	}
	told := answered{word: word, observations: observations}
	if err := told.keep(ctx, lookups.New(session.DB), questions); err != nil {
		return env.StoreError(err, session.Where)
	}
	switch {
	case env.ForPrograms():
		err = env.Result(told.json())
	case len(observations) == 0:
		err = env.Printf("%s: none of the sources asked has an answer.\n", env.Text(word))
	default:
		err = told.print(env, raw)
	}
	if err != nil {
		return err
	}
	return lookupEnd(observations)
}

// answered holds the answers about one name, with contradictions between
// sources and earlier registrations of the domain.
type answered struct {
	word         string
	observations []enrich.Observation
	conflicts    []lookups.Conflict
	lives        []lookups.Life
}

// keep stores the answers. It then reads where sources disagree about the
// domain, older answers included, and the earlier registrations of a domain
// that was registered anew.
func (a *answered) keep(ctx context.Context, s *lookups.Store, questions []askedFor) (err error) {
	if err := s.Observe(ctx, a.observations); err != nil {
		return err
	}
	for _, q := range questions {
		if q.task != enrich.RegistrationTask {
			continue
		}
		if a.conflicts, err = s.Conflicts(ctx, q.subject.Name); err != nil {
			return err
		}
		if a.lives, err = s.EarlierLives(ctx, q.subject.Name); err != nil {
			return err
		}
	}
	return nil
}

// askNow performs the look-ups with those that their answers lead to, as a
// registry refers to a registrar. Addresses of a host are not followed; they
// can be looked up the same way.
func askNow(ctx context.Context, a *asking.Asking, questions []askedFor, now time.Time) ([]enrich.Observation, error) {
	var out []enrich.Observation
	for _, q := range questions {
		done, err := enrich.Now(ctx, a.Lookups[q.task], enrich.Claim{Subject: q.subject, Task: q.task}, now)
		if backed, ok := errors.AsType[*enrich.BackedOff](err); ok {
			return out, &cli.Error{Code: cli.InPart, Message: fmt.Sprintf("%s is left alone until %s: %s", backed.Server, cli.Minute(backed.Until), backed.Reason)}
		}
		if err != nil {
			return out, fmt.Errorf("look up %s: %w", q.subject.Name, err)
		}
		out = append(out, done...)
	}
	return out, nil
}

// lookupEnd returns the exit code: 1 if all sources said that there is none,
// and a part that failed if one could not answer.
func lookupEnd(list []enrich.Observation) error {
	none := true
	for _, o := range list {
		switch o.Outcome {
		case enrich.Answered:
			return nil
		case enrich.None:
		default:
			none = false
		}
	}
	if none {
		return cli.Silent(cli.NoneFound)
	}
	return cli.Silent(cli.InPart)
}

// observationJSON is one answer. Parsed has the fields of its kind, Raw the
// text of the server.
type observationJSON struct {
	Kind    string    `json:"kind"`
	Subject string    `json:"subject"`
	Source  string    `json:"source"`
	Server  string    `json:"server"`
	AskedAt time.Time `json:"asked_at"`
	Seconds float64   `json:"seconds"`
	Outcome string    `json:"outcome"`
	Detail  string    `json:"detail,omitempty"`
	Parsed  any       `json:"parsed,omitempty"`
	Raw     string    `json:"raw,omitempty"`
}

// lookupJSON is the output of lookup.
type lookupJSON struct {
	Asked        string             `json:"asked"`
	Observations []observationJSON  `json:"observations"`
	Conflicts    []lookups.Conflict `json:"conflicts,omitempty"`
	Lives        []lookups.Life     `json:"earlier_lives,omitempty"`
}

// json returns the answers for programs.
func (a *answered) json() lookupJSON {
	out := lookupJSON{Asked: a.word, Conflicts: a.conflicts, Lives: a.lives}
	for _, o := range a.observations {
		out.Observations = append(out.Observations, observationJSON{
			string(o.Kind), o.Name, string(o.Source), o.Server, o.AskedAt, o.Took.Seconds(), string(o.Outcome), o.Detail, snake(o.Parsed), textOfAnswer(&o),
		})
	}
	return out
}

// snake converts the keys of a parsed answer to our JSON style.
//
// The DNS library's record type has Go's names; all other answers have tags.
func snake(parsed any) any {
	r, ok := parsed.(*enrich.Records)
	if !ok || r.SOA == nil {
		return parsed
	}
	type soa struct {
		Zone   string `json:"zone"`
		MName  string `json:"mname"`
		RName  string `json:"rname"`
		Serial uint32 `json:"serial"`
	}
	return struct {
		*enrich.Records
		SOA soa `json:"soa"`
	}{r, soa{r.SOA.Zone, r.SOA.MName, r.SOA.RName, r.SOA.Serial}}
}

// textOfAnswer returns an answer as text, WHOIS decoded by its server's
// charset; DNS has none.
func textOfAnswer(o *enrich.Observation) string {
	switch o.Source {
	case enrich.DNS, enrich.PTR, enrich.Origin:
		return ""
	case enrich.RDAP, enrich.IPRDAP:
		return strings.ToValidUTF8(string(o.Raw), "\uFFFD")
	}
	return whois.Decode(o.Raw, o.Name, o.Server)
}
