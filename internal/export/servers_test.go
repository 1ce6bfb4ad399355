package export

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"spoor/internal/dossier"
)

// tool finds a program that Debian installs where ordinary users don't look.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		path = "/usr/sbin/" + name
		if _, err := os.Stat(path); err != nil {
			t.Skipf("%s is not installed, so what it would load was not tried (.ci/run installs it)", name)
		}
	}
	return path
}

// output runs a program and returns its output; complaints fail the test.
func output(t *testing.T, stdin, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Stdin = strings.NewReader(stdin)
	var out, complaints strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &complaints
	err := cmd.Run()
	if _, noMatch := err.(*exec.ExitError); err != nil && !noMatch || complaints.Len() > 0 {
		t.Fatalf("%s %v: %v\n%s", name, args, err, complaints.String())
	}
	return out.String()
}

func savedAt(t *testing.T, format string, campaigns ...dossier.Campaign) string {
	t.Helper()
	f, _ := FormatOf(format)
	path := filepath.Join(t.TempDir(), "out")
	if _, err := f.Save(path, campaigns, options); err != nil {
		t.Fatal(err)
	}
	return path
}

// Postfix's own tools build the tables of every campaign without a warning and
// find the listed values in them, and no others.
func TestPostfixTables(t *testing.T) {
	postmap := tool(t, "postmap")
	dir := savedAt(t, "postfix", plainCampaign(), hostileCampaign())
	conf := t.TempDir()
	if err := os.WriteFile(filepath.Join(conf, "main.cf"), []byte("compatibility_level = 3.6\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	find := func(table, key string) string {
		return strings.TrimSpace(output(t, "", postmap, "-c", conf, "-q", key, table))
	}
	for _, table := range []string{"client_access", "helo_access"} {
		output(t, "", postmap, "-c", conf, "hash:"+filepath.Join(dir, table))
	}
	const why = "REJECT c2: only this campaign has it, until 2026-04-02"
	for _, c := range []struct{ table, key, want string }{
		{"hash:client_access", "198.51.100.7", why}, {"hash:client_access", "2001:db8::25", why},
		{"hash:client_access", "198.51.100.8", ""}, {"hash:client_access", "192.0.2.1", ""},
		{"hash:helo_access", "4711", why}, {"hash:helo_access", "[198.51.100.7]", why}, {"hash:helo_access", "example", ""},
		{"regexp:header_checks", "Subject: Cheap pills (50% off) for $5", why}, {"regexp:header_checks", "Subject: Cheap pills\n (50% off) for $5", why},
		{"regexp:header_checks", "Subject: Re: Cheap pills (50% off) for $5", ""}, {"regexp:header_checks", "Subject: anything else", ""},
	} {
		kind, name, _ := strings.Cut(c.table, ":")
		if got := find(kind+":"+filepath.Join(dir, name), c.key); got != c.want {
			t.Errorf("%s of %q: %q, want %q", c.table, c.key, got, c.want)
		}
	}
	// Subjects of the hostile campaign match themselves, and only themselves.
	for _, subject := range attacks {
		if pattern, ok := asPattern(dossier.Subject, subject); ok && pattern != "" {
			if got := find("regexp:"+filepath.Join(dir, "header_checks"), "Subject: "+strings.Join(strings.Fields(subject), " ")); !strings.HasPrefix(got, "REJECT c3: ") {
				t.Errorf("Subject %q: %q", subject, got)
			}
		}
	}
}

// BIND's checker loads the zone of every campaign.
func TestZoneLoads(t *testing.T) {
	check := tool(t, "named-checkzone")
	for name, campaigns := range samples() {
		path := savedAt(t, "rpz", campaigns...)
		if out := output(t, "", check, "-i", "local", "rpz.spoor.test", path); !strings.HasSuffix(out, "OK\n") {
			t.Errorf("%s: %s", name, out)
		}
	}
}

// An Unbound on loopback that loads the zone answers NXDOMAIN for the listed
// names, and resolves all others.
func TestUnboundBlocks(t *testing.T) {
	check, unbound := tool(t, "unbound-checkconf"), tool(t, "unbound")
	zone := savedAt(t, "rpz", plainCampaign(), hostileCampaign())
	upstream := answering(t, "203.0.113.200", map[string]string{"innocent-name.example.": "203.0.113.7"})
	port := freePort(t)
	conf := filepath.Join(t.TempDir(), "unbound.conf")
	text := fmt.Sprintf(`server:
  interface: 127.0.0.1
  port: %d
  directory: %q
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  logfile: ""
  do-daemonize: no
  do-not-query-localhost: no
  module-config: "respip iterator"
  # The names for tests are answered by default without asking anybody.
  local-zone: "example." nodefault
  local-zone: "test." nodefault
rpz:
  name: rpz.spoor.test
  zonefile: %q
forward-zone:
  name: "."
  forward-addr: %s
remote-control:
  control-enable: no
`, port, filepath.Dir(conf), zone, strings.Replace(upstream, ":", "@", 1))
	if err := os.WriteFile(conf, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	output(t, "", check, conf)
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, unbound, "-d", "-p", "-c", conf)
	var complaints strings.Builder
	cmd.Stderr = &complaints
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = cmd.Wait() }) // it was killed: that is its error
	server := fmt.Sprintf("127.0.0.1:%d", port)
	for name, blocked := range map[string]bool{
		"pills.example.": true, "www.pills.example.": true, "deep.below.pills.example.": true,
		"bit.ly.": false, "pills2.example.": false, "victim.example.": false, "example.org.": false,
		"innocent-name.example.": true, // it has an address that is listed
	} {
		answer := ask(t, server, name)
		if none := answer.Rcode == dns.RcodeNameError; none != blocked {
			t.Errorf("%s: %s with %d answers\n%s", name, dns.RcodeToString[answer.Rcode], len(answer.Answer), complaints.String())
		}
	}
}

