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

// TestPublishedSchemas holds the schemas to docs/schemas/collector.json.
func TestPublishedSchemas(t *testing.T) {
	clitest.Published(t, root, "../../docs/schemas/collector.json")
}
