package cli

import (
	"sync"
	"time"

	"spoor/internal/printable"
)

// Intervals of progress reports: four a second where a line can be replaced in
// place, and rarer plain lines for logs.
const (
	redrawEvery = 250 * time.Millisecond
	plainEvery  = 30 * time.Second
)

// Progress shows one line on stderr while something long is under way.
//
// line is called from a goroutine of its own. It reads counters that are safe
// for that, and must not print.
type Progress struct {
	env  *Env
	line func(elapsed time.Duration) string
	done chan struct{}
	wait sync.WaitGroup

	mu    sync.Mutex
	drawn bool
}

// StartProgress starts to show the text of line. Stop ends it and, on a
// terminal, erases the line.
func (e *Env) StartProgress(line func(elapsed time.Duration) string) *Progress {
	p := &Progress{env: e, line: line, done: make(chan struct{})}
	every := plainEvery
	if e.Redraws() {
		every = redrawEvery
	}
	started := time.Now()
	p.wait.Add(1)
	go func() {
		defer p.wait.Done()
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-p.done:
				return
			case <-tick.C:
				p.show(p.line(time.Since(started)))
			}
		}
	}()
	return p
}

// show replaces the progress line. Where a line cannot be redrawn, as in a
// file, it prints a new one.
func (p *Progress) show(s string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s = p.env.Text(s)
	if !p.env.Redraws() {
		p.env.Notef("%s\n", s)
		return
	}
	p.env.Notef("\r\x1b[K%s", printable.Cut(s, p.env.Columns()-1))
	p.drawn = true
}

// Stop ends the showing. It may be called twice.
//
// After it returns nothing more is drawn. It is not for concurrent use with
// itself.
func (p *Progress) Stop() {
	select {
	case <-p.done:
		return
	default:
		close(p.done)
	}
	p.wait.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wipe()
}

// wipe removes the progress line, so that other output does not continue it.
func (p *Progress) wipe() {
	if p.drawn {
		p.env.Notef("\r\x1b[K")
		p.drawn = false
	}
}
