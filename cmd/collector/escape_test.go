package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"spoor/internal/cli"
	"spoor/internal/cli/clitest"
	"spoor/internal/lab/hostile"
	"spoor/sql/store/lookups"
	"spoor/sql/store/storetest"
)

// tried is a command run on a spammer's text: its arguments, once for each way
// of output.
type tried struct {
	command string
	ways    [][]string
}

var attacks = hostile.Attacks

// outputs are run in this order: commands that delete come last. A command
// without a line here fails the test: so does a new way out.
var outputs = []tried{
	{"collector watch", [][]string{{"--once", "mail.log"}, {"--once", attacks[0]}}}, // first: a burst is told once
	{"collector import", [][]string{{"mail"}, {"mail", "--json"}, {"--log-host", attacks[0], "mail"}, {attacks[0]}, {"--own-mx", attacks[0], "mail"}}},
	{"collector run", [][]string{{"--replay", "answers", "mail"}, {"--replay", "answers", "mail", "--json"}}},
	{"collector enrich", [][]string{{"--dry-run"}, {"--dry-run", "--json"}, {"--replay", "answers"}, {"--replay", "answers", "--json"}, {"--replay", attacks[0]}}},
	{"collector lookup", [][]string{{"--replay", "answers", "evil.example"}, {"--replay", "answers", "--raw", "evil.example"}, {"--replay", "answers", "--json", "evil.example"}, {"--offline", "203.0.113.5"}, {attacks[0]}}},
	{"collector import-observations", [][]string{{"seen.jsonl"}, {"seen.jsonl", "--json"}, {attacks[0]}}},
	{"collector show", [][]string{{"@first"}, {"@first", "--all"}, {"@first", "--json"}, {"@first", "--raw"}, {attacks[0]}}},
	{"collector status", [][]string{{}, {"--json"}, {"--metrics"}}},
	{"collector failures", [][]string{{}, {"--json"}}},
	{"collector failures list", [][]string{{}, {"--json"}}},
	{"collector failures retry", [][]string{{}, {"--json"}}},
	{"collector own-mx", nil}, // a group: it only names its commands
	{"collector own-mx add", [][]string{{attacks[0]}, {attacks[4]}, {"*.ourserver.example", "--json"}}},
	{"collector own-mx list", [][]string{{}, {"--json"}}},
	{"collector own-mx remove", [][]string{{attacks[0]}, {"*.ourserver.example"}}},
	{"collector own-domain", nil},
	{"collector own-domain add", [][]string{{attacks[0]}, {"ourserver.example"}}},
	{"collector own-domain list", [][]string{{}, {"--json"}}},
	{"collector own-domain remove", [][]string{{attacks[0]}, {"ourserver.example"}}},
	{"collector reparse", [][]string{{}, {"--json"}}},
	{"collector config", nil},
	{"collector config check", [][]string{{}, {"--json"}}},
	{"collector db", nil},
	{"collector db url", [][]string{{}, {"--json"}}},
	{"collector db psql", nil}, // psql's own screen; testdata/script/terminal.txtar has the output of views
	{"collector db grant", [][]string{{attacks[0]}, {attacks[7]}}},
	{"collector db grants", [][]string{{}, {"--json"}}},
	{"collector db revoke", [][]string{{attacks[0]}, {attacks[7]}}},
	{"collector db start", [][]string{{"--listen", attacks[0]}}},
	{"collector db status", [][]string{{}, {"--json"}}},
	{"collector db stop", [][]string{{}}},
	{"collector version", [][]string{{}, {"--json"}}},
	{"collector backup", [][]string{{"backup.spoor"}, {attacks[6] + attacks[0]}}},
	{"collector restore", [][]string{{"mail.log"}, {attacks[0]}, {"backup.spoor"}}},
	{"collector forget", [][]string{{"--from", attacks[0]}, {attacks[0]}, {"--source", "mail", "--dry-run"}, {"--source", attacks[0]}, {"--source", "mail", "--yes"}}},
	{"collector destroy", [][]string{{}, {"--yes"}}},
	{"collector", [][]string{{}, {"--json"}, {attacks[0]}}},
}

