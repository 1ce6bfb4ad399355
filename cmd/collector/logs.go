package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"spoor/ingest"
	"spoor/ingest/maillog"
	"spoor/internal/cli"
	"spoor/sql/store/logs"
)

// logFlags are the flags of import, run and watch for mail logs.
//
// The zero value leaves all of it to the logs.
type logFlags struct {
	zone    zone
	year    int
	host    string
	domains []string
	users   string
}

// zone is the value of --zone: a name of the tz database, or an offset.
type zone struct{ *time.Location }

// String returns the zone as it was given; "" before it is set. pflag asks for
// it at the zero value.
func (z *zone) String() string {
	if z.Location == nil {
		return ""
	}
	return z.Location.String()
}
func (z *zone) Type() string { return "zone" }

// Set reads a name or an offset. "Local" is refused: recorded as an argument of
// the import, it would not name a zone.
//
// An offset is written as +0100 or +01:00.
func (z *zone) Set(s string) (err error) {
	if t, err := time.Parse("-0700", strings.Replace(s, ":", "", 1)); err == nil {
		_, east := t.Zone()
		z.Location = time.FixedZone(s, east)
		return nil
	}
	if s == "" || s == "Local" {
		return errors.New("must be a name such as Europe/Berlin, or an offset such as +0100")
	}
	if z.Location, err = time.LoadLocation(s); err != nil {
		return errors.New("is no zone that this machine knows; give an offset such as +0100")
	}
	return nil
}

// add defines the flags for logs. Most are hidden, as the logs usually show
// these things themselves.
func (f *logFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.Var(&f.zone, "zone", "`ZONE` of log stamps that have none\nA name such as Europe/Berlin or an offset such as +0100. Without it the zone is found by queue ids or by the messages that are joined, and printed.")
	flags.IntVar(&f.year, "year", 0, "`YEAR` of the last line of logs without year\nWithout it the time of the file decides.")
	flags.StringVar(&f.host, "log-host", "", "`NAME` of the server that wrote logs without host names")
	flags.StringArrayVar(&f.domains, "own-domain", nil, "`DOMAIN` that is ours; may be given again\nRecipients elsewhere are foreign. Without it the logs show which domains we take mail for.")
	flags.StringVar(&f.users, "users", "", "`FILE` of our users, an address a line\nBroken recipients are explained by them. A line without @ is a user of every domain.")
	for _, name := range []string{"year", "log-host", "own-domain", "users"} {
		if err := flags.MarkHidden(name); err != nil {
			panic(err) // the flag is defined above
		}
	}
}

// maxUserLine bounds a line of --users, in bytes. A longer one is an error of
// the flag.
const maxUserLine = 1 << 20

// own returns the configured addresses of our own.
func (f *logFlags) own() (logs.Own, error) {
	own := logs.Own{Domains: f.domains}
	if f.users == "" {
		return own, nil
	}
	file, err := os.Open(f.users)
	if err != nil {
		return own, cli.Usage("--users: %v", err)
	}
	defer file.Close()
	if own.Users, err = userLines(file); err != nil {
		return own, cli.Usage("--users %s: %v", f.users, err)
	}
	if len(own.Users) == 0 {
		return own, cli.Usage("--users %s: it names nobody", f.users)
	}
	return own, nil
}

// userLines reads the first word of each line, the user in aliases and
// passwd-like files; # begins a comment.
func userLines(r io.Reader) (users []string, err error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxUserLine)
	for lines.Scan() {
		line, _, _ := strings.Cut(lines.Text(), "#")
		if w := strings.Fields(line); len(w) > 0 {
			if u := strings.Trim(w[0], "<>,;"); u != "" {
				users = append(users, strings.ToLower(strings.TrimSuffix(u, ":")))
			}
		}
	}
	return users, lines.Err()
}

// arguments returns the flags as the store records them.
func (f *logFlags) arguments() (out []string) {
	if f.zone.Location != nil {
		out = append(out, "--zone="+f.zone.String())
	}
	if f.year != 0 {
		out = append(out, "--year="+strconv.Itoa(f.year))
	}
	if f.host != "" {
		out = append(out, "--log-host="+f.host)
	}
	for _, d := range f.domains {
		out = append(out, "--own-domain="+d)
	}
	if f.users != "" {
		out = append(out, "--users="+f.users)
	}
	return out
}

// logged is the result of importing logs.
type logged struct {
	*ingest.Logs
	found logs.Derived
	fresh int64 // transactions that were not stored before
}

