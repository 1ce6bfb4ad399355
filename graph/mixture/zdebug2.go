package mixture

import (
	"fmt"
	"os"
	"syscall"
	"time"
)

var zlast time.Duration
var zwork int
var zVotes, zHopeless, zScored, zRare int

func (m *model) zlap(s string, moved int) {
	if os.Getenv("ZLAP") == "" {
		return
	}
	var r syscall.Rusage
	syscall.Getrusage(0, &r)
	t := time.Duration(r.Utime.Nano() + r.Stime.Nano())
	n, one := 0, 0
	for _, c := range m.clusters {
		if c != nil {
			n++
			if c.n == 1 {
				one++
			}
		}
	}
	fmt.Fprintf(os.Stderr, "  %-10s %6.2f s work %8d moved %7d clusters %d (one %d) of %d  votes %d hopeless %d rss %d\n", s, (t - zlast).Seconds(), m.work-zwork, moved, n, one, len(m.clusters), zVotes, zHopeless, r.Maxrss>>10)
	zlast, zwork = t, m.work
	zVotes, zHopeless = 0, 0
}
