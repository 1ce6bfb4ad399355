package store_test

import (
	"os"
	"regexp"
	"testing"

	"spoor/sql/store/storetest"
)

// The statements of the documentation must work.
func TestDocumentedQuestions(t *testing.T) {
	s := storetest.New(t)
	text, err := os.ReadFile("../../docs/database.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```sql\n(.*?)```").FindAllSubmatch(text, -1)
	if len(blocks) < 2 {
		t.Fatalf("%d questions found", len(blocks))
	}
	for _, b := range blocks {
		if _, err := s.Pool.Exec(t.Context(), string(b[1])); err != nil {
			t.Errorf("%v\n%s", err, b[1])
		}
	}
}
