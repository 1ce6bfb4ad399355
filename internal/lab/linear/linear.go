// Package linear checks in tests that work grows in proportion to its input. It
// compares ratios of the CPU time of one thread, so that a busy machine does
// not fail a test.
package linear

import (
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// times is the ratio of the two sizes that Check compares. Linear work takes
// about 8 times as long, quadratic work 64 times.
const times = 8

// atMost is the accepted ratio: caches and the allocator cost up to 2.5 times
// as much an element on the larger input, and quadratic work stays far above.
const atMost = 3 * times

// tooShort is the time below which page faults and the collector decide a
// ratio.
const tooShort = 2 * time.Millisecond

// tries is the number of measurements of which one must be linear: quadratic
// work fails all of them.
const tries = 4

// Check fails the test unless work on an input of size n costs at most about
// eight times as much as on one of size n/8. build makes the input, which is
// not measured.
func Check[T any](t testing.TB, n int, build func(n int) T, work func(T)) {
	t.Helper()
	small, large := build(n/times), build(n)
	var short, long time.Duration
	for range tries {
		short, long = cost(small, work), cost(large, work)
		if long < tooShort || long <= atMost*short {
			return
		}
	}
	t.Errorf("size %d costs %v of CPU, size %d costs %v: more than %d times as much", n/times, short, n, long, atMost)
}

// cost returns the least CPU time of three runs.
func cost[T any](in T, work func(T)) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	best := time.Duration(1<<63 - 1)
	for range 3 {
		start := threadTime()
		work(in)
		best = min(best, threadTime()-start)
	}
	return best
}

// threadTime reads CLOCK_THREAD_CPUTIME_ID. Resource usage (getrusage) is
// counted in ticks of up to 4 ms on some kernels, which is longer than many
// measurements.
func threadTime() time.Duration {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &ts); err != nil {
		panic("no clock of a thread's CPU time: " + err.Error())
	}
	return time.Duration(ts.Nano())
}
