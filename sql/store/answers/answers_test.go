package answers_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"spoor/internal/lab/desk"
	"spoor/sql/questions"
	"spoor/sql/store/answers"
	"spoor/sql/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// given are values that the invented store has something for, where the defaults of a
// question are examples of form alone.
var given = map[string]map[string]string{
	"domain-campaigns": {"domain": "bank.example"}, "domain-history": {"domain": "shop1-2.example"}, "domain-registration": {"domain": "shop1-2.example"},
	"registrant-domains": {"value": "owner7@mail.example"}, "nameserver-domains": {"server": "ns1.pool7.example"},
	"recipient-mail": {"recipient": "user7@example.com"}, "grown-campaigns": {"days": "60"}, "new-campaigns": {"days": "60"}, "path-campaigns": {"days": "60"},
	"refused-runs": {"days": "60"}, "shared-senders": {"days": "60"}, "young-domains": {"days": "60", "age": "60"},
	"attachment-campaigns": {"sha256": "cd2662154e6d76b2b2b92e70c0cac3ccf534f9b74eb5b89819ec509083d00a50"},
}

// TestEveryQuestionHasAnAnswer asks all of them of a small store.
func TestEveryQuestionHasAnAnswer(t *testing.T) {
	s := storetest.New(t)
	if err := desk.Fill(t.Context(), s, 4000); err != nil {
		t.Fatal(err)
	}
	for _, q := range questions.All() {
		a, err := answers.Ask(t.Context(), s, q, given[q.Name], time.Minute)
		if err != nil {
			t.Errorf("%s: %v", q.Name, err)
			continue
		}
		if len(a.Rows) == 0 {
			t.Errorf("%s has no answer", q.Name)
		}
		for _, row := range a.Rows {
			for i, cell := range row {
				switch cell.(type) {
				case nil, string, int64, float64, bool, time.Time, []any:
				default:
					t.Fatalf("%s: %s is a %T", q.Name, a.Columns[i], cell)
				}
			}
		}
	}
}

func TestOnlyReads(t *testing.T) {
	s := storetest.New(t)
	words := questions.Question{Name: "hostile", Title: "?", Parameters: nil}
	if _, err := answers.Ask(t.Context(), s, words, map[string]string{"x": "1"}, time.Second); !errors.Is(err, questions.ErrValue) {
		t.Errorf("a value without a parameter: %v", err)
	}
	q, _ := questions.Named("words")
	if a, err := answers.Ask(t.Context(), s, q, map[string]string{"words": "'); DELETE FROM imports; --"}, time.Second); err != nil || len(a.Rows) > 0 {
		t.Error(a, err)
	}
}

// The question waits for a lock, however fast it is.
func TestTakesTooLong(t *testing.T) {
	s := storetest.New(t)
	tx, err := s.Pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(context.WithoutCancel(t.Context()))
	if _, err := tx.Exec(t.Context(), "LOCK messages IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	q, _ := questions.Named("new-hosts")
	_, err = answers.Ask(t.Context(), s, q, map[string]string{"days": "400"}, time.Millisecond)
	if !errors.Is(err, answers.ErrTooLong) || !strings.Contains(err.Error(), "new-hosts") {
		t.Errorf("%v", err)
	}
}
