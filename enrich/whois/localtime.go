package whois

import (
	"strings"
	"time"
	_ "time/tzdata" // zones of registries on machines without zone data
)

// localZones maps country-code domains to the zone of their registry.
var localZones = zonesOf(`ae Asia/Dubai|al Europe/Tirane|am Asia/Yerevan|ar America/Argentina/Buenos_Aires|at Europe/Vienna|au Australia/Melbourne|az Asia/Baku|ba Europe/Sarajevo|be Europe/Brussels|
	bg Europe/Sofia|bo America/La_Paz|br America/Sao_Paulo|by Europe/Minsk|ch Europe/Zurich|cl America/Santiago|cn Asia/Shanghai|co America/Bogota|cr America/Costa_Rica|cy Asia/Nicosia|cz Europe/Prague|
	de Europe/Berlin|dk Europe/Copenhagen|do America/Santo_Domingo|ec America/Guayaquil|ee Europe/Tallinn|es Europe/Madrid|fi Europe/Helsinki|fr Europe/Paris|ge Asia/Tbilisi|gr Europe/Athens|
	hk Asia/Hong_Kong|hr Europe/Zagreb|hu Europe/Budapest|id Asia/Jakarta|ie Europe/Dublin|il Asia/Jerusalem|in Asia/Kolkata|ir Asia/Tehran|is Atlantic/Reykjavik|it Europe/Rome|
	jp Asia/Tokyo|ke Africa/Nairobi|kg Asia/Bishkek|kr Asia/Seoul|kz Asia/Almaty|lt Europe/Vilnius|lu Europe/Luxembourg|lv Europe/Riga|ma Africa/Casablanca|md Europe/Chisinau|
	me Europe/Podgorica|mk Europe/Skopje|mt Europe/Malta|mx America/Mexico_City|my Asia/Kuala_Lumpur|ng Africa/Lagos|nl Europe/Amsterdam|no Europe/Oslo|nz Pacific/Auckland|pa America/Panama|
	pe America/Lima|ph Asia/Manila|pk Asia/Karachi|pl Europe/Warsaw|pt Europe/Lisbon|py America/Asuncion|ro Europe/Bucharest|rs Europe/Belgrade|ru Europe/Moscow|sa Asia/Riyadh|
	se Europe/Stockholm|sg Asia/Singapore|si Europe/Ljubljana|sk Europe/Bratislava|su Europe/Moscow|th Asia/Bangkok|tn Africa/Tunis|tr Europe/Istanbul|tw Asia/Taipei|tz Africa/Dar_es_Salaam|
	ua Europe/Kiev|ug Africa/Kampala|uk Europe/London|uy America/Montevideo|uz Asia/Tashkent|ve America/Caracas|vn Asia/Ho_Chi_Minh|za Africa/Johannesburg|
	xn--90a3ac Europe/Belgrade|xn--p1ai Europe/Moscow|xn--j1amh Europe/Kiev`)

// zonesOf parses "tld zone" entries between bars.
func zonesOf(list string) map[string]string {
	out := map[string]string{}
	for entry := range strings.SplitSeq(list, "|") {
		tld, zone, _ := strings.Cut(strings.TrimSpace(entry), " ")
		out[tld] = zone
	}
	return out
}

// saysLocal are the words by which an answer declares its times to be local.
var saysLocal = newPhrases("local time", "local timezone", "local time zone", "heure locale", "ortszeit", "lokalzeit", "hora local", "ora locale", "lokalno vreme", "lokalnom vremenu", "локално време", "местное время", "czas lokalny", "czasu lokalnego", "místní čas", "yerel saat")

// localZone returns the zone of times without one if the answer declares it:
// "All timestamps are given in Serbian local time" (.rs), "All times are in
// UTC+3". It returns nil for UTC, which most registries use without saying so.
func localZone(lines []line, tld string) *time.Location {
	for i := range lines {
		l := &lines[i]
		if l.text == "" || len(l.text) > 300 {
			continue
		}
		s := strings.ToLower(l.text)
		if saysLocal.in(s) != "" {
			if zone, err := time.LoadLocation(localZones[tld]); err == nil && localZones[tld] != "" {
				return zone
			}
		}
		if zone, ok := statedZone(s); ok {
			return zone
		}
	}
	return nil
}

// statedZone parses "all times are in CET", "timestamps are UTC+3" and "dates
// given in GMT+0200".
//
// The sentence must be about times: "CET" alone may be part of a name.
func statedZone(s string) (*time.Location, bool) {
	subject := false
	for _, w := range []string{"times are", "timestamps are", "time stamps are", "dates are", "times given", "dates and times"} {
		subject = subject || strings.Contains(s, w)
	}
	if !subject {
		return nil, false
	}
	tokens := dateTokens(s)
	for i, t := range tokens {
		seconds, ok := zones[t.text]
		if !ok || t.digit || len(t.text) < 3 {
			continue
		}
		if i+1 < len(tokens) && tokens[i+1].digit && (tokens[i+1].sep == '+' || tokens[i+1].sep == '-') {
			more, _ := offset(tokens[i+1:])
			seconds += more
		}
		return time.FixedZone(strings.ToUpper(t.text), seconds), true
	}
	return nil, false
}
