package lookups_test

import (
	"fmt"
	"os"
	"testing"

	"spoor/sql/store/storetest"
)

// queueChildURL makes this test binary a mere enricher of the database that it names, to be
// killed by a test.
const queueChildURL = "SPOOR_TEST_QUEUE_CHILD"

func TestMain(m *testing.M) {
	for name, child := range map[string]func(url string) error{queueChildURL: enrichAsChild} {
		if url := os.Getenv(name); url != "" {
			if err := child(url); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			return
		}
	}
	storetest.Main(m)
}
