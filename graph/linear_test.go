//go:build unix

package graph

import (
	"fmt"
	"syscall"
	"testing"
	"time"
)

// cpu is the processor time that the process has used: other work on the machine does
// not count.
func cpu(t *testing.T) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func TestTimeGrowsLinearly(t *testing.T) {
	took := func(n int) time.Duration {
		w := newWorld(11)
		for i := range n / 40 {
			w.campaign(fmt.Sprintf("c%d", i), 20, 2, 2)
			w.single(20, false)
		}
		best := time.Hour
		for range 3 {
			start := cpu(t)
			group(w.messages, Options{})
			best = min(best, cpu(t)-start)
		}
		return best
	}
	small, large := took(4_000), took(16_000)
	if large > 8*small {
		t.Errorf("4,000 messages took %v, 16,000 took %v: more than twice what is linear", small, large)
	}
}
