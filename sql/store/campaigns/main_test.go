package campaigns_test

import (
	"fmt"
	"os"
	"testing"

	"spoor/sql/store/storetest"
)

func TestMain(m *testing.M) {
	for name, child := range map[string]func(url string) error{correlateChildURL: correlateAsChild, assignChildURL: assignAsChild} {
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
