package polite

import (
	"context"
	"fmt"
	"time"

	"spoor/enrich"
)

// Times and limits of back-offs.
const (
	// firstPenalty is the first back-off. Each further one is twice as long, up
	// to maxPenalty.
	firstPenalty = time.Minute
	maxPenalty   = time.Hour
	// maxAsked limits a back-off that a server asks for itself.
	maxAsked = 24 * time.Hour
	// strikes is the number of successive subjects that must be answered with
	// "too many" before the server is backed off. Some servers answer so about
	// single domains for ever, while a server that means its limit says so
	// about all.
	strikes = 3
	// breath is the pause after each of those answers.
	breath = 500 * time.Millisecond
	// maxTouchy limits the subjects that are remembered as answered so.
	maxTouchy = 10_000
	// reporting limits the time for telling Shared about a back-off.
	reporting = 5 * time.Second
)

// join enters the queue of a server. While a question tests a doubtful server,
// join waits for its outcome.
func (g *Gate) join(ctx context.Context, s *server, deadline time.Time) (probe bool, err error) {
	for {
		probe, out, err := g.enter(s)
		if out == nil {
			return probe, err
		}
		timer := time.NewTimer(deadline.Sub(g.now()))
		select {
		case <-out:
			timer.Stop()
		case <-timer.C:
			return false, &enrich.BackedOff{Server: s.name, Until: deadline.Add(patience), Reason: "one question finds out whether it answers again"}
		case <-ctx.Done():
			timer.Stop()
			return false, fmt.Errorf("wait for %s: %w", s.name, ctx.Err())
		}
	}
}

// enter joins the waiting callers, unless the server is backed off or too many
// wait. A doubtful server is asked one question at a time; out is closed when
// that is over.
func (g *Gate) enter(s *server) (probe bool, out <-chan struct{}, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := g.now()
	switch wait := time.Duration(s.waiting) * s.each; {
	case now.Before(s.backedOff):
		return false, nil, &enrich.BackedOff{Server: s.name, Until: s.backedOff, Reason: s.reason}
	case s.doubtful && s.probed != nil:
		return false, s.probed, nil
	case wait > patience:
		return false, nil, &enrich.BackedOff{Server: s.name, Until: now.Add(wait), Reason: "questions already wait for its rate"}
	}
	s.waiting++
	if s.doubtful {
		s.probed = make(chan struct{})
	}
	return s.doubtful, nil, nil
}

// endProbe wakes the callers that wait for the testing question.
func (s *server) endProbe(probe bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if probe && s.probed != nil {
		close(s.probed)
		s.probed = nil
	}
}

// pause is the remaining time before a doubtful server may be asked.
func (s *server) pause(now time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.doubtful {
		return 0
	}
	return s.resume.Sub(now)
}

// report evaluates the outcome of a question that was sent at the time asked.
func (g *Gate) report(ctx context.Context, s *server, asked time.Time, about string, o enrich.Outcome) {
	until, reason := s.judge(asked, g.now(), about, o)
	if until.IsZero() {
		return
	}
	// WithoutCancel: the back-off after the last answer of a run must be
	// remembered as well.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), reporting)
	defer cancel()
	if err := g.shared.BackOff(ctx, s.name, until, reason); err != nil {
		g.failed(fmt.Errorf("remember that %s is left alone: %w", s.name, err))
	}
}

// judge counts failures and returns until when to back off; zero for no
// back-off.
func (s *server) judge(asked, now time.Time, about string, o enrich.Outcome) (until time.Time, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if asked.Before(s.backedOff) {
		return time.Time{}, "" // sent before the back-off, which says all
	}
	switch o {
	case enrich.Answered, enrich.None:
		s.failures, s.throttled, s.penalty, s.doubtful, s.relapse = 0, 0, firstPenalty, false, false
		return time.Time{}, ""
	case enrich.Guarded:
		return time.Time{}, "" // never asked
	case enrich.Throttled:
		if !s.strike(now, about) {
			return time.Time{}, ""
		}
		reason = "it says that we ask too much"
	default:
		if s.failures++; s.failures < s.limit.tolerated() {
			return time.Time{}, ""
		}
		reason = fmt.Sprintf("%d failures in a row, the last: %s", s.failures, o)
	}
	s.failures, s.doubtful, s.relapse = 0, true, true
	s.throttled, s.touchy = 0, nil
	s.backedOff, s.reason = now.Add(s.penalty), reason
	s.penalty = min(2*s.penalty, maxPenalty)
	s.backOffs++
	return s.backedOff, reason
}

// strike counts a subject that was answered with "too many" and reports whether
// the server means all questions. A subject counts once. The caller holds mu.
func (s *server) strike(now time.Time, about string) (enough bool) {
	if s.relapse {
		return true
	}
	if s.touchy[about] {
		return false
	}
	if s.touchy == nil || len(s.touchy) >= maxTouchy {
		s.touchy = map[string]bool{}
	}
	s.touchy[about] = true
	s.throttled++
	s.doubtful, s.resume = true, now.Add(breath)
	return s.throttled >= strikes
}

// LeaveAlone backs off from a server until a time that it stated (Retry-After,
// "try again in 300 seconds"), at most for a day.
func (g *Gate) LeaveAlone(ctx context.Context, name string, until time.Time, reason string) error {
	s := g.server(name)
	now := g.now()
	until = earlier(until, now.Add(maxAsked))
	s.mu.Lock()
	if until.After(s.backedOff) && until.After(now) {
		s.backedOff, s.reason, s.doubtful, s.relapse = until, reason, true, true
		s.backOffs++
	}
	s.mu.Unlock()
	if err := g.shared.BackOff(ctx, name, until, reason); err != nil {
		return fmt.Errorf("remember that %s is left alone: %w", name, err)
	}
	return nil
}
