package backup_test

import (
	"bytes"
	"errors"
	"testing"

	"spoor/sql/store"
	"spoor/sql/store/backup"
	"spoor/sql/store/facts"
	"spoor/sql/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

func filled(t *testing.T) *store.DB {
	t.Helper()
	db := storetest.New(t)
	run, err := facts.New(db).Begin(t.Context(), facts.Import{})
	if err != nil {
		t.Fatal(err)
	}
	b := storetest.Batch("a\tb\\c.mbox", 0, 40)
	b.Messages[3].Subject = "tab\t, line\n, back\\slash, \\N, \\."
	if _, err := run.Store(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	return db
}

// content is every row of every table that is ours.
func content(t *testing.T, db *store.DB) string {
	t.Helper()
	out := ""
	for _, table := range storetest.Column(t, db, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname NOT IN ('spoor_migrations', 'view_versions') ORDER BY 1") {
		out += table + " " + storetest.Column(t, db, "SELECT concat(count(*), ' ', md5(string_agg(t::text, ',' ORDER BY t::text))) FROM "+table+" t")[0] + "\n"
	}
	return out
}

func TestRestoredIsEqual(t *testing.T) {
	db := filled(t)
	var file bytes.Buffer
	sum, err := backup.Write(t.Context(), db, &file)
	if err != nil || sum.Messages != 40 {
		t.Fatal(sum, err)
	}
	whole := file.Bytes()
	url := storetest.EmptyURL(t)
	for cut := range 20 { // nothing is kept of a file that is cut or changed
		n := len(whole) * cut / 20
		if _, err := backup.Restore(t.Context(), url, bytes.NewReader(whole[:n])); !errors.Is(err, backup.ErrDamaged) {
			t.Errorf("restored from %d of %d bytes: %v", n, len(whole), err)
		}
		changed := bytes.Clone(whole)
		changed[n] ^= 0x55
		if _, err := backup.Restore(t.Context(), url, bytes.NewReader(changed)); err == nil {
			t.Errorf("restored with byte %d changed", n)
		}
	}
	back, err := backup.Restore(t.Context(), url, bytes.NewReader(whole))
	if err != nil || back != sum {
		t.Fatalf("%+v, %v; written %+v", back, err, sum)
	}
	again := storetest.Open(t, url)
	if got, want := content(t, again), content(t, db); got != want {
		t.Errorf("restored:\n%s\nwas:\n%s", got, want)
	}
	if _, err := backup.Restore(t.Context(), url, bytes.NewReader(whole)); !errors.Is(err, backup.ErrNotEmpty) {
		t.Errorf("restored over a store: %v", err)
	}
	// New rows are numbered behind those that came.
	if run, err := facts.New(again).Begin(t.Context(), facts.Import{}); err != nil || run.ID != 2 {
		t.Errorf("the next import is %+v, %v", run, err)
	}
}
