package main

import (
	"testing"

	"spoor/internal/cli/clitest"
)

func TestEveryCommandDeclares(t *testing.T) {
	clitest.Declared(t, root, map[string]string{
		"export": "has formats of its own, for other tools",
		"pack":   "writes a file for collector import",
		"report": "writes pages for people",
		"serve":  "answers a browser",
	})
}
