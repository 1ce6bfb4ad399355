package maillog

import "math"

// stamp is the time of a line. The zero stamp means none.
//
// month and day are kept for the search of the year.
type stamp struct {
	wall   int64 // seconds since 1970 as the clock showed them; without year, of the day in month and day alone
	nsec   int32
	offset int32 // seconds east of UTC, if zoned
	month  int8
	day    int8
	zoned  bool
	noYear bool
}

// unix is the time in UTC of a zoned stamp.
func (s stamp) unix() int64 { return s.wall - int64(s.offset) }

// cutStamp reads the stamp that b begins with and the blanks after it.
//
// A stamp must end at a blank, or at the end of b.
func cutStamp(b []byte) (s stamp, rest []byte, ok bool) {
	if len(b) < 10 {
		return s, b, false
	}
	n := 0
	switch c := b[0]; {
	case c >= 'A' && c <= 'Z' && b[4] == '2' && isWeekday(b):
		s, n = fullStamp(b)
	case c >= 'A' && c <= 'Z':
		s, n = syslogStamp(b)
	case c == '@':
		s, n = taiStamp(b)
	case c >= '0' && c <= '9' && b[4] == '-':
		s, n = isoStamp(b)
	case c >= '0' && c <= '9' && b[4] == ' ': // "2024 Mar 10 10:00:00", syslog-ng and Cisco
		if year := digits(b[:4]); year > 0 {
			if s, n = syslogStamp(b[5:]); n > 0 && s.noYear {
				s = s.of(year)
				n += 5
			}
		}
	case c >= '0' && c <= '9':
		s, n = epochStamp(b)
	}
	if n == 0 || n > len(b) || n < len(b) && b[n] != ' ' && b[n] != '\t' {
		return stamp{}, b, false
	}
	rest = b[n:]
	for len(rest) > 0 && (rest[0] == ' ' || rest[0] == '\t') {
		rest = rest[1:]
	}
	return s, rest, s.sane()
}

// sane reports whether the date exists. A year before 1990 is a slip of the clock.
func (s stamp) sane() bool {
	if s.noYear {
		return s.day >= 1 && s.day <= monthDays(int(s.month), 2000)
	}
	return s.wall > 631152000 && s.wall < 7258118400
}

// syslogStamp reads "Mar 10 10:00:01" of RFC 3164, with a fraction or a year if they are
// there, and "Sun Mar 10 10:00:01 2024" of ctime(3), which logread and queue listings have.
func syslogStamp(b []byte) (s stamp, n int) {
	weekday := 0
	if len(b) > 19 && isWeekday(b) {
		weekday = 4
		b = b[4:]
	}
	month := monthOf(b)
	if month == 0 || b[3] != ' ' {
		return s, 0
	}
	i := 4
	if i < len(b) && b[i] == ' ' {
		i++
	}
	day, w := number(b[i:], 2)
	if i += w; w == 0 || i >= len(b) || b[i] != ' ' {
		return s, 0
	}
	i++
	if i < len(b) && b[i] == ' ' {
		i++ // "Mar 10  2024"
	}
	year := 0
	if len(b) > i+5 && b[i+4] == ' ' && digits(b[i:i+4]) > 0 {
		year = digits(b[i : i+4])
		i += 5
	}
	clock, w := clockOf(b[i:])
	if w == 0 {
		return s, 0
	}
	i += w
	s = stamp{wall: clock, month: int8(month), day: int8(min(day, 99)), noYear: true}
	s.nsec, w = fraction(b[i:])
	i += w
	if i < len(b) && b[i] == ':' { // IOS writes "10:00:01: %..."
		i++
	}
	if weekday > 0 && len(b) >= i+5 && b[i] == ' ' && digits(b[i+1:i+5]) > 0 {
		year = digits(b[i+1 : i+5])
		i += 5
	}
	if year > 0 {
		s = s.of(year)
	}
	return s, i + weekday
}

// of gives a stamp its year. Its wall stays out of range if there is no such day.
func (s stamp) of(year int) stamp {
	if s.day < 1 || s.day > monthDays(int(s.month), year) {
		return stamp{wall: math.MinInt64}
	}
	s.wall += daysTo(year, int(s.month), int(s.day)) * 86400
	s.noYear = false
	return s
}

// isoStamp reads RFC 3339, also with a blank for the T, without zone, or with a blank in
// front of the zone as Exim's log_timezone has it.
func isoStamp(b []byte) (s stamp, n int) {
	if len(b) < 19 || b[7] != '-' || b[10] != 'T' && b[10] != ' ' {
		return s, 0
	}
	year, month, day := digits(b[:4]), digits(b[5:7]), digits(b[8:10])
	clock, w := clockOf(b[11:])
	if year < 0 || month < 1 || month > 12 || day < 1 || int8(day) > monthDays(month, year) || w != 8 {
		return s, 0
	}
	s = stamp{wall: daysTo(year, month, day)*86400 + clock, month: int8(month), day: int8(day)}
	n = 19
	s.nsec, w = fraction(b[n:])
	n += w
	z := b[n:]
	if len(z) > 5 && z[0] == ' ' && (z[1] == '+' || z[1] == '-') {
		z = z[1:]
		n++
	}
	w = s.zone(z)
	return s, n + w
}

