package export

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// A whole Rspamd that loads the maps marks mail of the campaign, and no other.
func TestRspamdMarks(t *testing.T) {
	admin, daemon, client := tool(t, "rspamadm"), tool(t, "rspamd"), tool(t, "rspamc")
	dir, address := rspamdDir(t)
	conf := filepath.Join(dir, "rspamd.conf")
	vars := "--var=LOCAL_CONFDIR=" + dir
	if out, err := exec.Command(admin, vars, "configtest", "-c", conf).CombinedOutput(); err != nil || !strings.Contains(string(out), "syntax OK") {
		t.Fatalf("rspamadm configtest: %v\n%s", err, out)
	}
	server := exec.Command(daemon, "-f", "-i", vars, "-c", conf) // -i: the tests may run as root
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Process.Signal(os.Interrupt); _ = server.Wait() }) // it was stopped: that is its error
	for _, c := range []struct {
		ip, helo, subject, link string
		want                    []string
	}{
		{"198.51.100.7", "4711", "Cheap pills (50% off) for $5", "http://deep.www.pills.example/x", []string{"SPOOR_HELO", "SPOOR_LINK_DOMAIN", "SPOOR_SENDER", "SPOOR_SUBJECT"}},
		{"2001:db8::25", "mx.innocent.example", "other", "http://203.0.113.7/", []string{"SPOOR_LINK", "SPOOR_SENDER"}},
		{"198.51.100.77", "innocent.example", "Cheap pills", "http://bit.ly/x http://pills.test/", nil},
	} {
		mail := fmt.Sprintf("From: a@b.test\nSubject: %s\nMessage-ID: <1@b.test>\n\n%s\n", c.subject, c.link)
		if got := scan(t, client, address, c.ip, c.helo, mail); !slices.Equal(got, c.want) {
			log, _ := os.ReadFile(filepath.Join(dir, "log"))
			t.Errorf("%v: %q\n%s", c, got, log[max(0, len(log)-3000):])
		}
	}
}

// rspamdDir is the folder of a Rspamd that knows the maps and asks nobody.
func rspamdDir(t *testing.T) (dir, address string) {
	t.Helper()
	dir = t.TempDir()
	maps := savedAt(t, "rspamd", plainCampaign(), hostileCampaign())
	if err := os.MkdirAll(filepath.Join(dir, "local.d"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(maps, filepath.Join(dir, "local.d", "maps.d")); err != nil {
		t.Fatal(err)
	}
	address = fmt.Sprintf("127.0.0.1:%d", freePort(t))
	// The list of all registries takes it minutes to compile.
	if err := os.WriteFile(filepath.Join(dir, "tld"), []byte("example\ntest\nly\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf(`lua = "/usr/share/rspamd/rules/rspamd.lua";
options { pidfile = "%[1]s/pid"; filters = ""; url_tld = "%[1]s/tld"; tempdir = "%[1]s"; hs_cache_dir = "%[1]s"; dns { nameserver = "127.0.0.1:1"; } }
logging { type = "file"; filename = "%[1]s/log"; level = "info"; }
worker "normal" { bind_socket = "%[2]s"; count = 1; }
modules { path = "/usr/share/rspamd/plugins/multimap.lua"; }
multimap { .include "%[1]s/local.d/maps.d/multimap.conf" }
actions { reject = 1000; }
`, dir, address)
	if err := os.WriteFile(filepath.Join(dir, "rspamd.conf"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir, address
}

var spoorSymbol = regexp.MustCompile(`(?m)^Symbol: (SPOOR_[A-Z_]+) `)

// scan has a message scanned, as soon as the server is up, and returns our symbols.
func scan(t *testing.T, client, address, ip, helo, mail string) (symbols []string) {
	t.Helper()
	var out []byte
	for range 600 {
		cmd := exec.Command(client, "-h", address, "--ip", ip, "--helo", helo)
		cmd.Stdin = strings.NewReader(mail)
		if out, _ = cmd.CombinedOutput(); strings.Contains(string(out), "[Metric: default]") { // its exit code tells nothing
			for _, m := range spoorSymbol.FindAllStringSubmatch(string(out), -1) {
				symbols = append(symbols, m[1])
			}
			slices.Sort(symbols)
			return symbols
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("rspamd does not answer:\n%s", out)
	return nil
}
