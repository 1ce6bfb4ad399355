package main

import (
	"testing"

	"spoor/internal/cli/clitest"
)

func TestEveryCommandDeclares(t *testing.T) {
	clitest.Declared(t, root, map[string]string{
		"db psql": "psql prints",
	})
}
