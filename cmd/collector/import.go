package main

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"spoor/graph/correlation"
	"spoor/ingest"
	"spoor/ingest/mailbox"
	"spoor/ingest/received"
	"spoor/internal/cli"
	"spoor/sql/store/facts"
)

// importFlags are the flags of import and run.
type importFlags struct {
	class     class
	own, mx   []string
	noRaw     bool
	forwarded bool
	noAssign  bool
	logs      logFlags
	reclass   bool
}

// class is the value of --as.
//
// It is a type of its own so that pflag checks the word before anything runs.
type class ingest.Class

func (c *class) String() string { return string(*c) }
func (c *class) Type() string   { return "spam|ham" }

// Set accepts spam and ham; no other class exists.
func (c *class) Set(s string) error {
	switch ingest.Class(s) {
	case ingest.Spam, ingest.Ham:
		*c = class(s)
		return nil
	}
	return errors.New("must be spam or ham")
}

// add defines the flags of import, which run, watch and failures retry take
// too.
func (f *importFlags) add(cmd *cobra.Command) {
	f.class = class(ingest.Spam)
	flags := cmd.Flags()
	flags.Var(&f.class, "as", "class of the mail\nHam is wanted mail: it is counted when evidence is weighed, and is never in a campaign.")
	flags.BoolVar(&f.reclass, "reclassify", false, "give stored mail this class, too\nWithout it a message keeps the class under which it was first stored, and the conflict is told.")
	flags.StringArrayVar(&f.own, "own-mx", nil, "`PATTERN` our own servers: names with *, addresses, CIDRs\nA host name with *, an address, or a network in CIDR form; may be given again. Their Received fields are trusted, and their client is the sender. Without it the servers are inferred from the mail, and the inference is printed.")
	flags.StringArrayVar(&f.mx, "mx", nil, "`NAME=PRIORITY` an own server and its place among the MX\nMay be given again. The server counts as our own.")
	f.logs.add(cmd)
	flags.BoolVar(&f.noRaw, "no-raw", false, "don't keep the messages themselves\nOnly their facts are stored; reparse can't derive them again.")
	flags.BoolVar(&f.forwarded, "forwarded", false, "take attached messages as the spam\nFor mail that users forwarded as attachment (message/rfc822) to an abuse address.")
	if err := cmd.RegisterFlagCompletionFunc("as", cobra.FixedCompletions([]string{"spam", "ham"}, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err) // the flag is defined above
	}
}

// importCommand defines import.
func importCommand(env *cli.Env) *cobra.Command {
	var f importFlags
	c := &cobra.Command{
		Use:   "import PATH...",
		Short: "read mail into the store",
		Example: "  collector import ~/spam.mbox              mbox, Maildir, MH, .eml, folders\n" +
			"  collector import spam.tar.xz more.zip     archives and compressed files\n" +
			"  collector import c2.spoor                 a pack of evidence (correlate pack)\n" +
			"  collector import --as ham ~/Maildir       wanted mail, for comparison\n" +
			"  ssh mx cat spam.mbox | collector import -",
		Long: "The format of a path is detected from its content and printed. Sources are only read: never moved, changed or deleted. " +
			"Importing again stores only new messages. Ctrl-C stores the messages read so far; the next run goes on from there. " +
			"An unreadable message is kept with its place and reason: collector failures.",
		Args: somePaths,
		RunE: func(cmd *cobra.Command, args []string) error {
			return withImport(cmd.Context(), env, &f, args, func(s *cli.Session, done *imported) error {
				failed := done.assign(cmd.Context(), env, s) // the result of the import is printed nevertheless
				if env.ForPrograms() {
					return errors.Join(env.Result(done.json()), failed)
				}
				return errors.Join(done.print(env, "Next: correlate"), failed)
			})
		},
	}
	f.add(c)
	c.Flags().BoolVar(&f.noAssign, "no-assign", false, "don't put new mail into known campaigns\nNew spam that clearly belongs to a campaign of the last run of correlate joins it at once; the next run decides anew.")
	return c
}

// somePaths requires one argument or more, and shows an example otherwise.
func somePaths(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cli.Usage("no PATH given; for example: %s ~/spam.mbox", cmd.CommandPath())
	}
	return nil
}

