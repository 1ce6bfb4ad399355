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

// TestCheckRefuses shows that the check of the scripts' documents can fail.
func TestCheckRefuses(t *testing.T) {
	const good = `{"spoor_format":1,"command":"ham","messages":1,"changed":0}`
	for text, fits := range map[string]bool{
		good:        true,
		good + good: true,
		`{"spoor_format":1,"command":"ham","messages":1}`:                                false,
		`{"spoor_format":1,"command":"ham","messages":"1","changed":0}`:                  false,
		`{"spoor_format":1,"command":"ham","messages":1,"changed":0,"more":1}`:           false,
		`{"spoor_format":1,"command":"no such","messages":1}`:                            false,
		`{"spoor_format":1,"command":"ham","error":{"code":1,"message":"none of them"}}`: true,
		`{"spoor_format":1,"command":"ham","error":{"code":"1","message":"none"}}`:       false,
	} {
		if err := clitest.Check(root, []byte(text)); (err == nil) != fits {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestPublishedSchemas holds the schemas to docs/schemas/correlate.json.
func TestPublishedSchemas(t *testing.T) {
	clitest.Published(t, root, "../../docs/schemas/correlate.json")
}
