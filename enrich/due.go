package enrich

import (
	"hash/fnv"
	"time"
)

// day is the unit of freshness.
const day = 24 * time.Hour

// dueAt returns when a task is due again, and sets the time until which its
// observations are fresh. The first observation to expire decides. After an
// answer, the failure of another source is not repeated, except for the
// registrar's WHOIS, which a thin registry's answer needs.
func dueAt(c Claim, obs []Observation, now time.Time) time.Time {
	var due time.Time
	earlier := func(t time.Time) {
		if due.IsZero() || t.Before(due) {
			due = t
		}
	}
	known := false
	for i := range obs {
		known = known || obs[i].Outcome.Final()
	}
	for i := range obs {
		o := &obs[i]
		if !o.Outcome.Final() {
			retry := now.Add(spread(c, retryAfter(c, o.Outcome)))
			if !known {
				earlier(retry)
			} else if o.Source == RegistrarWHOIS {
				earlier(now.Add(spread(c, max(day, retryAfter(c, o.Outcome)))))
			}
			continue
		}
		// A protocol's own lifetime, such as a TTL of seconds, does not say how
		// long the answer is useful here.
		o.Expires = now.Add(spread(c, freshFor(o, now)))
		earlier(o.Expires)
	}
	if due.IsZero() { // nothing was asked, since the answer is known from elsewhere
		due = now.Add(spread(c, 7*day))
	}
	return due
}

// freshFor is the time for which an answer is fresh. New registrations and
// missing names change soon, old registrations rarely.
func freshFor(o *Observation, now time.Time) time.Duration {
	switch o.Source {
	case WHOIS, RegistrarWHOIS, RDAP:
		return registrationFresh(o, now)
	case DNS:
		return day
	case PTR:
		return 7 * day
	case Origin:
		return 14 * day
	case IPWHOIS, IPRDAP, Table:
		return 30 * day
	}
	return 7 * day
}

// registrationFresh is the same for an answer about a domain.
func registrationFresh(o *Observation, now time.Time) time.Duration {
	reg, ok := o.Parsed.(*Registration)
	if !ok || reg == nil || o.Outcome != Answered {
		return 3 * day // unregistered or not readable: somebody may register the name tomorrow
	}
	age := now.Sub(reg.Created)
	switch {
	case reg.Created.IsZero():
		return 7 * day
	case age < 30*day:
		return day
	case age < 365*day:
		return 7 * day
	}
	if left := reg.Expires.Sub(now); left > 0 && left < 30*day {
		return max(day, left)
	}
	return 30 * day
}

// retryAfter backs off by a factor of three with each failure, from minutes up
// to a week.
func retryAfter(c Claim, o Outcome) time.Duration {
	d := 5 * time.Minute
	switch o {
	case Throttled:
		d = 15 * time.Minute
	case Refused, Malformed:
		d = 6 * time.Hour
	}
	for range min(c.Attempts, 8) {
		d *= 3
	}
	return min(d, 7*day)
}

// spread varies a time by up to a tenth, always the same for one subject, so
// that subjects asked together are not due together again.
func spread(c Claim, d time.Duration) time.Duration {
	h := fnv.New32a()
	h.Write([]byte(c.Name))
	h.Write([]byte(c.Task))
	return d + time.Duration(int64(d)/10*int64(h.Sum32()%1000)/1000)
}
