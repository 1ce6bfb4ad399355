package resolve

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/miekg/dns"

	"spoor/enrich"
	"spoor/enrich/polite"
	"spoor/internal/lab/simnet"
)

// serveEnv makes the test binary a resolver in a process of its own, so that
// the client's CPU time can be told from the server's. Its value is the
// latency.
const serveEnv = "SPOOR_TEST_RESOLVER"

func TestMain(m *testing.M) {
	if latency := os.Getenv(serveEnv); latency != "" {
		if err := serveUntilEOF(latency); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// serveUntilEOF writes the resolver's address, serves until stdin ends, and
// writes its counts.
func serveUntilEOF(latency string) error {
	d, err := time.ParseDuration(latency)
	if err != nil {
		return err
	}
	n, err := simnet.Start(context.Background(), simnet.World{Invent: true, Default: simnet.Behaviour{Latency: d}})
	if err != nil {
		return err
	}
	defer n.Close()
	fmt.Println(n.DNS())
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	st := n.Stats("dns")
	st.Log, st.Questions = nil, nil
	return json.NewEncoder(os.Stdout).Encode(st)
}

// elsewhere is a resolver in another process.
type elsewhere struct {
	address string
	stop    func() simnet.Stats
}

func startElsewhere(b *testing.B, latency time.Duration) elsewhere {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), serveEnv+"="+latency.String())
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	lines := bufio.NewReader(out)
	address, err := lines.ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return elsewhere{strings.TrimSpace(address), func() simnet.Stats {
		in.Close()
		var st simnet.Stats
		if err := json.NewDecoder(lines).Decode(&st); err != nil {
			b.Fatal(err)
		}
		if err := cmd.Wait(); err != nil {
			b.Fatal(err)
		}
		return st
	}}
}

func usage(b *testing.B) (u syscall.Rusage) {
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u
}

// cpu is the processor time of this process so far.
func cpu(b *testing.B) time.Duration {
	u := usage(b)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkQuestions asks single questions, 250 in flight at 50 ms: 5,000 a
// second are possible. It reports the rate reached, and the CPU time of the
// client alone.
//
//	go test -run - -bench Questions -benchtime 20000x ./enrich/resolve
func BenchmarkQuestions(b *testing.B) {
	measure(b, 250, nil, func(c *Client, i int) int {
		s := c.ask(b.Context(), question{fmt.Sprintf("www.inv%06d.com.", i), dns.TypeA})
		if s.outcome != enrich.Answered {
			b.Errorf("question %d: %s (%s)", i, s.outcome, s.detail)
		}
		return 1
	})
}

// BenchmarkGated does the same through a Gate of 5,000 a second, with more workers than
// are needed for that: "most/s" must not be above 5,000.
func BenchmarkGated(b *testing.B) {
	limit := func(string) polite.Limit { return polite.Limit{Rate: 5000} }
	measure(b, 400, polite.New(limit, nil, nil), func(c *Client, i int) int {
		s := c.ask(b.Context(), question{fmt.Sprintf("www.inv%06d.com.", i), dns.TypeA})
		if s.outcome != enrich.Answered {
			b.Errorf("question %d: %s (%s)", i, s.outcome, s.detail)
		}
		return 1
	})
}

// BenchmarkDomains looks up whole domains, six questions each and those of shared name
// servers.
func BenchmarkDomains(b *testing.B) {
	measure(b, 150, nil, func(c *Client, i int) int {
		got, err := Names{c}.Look(b.Context(), enrich.Subject{Kind: enrich.Domain, Name: fmt.Sprintf("inv%06d.com", i)})
		if err != nil || got[0].Outcome != enrich.Answered {
			b.Errorf("domain %d: %v (%v)", i, got, err)
		}
		return 6
	})
}

// measure runs b.N look-ups by so many workers.
func measure(b *testing.B, workers int, gate enrich.Gate, look func(c *Client, i int) int) {
	server := startElsewhere(b, 50*time.Millisecond)
	c, err := New(Options{Servers: []string{server.address}, Gate: gate})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	var next, questions atomic.Int64
	b.ReportAllocs()
	b.ResetTimer()
	start, used := time.Now(), cpu(b)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				questions.Add(int64(look(c, int(i))))
			}
		})
	}
	wg.Wait()
	took, spent := time.Since(start), cpu(b)-used
	b.StopTimer()
	counted := server.stop()
	asked := float64(questions.Load())
	b.ReportMetric(asked/took.Seconds(), "questions/s")
	b.ReportMetric(spent.Seconds()*1000/asked, "cpu-ms/question")
	b.ReportMetric(float64(counted.MaxPerSecond), "most/s")
	b.ReportMetric(float64(usage(b).Maxrss)/1024, "MiB")
	b.ReportMetric(float64(counted.MaxAtOnce), "most-at-once")
}
