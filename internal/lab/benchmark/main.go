// Command benchmark measures the cost of an import on a fresh private cluster
// with the default settings: CPU of client and server together, messages per
// second, and peak memory.
//
//	go run ./internal/lab/benchmark                      20,000 invented messages of 21 KB mean
//	go run ./internal/lab/benchmark -mail DIR [-n N]     real mail; -n only divides the figures
//	go run ./internal/lab/benchmark -correlate N         runs of the correlator over N invented messages
//	go run ./internal/lab/benchmark -questions N         the questions of "correlate ask" over N invented messages
//	go run ./internal/lab/benchmark -page N              the pages of "correlate serve" over N invented messages
//
// It measures whole processes by the operating system's accounting: the
// collector by wait4, and the server as the sum over the postmaster and its
// children in /proc, so it needs Linux. Compare figures of one run only,
// because the speed of machines drifts.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() { os.Exit(run()) }

// run is main without its process; it returns the exit code.
func run() int {
	var o options
	flag.StringVar(&o.mail, "mail", "", "mbox, Maildir or folder to import in place of invented mail")
	flag.IntVar(&o.n, "n", 20_000, "messages to invent")
	flag.IntVar(&o.rounds, "rounds", 3, "fresh stores to fill; medians are printed")
	flag.StringVar(&o.profile, "cpuprofile", "", "write the collector's CPU profile of the last import here")
	correlate := flag.Int("correlate", 0, "measure the correlator over so many invented messages")
	features := flag.Int("features", 0, "with -correlate: features of each message; 0: all that it has")
	ask := flag.Int("questions", 0, "measure the questions of correlate ask over so many invented messages")
	pages := flag.Int("page", 0, "measure the pages of correlate serve over so many invented messages")
	home := flag.String("home", "", "with -correlate, -questions and -page: a folder for the database, which stays there")
	flag.Parse()
	var err error
	switch {
	case *ask > 0:
		err = measureQuestions(*ask, *home)
	case *pages > 0:
		err = measurePages(*pages, *home)
	case *correlate > 0:
		err = measureCorrelate(*correlate, *features, *home)
	default:
		err = measure(o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "benchmark:", err)
		return 1
	}
	return 0
}

// options are the flags of the import benchmark.
type options struct {
	mail, profile string
	n, rounds     int
}

// cost is the cost of one command.
//
// client and server are CPU time, user and system together.
type cost struct {
	wall, client, server time.Duration
	peak                 int64 // bytes, of the collector
	read                 int64 // messages, as counted by the collector
}

// built builds programs into a new folder, which the caller removes. Another
// user must be able to enter it, since the server may run as one.
//
// The folder is returned with an error, too, so that the caller can remove it.
func built(programs ...string) (dir string, err error) {
	if dir, err = os.MkdirTemp("", "spoor-benchmark-"); err != nil {
		return "", err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return dir, err
	}
	for _, p := range programs {
		if out, err := exec.Command("go", "build", "-o", filepath.Join(dir, p), "./cmd/"+p).CombinedOutput(); err != nil {
			return dir, fmt.Errorf("build %s (run this from the top of the repository): %w\n%s", p, err, out)
		}
	}
	return dir, nil
}

// measure builds the collector and times imports into fresh stores.
//
// Rounds go over all cases in turn, so that a drift of the machine's speed hits
// each alike. The second case imports into the store of the first, where every
// message is known.
func measure(o options) error {
	dir, err := built("collector")
	defer os.RemoveAll(dir)
	if err != nil {
		return err
	}
	collector := filepath.Join(dir, "collector")
	if o.mail == "" {
		o.mail = filepath.Join(dir, "invented.mbox")
		if err := invent(o.mail, o.n); err != nil {
			return err
		}
	}
	cases := []struct {
		name string
		args []string
		keep bool // continue with the store of the previous case
	}{
		{"import", []string{"import", "--json", o.mail}, false},
		{"import again", []string{"import", "--json", o.mail}, true},
		{"import --no-raw", []string{"import", "--json", "--no-raw", o.mail}, false},
	}
	costs := make([][]cost, len(cases))
	for round := range o.rounds {
		home := ""
		for i, c := range cases {
			if !c.keep {
				home = filepath.Join(dir, fmt.Sprintf("home-%d-%d", round, i))
			}
			got, err := timedImport(collector, home, c.args)
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			costs[i] = append(costs[i], got)
		}
	}
	fmt.Printf("%-18s %9s %8s %10s %10s %10s %9s\n", "", "messages", "a second", "client ms", "server ms", "CPU ms", "peak MiB")
	for i, c := range cases {
		m := median(costs[i])
		n := float64(m.read)
		each := func(d time.Duration) float64 { return ms(d) / n }
		fmt.Printf("%-18s %9d %8.0f %10.3f %10.3f %10.3f %9.0f\n", c.name, m.read, n/m.wall.Seconds(),
			each(m.client), each(m.server), each(m.client+m.server), float64(m.peak)/(1<<20))
	}
	fmt.Println("CPU is user + system time a message; the median round of each, by CPU.")
	return nil
}

