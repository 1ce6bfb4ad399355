package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"spoor/ingest/maillog"
	"spoor/ingest/received"
	"spoor/ingest/tail"
	"spoor/internal/cli"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/logs"
)

// watchFlags are the flags of watch.
type watchFlags struct {
	importFlags
	every time.Duration
	once  bool
}

// watchCommand defines watch. New mail is not assigned to campaigns.
func watchCommand(env *cli.Env) *cobra.Command {
	f := watchFlags{importFlags: importFlags{noAssign: true}}
	c := &cobra.Command{
		Use:   "watch PATH...",
		Short: "follow mail logs and Maildirs, and tell of bursts that start",
		Example: "  collector watch /var/log/mail.log\n" +
			"  collector watch --own-mx '*.example.org' /var/log/mail.log ~/Maildir",
		Long: "Logs are followed through rotation; how far each was read is kept in the store, so that after a restart or a kill nothing is lost and nothing counted twice. " +
			"New mail in Maildirs is imported as it comes. A burst that starts is printed, stands in spamruns_v, and is told to those who LISTEN on spoor_spamrun. Ctrl-C ends it.",
		Args: somePaths,
		RunE: func(cmd *cobra.Command, args []string) error { return watch(cmd.Context(), env, &f, args) },
	}
	f.add(c)
	c.Flags().DurationVar(&f.every, "every", time.Second, "`TIME` between two looks")
	c.Flags().BoolVar(&f.once, "once", false, "read new lines and mail once, and end")
	return c
}

// watcher follows paths.
//
// All state that must survive a restart is in the store. told is rebuilt from
// it: runs known at the start count as told.
type watcher struct {
	env     *cli.Env
	session *cli.Session
	store   *logs.Store
	flags   *watchFlags
	reader  *maillog.Reader
	writer  *logs.Writer
	tails   []*tail.Tail
	boxes   []*maildir
	own     received.Own   // servers; inferred by the first import unless they are named
	told    map[int64]bool // spamruns
	latest  time.Time      // of the lines read
	dirty   bool           // something is new since runs were looked for
	derived time.Time      // when that was
	cost    time.Duration  // its duration
}

// watch polls the paths until a signal.
func watch(ctx context.Context, env *cli.Env, f *watchFlags, paths []string) (err error) {
	if f.every < 50*time.Millisecond {
		return cli.Usage("--every %v is too short; 50ms at least", f.every)
	}
	session, err := env.OpenStore(ctx, cli.Create)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	w := &watcher{env: env, session: session, store: logs.New(session.DB), flags: f, told: map[int64]bool{}}
	w.writer = w.store.Begin()
	// One reader for all logs: a transaction may begin in one file and end in
	// the next.
	w.reader = maillog.NewReader(maillog.Options{Zone: f.logs.zone.Location, Server: f.logs.host})
	if err := w.open(ctx, paths); err != nil {
		return env.StoreError(err, session.Where)
	}
	defer w.close()
	for {
		// An error of the store ends the program: a supervisor starts it again,
		// and the stored position says where to go on.
		if err := w.look(ctx); err != nil {
			if ctx.Err() != nil {
				return cli.Silent(cli.Stopped)
			}
			return env.StoreError(err, session.Where)
		}
		if f.once {
			return nil
		}
		select {
		case <-ctx.Done():
			return cli.Silent(cli.Stopped)
		case <-time.After(f.every):
		}
	}
}

// open determines the kind of each path and continues logs at their stored
// positions. Spamruns that are known already are not reported.
func (w *watcher) open(ctx context.Context, paths []string) error {
	own, err := w.flags.logs.own()
	if err != nil {
		return err
	}
	if w.own, err = w.flags.ownServers(); err != nil {
		return err
	}
	if err := w.store.AddOwn(ctx, own); err != nil {
		return err
	}
	kept, err := w.store.Positions(ctx)
	if err != nil {
		return err
	}
	for _, p := range paths {
		abs, err := filepath.Abs(p)
		if err != nil {
			return err
		}
		info, err := os.Stat(abs)
		if errors.Is(err, fs.ErrNotExist) {
			w.env.Notef("%s is not there yet.\n", w.env.Text(p))
		}
		if err == nil && info.IsDir() {
			w.boxes = append(w.boxes, &maildir{path: abs, seen: map[string]bool{}})
			continue
		}
		if at, ok := kept[abs]; ok {
			w.tails = append(w.tails, tail.New(abs, &at))
		} else {
			w.tails = append(w.tails, tail.New(abs, nil))
		}
	}
	known, err := campaigns.New(w.session.DB).Spamruns(ctx, campaigns.SpamrunFilter{})
	for _, r := range known {
		w.told[r.ID] = true
	}
	return err
}

// close closes the files.
func (w *watcher) close() {
	for _, t := range w.tails {
		if err := t.Close(); err != nil {
			w.env.Notef("%v\n", err)
		}
	}
}

