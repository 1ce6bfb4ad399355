package store_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"spoor/sql/questions"
	"spoor/sql/store"
	"spoor/sql/store/storetest"
)

var update = flag.Bool("update", false, "write docs/sql.md anew")

// TestSQLPage holds docs/sql.md to the questions and to the comments of the schema:
//
//	go test ./sql/store -run SQLPage -update
func TestSQLPage(t *testing.T) {
	const path = "../../docs/sql.md"
	var b strings.Builder
	b.WriteString(pageHead)
	for _, q := range questions.All() {
		writeQuestion(&b, &q)
	}
	writeViews(t, &b, storetest.New(t))
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil || string(have) != b.String() {
		t.Errorf("docs/sql.md is stale; go test ./sql/store -run SQLPage -update writes it (%v)", err)
	}
}

const pageHead = `# SQL for investigators

This page is written from the questions in sql/questions and the comments of the database: ` + "`go test ./sql/store -run SQLPage -update`" + `.
Each question stands in ` + "`correlate ask`" + ` by its name; as SQL it can be pasted into ` + "`collector db psql`" + ` and changed. Days count back from the
newest stored mail.

Four rules keep a query quick and its numbers right:

- Join views of messages by ` + "`message_key`" + `, and ask for campaigns as ` + "`campaign_id = 'c2'`" + `: both are found by index.
- Mind the grain that a view's comment gives. A message has several links, hops, parts and recipients: ` + "`count(DISTINCT message_key)`" + ` counts messages,
  ` + "`count(*)`" + ` counts rows.
- NULL means that something is not known, never that there is none; comments say what NULL means.
- Text from outside is shown by ` + "`printable`" + `. To look for it as it stands, use the columns that end in ` + "`_raw`" + `.

` + "`go run ./internal/lab/benchmark -questions N`" + ` measures them over N invented messages ([performance.md](performance.md)).

# Questions
`

func writeQuestion(b *strings.Builder, q *questions.Question) {
	fmt.Fprintf(b, "\n## %s\n\n%s\n\n", q.Name, q.Title)
	command := "correlate ask " + q.Name
	for _, p := range q.Parameters {
		value := p.Default
		if strings.ContainsAny(value, " ?&'\"") {
			value = "'" + value + "'"
		}
		command += " " + p.Name + "=" + value
	}
	fmt.Fprintf(b, "`%s`", command)
	for _, p := range q.Parameters {
		fmt.Fprintf(b, "; %s: %s", p.Name, p.About)
	}
	if q.Slow != "" {
		fmt.Fprintf(b, ". Slow: %s", q.Slow)
	}
	fmt.Fprintf(b, ".\n\n```sql\n%s;\n```\n", q.Example())
}

func writeViews(t *testing.T, b *strings.Builder, s *store.DB) {
	b.WriteString("\n# Views\n")
	for _, view := range storetest.Column(t, s, "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v' ORDER BY 1") {
		fmt.Fprintf(b, "\n## %s\n\n%s\n\n| column | type | |\n|---|---|---|\n", view, storetest.Column(t, s, "SELECT obj_description($1::text::regclass, 'pg_class')", view)[0])
		for _, line := range storetest.Column(t, s, `SELECT format('| %s | %s | %s |', attname, format_type(atttypid, atttypmod), replace(col_description(attrelid, attnum), '|', '\|'))
			FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`, view) {
			b.WriteString(line + "\n")
		}
	}
	b.WriteString("\n# Functions\n\n")
	for _, line := range storetest.Column(t, s, `SELECT format('- %s(%s): %s', proname, pg_get_function_identity_arguments(p.oid), obj_description(p.oid, 'pg_proc'))
		FROM pg_proc p WHERE pronamespace = 'public'::regnamespace ORDER BY 1`) {
		b.WriteString(strings.ReplaceAll(line, "`", "'") + "\n")
	}
}