func median(c []cost) cost {
	slices.SortFunc(c, func(a, b cost) int { return int(a.client + a.server - b.client - b.server) })
	return c[len(c)/2]
}

// server is a private database that keeps running, so that its start is not
// counted and its CPU time can be read.
type server struct {
	collector, home string
	postmaster      int
}

// command prepares a program that uses the benchmark's own store, regardless of
// the environment's.
func (s *server) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(s string) bool {
		return strings.HasPrefix(s, "PG") || strings.HasPrefix(s, "DATABASE_URL=")
	}), "SPOOR_HOME="+s.home)
	return cmd
}

// start starts the private database and finds its process, whose CPU time is
// read later.
func (s *server) start() (err error) {
	if out, err := s.command(s.collector, "db", "start").CombinedOutput(); err != nil {
		return fmt.Errorf("db start: %w\n%s", err, out)
	}
	if s.postmaster, err = postmasterPID(s.command(s.collector, "db", "status", "--json")); err != nil {
		return errors.Join(err, s.stop())
	}
	return nil
}

// stop stops the private database.
func (s *server) stop() error {
	if out, err := s.command(s.collector, "db", "stop").CombinedOutput(); err != nil {
		return fmt.Errorf("db stop: %w\n%s", err, out)
	}
	return nil
}

// timed runs a program and returns its cost and output.
//
// Exit code 3, a part that failed, is let through: real mail has damaged files.
func (s *server) timed(program string, args []string) (c cost, stdout []byte, err error) {
	before, err := treeCPU(s.postmaster)
	if err != nil {
		return c, nil, err
	}
	cmd := s.command(program, args...)
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	start := time.Now()
	runErr := cmd.Run()
	c.wall = time.Since(start)
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != 0 && cmd.ProcessState.ExitCode() != 3 {
		return c, nil, fmt.Errorf("%w\n%s", runErr, stderr.String())
	}
	c.client = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	c.peak = cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
	time.Sleep(200 * time.Millisecond) // backends end and their time is added to the parent's
	after, err := treeCPU(s.postmaster)
	c.server = after - before
	return c, out.Bytes(), err
}

// timedImport runs the collector on a database of its own.
func timedImport(collector, home string, args []string) (c cost, err error) {
	s := server{collector: collector, home: home}
	if err := s.start(); err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	c, stdout, err := s.timed(collector, args)
	if err != nil {
		return c, err
	}
	var sum struct {
		Read int64 `json:"read"`
	}
	if e := json.Unmarshal(stdout, &sum); e != nil || sum.Read == 0 {
		return c, fmt.Errorf("no sum in the collector's output: %v\n%.500s", e, stdout)
	}
	c.read = sum.Read
	return c, nil
}

// postmasterPID asks the collector for the process id of its server.
func postmasterPID(status *exec.Cmd) (int, error) {
	out, err := status.Output()
	if err != nil {
		return 0, fmt.Errorf("db status: %w", err)
	}
	var s struct {
		PID int `json:"pid"`
	}
	if err := json.Unmarshal(out, &s); err != nil || s.PID == 0 {
		return 0, fmt.Errorf("db status names no server process: %v\n%s", err, out)
	}
	return s.PID, nil
}

// treeCPU is the CPU time of a process with all its children, living and ended.
//
// A child that ended is in the parent's cutime and cstime as soon as it was
// waited for. Grandchildren do not occur: backends start no processes.
func treeCPU(root int) (time.Duration, error) {
	total, _, err := processCPU(root)
	if err != nil {
		return 0, err
	}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if cpu, parent, err := processCPU(pid); err == nil && parent == root {
			total += cpu
		}
	}
	return total, nil
}

// processCPU reads utime, stime, cutime and cstime from /proc/PID/stat. Clock
// ticks are hundredths of a second on every Linux that Go supports (proc(5)).
func processCPU(pid int) (cpu time.Duration, parent int, err error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0, err
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 15 {
		return 0, 0, fmt.Errorf("/proc/%d/stat: %q", pid, b)
	}
	parent, _ = strconv.Atoi(fields[1])
	for _, f := range fields[11:15] {
		ticks, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0, 0, err
		}
		cpu += time.Duration(ticks) * 10 * time.Millisecond
	}
	return cpu, parent, nil
}