// look reads everything new once. Finding runs may take a tenth of the time: it
// waits ten times as long as the last search took.
func (w *watcher) look(ctx context.Context) error {
	for _, t := range w.tails {
		changed, err := t.Poll(func(s tail.Stretch) (int64, int64, error) { return w.read(ctx, t, s) })
		if err != nil {
			return err
		}
		w.dirty = w.dirty || changed
	}
	for _, box := range w.boxes {
		fresh, err := box.fresh()
		if err != nil {
			return err
		}
		if len(fresh) > 0 {
			done, err := importPaths(ctx, w.env, w.session, &w.flags.importFlags, w.own, fresh)
			if err != nil {
				return err
			}
			w.own = done.own
			w.dirty = true
		}
	}
	// Looking for runs takes a share of a core that stays small however much is stored.
	if !w.dirty || !w.flags.once && time.Since(w.derived) < max(2*time.Second, 10*w.cost) {
		return nil
	}
	return w.derive(ctx)
}

// read stores the content of a stretch, and then its position. After a kill
// between the two, the stretch is read again, which changes nothing.
func (w *watcher) read(ctx context.Context, t *tail.Tail, s tail.Stretch) (int64, int64, error) {
	var batch []maillog.Delivery
	flush := func() error {
		_, err := w.writer.Deliveries(ctx, batch)
		batch = batch[:0]
		return err
	}
	for d, err := range w.reader.Read(s, maillog.File{Name: s.Path, Modified: s.Modified, Line: s.Lines, Growing: s.Growing}) {
		if err != nil {
			return 0, 0, err
		}
		// This bounds memory and the length of a transaction.
		if batch = append(batch, d); len(batch) >= 2000 {
			if err := flush(); err != nil {
				return 0, 0, err
			}
		}
	}
	info := w.reader.Info()
	// Transactions that are not complete yet are stored as they are. Their
	// later lines complete the rows, see logs.Writer.
	for d := range w.reader.Pending() {
		batch = append(batch, d)
	}
	if err := flush(); err != nil {
		return 0, 0, err
	}
	if err := w.writer.Finish(ctx); err != nil {
		return 0, 0, err
	}
	if info.Last.After(w.latest) {
		w.latest = info.Last
	}
	done := t.Position()
	done.Offset += info.Bytes
	done.Lines = info.LinesRead
	info.Lines += s.Lines
	if err := w.writer.File(ctx, info); err != nil {
		return 0, 0, err
	}
	return info.Bytes, info.LinesRead - s.Lines, w.store.Keep(ctx, done)
}

// startingRun is the minimum number of recipients of a reported burst. Smaller
// bursts are stored all the same, and correlate runs lists them.
const startingRun = 5

// derive finds the runs and reports new ones.
func (w *watcher) derive(ctx context.Context) error {
	began := time.Now()
	if _, err := w.store.Derive(ctx); err != nil {
		return err
	}
	w.dirty, w.derived, w.cost = false, time.Now(), time.Since(began)
	found, err := campaigns.New(w.session.DB).Spamruns(ctx, campaigns.SpamrunFilter{})
	if err != nil {
		return err
	}
	// They come largest first; the smallest new burst is told first, and the
	// largest stays last on the screen.
	for i := len(found) - 1; i >= 0; i-- {
		r := &found[i]
		if w.told[r.ID] || max(r.Attempts, r.Messages) < startingRun {
			continue
		}
		w.told[r.ID] = true
		if err := w.tell(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// burstJSON is a burst, for programs and for listeners.
type burstJSON struct {
	ID       string    `json:"spamrun_id"`
	Sender   string    `json:"sender"`
	Started  time.Time `json:"started_at"`
	Attempts int64     `json:"attempts"`
	Refused  int64     `json:"refused"`
	Targets  []string  `json:"target_domains"`
	MX       []string  `json:"mx"`
}

// maxPayload is below the limit of NOTIFY, 8000 bytes.
const maxPayload = 7000

// tell prints a burst and notifies listeners.
func (w *watcher) tell(ctx context.Context, r *campaigns.Spamrun) error {
	b := burstJSON{fmt.Sprint(r.ID), r.Sender.String(), r.StartedAt.UTC(), r.Attempts, r.Refused, r.TargetDomains[:min(3, len(r.TargetDomains))], r.MX[:min(3, len(r.MX))]}
	text, err := json.Marshal(b)
	if err != nil {
		return err
	}
	// Names of domains and servers are a stranger's and may be long; the
	// numbers alone always fit.
	if len(text) > maxPayload {
		b.Targets, b.MX = nil, nil
		if text, err = json.Marshal(b); err != nil {
			return err
		}
	}
	if w.env.ForPrograms() {
		err = w.env.Result(b)
	} else {
		err = w.env.Printf("%s  burst from %s: %s, %s refused, to %s  r%d\n", r.StartedAt.UTC().Format("2006-01-02 15:04:05Z"), r.Sender, cli.Count(max(r.Attempts, r.Messages), "recipient", ""),
			cli.Number(r.Refused), w.env.Cut(fmt.Sprint(b.Targets), 60), r.ID)
	}
	return errors.Join(err, w.store.Notify(ctx, string(text)))
}