// imported is the result of an import.
//
// guesses are there only if the servers were inferred. Counts are messages.
type imported struct {
	run     int64
	flags   *importFlags
	where   *cli.Session
	own     received.Own
	said    *ownChange // what --own-mx and --mx changed of stored mail
	guesses []received.Guess
	sum     *ingest.Summary
	stored  facts.ImportSummary
	joined  correlation.Assignment
	logs    logged
	forgot  int64 // messages that were forgotten and stay so
	other   int64 // messages that are stored as the other class, or were until now
	took    time.Duration
	stopped bool
}

// withImport imports the paths, passes the result to show, and returns the
// error that sets the exit code. Everything that can be wrong on the command
// line is checked before the store is created.
func withImport(ctx context.Context, env *cli.Env, f *importFlags, paths []string, show func(*cli.Session, *imported) error) (err error) {
	if err := checkPaths(paths); err != nil {
		return err
	}
	if _, err := f.ownServers(); err != nil {
		return err
	}
	// A pack is checked as a whole before the store is touched: none of a
	// damaged one is stored.
	evidence, err := openPack(f, paths)
	if err != nil {
		return err
	}
	var own received.Own // own servers of the origin of a pack
	if evidence != nil {
		if own, err = ownOf(evidence); err != nil {
			return err
		}
	}
	session, err := env.OpenStore(ctx, cli.Create)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	done, err := importPaths(ctx, env, session, f, own, paths)
	if err != nil {
		return env.StoreError(err, session.Where)
	}
	if evidence != nil {
		if err := adopt(context.WithoutCancel(ctx), env, session, evidence); err != nil {
			return err
		}
	}
	if err := show(session, done); err != nil {
		return err
	}
	return done.end()
}

// checkPaths refuses missing paths before any work is done.
//
// Other errors than absence (permissions, unreadable disks) are left to the
// import, which records them as failures.
func checkPaths(paths []string) error {
	stdin := 0
	for _, p := range paths {
		if p == "-" {
			if stdin++; stdin > 1 {
				return cli.Usage("- can be read only once")
			}
			continue
		}
		if _, err := os.Stat(p); errors.Is(err, os.ErrNotExist) {
			return cli.Usage("no such file or folder: %s", p)
		}
	}
	return nil
}

// ownServers reads --own-mx and --mx. Names is empty unless --own-mx is given:
// exchangers alone do not determine the servers behind them, which are still
// inferred.
func (f *importFlags) ownServers() (own received.Own, err error) {
	if len(f.own) > 0 {
		if own, err = received.ParseOwn(f.own); err != nil {
			return own, cli.Usage("--own-mx: %v", err)
		}
	}
	for _, v := range f.mx {
		x, err := received.ParseMX(v)
		if err == nil {
			_, err = received.ParseOwn([]string{x.Name})
		}
		if err != nil {
			return own, cli.Usage("--mx: %v", err)
		}
		own.MX = append(own.MX, x)
	}
	if len(f.own) > 0 {
		own.Names = append(own.Names, names(own.MX)...)
	}
	return own, nil
}

// names returns the host names of exchangers.
func names(mx []received.MX) []string {
	var out []string
	for _, x := range mx {
		out = append(out, x.Name)
	}
	return out
}

// remember stores the settings of --own-mx and --mx, which apply to all mail.
func (f *importFlags) remember(ctx context.Context, st *facts.Store) (facts.OwnSettings, error) {
	var list facts.OwnSettings
	for _, value := range f.own {
		for _, p := range strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' }) {
			list = append(list, facts.OwnSetting{Kind: facts.OwnServer, Pattern: p})
		}
	}
	for _, v := range f.mx {
		list = append(list, facts.OwnSetting{Kind: facts.OwnExchanger, Pattern: v})
	}
	return st.AddOwn(ctx, list)
}

// ownInForce returns the stored settings of our own servers. Names is empty if
// only exchangers are known: the servers behind them are still inferred.
func ownInForce(ctx context.Context, st *facts.Store) (own received.Own, err error) {
	settings, err := st.OwnSettings(ctx)
	if err != nil {
		return own, err
	}
	own, err = settings.Own()
	if settings.Explicit() {
		own.Names = append(own.Names, names(own.MX)...)
	}
	return own, err
}

