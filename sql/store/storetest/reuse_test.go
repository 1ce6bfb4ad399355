package storetest_test

import (
	"testing"

	"spoor/sql/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// A database that a test gave back is like new; one whose schema or settings it changed is
// used by nobody else.
func TestGivenBack(t *testing.T) {
	const count = `SELECT concat_ws(' ', count(*), (SELECT count(*) FROM imports), (SELECT count(*) FROM view_versions)) FROM messages`
	const insert = `INSERT INTO imports (started_at, class, extractor, keeps_raw, arguments, own_names, own_addrs, own_mx, own_inferred)
		VALUES (now(), 'spam', 1, false, '{}', '{}', '{}', '{}', false)`
	use := func(name string, statements ...string) (database string) {
		t.Run(name, func(t *testing.T) {
			s := storetest.New(t)
			database = storetest.Column(t, s, "SELECT current_database()::text")[0]
			if got := storetest.Column(t, s, count)[0]; got != "0 0 1" {
				t.Errorf("messages, imports and versions of views: %s", got)
			}
			if err := storetest.Exec(s, statements...); err != nil {
				t.Fatal(err)
			}
			if len(statements) > 0 && statements[0] == insert {
				if got := storetest.Column(t, s, "SELECT max(import_id)::text FROM imports")[0]; got != "1" {
					t.Errorf("the first import is %s", got)
				}
			}
		})
		return database
	}
	// Tests of other packages may take a database in between, seldom time and again.
	const tries = 20
	again := false
	for range tries {
		first := use("rows", insert)
		if again = use("rows again", insert) == first; again {
			break
		}
	}
	if !again {
		t.Errorf("no database of %d was used again", tries)
	}
	for name, change := range map[string]string{
		"column": "ALTER TABLE messages ADD COLUMN odd text",
		"index": `DO $$ BEGIN EXECUTE (SELECT format('DROP INDEX %I', min(indexrelid::regclass::text)) FROM pg_index
			WHERE NOT indisunique AND indrelid = 'messages'::regclass); END $$`,
		"view":    "DROP VIEW lookups_v",
		"kept":    "UPDATE view_versions SET hash = 'x'",
		"setting": "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = ''1MB''', current_database()); END $$",
		"rights":  "GRANT INSERT ON messages TO PUBLIC",
	} {
		spoilt := use(name, change)
		if next := use("after " + name); next == spoilt {
			t.Errorf("%s: used again after a change", name)
		}
	}
}
