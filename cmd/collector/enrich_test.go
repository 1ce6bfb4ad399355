package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"spoor/internal/lab/simnet"
)

// simulated is the program "simnet" of the scripts: a small Internet that runs until it is
// interrupted, as scripts do at their end. It writes a configuration that names its servers to the file that is
// its argument.
func simulated() {
	w := simnet.World{
		Invent:     true,
		Registrars: []simnet.Registrar{{Key: "acme", Name: "Acme Registrar", IANAID: 9999, WHOIS: "whois.acme.test"}},
		Domains: []simnet.Domain{
			{Name: "evil.com", Registrar: "acme", Refers: "169.254.169.254", Created: time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC), NameServers: []simnet.NameServer{{Host: "ns.evil.com"}}},
			{Name: "odd.org", Registrar: "acme", Created: time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC), Expires: time.Date(2034, 3, 1, 0, 0, 0, 0, time.UTC),
				Registrant: simnet.Contact{Name: "\x1b]0;owned\a<script>alert(1)</script>'; DROP TABLE messages; --", Email: "x@odd.org", Country: "US"}},
		},
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	n, err := simnet.Start(ctx, w)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	text := fmt.Sprintf("resolver %s\nwhois %s\nrdap %s\nasn-zone asn.test\nlease 5s\n", n.DNS(), n.WHOIS(""), n.RDAP(""))
	err = os.WriteFile(os.Args[1]+".new", []byte(text), 0o644)
	if err == nil {
		err = os.Rename(os.Args[1]+".new", os.Args[1]) // a waiting process must find all of it
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	<-ctx.Done()
	n.Close()
}