// arguments returns the command line as the store records it, so that a user
// can see later how mail was imported.
func (f *importFlags) arguments(paths []string) []string {
	var out []string
	for _, v := range f.own {
		out = append(out, "--own-mx="+v)
	}
	for _, v := range f.mx {
		out = append(out, "--mx="+v)
	}
	if f.noRaw {
		out = append(out, "--no-raw")
	}
	if f.forwarded {
		out = append(out, "--forwarded")
	}
	out = append(out, f.logs.arguments()...)
	return append(out, paths...)
}

// latest returns the latest time that a server of ours can have written, with a
// day for clocks that are ahead.
func latest(env *cli.Env) time.Time { return env.Now().Add(24 * time.Hour) }

// importPaths reads the paths into an open store, in this order: settings,
// sources, own servers, mail, logs, failures. After a signal it stores the
// messages read so far and returns their sum.
func importPaths(ctx context.Context, env *cli.Env, session *cli.Session, f *importFlags, own received.Own, paths []string) (d *imported, err error) {
	began := env.Now()
	boundMemory(env)
	o := ingest.Options{
		Class: ingest.Class(f.class), KeepRaw: !f.noRaw, Forwarded: f.forwarded,
		Limits: mailbox.DefaultLimits, Progress: new(ingest.Progress),
	}
	// Logs are recognised by content among the sources, so each import is ready
	// for them.
	reader, writer, err := f.logs.readLogs(ctx, env, session)
	if err != nil {
		return nil, err
	}
	o.Logs = reader
	d = &imported{flags: f, where: session}
	// From here on, data that was read is stored and reported, even after a
	// signal.
	keep := context.WithoutCancel(ctx)
	tell := context.AfterFunc(ctx, func() { env.Notef("\nStopping: messages read so far are being stored. Once more kills.\n") })
	defer tell()

	if err := d.settleOwn(keep, env, own); err != nil {
		return nil, err
	}
	sources, lost := find(ctx, env, paths, o.Limits)
	d.inferOwn(ctx, sources, o)
	o.Own = d.own
	// A time in the future cannot be one that our own server wrote.
	o.Own.Latest = latest(env)
	sink, err := facts.New(session.DB).Begin(keep, facts.Import{Class: o.Class, Own: o.Own, Arguments: f.arguments(paths), StartedAt: began, NoRaw: f.noRaw})
	if err != nil {
		return nil, err
	}
	d.run = sink.ID
	progress := env.StartProgress(newMeter(env, sources, o.Progress).line)
	defer progress.Stop()
	d.sum, err = ingest.Run(ctx, sources, sink, o)
	progress.Stop()
	if err != nil && ctx.Err() == nil {
		return nil, err
	}
	// The error of a stopped run is the context's; the sum has the messages read.
	d.stopped = ctx.Err() != nil
	// Logs come after mail: their transactions are joined to stored messages.
	if d.logs, err = finishLogs(keep, env, session, reader, writer); err != nil {
		return nil, err
	}
	if err := d.finish(keep, sink, lost); err != nil {
		return nil, err
	}
	d.took = env.Now().Sub(began)
	if d.stored, err = facts.New(session.DB).ImportSummary(keep, d.run, topSenders); err != nil {
		return nil, err
	}
	return d, d.check()
}

// settleOwn stores the command line's settings of our own servers, and combines
// them with those of the store and of a pack.
func (d *imported) settleOwn(ctx context.Context, env *cli.Env, packed received.Own) (err error) {
	st := facts.New(d.where.DB)
	if d.said, err = applyOwn(ctx, env, st, d.flags.remember); err != nil {
		return err
	}
	if len(packed.Names)+len(packed.Addrs) == 0 {
		d.own, err = ownInForce(ctx, st)
		return err
	}
	settings, err := st.OwnSettings(ctx)
	if err == nil {
		d.own, err = settings.For(packed)
	}
	return err
}

// inferOwn infers our own servers from the mail unless they are configured.
// Exchangers that --mx named are added.
//
// The survey reads a sample of the sources before the import. Without own
// servers no hop can be trusted, and no message has a certain sender.
func (d *imported) inferOwn(ctx context.Context, sources []*mailbox.Source, o ingest.Options) {
	if len(d.own.Names)+len(d.own.Addrs) > 0 {
		return
	}
	mx := d.own.MX
	d.own, d.guesses = ingest.Survey(ctx, sources, o)
	d.own.Inferred = true
	d.own.MX, d.own.Names = mx, append(d.own.Names, names(mx)...)
}
