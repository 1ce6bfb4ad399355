package main

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/pflag"

	"spoor/enrich/asking"
	"spoor/internal/cli"
	"spoor/sql/store/lookups"
)

// addAskFlags defines the flags that choose the servers of look-ups. enrich and
// lookup show them; run takes them hidden.
func addAskFlags(s *asking.Settings, flags *pflag.FlagSet) {
	flags.StringArrayVar(&s.Resolvers, "resolver", nil, "`ADDRESS:PORT` DNS server; may be given again\nWithout it, the system's resolvers.")
	flags.StringArrayVar(&s.WHOIS, "whois", nil, "`[TLD=]HOST:PORT` WHOIS server, of all or of one TLD\nMay be given again. TLD may be a registry of addresses too: ripe, arin, apnic, lacnic, afrinic, iana. One without TLD is asked everything else, addresses too. Servers named here may be anywhere; others have to be public.")
	flags.StringVar(&s.RDAP, "rdap", "", "`URL|off` RDAP server of everything, or none\nWithout it, those of the bootstrap files that ship with Spoor.")
	flags.StringVar(&s.Bootstrap, "rdap-bootstrap", "", "`PATH|URL` newer bootstrap files of RDAP\nA folder with IANA's dns.json, ipv4.json and ipv6.json, or their URL.")
	flags.StringSliceVar(&s.Referrals, "referrals-to", nil, "`LIST` private servers that answers may refer to\nFor laboratories: HOST, HOST:PORT, 127.0.0.* or a prefix. Without it, referrals lead to public addresses only. Holds for WHOIS and RDAP.")
	flags.StringVar(&s.ASNZone, "asn-zone", "", "`ZONE` of origin AS by DNS\nDefault asn.cymru.com; \"off\" for none.")
	flags.StringArrayVar(&s.Netblocks, "netblocks", nil, "`FILE` table of netblocks: mmdb, TSV, delegated\nMay be given again. Asked before any server.")
	flags.StringSliceVar(&s.Sources, "sources", nil, "`LIST` ask only these\nOf rdap, whois, dns, ptr, origin, rdap-ip, whois-ip, table. Without it, all; of a domain, WHOIS only where RDAP has no answer. Sources named together are all asked, and all their answers kept.")
	flags.StringArrayVar(&s.Rates, "rate", nil, "`SERVER=RATE[,N]` its limit, as 5/s,2 at once\nMay be given again; /s, /min, /h or /day. SERVER is HOST, HOST:PORT, *.SUFFIX, 127.0.0.*, a prefix or :PORT. The most exact one counts; fields that it leaves out stay as they are.")
	flags.StringVar(&s.Record, "record", "", "`DIR` keep every answer in this folder")
	flags.StringVar(&s.Replay, "replay", "", "`DIR` answer from such a folder, without a network")
	cli.Seldom(flags, "record", "rdap-bootstrap", "asn-zone")
}

// loadSettings completes the flags from the recording that --replay names, then
// from the user's configuration file, and checks the result. A value that is
// set already stays: the flag goes before the recording, and the recording
// before the file. Errors are of misuse, except those of reading a recording.
func loadSettings(env *cli.Env, s *asking.Settings) error {
	if s.Record != "" && s.Replay != "" {
		return cli.Usage("--record and --replay exclude each other")
	}
	if name, text, err := s.Recorded(); err != nil {
		return askError(err)
	} else if len(text) > 0 {
		c, err := cli.ParseConfig(name, text)
		if err != nil {
			return err
		}
		recorded, err := settingsIn(c)
		if err != nil {
			return err
		}
		s.Complete(recorded)
	}
	config, err := env.Config()
	if err != nil {
		return err
	}
	c, err := settingsIn(config)
	if err != nil {
		return err
	}
	// A replay asks the servers of the recording; those of the user's
	// configuration must not apply.
	if s.Replay != "" {
		c.ForReplay()
	}
	s.Complete(c)
	// The environment goes last: it can only forbid the network, never allow
	// it.
	if v := env.Getenv("SPOOR_OFFLINE"); v != "" && v != "0" {
		s.Offline = true
	}
	if err := s.Check(); err != nil {
		return cli.Usage("%v", err)
	}
	return nil
}

// settingsIn reads the keys of a configuration that concern look-ups. An error
// names the line it is about.
//
// A key that may be repeated accumulates; each line is checked by itself first.
func settingsIn(c cli.Config) (s asking.Settings, err error) {
	return s, c.Each(asking.Keys(), func(key, value string) error {
		var one asking.Settings // by itself, so that the error has its line
		if err := errors.Join(one.Set(key, value), one.Check()); err != nil {
			return errors.New(strings.TrimPrefix(err.Error(), "--"+key+": "))
		}
		return s.Set(key, value)
	})
}

// newAsking builds the look-ups of an open store. Limits of servers are kept in
// the store, so that all processes share them.
func newAsking(ctx context.Context, env *cli.Env, session *cli.Session, s *asking.Settings) (*asking.Asking, error) {
	a, err := asking.New(ctx, s, lookups.New(session.DB).Limits(), func(err error) { env.Notef("%s\n", env.Text(err.Error())) })
	return a, askError(err)
}

// askError gives an error of the set-up its exit code: misuse if the settings
// contradict, else a part that failed.
func askError(err error) error {
	e, ok := errors.AsType[*asking.Error](err)
	if !ok {
		return err
	}
	code := cli.InPart
	if e.Misuse {
		code = cli.Misused
	}
	return &cli.Error{Code: code, Message: e.Message, Err: e.Err}
}