// Three enrichers on one database, one of them killed again and again: every domain is
// done, and none is asked after its answer was stored, as the servers counted.
func TestThreeEnrichersOneKilled(t *testing.T) {
	const domains = 240
	n := simnet.New(t, simnet.World{Invent: true, Default: simnet.Behaviour{Latency: 30 * time.Millisecond}})
	p := newProgram(t)
	p.output("import", mailOf(t, domains))
	config := fmt.Sprintf("resolver %s\nwhois %s\nrdap off\nasn-zone off\nsources whois,dns,ptr\nlease 3s\nrate %s=60/s\n", n.DNS(), n.WHOIS(""), n.WHOIS(""))
	if err := os.WriteFile(filepath.Join(p.home, "config"), []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	p.output("db", "start") // else the killed may be the one that runs it
	t.Cleanup(func() { p.output("db", "stop") })

	done := make(chan error, 2)
	for range 2 {
		cmd := p.command("enrich")
		go func() {
			out, err := cmd.CombinedOutput()
			if err != nil {
				err = fmt.Errorf("%w: %s", err, out)
			}
			done <- err
		}()
	}
	if kills := p.killUntil(done, 2); kills == 0 { // how many there are is the machine's
		t.Error("the others ended before anyone was killed")
	}
	p.output("enrich") // tasks that the last process held when it was killed
	p.checkDone(domains)
	p.checkAskedOnce(n)
}

// killUntil starts one enricher after the other and kills it, until the others are done.
func (p *program) killUntil(done <-chan error, others int) (kills int) {
	p.t.Helper()
	for i := 0; ; i++ {
		victim := p.command("enrich")
		if err := victim.Start(); err != nil {
			p.t.Fatal(err)
		}
		timer := time.NewTimer(time.Duration(500+37*(i%7)) * time.Millisecond)
		select {
		case err := <-done:
			if err != nil {
				p.t.Error(err)
			}
			if others--; others == 0 {
				timer.Stop()
				p.kill(victim)
				return kills
			}
		case <-timer.C:
		}
		p.kill(victim)
		kills++
	}
}

func (p *program) kill(cmd *exec.Cmd) {
	p.t.Helper()
	if err := cmd.Process.Kill(); err != nil {
		p.t.Log(err)
	}
	_ = cmd.Wait() // it was killed
}

func (p *program) checkDone(domains int) {
	p.t.Helper()
	got := p.output("db", "psql", "--", "-Atc", "select count(*) from lookups where task = 'registration' and outcome = 'answered' and not ready and leased_by is null")
	if strings.TrimSpace(got) != fmt.Sprint(domains) {
		p.t.Errorf("%s of %d domains are done; not: %s", strings.TrimSpace(got), domains,
			p.output("db", "psql", "--", "-Atc", "select l, o.detail from lookups l left join observations o on o.subject = l.name and o.source = 'whois' where task = 'registration' and l.outcome is distinct from 'answered'"))
	}
}

// checkAskedOnce compares the stored answers with the server's count of
// queries: after an answer is stored, its question is not sent again.
func (p *program) checkAskedOnce(n *simnet.Net) {
	p.t.Helper()
	stored := map[string]time.Time{}
	out := p.output("db", "psql", "--", "-Atc", "select subject, extract(epoch from asked_at), confirmations from observations where source = 'whois'")
	for line := range strings.Lines(out) {
		var at float64
		var again int
		name, rest, _ := strings.Cut(strings.TrimSpace(line), "|")
		if _, err := fmt.Sscanf(rest, "%f|%d", &at, &again); err != nil {
			p.t.Fatalf("%q: %v", line, err)
		}
		if again > 0 {
			p.t.Errorf("the answer about %s was stored %d times", name, again+1)
		}
		stored[name] = time.UnixMicro(int64(at * 1e6))
	}
	asked := n.Stats(simnet.AnyWHOIS)
	for _, q := range asked.Log {
		if at, ok := stored[q.Question]; ok && q.At.After(at.Add(500*time.Millisecond)) {
			p.t.Errorf("%s was asked %s after the answer that is stored", q.Question, q.At.Sub(at))
		}
	}
	if asked.MaxPerSecond > 60 {
		p.t.Errorf("%d questions in a second, 60 are allowed", asked.MaxPerSecond)
	}
	p.t.Logf("%d questions, at most %d in a second", asked.Asked, asked.MaxPerSecond)
}

// Quota answers about single domains neither silence their server nor end the run: one
// command asks about all, and leaves only those to be tried again.
func TestQuotasOfSingleDomains(t *testing.T) {
	const domains = 40
	w := simnet.World{Invent: true, Special: map[string]simnet.Behaviour{}}
	for _, i := range []int{3, 17, 18, 39} {
		w.Special[fmt.Sprintf("inv%06d.com", i)] = simnet.Behaviour{Raw: []byte("Quota exceeded\n")}
	}
	n := simnet.New(t, w)
	p := newProgram(t)
	p.output("import", mailOf(t, domains))
	out := p.output("enrich", "--resolver", n.DNS(), "--whois", n.WHOIS(""), "--rdap", "off", "--sources", "whois", "--rate", n.WHOIS("")+"=20/s")
	if !strings.Contains(out, "0 due, 4 to be tried again") {
		t.Errorf("%s", out)
	}
	got := p.output("db", "psql", "--", "-Atc", "select outcome, count(*) from lookups where task = 'registration' group by 1 order by 1; select coalesce(max(backed_offs), 0) from servers")
	if want := "answered|36\nthrottled|4\n0\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// A server that means its quota is waited for, unless the run is told not to or its time is up:
// then its exit code says that work is left.
func TestUnfinishedRunsSaySo(t *testing.T) {
	n := simnet.New(t, simnet.World{Invent: true, Behave: map[string]simnet.Behaviour{"whois.verisign.test": {Quota: 5}}})
	p := newProgram(t)
	p.output("import", mailOf(t, 30))
	servers := []string{"--resolver", n.DNS(), "--whois", "com=" + n.WHOIS("com"), "--whois", "example=" + n.WHOIS("com"), "--rdap", "off", "--sources", "whois"}
	for _, more := range [][]string{{"--no-wait"}, {"--for", "1s"}} {
		out, err := p.command(append(append([]string{"enrich"}, servers...), more...)...).CombinedOutput()
		if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 5 || !strings.Contains(string(out), "Not finished: ") {
			t.Errorf("%v: %v\n%s", more, err, out)
		}
	}
	out := p.output("enrich", "--limit", "1", "--no-wait", "--resolver", n.DNS(), "--rdap", "off", "--sources", "dns")
	if !strings.Contains(out, "Looked up 1 name") {
		t.Errorf("a limit that is reached is an end: %s", out)
	}
}

// mailOf writes a mailbox with one link to each of so many invented domains.
func mailOf(t *testing.T, domains int) string {
	t.Helper()
	var b strings.Builder
	for i := range domains {
		fmt.Fprintf(&b, "From x@shop.example Sun Jan  8 14:44:01 2006\nReceived: from a (a.example [203.0.113.7])\n\tby mx.example.com (Postfix) with SMTP id 7B2A1F4; Sun,  8 Jan 2006 14:44:01 +0100\n"+
			"Message-ID: <%d@shop.example>\nDate: Sun, 08 Jan 2006 14:43:59 +0100\nFrom: <x@shop.example>\nSubject: No %d\n\nhttp://inv%06d.com/\n\n", i, i, i)
	}
	path := filepath.Join(t.TempDir(), "spam.mbox")
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// An error in the configuration is not reported as that of a flag.
func TestConfigIsNamedWhereItIsWrong(t *testing.T) {
	p := newProgram(t)
	if err := os.MkdirAll(p.home, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.home, "config"), []byte("resolver dns.example\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := p.command("enrich", "--dry-run").CombinedOutput()
	if err == nil || !strings.Contains(string(out), `config, line 1: resolver: "dns.example" is not ADDRESS:PORT`) {
		t.Errorf("%v, %s", err, out)
	}
}
