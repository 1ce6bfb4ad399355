package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"spoor/internal/printable"
)

// fakeEnv is an Env without a terminal, and its output.
func fakeEnv(args ...string) (e *Env, stdout, stderr *bytes.Buffer) {
	stdout, stderr = new(bytes.Buffer), new(bytes.Buffer)
	vars := map[string]string{"LANG": "C.UTF-8"}
	return &Env{
		Args: args, Stdin: strings.NewReader(""), Stdout: stdout, Stderr: stderr,
		Getenv: func(k string) string { return vars[k] },
		Now:    func() time.Time { return time.Date(2006, 1, 10, 12, 0, 0, 0, time.UTC) },
	}, stdout, stderr
}

// set overrides environment variables.
func (e *Env) set(pairs ...string) {
	before := e.Getenv
	e.Getenv = func(k string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == k {
				return pairs[i+1]
			}
		}
		return before(k)
	}
}

// tool is a small tree of commands.
func tool(env *Env, ran *string) *cobra.Command {
	env.Version = "v1"
	root := &cobra.Command{Use: "tool", Short: "does things", Example: "  tool show c1", RunE: func(*cobra.Command, []string) error { *ran = "tool"; return nil }}
	show := &cobra.Command{Use: "show ID", Short: "show one", Example: "  tool show c1", Args: cobra.ExactArgs(1), RunE: func(_ *cobra.Command, args []string) error {
		*ran = "show " + args[0]
		return nil
	}}
	show.Flags().Int("limit", 5, "`N` at most\nThe long story.")
	group := &cobra.Command{Use: "db", Short: "a group", Example: "  tool db url"}
	group.AddCommand(&cobra.Command{Use: "url", Short: "url", RunE: func(*cobra.Command, []string) error { *ran = "url"; return nil }})
	fail := func(name string, err error) *cobra.Command {
		return &cobra.Command{Use: name, Short: name, Hidden: true, RunE: func(*cobra.Command, []string) error { return err }}
	}
	root.AddCommand(show, group, &cobra.Command{Use: "list", Short: "list", RunE: func(*cobra.Command, []string) error { *ran = "list"; return nil }},
		fail("none", Silent(NoneFound)), fail("broken", errors.New("disk on fire\x1b[2J")), fail("pipe", syscall.EPIPE),
		fail("named", Usage("tool named takes nothing")), fail("vain", env.Nothing("There is no such thing.")),
		&cobra.Command{Use: "noted", Hidden: true, RunE: func(*cobra.Command, []string) error { env.Notef("c1 went into c2\n"); return nil }},
		fail("missing", &Error{Code: NoStore, Message: "no store", Hint: "Make\none."}))
	return root
}

// executions are command lines of a tool, with its exit code, the command that ran, and its output.
var executions = map[string]struct {
	args   string
	code   int
	ran    string
	stderr string // whole, where not ""
	stdout string // a part
}{
	"bare":                       {"", 0, "tool", "", ""},
	"command":                    {"show c1", 0, "show c1", "", ""},
	"transposed letters":         {"shwo c2", 2, "", "tool: unknown command \"shwo\"; did you mean \"show\"?\n", ""},
	"nothing near":               {"frobnicate", 2, "", "tool: unknown command \"frobnicate\"; see tool -h\n", ""},
	"word unknown to a group":    {"db ulr", 2, "", "tool db: unknown command \"ulr\"; did you mean \"url\"?\n", ""},
	"group alone":                {"db", 2, "", "tool db: needs one of: url\n", ""},
	"flag":                       {"show c1 --limt 3", 2, "", "tool show: unknown flag --limt; did you mean --limit?\n", ""},
	"below zero":                 {"show c1 --limit -3", 2, "", "tool show: --limit -3: must not be negative\n", ""},
	"message with its own name":  {"named", 2, "", "tool named takes nothing\n", ""},
	"sentence":                   {"vain", 1, "", "There is no such thing.\n", ""},
	"version":                    {"--version", 0, "", "", "Spoor v1"},
	"version as JSON":            {"--json --version", 0, "", "", "\"version\": \"v1\""},
	"form":                       {"list --format xml", 2, "", "tool list: --format \"xml\": must be one of text, json, jsonl, csv, tsv\n", ""},
	"two forms":                  {"version --json --format csv", 2, "", "tool version: --json and --format csv exclude each other\n", ""},
	"form of nothing":            {"list --format csv", 2, "", "tool list has no result that --format csv could write\n", ""},
	"wrong word of cobra's own":  {"completion foo", 2, "", "tool completion: unknown command \"foo\"; see tool completion -h\n", ""},
	"error as JSON":              {"missing --json", 4, "", "{\"spoor_format\":1,\"command\":\"missing\",\"error\":{\"code\":4,\"message\":\"no store\",\"hint\":\"Make\\none.\"}}\n", ""},
	"hostile error as JSON":      {"broken --json", 3, "", "", ""},
	"wrong flag as JSON":         {"list --json --al", 2, "", "", ""},
	"wrong word as JSON":         {"--json shwo", 2, "", "{\"spoor_format\":1,\"command\":\"tool\",\"error\":{\"code\":2,\"message\":\"unknown command \\\"shwo\\\"; did you mean \\\"show\\\"?\"}}\n", ""},
	"note as JSON":               {"noted --json", 0, "", "{\"spoor_format\":1,\"command\":\"noted\",\"note\":\"c1 went into c2\"}\n", ""},
	"vain as JSON":               {"vain --json", 1, "", "{\"spoor_format\":1,\"command\":\"vain\",\"error\":{\"code\":1,\"message\":\"There is no such thing.\"}}\n", ""},
	"schema of nothing":          {"schema lst", 2, "", "tool schema: there is no schema \"lst\"; see tool schema\n", ""},
	"schema":                     {"schema version", 0, "", "", "\"const\": \"version\""},
	"shared flag":                {"show c1 --jsn", 2, "", "tool show: unknown flag --jsn; did you mean --json?\n", ""},
	"value":                      {"show c1 --limit many", 2, "", "", ""},
	"value missing":              {"show c1 --limit", 2, "", "tool show: --limit needs a value; see tool show -h\n", ""},
	"argument missing":           {"show", 2, "", "", ""},
	"nothing found":              {"none", 1, "", "", ""},
	"error, made harmless":       {"broken", 3, "", "tool broken: disk on fire\ufffd[2J\n", ""},
	"closed pipe":                {"pipe", 0, "", "", ""},
	"hint":                       {"missing", 4, "", "tool missing: no store\nMake\none.\n", ""},
	"help":                       {"-h", 0, "", "", "tool show c1"},
	"help after wrong arguments": {"show --nonsense c1 c2 -h", 0, "", "", "--limit N"},
	"help of a group's command":  {"db url -h", 0, "", "", "Usage: tool db url"},
	"full help":                  {"show --help", 0, "", "", "The long story."},
	"help command":               {"help show", 0, "", "", "The long story."},
	"help on a wrong word":       {"help shwo", 2, "", "tool help: unknown command \"shwo\"; did you mean \"show\"?\n", ""},
	"-h behind --":               {"show -- -h", 0, "show -h", "", ""},
	"completion":                 {"completion zsh", 0, "", "", "#compdef tool"},
}