// ask asks until the server is up.
func ask(t *testing.T, server, name string) *dns.Msg {
	t.Helper()
	q := new(dns.Msg).SetQuestion(name, dns.TypeA)
	client := dns.Client{Timeout: 5 * time.Second}
	var err error
	for range 100 {
		var answer *dns.Msg
		if answer, _, err = client.Exchange(q, server); err == nil {
			return answer
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("%s: %v", name, err)
	return nil
}

// answering starts a name server that has an address for every name.
func answering(t *testing.T, address string, others map[string]string) string {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &dns.Server{PacketConn: conn, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg).SetReply(q)
		a := address
		if other, ok := others[q.Question[0].Name]; ok {
			a = other
		}
		if q.Question[0].Qtype == dns.TypeA {
			m.Answer = []dns.RR{&dns.A{Hdr: dns.RR_Header{Name: q.Question[0].Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 60}, A: net.ParseIP(a)}}
		}
		if err := w.WriteMsg(m); err != nil {
			t.Log(err)
		}
	})}
	go func() {
		if err := server.ActivateAndServe(); err != nil {
			t.Log(err)
		}
	}()
	t.Cleanup(func() { _ = server.Shutdown() }) // the process ends anyhow
	return conn.LocalAddr().String()
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// A whole Postfix rejects by the tables a client that names itself as the campaign does,
// and takes mail of another.
func TestPostfixRejects(t *testing.T) {
	postfix := tool(t, "postfix")
	if os.Getuid() != 0 {
		t.Skip("only root can start Postfix: it was not tried with the tables (its own tools were)")
	}
	dir, port := postfixDir(t, postfix)
	start := exec.Command(postfix, "-c", filepath.Join(dir, "etc"), "start")
	if out, err := start.CombinedOutput(); err != nil {
		t.Fatalf("postfix start: %v\n%s", err, out)
	}
	t.Cleanup(func() { _ = exec.Command(postfix, "-c", filepath.Join(dir, "etc"), "stop").Run() }) // at worst it is down already
	for helo, want := range map[string]string{
		"4711": "554 5.7.1 <4711>: Helo command rejected: c2: only this campaign has it, until 2026-04-02", "innocent.example": "250 2.1.5 Ok",
	} {
		if got := rcpt(t, port, helo); got != want {
			t.Errorf("HELO %s: %q, want %q", helo, got, want)
		}
	}
}

// postfixDir is the folder of a Postfix with the tables, on a port of loopback.
func postfixDir(t *testing.T, postfix string) (dir string, port int) {
	dir, err := os.MkdirTemp("", "spoor-postfix")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) }) // a file of a dying Postfix may be left
	port = freePort(t)
	f, _ := FormatOf("postfix")
	if _, err := f.Save(filepath.Join(dir, "maps"), []dossier.Campaign{plainCampaign(), hostileCampaign()}, options); err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{"", "etc", "queue", "data"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command("chown", "postfix", filepath.Join(dir, "data")).CombinedOutput(); err != nil {
		t.Fatalf("chown: %s", out)
	}
	main := fmt.Sprintf(`compatibility_level = 3.6
queue_directory = %[1]s/queue
data_directory = %[1]s/data
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.spoor.test
mydestination = spoor.test
local_recipient_maps =
alias_maps =
maillog_file = /dev/stdout
mynetworks =
smtpd_helo_required = yes
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = check_helo_access hash:%[1]s/maps/helo_access, check_client_access hash:%[1]s/maps/client_access
header_checks = regexp:%[1]s/maps/header_checks
`, dir)
	master := fmt.Sprintf("127.0.0.1:%d inet n - n - - smtpd\nrewrite unix - - n - - trivial-rewrite\ncleanup unix n - n - 0 cleanup\nanvil unix - - n - 1 anvil\nqmgr unix n - n 300 1 qmgr\nproxymap unix - - n - - proxymap\npostlog unix-dgram n - n - 1 postlogd\n", port)
	for name, text := range map[string]string{"main.cf": strings.Replace(main, "maillog_file = /dev/stdout\n", "", 1), "master.cf": master} {
		if err := os.WriteFile(filepath.Join(dir, "etc", name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, table := range []string{"client_access", "helo_access"} {
		output(t, "", tool(t, "postmap"), "-c", filepath.Join(dir, "etc"), "hash:"+filepath.Join(dir, "maps", table))
	}
	return dir, port
}

// rcpt says HELO, MAIL and RCPT and returns the last answer.
func rcpt(t *testing.T, port int, helo string) string {
	t.Helper()
	var conn net.Conn
	var err error
	for range 100 {
		if conn, err = net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(60 * time.Second)); err != nil {
		t.Fatal(err)
	}
	s := bufio.NewScanner(conn)
	answer := ""
	for _, command := range []string{"", "HELO " + helo, "MAIL FROM:<a@sender.example>", "RCPT TO:<b@spoor.test>"} {
		if command != "" {
			fmt.Fprintf(conn, "%s\r\n", command)
		}
		for s.Scan() {
			if answer = s.Text(); len(answer) > 3 && answer[3] == ' ' {
				break
			}
		}
	}
	return answer
}
