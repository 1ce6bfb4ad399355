package main

import (
	"testing"

	"spoor/internal/cli/clitest"
)

func TestDocsShowWhatThereIs(t *testing.T) { clitest.Docs(t, run, root, "../..") }
