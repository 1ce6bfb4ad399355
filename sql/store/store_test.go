package store_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"spoor/sql/store"
	"spoor/sql/store/storetest"
)

// childURL makes this test binary a mere importer of the database that it names, to be
// killed by a test.
const childURL = "SPOOR_TEST_CHILD"

// queueChildURL makes it a mere enricher.
const queueChildURL = "SPOOR_TEST_QUEUE_CHILD"

// What a child imports, and in batches of how many.
const (
	childMessages = 500
	childBatch    = 10
)

func TestMain(m *testing.M) {
	if url := os.Getenv(childURL); url != "" {
		if err := importAsChild(url); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if url := os.Getenv(queueChildURL); url != "" {
		if err := enrichAsChild(url); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if url := os.Getenv(correlateChildURL); url != "" {
		if err := correlateAsChild(url); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if url := os.Getenv(assignChildURL); url != "" {
		if err := assignAsChild(url); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	storetest.Main(m)
}

func importAsChild(url string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, url, store.Options{Program: "child"})
	if err != nil {
		return err
	}
	defer s.Close()
	_, err = importFolder(ctx, s, "/srv/a.mbox", childMessages, childBatch)
	return err
}
