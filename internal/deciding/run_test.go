package deciding_test

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/graph/correlation"
	"spoor/graph/decision"
	"spoor/internal/cli"
	"spoor/internal/deciding"
	"spoor/internal/naming"
	"spoor/sql/store"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/storetest"
)

// desk is the place of a test's decisions, with its output.
func desk() (env *cli.Env, printed *bytes.Buffer) {
	printed = new(bytes.Buffer)
	return &cli.Env{Stdin: strings.NewReader(""), Stdout: printed, Stderr: printed, Getenv: func(string) string { return "" }, Now: time.Now}, printed
}

func correlated(t *testing.T, st *store.DB) {
	t.Helper()
	if _, err := correlation.Run(t.Context(), campaigns.New(st), correlation.Options{}); err != nil {
		t.Fatal(err)
	}
}

func must(t *testing.T, printed *bytes.Buffer) func(*deciding.Outcome, error) {
	return func(_ *deciding.Outcome, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%v\n%s", err, printed)
		}
	}
}

// A store in which campaigns were merged, and that was undone while mail came in, is as one in
// which nobody ever decided.
func TestUndoneIsAsNeverDecided(t *testing.T) {
	env, printed := desk()
	plain, decided := storetest.New(t), storetest.New(t)
	for _, st := range []*store.DB{plain, decided} {
		storeInvented(t, st, 300)
		correlated(t, st)
	}
	ids, err := campaigns.New(decided).IDs(t.Context(), 3)
	if err != nil || len(ids) < 3 {
		t.Fatal(ids, err)
	}
	a, b, c := naming.ID(ids[0]), naming.ID(ids[1]), naming.ID(ids[2])
	who := deciding.Options{By: "ana"}
	must(t, printed)(deciding.Say(t.Context(), env, campaigns.New(decided), who, "name", b, "bees"))
	must(t, printed)(deciding.Say(t.Context(), env, campaigns.New(decided), who, "note", c, "sea"))
	must(t, printed)(deciding.Merge(t.Context(), env, campaigns.New(decided), who, []string{a, b, c}))
	if together := membersOf(t, decided); slices.Contains(slices.Collect(maps.Values(together)), ids[1]) {
		t.Fatalf("%s and %s are not one campaign:\n%s", a, b, printed)
	}

	for _, st := range []*store.DB{plain, decided} {
		storeInvented(t, st, 600)
		correlated(t, st)
		correlated(t, st)
	}
	said, err := decision.ReadSaid(t.Context(), campaigns.New(decided))
	if s := said[ids[0]]; err != nil || s == nil || s.Name != "bees" || len(s.Notes) != 1 || s.Notes[0].Text != "sea" {
		t.Errorf("of the campaign that took the others in is said %+v, %v", s, err)
	}
	must(t, printed)(deciding.Undo(t.Context(), env, campaigns.New(decided), who, []string{"d3", "d4"}))
	correlated(t, decided)
	if got, want := membersOf(t, decided), membersOf(t, plain); !maps.Equal(got, want) {
		moved := 0
		for hash, id := range want {
			if got[hash] != id {
				moved++
			}
		}
		t.Errorf("%d of %d messages are elsewhere after all is undone\n%s", moved, len(want), printed)
	}
	said, err = decision.ReadSaid(t.Context(), campaigns.New(decided))
	if err != nil || said[ids[1]] == nil || said[ids[1]].Name != "bees" || said[ids[2]] == nil || len(said[ids[2]].Notes) != 1 || said[ids[0]] != nil {
		t.Errorf("what was said did not come back: %+v, %v", said, err)
	}
}

// Of two that contradict each other and are made at once, one is refused.
func TestTwoDecideAtOnce(t *testing.T) {
	st := storetest.New(t)
	storeInvented(t, st, 300)
	correlated(t, st)
	ids, err := campaigns.New(st).IDs(t.Context(), 2)
	if err != nil || len(ids) < 2 {
		t.Fatal(ids, err)
	}
	a, b := naming.ID(ids[0]), naming.ID(ids[1])
	var wg sync.WaitGroup
	refused := make([]error, 8)
	for i := range refused {
		wg.Go(func() {
			env, _ := desk()
			_, refused[i] = deciding.Same(t.Context(), env, campaigns.New(st), deciding.Options{By: "ana", NoRun: true}, i%2 == 0, [2]string{a, b})
		})
	}
	wg.Wait()
	list, err := campaigns.New(st).DecisionList(t.Context(), true)
	if err != nil || len(list) != 1 {
		t.Errorf("%d decisions stand, %v: %v", len(list), err, list)
	}
	n := 0
	for _, err := range refused {
		if err != nil {
			n++
		}
	}
	if n != 4 {
		t.Errorf("%d of 8 were refused: %v", n, refused)
	}
}

// Data of registries are evidence too, though no message has them itself.
func TestIgnoreWhatRegistriesSay(t *testing.T) {
	url := storetest.URL(t)
	st := storetest.Open(t, url)
	storeInvented(t, st, 100)
	correlated(t, st)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), `INSERT INTO domains (domain, looked_up_at, registrant_name, registrant_email, name_servers)
		SELECT 'shop' || n || '.example', now(), 'A. Person', 'person@mail.example', '{ns1.servers.example}' FROM generate_series(1, 3) n`); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"registrant A. Person", "person@mail.example", "name server domain servers.example", "servers.example"} {
		env, printed := desk()
		if _, err := deciding.Weigh(t.Context(), env, campaigns.New(st), deciding.Options{By: "ana", NoRun: true}, "ignore", text); err != nil || !strings.Contains(printed.String(), "said of 3 domains") {
			t.Errorf("%s: %v\n%s", text, err, printed)
		}
	}
	env, printed := desk()
	if _, err := deciding.Weigh(t.Context(), env, campaigns.New(st), deciding.Options{By: "ana", NoRun: true}, "ignore", "registrant Another Person"); err == nil {
		t.Errorf("nobody is called so:\n%s", printed)
	}
	if list, err := campaigns.New(st).DecisionList(t.Context(), false); err != nil || len(list) != 3 {
		t.Errorf("%d decisions stand, %v, want 3: the last was known", len(list), err)
	}
}