func TestExecute(t *testing.T) {
	for name, c := range executions {
		t.Run(name, func(t *testing.T) {
			env, stdout, stderr := fakeEnv(strings.Fields(c.args)...)
			ran := ""
			if code := Execute(context.Background(), env, tool(env, &ran)); code != c.code {
				t.Errorf("exit %d, want %d; stderr %q", code, c.code, stderr)
			}
			if ran != c.ran {
				t.Errorf("ran %q, want %q", ran, c.ran)
			}
			if c.stderr != "" && stderr.String() != c.stderr {
				t.Errorf("stderr %q, want %q", stderr, c.stderr)
			}
			if c.code == Misused && (strings.Count(stderr.String(), "\n") != 1 || stdout.Len() > 0) {
				t.Errorf("a wrong word takes one line on stderr; stderr %q, stdout %q", stderr, stdout)
			}
			if !strings.Contains(stdout.String(), c.stdout) {
				t.Errorf("stdout %q lacks %q", stdout, c.stdout)
			}
		})
	}
}

// TestOutputThatFails shows that lost results are not exit 0, but a closed pipe is.
func TestOutputThatFails(t *testing.T) {
	for err, want := range map[error]int{syscall.ENOSPC: InPart, syscall.EPIPE: Done} {
		env, _, _ := fakeEnv("list")
		env.Stdout = &pipe{w: failing{err}}
		root := &cobra.Command{Use: "tool", Short: "x"}
		root.AddCommand(&cobra.Command{Use: "list", RunE: func(*cobra.Command, []string) error {
			env.Notef("%v", env.Printf("results"))
			return nil
		}})
		if code := Execute(context.Background(), env, root); code != want {
			t.Errorf("%v: exit %d, want %d", err, code, want)
		}
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestHelpFitsNarrowScreens(t *testing.T) {
	env, stdout, _ := fakeEnv("show", "--help")
	env.set("COLUMNS", "60")
	ran := ""
	Execute(context.Background(), env, tool(env, &ran))
	if !strings.Contains(stdout.String(), "The long story.") {
		t.Fatalf("no help: %q", stdout)
	}
	for line := range strings.Lines(stdout.String()[:strings.Index(stdout.String(), "Exit codes")]) {
		if printable.Width(strings.TrimRight(line, "\n")) > 60 {
			t.Errorf("line %q is wider than 60", line)
		}
	}
}

func TestUntilDone(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	r, w := io.Pipe()
	in := UntilDone(ctx, r)
	go io.WriteString(w, "hello")
	b := make([]byte, 3)
	n, err := io.ReadFull(in, b)
	if string(b[:n]) != "hel" || err != nil {
		t.Fatalf("read %q, %v", b[:n], err)
	}
	if n, err = in.Read(b); string(b[:n]) != "lo" || err != nil {
		t.Fatalf("read %q, %v", b[:n], err)
	}
	time.AfterFunc(10*time.Millisecond, cancel)
	if _, err := in.Read(b); !errors.Is(err, context.Canceled) {
		t.Errorf("a read that waits ends with %v", err)
	}
	whole, err := io.ReadAll(UntilDone(context.Background(), strings.NewReader(strings.Repeat("x", 1<<20))))
	if len(whole) != 1<<20 || err != nil {
		t.Errorf("read %d bytes, %v", len(whole), err)
	}
}
