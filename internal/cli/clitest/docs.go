package clitest

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"spoor/internal/cli"
)

// Parts of a page that may be commands: spans of code, the columns and comments
// that end a command, prompts and variables before it, and flags.
var (
	codeSpan  = regexp.MustCompile("`([^`\n]+)`")
	columns   = regexp.MustCompile(` {2,}|\t| [#|>;] ?| && `)
	beforeIt  = regexp.MustCompile(`^(?:\$ |sudo |go run \./cmd/|[A-Z_]+=\S+ )+`)
	flagNamed = regexp.MustCompile(`^--[a-z][a-z-]*`)
)

// Docs checks that the commands of a program that README and docs show, and their flags,
// are there. root is the folder of the repository.
func Docs(t *testing.T, run func(context.Context, *cli.Env) int, tree Tree, root string) {
	t.Helper()
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil || len(pages) == 0 {
		t.Fatal(pages, err)
	}
	shown := 0
	for _, page := range append(pages, filepath.Join(root, "README.md")) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, command := range shownCommands(string(text), tree(&cli.Env{}).Name()) {
			shown++
			if missing := missingOf(run, tree, command); missing != "" {
				t.Errorf("%s: %q: there is no %s", filepath.Base(page), strings.Join(command, " "), missing)
			}
		}
	}
	if shown < 20 {
		t.Errorf("only %d commands were found", shown)
	}
}

// shownCommands finds the commands on a page: in blocks of code, and in spans.
func shownCommands(text, program string) (out [][]string) {
	fenced := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
			continue
		}
		var pieces []string
		if fenced || strings.HasPrefix(line, "    ") {
			pieces = columns.Split(line, -1)
		} else {
			for _, span := range codeSpan.FindAllStringSubmatch(line, -1) {
				pieces = append(pieces, columns.Split(span[1], -1)...)
			}
		}
		for _, piece := range pieces {
			piece = beforeIt.ReplaceAllString(strings.TrimSpace(piece), "")
			words := strings.Fields(strings.NewReplacer("[", " ", "]", " ", `\|`, " ").Replace(piece))
			if len(words) > 1 && words[0] == program {
				out = append(out, words)
			}
		}
	}
	return out
}

// missingOf names the word of a command line that the program does not know; "" if there is none.
func missingOf(run func(context.Context, *cli.Env) int, tree Tree, command []string) string {
	c, rest, err := tree(&cli.Env{}).Find(command[1:])
	if err != nil || c.HasSubCommands() && c.Args == nil && len(rest) > 0 && !strings.HasPrefix(rest[0], "-") && rest[0] == strings.ToLower(rest[0]) {
		if command[1] == "help" || command[1] == "completion" || command[1] == "man" || command[1] == "schema" {
			return "" // of every program
		}
		return "command " + strings.Join(command, " ")
	}
	var help bytes.Buffer
	run(context.Background(), &cli.Env{
		Args: append(strings.Fields(c.CommandPath())[1:], "--help"), Stdin: strings.NewReader(""), Stdout: &help, Stderr: &help,
		Getenv: func(string) string { return "" }, Now: time.Now,
	})
	for _, word := range rest {
		if flag := flagNamed.FindString(word); flag != "" && flag != "--help" && !regexp.MustCompile(`(?m)`+flag+`\b`).Match(help.Bytes()) {
			return "flag " + flag
		}
	}
	return ""
}
