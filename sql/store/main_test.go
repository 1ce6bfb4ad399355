package store_test

import (
	"testing"

	"spoor/sql/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }
