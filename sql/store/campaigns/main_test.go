package campaigns_test

import (
	"testing"

	"spoor/sql/store/storetest"
)

func TestMain(m *testing.M) {
	storetest.MainOr(m, map[string]func(string) error{correlateChildURL: correlateAsChild, assignChildURL: assignAsChild})
}
