package date

import (
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // summer time must not depend on the zones that a machine has installed
)

// zoneNames gives offsets in minutes east of UTC. RFC 5322 section 4.3 defines
// the American names. A name with several meanings (IST, BST) is included only
// if mail nearly always means one of them.
var zoneNames = map[string]int{
	"ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0,
	"est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
	"akst": -540, "akdt": -480, "hst": -600, "ast": -240, "adt": -180, "nst": -210, "ndt": -150,
	"bst": 60, "west": 60, "cet": 60, "met": 60, "mez": 60, "cest": 120, "mest": 120, "mesz": 120, "mewt": 60,
	"eet": 120, "eest": 180, "msk": 180, "msd": 240, "jst": 540, "kst": 540, "hkt": 480, "sgt": 480, "wib": 420,
	"awst": 480, "acst": 570, "acdt": 630, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780, "brt": -180, "brst": -120, "art": -180,
	"sast": 120, "pkt": 300, "ict": 420, "trt": 180, "clt": -240, "cot": -300, "pet": -300,
}

// windowsZones gives the first words of Windows zone names, in hours.
var windowsZones = map[string]int{"greenwich": 0, "eastern": -5, "central": -6, "mountain": -7, "pacific": -8}

// regions maps POSIX names of zones with summer time (IEEE Std 1003.1 section
// 8.3) to locations. Programs that print the variable TZ write them. Their
// offset depends on the day.
var regions = map[string]string{
	"est5edt": "America/New_York", "cst6cdt": "America/Chicago", "mst7mdt": "America/Denver", "pst8pdt": "America/Los_Angeles",
	"akst9akdt": "America/Anchorage", "ast4adt": "America/Halifax", "gmt0bst": "Europe/London", "wet0west": "Europe/Lisbon",
	"cet-1cest": "Europe/Berlin", "cet-1cdt": "Europe/Berlin", "met-1mest": "Europe/Berlin", "mez-1mesz": "Europe/Berlin", "met-1metdst": "Europe/Berlin",
	"eet-2eest": "Europe/Helsinki", "msk-3msd": "Europe/Moscow", "aest-10aedt": "Australia/Sydney", "est-10edt": "Australia/Sydney",
	"nzst-12nzdt": "Pacific/Auckland",
}

// maxRegion is the length of the longest name in regions.
const maxRegion = 12

// regionName reads a POSIX zone name at the start of s, after the time of day.
// It returns its length, or 0.
func (d *reader) regionName(s string) int {
	n := 0
	for n < len(s) && n <= maxRegion && (isAlpha(s[n]) || isDigit(s[n]) || s[n] == '-') {
		n++
	}
	if d.hour < 0 || d.zoneSeen && d.zoneGood || n < 6 || wordLength(s) == n {
		return 0
	}
	name, ok := regions[strings.ToLower(s[:n])]
	if !ok {
		return 0
	}
	location := loadRegion(name)
	if location == nil {
		return 0
	}
	d.namedZone(0)
	d.region, d.written = location, s[:n]
	return n
}

// loaded caches locations, because parsing one takes longer than parsing a
// date.
var loaded sync.Map

// loadRegion returns a location from the embedded tables.
func loadRegion(name string) *time.Location {
	if l, ok := loaded.Load(name); ok {
		return l.(*time.Location)
	}
	l, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	loaded.Store(name, l)
	return l
}
