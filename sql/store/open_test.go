package store_test

import (
	"errors"
	"testing"

	"spoor/sql/store"
)

func TestServerThatIsNotThere(t *testing.T) {
	_, err := store.Open(t.Context(), "host="+t.TempDir()+" user=nobody dbname=none", store.Options{})
	if !errors.Is(err, store.ErrUnavailable) {
		t.Error(err)
	}
}