// files lists the logs that were read; none if the import met no log.
func (l *logged) files() []maillog.FileInfo {
	if l.Logs == nil {
		return nil
	}
	return l.Files
}

// readLogs prepares the import of logs. The count of stored transactions before
// it serves finishLogs.
//
// The Reader goes with the import, so logs may stand among the mail in any
// order.
func (f *logFlags) readLogs(ctx context.Context, env *cli.Env, s *cli.Session) (*ingest.Logs, *logs.Writer, error) {
	own, err := f.own()
	if err != nil {
		return nil, nil, err
	}
	st := logs.New(s.DB)
	if err := st.AddOwn(ctx, own); err != nil {
		return nil, nil, err
	}
	w := st.Begin()
	if w.Before, err = st.Count(ctx); err != nil {
		return nil, nil, err
	}
	return ingest.NewLogs(w, ingest.LogOptions{Zone: f.zone.Location, Year: f.year, Server: f.host, Now: env.Now()}), w, nil
}

// printLogs lists the log files with their periods.
func (l *logged) printLogs(env *cli.Env) error {
	if len(l.files()) == 0 {
		return nil
	}
	t := env.Table(cli.Column{}, cli.Column{Flex: true, Path: true}, cli.Column{Right: true}, cli.Column{}, cli.Column{})
	t.Indent = 0
	for i := range l.Files {
		if i == listedSources && len(l.Files) > listedSources+1 {
			t.Row("", "and "+cli.Number(len(l.Files)-i)+" more logs", "", "", "")
			break
		}
		f := &l.Files[i]
		t.Row(string(f.Kind), env.Tilde(f.Name), cli.Count(f.Lines, "line", ""), cli.Span(f.First, f.Last), l.zoneText(f))
	}
	return t.Print()
}

// zoneText describes the time zone of a log and the source of that setting.
//
// A zone by joined messages is the surest, since Received fields have one.
func (l *logged) zoneText(f *maillog.FileInfo) string {
	basis, east := f.ZoneBasis, f.ZoneSeconds
	if z, ok := l.found.Zones[f.Name]; ok {
		basis, east = "joined messages", z
	}
	switch basis {
	case maillog.BasisNone:
		if f.Lines == 0 {
			return ""
		}
		return "zone unknown, UTC taken; --zone"
	}
	sign := '+'
	if east < 0 {
		sign, east = '-', -east
	}
	return fmt.Sprintf("%c%02d:%02d by %s", sign, east/3600, east/60%60, basis)
}

// printSum adds the content of the logs to the summary of an import. Lines that
// no parser understood are shown by their shapes, so that a user can report
// them.
func (l *logged) printSum(env *cli.Env) error {
	if len(l.files()) == 0 {
		return nil
	}
	lines, unknown := l.Lines()
	if err := env.Printf("\n"); err != nil {
		return err
	}
	for _, x := range []struct {
		name string
		n    int64
	}{{"log lines", lines}, {"not understood", unknown}, {"new deliveries", l.fresh}, {"with a message", l.found.Joined}, {"spamruns", l.found.Runs}} {
		if err := env.Printf("  %-15s %12s\n", x.name, cli.Number(x.n)); err != nil {
			return err
		}
	}
	shown := 0
	for i := range l.Files {
		for _, s := range l.Files[i].UnknownShapes {
			if shown == listedFailures {
				return nil
			}
			if err := env.Printf("  %s line %d, %s alike: %s\n", env.Text(env.Tilde(l.Files[i].Name)), s.Line, cli.Number(s.Count), env.Cut(s.Text, max(30, env.Columns()-40))); err != nil {
				return err
			}
			shown++
		}
	}
	return nil
}

// finishLogs stores the last transactions, joins parts of transactions, and
// derives spamruns from logs and mail.
//
// It gets a context that no signal ends: lines that were read are stored.
func finishLogs(ctx context.Context, env *cli.Env, s *cli.Session, r *ingest.Logs, w *logs.Writer) (logged, error) {
	out := logged{Logs: r}
	before := w.Before
	if err := r.Finish(ctx); err != nil {
		return out, err
	}
	if err := w.Finish(ctx); err != nil {
		return out, err
	}
	// Parts joined to others are not counted, so compare the counts before and
	// after.
	after, err := logs.New(s.DB).Count(ctx)
	if err != nil {
		return out, err
	}
	out.fresh = max(0, after-before)
	boundDerivation(env)
	out.found, err = logs.New(s.DB).Derive(ctx)
	return out, err
}
