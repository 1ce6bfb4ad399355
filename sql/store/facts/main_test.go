package facts_test

import (
	"context"
	"testing"

	"spoor/sql/store"
	"spoor/sql/store/facts"
	"spoor/sql/store/storetest"
)

// childURL makes this test binary a mere importer of the database that it names, to be
// killed by a test.
const childURL = "SPOOR_TEST_CHILD"

// The number of messages that a child imports, and the size of its batches.
const (
	childMessages = 500
	childBatch    = 10
)

func TestMain(m *testing.M) {
	storetest.MainOr(m, map[string]func(string) error{childURL: importAsChild})
}

func importAsChild(url string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, url, store.Options{Program: "child"})
	if err != nil {
		return err
	}
	defer s.Close()
	_, err = importFolder(ctx, facts.New(s), "/srv/a.mbox", childMessages, childBatch)
	return err
}
