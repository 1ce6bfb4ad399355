package enrich

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Now puts a subject to Lookups at once, outside of any queue, and says until when the
// answers are fresh. The error is a *BackedOff, or that ctx ended before anything was asked.
func Now(ctx context.Context, lookups []Lookup, c Claim, now time.Time) ([]Observation, error) {
	obs, err := askAll(ctx, lookups, c.Subject)
	dueAt(c, obs, now)
	if len(obs) > 0 {
		err = nil
	}
	return obs, err
}

// askAll puts a subject to each of a task's Lookups and collects what came of it. The
// error is of those that asked nothing: a *BackedOff where there is one.
func askAll(ctx context.Context, lookups []Lookup, s Subject) ([]Observation, error) {
	var all []Observation
	var problem error
	for _, l := range lookups {
		obs, err := ask(ctx, l, s)
		all = append(all, obs...)
		if err != nil && (problem == nil || isBackedOff(err)) {
			problem = err
		}
	}
	return all, problem
}

func isBackedOff(err error) bool {
	_, ok := errors.AsType[*BackedOff](err)
	return ok
}

// ask is l.Look with its panics turned into an outcome: an answer that makes a parser
// fall must not take the other look-ups with it.
func ask(ctx context.Context, l Lookup, s Subject) (obs []Observation, err error) {
	began := time.Now()
	defer func() {
		if p := recover(); p != nil {
			obs = append(obs, Observation{
				Subject: s, Source: l.Source(), AskedAt: began, Took: time.Since(began), Outcome: Malformed,
				Detail: cutDetail(fmt.Sprintf("reading the answer failed: %v", p)),
			})
			err = nil
		}
	}()
	return l.Look(ctx, s)
}

// maxDetail bounds Observation.Detail.
const maxDetail = 300

func cutDetail(s string) string {
	clean := make([]rune, 0, min(len(s), maxDetail))
	size := 0
	for _, r := range s {
		if r < ' ' || r == 0x7f || r == '\uFFFD' {
			r = ' '
		}
		if size += len(string(r)); size > maxDetail {
			break
		}
		clean = append(clean, r)
	}
	return string(clean)
}

// First is a Lookup that asks in turn until one knows: that there is an answer, or that
// there is no such thing.
func First(lookups ...Lookup) Lookup { return first(lookups) }

type first []Lookup

// Source returns the preferred one's.
func (f first) Source() Source { return f[0].Source() }

// Look keeps what every asked one observed.
func (f first) Look(ctx context.Context, s Subject) ([]Observation, error) {
	var all []Observation
	var problem error
	for _, l := range f {
		obs, err := ask(ctx, l, s)
		all = append(all, obs...)
		for i := range obs {
			if obs[i].Outcome == Answered || obs[i].Outcome == None {
				if !isBackedOff(err) { // else a registrar has more to tell later
					err = nil
				}
				return all, err
			}
		}
		if err != nil && (problem == nil || isBackedOff(err)) {
			problem = err
		}
		if ctx.Err() != nil {
			break
		}
	}
	if len(all) > 0 && !isBackedOff(problem) {
		problem = nil
	}
	return all, problem
}
