package maillog

import "time"

// Sources of a zone or a year.
const (
	BasisOption   = "option"    // the caller said so
	BasisStamp    = "stamp"     // the stamps have it
	BasisQueueIDs = "queue ids" // long Postfix ids and Exim ids contain the time in UTC
	BasisFile     = "file time" // and the order of lines
	BasisNow      = "now"       // the same, but the time of the file is not known either
	BasisNone     = ""
)

// Spans of time in seconds.
const (
	day = 24 * 3600
	// behind is the maximum time that a line without a year may be earlier than
	// the newest one before it. It may be later by the rest of a year: servers
	// are off for months, but logs are not sorted backwards by weeks, except
	// where an older file follows a newer one. In that case the time of the
	// file decides.
	behind = 7 * day
	// quarter is the step of time zones; slip is the maximum difference of a
	// queue id and its line.
	quarter = 15 * 60
	slip    = 5
)

// clock turns stamps into times: it knows the year and the zone so far.
//
// It belongs to one file: another may be of another year.
type clock struct {
	limit     int64 // no line is later: time of the file, and a day
	limitKnow bool
	newest    int64 // wall time of the line that was last dated
	zone      *time.Location
	offset    int64 // in seconds, where zone is nil
	zoneBasis string
	yearBasis string
}

// start begins a file.
func (c *clock) start(modified, now time.Time, zone *time.Location) {
	*c = clock{zone: zone}
	if zone != nil {
		c.zoneBasis = BasisOption
	}
	c.limitKnow = !modified.IsZero()
	if !c.limitKnow {
		modified = now
	}
	c.limit = modified.Unix() + day
}

// dated gives s its year, or reports that it can't have one.
//
// A 29 February with no leap year in range is the one stamp that can have none.
func (c *clock) dated(s stamp) (stamp, bool) {
	if !s.noYear {
		c.newest = s.wall
		if c.yearBasis == BasisNone {
			c.yearBasis = BasisStamp
		}
		return s, true
	}
	if c.yearBasis == BasisNone || c.yearBasis == BasisStamp {
		c.yearBasis = BasisFile
		if !c.limitKnow {
			c.yearBasis = BasisNow
		}
	}
	d, ok := c.nearest(s)
	if ok {
		c.newest = d.wall
	}
	return d, ok
}

// nearest finds the year in which s comes soonest after the line before, and not after
// the file was written.
func (c *clock) nearest(s stamp) (stamp, bool) {
	latest := yearOf(c.limit)
	// The year of the line before, the one before that (lines out of order
	// about New Year), or a later one.
	if c.newest > 0 {
		for y := yearOf(c.newest) - 1; y <= latest; y++ {
			if d := s.of(y); d.wall >= c.newest-behind && d.wall <= c.limit {
				return d, true
			}
		}
	}
	for y := latest; y > latest-9; y-- { // 29 February is up to eight years away
		if d := s.of(y); d.wall >= 0 && d.wall <= c.limit {
			return d, true
		}
	}
	return s, false
}

// unix returns the time in UTC, as far as the zone is known.
//
// floating means that the result is the wall time and no moment.
func (c *clock) unix(s stamp) (at int64, floating bool) {
	switch {
	case s.zoned:
		if c.zoneBasis == BasisNone {
			c.zoneBasis, c.offset = BasisStamp, int64(s.offset)
		}
		return s.unix(), false
	case c.zone != nil:
		t := time.Unix(s.wall, 0).UTC()
		// The rules of the zone apply at the day of the line, summer time
		// included.
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, c.zone).Unix(), false
	case c.zoneBasis == BasisQueueIDs:
		return s.wall - c.offset, false
	}
	return s.wall, true
}

// vote learns the zone from a queue id that was made at the time of line s. One vote is
// enough: no sender has a hand in the id, and the hour after a change of the clocks would
// be misdated until more of them agreed.
func (c *clock) vote(s stamp, made int64) {
	if s.zoned || s.noYear || c.zone != nil || made == 0 {
		return
	}
	diff := s.wall - made
	// The sum is positive for every zone, so the division rounds down to the
	// nearest quarter.
	near := (diff + quarter/2 + 14*3600*4) / quarter * quarter
	near -= 14 * 3600 * 4
	if near < -12*3600 || near > 14*3600 || diff-near > slip || near-diff > slip {
		return
	}
	c.offset, c.zoneBasis = near, BasisQueueIDs
}

// pick chooses between two stamps in front of one line: the one with a zone, and of two
// with one the inner, which the server itself wrote. The outer one without it counts only
// if both show the same moment: a shipper may have read the line hours later.
func pick(outer, inner stamp) stamp {
	if inner.zoned || !outer.zoned {
		return inner
	}
	clock := inner.wall % day
	diff := (clock - outer.unix()%day + day) % quarter
	if diff > 60 && diff < quarter-60 {
		return inner
	}
	return outer
}
