package main

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"spoor/ingest"
	"spoor/ingest/mailbox"
	"spoor/ingest/maillog"
	"spoor/internal/cli/clitest"
	"spoor/sql/store"
	"spoor/sql/store/facts"
	"spoor/sql/store/logs"
	"spoor/sql/store/storetest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"correlate": func() { os.Exit(clitest.Main(run, root)) },
	})
}

// Each script has a store of its own, which the command "import [ham] PATH..." fills.
func TestScripts(t *testing.T) {
	storetest.URL(t) // keeps the server up from the first script to the last
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			tb := e.T().(testing.TB)
			wd, err := os.Getwd()
			e.Setenv("EXAMPLES", wd+"/../../examples")
			e.Setenv("DATABASE_URL", storetest.URL(tb))
			e.Setenv("EMPTY", storetest.EmptyURL(tb))
			e.Setenv("LC_ALL", "C.UTF-8")
			e.Setenv("XDG_CACHE_HOME", e.WorkDir+"/cache")
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"import": importMail, "importlog": importLog, "answers": replayAnswers},
	})
}

func importMail(ts *testscript.TestScript, _ bool, args []string) {
	class := ingest.Spam
	if len(args) > 0 && args[0] == "ham" {
		class, args = ingest.Ham, args[1:]
	}
	var paths []string
	for _, a := range args {
		paths = append(paths, ts.MkAbs(a))
	}
	ts.Check(importPaths(context.Background(), ts.Getenv("DATABASE_URL"), class, paths))
}

// importLog stores a log, as collector import does.
func importLog(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: importlog FILE")
	}
	ctx := context.Background()
	st, err := store.Open(ctx, ts.Getenv("DATABASE_URL"), store.Options{})
	ts.Check(err)
	defer st.Close()
	all, info, err := maillog.ReadAll(strings.NewReader(ts.ReadFile(args[0])), maillog.File{Name: args[0]}, maillog.Options{})
	ts.Check(err)
	w := logs.New(st).Begin()
	_, err = w.Deliveries(ctx, all)
	ts.Check(err)
	ts.Check(w.File(ctx, info))
	ts.Check(w.Finish(ctx))
	_, err = logs.New(st).Derive(ctx)
	ts.Check(err)
}

func importPaths(ctx context.Context, url string, class ingest.Class, paths []string) error {
	st, err := store.Open(ctx, url, store.Options{})
	if err != nil {
		return err
	}
	defer st.Close()
	var sources []*mailbox.Source
	for s, err := range mailbox.Find(ctx, paths, nil, mailbox.DefaultLimits) {
		if err != nil {
			return err
		}
		sources = append(sources, s)
	}
	o := ingest.Options{Class: class, Limits: mailbox.DefaultLimits}
	o.Own, _ = ingest.Survey(ctx, sources, o)
	i, err := facts.New(st).Begin(ctx, facts.Import{Class: class, Own: o.Own, Arguments: paths, StartedAt: time.Now(), NoRaw: true})
	if err != nil {
		return err
	}
	sum, err := ingest.Run(ctx, sources, i, o)
	if err != nil {
		return err
	}
	return i.Finish(ctx, sum.Counts)
}
