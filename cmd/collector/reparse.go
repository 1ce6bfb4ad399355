package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"spoor/ingest"
	"spoor/internal/cli"
	"spoor/sql/store/facts"
)

// reparseBatch is the number of messages per transaction, and maxRaw the
// maximum unpacked size of one, in bytes.
const (
	reparseBatch = 500
	maxRaw       = 256 << 20
)

// reparseCommand defines reparse.
func reparseCommand(env *cli.Env) *cobra.Command {
	var all bool
	c := &cobra.Command{
		Use:     "reparse",
		Short:   "derive the facts again from the kept messages",
		Example: "  collector reparse            after an upgrade\n  collector reparse --all      facts of this version too",
		Long: "Facts bear the version of the extractor that derived them. Those of an older one are derived again from the raw messages; " +
			"campaigns, places and the messages themselves stay. Messages whose facts were deleted are derived again, too. It can be stopped and run again.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return reparse(cmd.Context(), env, all) },
	}
	c.Flags().BoolVar(&all, "all", false, "also facts of this very version")
	return c
}

// reparsed counts the results of deriving facts again.
type reparsed struct {
	read, derived, failed atomic.Int64
	own                   facts.OwnSettings
	left                  int64 // messages with old facts and nothing kept to derive from
}

// reparse derives facts again: those of older extractors, or with --all every
// one. Settings of own servers apply as they are now.
//
// "older" is the first version that is not derived again: that of this program,
// or one more for --all.
func reparse(ctx context.Context, env *cli.Env, all bool) (err error) {
	s, err := env.OpenStore(ctx, cli.Write)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	older := ingest.ExtractorVersion
	if all {
		older++
	}
	began, done := time.Now(), new(reparsed)
	if done.own, err = facts.New(s.DB).OwnSettings(ctx); err != nil {
		return env.StoreError(err, s.Where)
	}
	progress := env.StartProgress(func(elapsed time.Duration) string {
		n := done.read.Load()
		return fmt.Sprintf("deriving  %s   %s/s", cli.Number(n), cli.Number(int64(float64(n)/max(elapsed.Seconds(), 0.001))))
	})
	defer progress.Stop()
	err = done.everything(ctx, env, facts.New(s.DB), older)
	progress.Stop()
	if err != nil && ctx.Err() == nil {
		return env.StoreError(err, s.Where)
	}
	sum, err := facts.New(s.DB).Summary(context.WithoutCancel(ctx))
	if err != nil {
		return env.StoreError(err, s.Where)
	}
	done.left = sum.OldExtractor
	return done.report(env, time.Since(began), ctx.Err() != nil)
}

// everything goes through the store by key, a batch at a time. A batch that has
// begun is finished, so a signal leaves no message half done.
func (d *reparsed) everything(ctx context.Context, env *cli.Env, st *facts.Store, older int) error {
	keep := context.WithoutCancel(ctx)
	for after := int64(math.MinInt64); ctx.Err() == nil; {
		raws, err := st.RawMessages(keep, after, older, reparseBatch)
		if err != nil || len(raws) == 0 {
			return err
		}
		if err := d.batch(keep, env, st, raws); err != nil {
			return err
		}
		after = raws[len(raws)-1].Key
	}
	return ctx.Err()
}

// batch derives the facts of some messages again and stores them.
//
// Messages whose facts exist are replaced, and those without are stored anew.
// Both happen after the whole batch was derived, in one transaction each.
func (d *reparsed) batch(ctx context.Context, env *cli.Env, st *facts.Store, raws []facts.RawMessage) error {
	for i := range raws {
		var err error
		if raws[i].Own, err = d.own.For(raws[i].Own); err != nil {
			return err
		}
	}
	derived, lost, err := d.derive(env, raws)
	if err != nil {
		return err
	}
	if err := st.Replace(ctx, derived); err != nil {
		return err
	}
	if len(lost) > 0 {
		if err := st.Recover(ctx, lost); err != nil {
			return err
		}
	}
	d.read.Add(int64(len(raws)))
	d.derived.Add(int64(len(derived) + len(lost)))
	return nil
}

// derive extracts the facts of a batch on all cores: in out for messages that
// have some, in lost for those whose facts were deleted. A message that fails
// is noted, counted and left as it is.
func (d *reparsed) derive(env *cli.Env, raws []facts.RawMessage) (out []ingest.Facts, lost []facts.Lost, err error) {
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(runtime.GOMAXPROCS(0)), zstd.WithDecoderMaxMemory(maxRaw))
	if err != nil {
		return nil, nil, fmt.Errorf("start decompression: %w", err)
	}
	defer z.Close()
	derived := make([]*ingest.Facts, len(raws))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range raws {
		g.Go(func() error {
			f, err := again(z, &raws[i], latest(env))
			// One bad message must not stop the others: it keeps its old facts
			// and is named.
			if err != nil {
				d.failed.Add(1)
				env.Notef("message %016x: %s\n", uint64(raws[i].Key), env.Text(err.Error()))
				return nil
			}
			derived[i] = f
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, nil, err
	}
	for i, f := range derived {
		switch {
		case f == nil:
		case raws[i].Lost:
			lost = append(lost, facts.Lost{Facts: *f, Key: raws[i].Key, Import: raws[i].Import})
		default:
			out = append(out, *f)
		}
	}
	return out, lost, nil
}

// again derives the facts of one stored message. A panic is a bug, which must
// not stop the others. A cut message whose facts are lost can't be derived: its
// hash and size were those of the whole.
func again(z *zstd.Decoder, raw *facts.RawMessage, latest time.Time) (f *ingest.Facts, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the extractor failed (%v); please report it", p)
		}
	}()
	data, err := z.DecodeAll(raw.Data, nil)
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	raw.Own.Latest = latest
	if raw.Lost && raw.Cut {
		return nil, errors.New("its facts are lost and only its first part was kept: import it again")
	}
	f = ingest.Extract(data, raw.Class, &raw.Own)
	f.Hash, f.Size, f.RawCut = raw.Hash, raw.Size, raw.Cut
	if raw.Lost {
		f.Hash, f.Size = sha256.Sum256(data), int64(len(data))
	}
	return f, nil
}

// reparseJSON is the output of reparse.
type reparseJSON struct {
	Read    int64   `json:"read"`
	Derived int64   `json:"derived"`
	Failed  int64   `json:"failed"`
	Left    int64   `json:"left_old"`
	Seconds float64 `json:"seconds"`
	Stopped bool    `json:"stopped"`
}

// report prints the counts and returns the exit code.
//
// Failed messages count among those with old facts, hence the subtraction.
func (d *reparsed) report(env *cli.Env, took time.Duration, stopped bool) error {
	read, derived, failed := d.read.Load(), d.derived.Load(), d.failed.Load()
	var err error
	if env.ForPrograms() {
		err = env.Result(reparseJSON{read, derived, failed, d.left, took.Seconds(), stopped})
	} else {
		err = env.Printf("Derived the facts of %s in %s; %s failed.\n", cli.Count(derived, "message", ""), cli.Duration(took), cli.Number(failed))
		if err == nil && d.left > 0 && !stopped {
			err = env.Printf("%s kept no raw bytes and keep their old facts.\n", cli.Count(d.left-failed, "message", ""))
		}
	}
	switch {
	case err != nil:
		return err
	case stopped:
		return cli.Silent(cli.Stopped)
	case failed > 0:
		return cli.Silent(cli.InPart)
	}
	return nil
}
