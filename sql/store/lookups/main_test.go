package lookups_test

import (
	"testing"

	"spoor/sql/store/storetest"
)

// queueChildURL makes this test binary a mere enricher of the database that it names, to be
// killed by a test.
const queueChildURL = "SPOOR_TEST_QUEUE_CHILD"

func TestMain(m *testing.M) {
	storetest.MainOr(m, map[string]func(string) error{queueChildURL: enrichAsChild})
}
