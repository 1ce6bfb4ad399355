package storetest

import (
	"bytes"
	"context"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"spoor/sql/store"
)

// CPU returns the CPU seconds of this process.
func CPU() float64 {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// ServerClock reads the CPU time of a postmaster, its children, and those it has reaped.
type ServerClock struct{ postmaster string }

// NewServerClock finds the postmaster of s.
func NewServerClock(b *testing.B, s *store.DB) *ServerClock {
	var backend int
	if err := s.Pool.QueryRow(context.Background(), "SELECT pg_backend_pid()").Scan(&backend); err != nil {
		b.Fatal(err)
	}
	return &ServerClock{procStat(strconv.Itoa(backend)).parent}
}

// Now returns the CPU seconds of the whole server.
func (c *ServerClock) Now(b *testing.B) float64 {
	sum := procStat(c.postmaster).withReaped
	entries, err := os.ReadDir("/proc")
	if err != nil {
		b.Skip("the server's CPU time is read from /proc")
	}
	for _, e := range entries {
		if p := procStat(e.Name()); p.parent == c.postmaster {
			sum += p.own
		}
	}
	return sum
}

// procTimes are the CPU seconds of a process: its own, and with those of ended
// children.
type procTimes struct {
	parent          string
	own, withReaped float64
}

// procStat reads /proc/PID/stat (proc(5)). The name in parentheses may have
// blanks, so fields are counted from its end. A tick is a hundredth of a second
// on Linux.
func procStat(pid string) procTimes {
	data, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return procTimes{}
	}
	f := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
	ticks := func(n int) float64 { v, _ := strconv.ParseFloat(f[n], 64); return v / 100 }
	own := ticks(11) + ticks(12)
	return procTimes{f[1], own, own + ticks(13) + ticks(14)}
}

// BackendCPU returns the CPU seconds that the open connections of s have used
// on the server. Unlike wall-clock time, it does not depend on other load, so
// that tests can compare the cost of a small task with a large one.
func BackendCPU(t testing.TB, s *store.DB) float64 {
	t.Helper()
	sum := 0.0
	for _, pid := range Column(t, s, "SELECT pid::text FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'") {
		p := procStat(pid)
		if p.parent == "" {
			t.Skip("the server's CPU time is read from /proc")
		}
		sum += p.own
	}
	return sum
}