// fullStamp reads "Sun 2024-03-10 10:00:02 CET" of journalctl -o short-full. Several zones
// have the same letters, so that only those of UTC tell anything.
func fullStamp(b []byte) (s stamp, n int) {
	if s, n = isoStamp(b[4:]); n == 0 {
		return s, 0
	}
	n += 4
	if s.zoned || n >= len(b) || b[n] != ' ' {
		return s, n
	}
	w := wordLen(b[n+1:])
	for _, c := range b[n+1 : n+1+w] {
		if c < 'A' || c > 'Z' {
			return s, n // no zone, but a host
		}
	}
	s.zoned = string(b[n+1:n+1+w]) == "UTC" || string(b[n+1:n+1+w]) == "GMT"
	return s, n + 1 + w
}

// zone reads "Z", "+01:00", "+0100" or "+01" and returns its length.
func (s *stamp) zone(z []byte) int {
	if len(z) > 0 && z[0] == 'Z' {
		s.zoned = true
		return 1
	}
	if len(z) < 3 || z[0] != '+' && z[0] != '-' {
		return 0
	}
	hours, minutes, n := digits(z[1:3]), 0, 3
	switch {
	case len(z) >= 6 && z[3] == ':':
		minutes, n = digits(z[4:6]), 6
	case len(z) >= 5 && digits(z[3:5]) >= 0:
		minutes, n = digits(z[3:5]), 5
	}
	if hours < 0 || hours > 14 || minutes < 0 || minutes > 59 {
		return 0
	}
	s.offset = int32(hours*3600 + minutes*60)
	if z[0] == '-' {
		s.offset = -s.offset
	}
	s.zoned = true
	return n
}

// epochStamp reads seconds since 1970 with a fraction.
//
// Ten digits: from 2001 to 2286.
func epochStamp(b []byte) (s stamp, n int) {
	sec, n := number(b, 10)
	if n != 10 {
		return s, 0
	}
	s = stamp{wall: int64(sec), zoned: true}
	f, w := fraction(b[n:])
	s.nsec = f
	return s, n + w
}

// taiStamp reads the TAI64N labels of multilog: 16 digits of seconds, 8 of nanoseconds.
func taiStamp(b []byte) (s stamp, n int) {
	if len(b) < 25 {
		return s, 0
	}
	var v [24]byte
	for i, c := range b[1:25] {
		if v[i] = hexDigit(c); v[i] > 15 {
			return s, 0
		}
	}
	var sec, nano int64
	for _, d := range v[:16] {
		sec = sec<<4 | int64(d)
	}
	for _, d := range v[16:] {
		nano = nano<<4 | int64(d)
	}
	// TAI is ahead of UTC, by 37 s since 2017. multilog really adds the ten
	// seconds of daemontools' own libtai.
	return stamp{wall: sec - 1<<62 - 10, nsec: int32(nano % 1e9), zoned: true}, 25
}

// fraction reads ".123456" or ",123" and returns it in nanoseconds.
func fraction(b []byte) (nsec int32, n int) {
	if len(b) < 2 || b[0] != '.' && b[0] != ',' || b[1] < '0' || b[1] > '9' {
		return 0, 0
	}
	scale := int32(100_000_000)
	for n = 1; n < len(b) && b[n] >= '0' && b[n] <= '9'; n++ {
		nsec += int32(b[n]-'0') * scale
		scale /= 10
	}
	return nsec, n
}

// clockOf reads "10:00:01" as seconds of the day.
//
// 60 is a leap second.
func clockOf(b []byte) (sec int64, n int) {
	if len(b) < 8 || b[2] != ':' || b[5] != ':' {
		return 0, 0
	}
	h, m, s := digits(b[:2]), digits(b[3:5]), digits(b[6:8])
	if h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 60 {
		return 0, 0
	}
	return int64(h*3600 + m*60 + s), 8
}

// digits is the number that b consists of, or -1.
func digits(b []byte) int {
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// number reads at most width digits.
func number(b []byte, width int) (v, n int) {
	for n < len(b) && n < width && b[n] >= '0' && b[n] <= '9' {
		v = v*10 + int(b[n]-'0')
		n++
	}
	return v, n
}

// hexDigit is the value of a digit, or 255.
func hexDigit(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 255
}

// monthNames has the months of a syslog stamp (RFC 3164 section 4.1.2), three
// letters each.
const monthNames = "JanFebMarAprMayJunJulAugSepOctNovDec"

// monthOf is the month that b begins with, from 1, or 0.
func monthOf(b []byte) int {
	if len(b) < 4 {
		return 0
	}
	for i := 0; i < len(monthNames); i += 3 {
		if monthNames[i] == b[0] && monthNames[i+1] == b[1] && monthNames[i+2] == b[2] {
			return i/3 + 1
		}
	}
	return 0
}

// isWeekday recognises the beginning of a ctime(3) stamp.
func isWeekday(b []byte) bool {
	switch string(b[:4]) {
	case "Mon ", "Tue ", "Wed ", "Thu ", "Fri ", "Sat ", "Sun ":
		return true
	}
	return false
}

// daysTo counts the days from 1970 to a date (Hinnant, chrono-compatible low-level date
// algorithms).
//
// It is used in place of the time package, since every line needs it.
func daysTo(year, month, day int) int64 {
	y := int64(year)
	if month <= 2 {
		y--
	}
	era := y / 400
	yoe := y - era*400
	doy := int64((153*((month+9)%12)+2)/5 + day - 1)
	return era*146097 + yoe*365 + yoe/4 - yoe/100 + doy - 719468
}

// yearOf is the year of a time.
func yearOf(unix int64) int {
	year := 1970 + int(unix/31556952)
	for daysTo(year+1, 1, 1)*86400 <= unix {
		year++
	}
	for daysTo(year, 1, 1)*86400 > unix {
		year--
	}
	return year
}

// monthDays is the number of days of a month.
func monthDays(month, year int) int8 {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}
