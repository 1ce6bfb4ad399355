package enrich

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Now asks Lookups about a subject at once, without a queue, and sets until
// when the answers are fresh. The error is a *BackedOff, or it says that ctx
// ended before anything was asked.
func Now(ctx context.Context, lookups []Lookup, c Claim, now time.Time) ([]Observation, error) {
	obs, err := askAll(ctx, lookups, c.Subject)
	dueAt(c, obs, now)
	if len(obs) > 0 {
		err = nil
	}
	return obs, err
}

// askAll asks all Lookups of a task and collects their observations. The error
// comes from those that asked nothing; a *BackedOff takes precedence.
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

// isBackedOff reports whether an error is a back-off of a Gate.
func isBackedOff(err error) bool {
	_, ok := errors.AsType[*BackedOff](err)
	return ok
}

// ask calls l.Look and turns a panic into an outcome, because an answer that
// crashes a parser must not end the other look-ups.
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

// maxDetail limits Observation.Detail, in bytes.
const maxDetail = 300

// cutDetail makes an error text safe to store: one line, valid UTF-8, at most
// maxDetail bytes.
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

// First returns a Lookup that asks its Lookups in turn until one answers, or
// says that the subject does not exist.
func First(lookups ...Lookup) Lookup { return first(lookups) }

// first is the Lookup of First.
type first []Lookup

// Source returns the Source of the preferred Lookup.
func (f first) Source() Source { return f[0].Source() }

// Look returns the observations of all Lookups that were asked.
func (f first) Look(ctx context.Context, s Subject) ([]Observation, error) {
	var all []Observation
	var problem error
	for _, l := range f {
		obs, err := ask(ctx, l, s)
		all = append(all, obs...)
		for i := range obs {
			if obs[i].Outcome == Answered || obs[i].Outcome == None {
				if !isBackedOff(err) { // otherwise a registrar will answer later
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