// A spammer's text does nothing in any output of any command.
func TestNothingEscapes(t *testing.T) {
	url := storetest.URL(t)
	t.Chdir(hostileFiles(t))
	first := ""
	for _, o := range outputs {
		if o.command == "collector show" {
			db := storetest.Open(t, url)
			if err := lookups.New(db).Observe(t.Context(), hostile.Answers()); err != nil {
				t.Fatal(err)
			}
			first = storetest.Column(t, db, "SELECT min(sha256) FROM messages_v")[0]
		}
		for _, way := range o.ways {
			args := append(strings.Fields(o.command)[1:], way...)
			for i := range args {
				args[i] = strings.Replace(args[i], "@first", first, 1)
			}
			assertInertRun(t, url, args)
		}
	}
	for _, path := range clitest.Commands(root(&cli.Env{})) {
		if !slices.ContainsFunc(outputs, func(o tried) bool { return o.command == path }) {
			t.Errorf("%s: no line of outputs says how it is tried against hostile content", path)
		}
	}
	if _, err := os.Stat("/tmp/spoor-escaped"); err == nil {
		t.Error("a file was written where a spammer wanted it")
	}
}

// assertInertRun runs the program as on a terminal, whose home a spammer named.
func assertInertRun(t *testing.T, url string, args []string) {
	t.Helper()
	var out, errs bytes.Buffer
	vars := map[string]string{"SPOOR_HOME": "home\x1b[2J", "NO_COLOR": "1", "LANG": "C.UTF-8"}
	env := &cli.Env{Args: append([]string{"--db", url}, args...), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Getenv: func(k string) string { return vars[k] }, Now: time.Now, StdoutTTY: true}
	run(t.Context(), env)
	hostile.AssertInert(t, strings.Join(args, " ")+" (stdout)", out.Bytes())
	hostile.AssertInert(t, strings.Join(args, " ")+" (stderr)", errs.Bytes())
	if out.Len()+errs.Len() == 0 {
		t.Errorf("%q says nothing", args)
	}
}

// hostileFiles is a folder of mail, logs and answers under names that are attacks.
func hostileFiles(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	all := strings.NewReplacer("\r", "", "\n", " ", "\x00", "").Replace(strings.Join(attacks, " "))
	files := map[string]string{
		"mail/spam\x1b[2J.mbox": hostile.Mailbox(), "mail/junk\x1b]0;owned\x07": "junk\x00", "mail.log": hostile.Log(),
		"answers/servers.conf":                "rdap off\nwhois example=whois.nic.example:43\nwhois iana=whois.rir.example:43\n",
		"answers/evil.example.registry.txt":   answer("evil.example", "Domain Name: EVIL.EXAMPLE\nRegistrar: "+all+"\nRegistrant Name: "+all+"\nCreation Date: 2005-12-30\nName Server: ns1."+all+"\n"),
		"answers/203.0.113.5.txt":             answer("203.0.113.5", "inetnum: 203.0.113.0 - 203.0.113.255\nnetname: "+all+"\ndescr: "+all+"\nsource: TEST\n"),
		"answers/www.evil.example\x1b[2J.txt": "Spoor-Answer: 1\n" + all,
		"seen.jsonl":                          fmt.Sprintf("{\"rrname\":%q,\"rrtype\":\"A\",\"rdata\":[\"192.0.2.1\"],\"time_first\":1136073600}\n{\"domain\":\"evil.example\",\"raw\":%q,\"first_seen\":\"2006-01-03\"}\n%s\n", all, all, all),
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// answer is a recorded answer of WHOIS.
func answer(question, text string) string {
	server := "whois.nic.example:43"
	if question[0] < 'a' {
		server = "whois.rir.example:43"
	}
	return "Spoor-Answer: 1\nProtocol: whois\nServer: " + server + "\nQuestion: " + question + "\nAsked: 2006-01-08T15:10:00Z\n\n" + text
}
