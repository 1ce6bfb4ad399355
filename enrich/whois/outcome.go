package whois

import (
	"strings"

	"spoor/enrich"
	"spoor/internal/text"
)

// verdict classifies a line of an answer; a greater value outweighs a smaller
// one.
//
// A limit outweighs everything: "no match" below "too many queries" says
// nothing of the domain, and taken at its word it would be stored as free.
type verdict int

// The verdicts, from the weakest to the strongest.
const (
	silent verdict = iota
	saysInvalid
	saysRefused
	saysLimit // words of a limit that occur in legal notices too
	saysFree
	saysReserved
	saysThrottled
)

// judge determines the outcome from the words of the answer and from the parsed
// record. A record outweighs words, because legal notices mention limits and
// availability.
func judge(lines []line, reg *enrich.Registration, asked string) Answer {
	// A record with evidence counts as an answer despite the words of a legal
	// notice.
	status := statusVerdict(reg)
	if weight := evidenceOf(reg); weight >= 2 || weight == 1 && status == silent && len(reg.NameServers) > 0 {
		if status != saysFree || !reg.Created.IsZero() || !reg.Expires.IsZero() {
			return Answer{Outcome: enrich.Answered, Reserved: status == saysReserved}
		}
	}
	v, detail := listen(lines, asked)
	if v == silent || status == saysFree && v != saysThrottled || status == saysReserved && v == saysInvalid {
		if status != silent {
			v, detail = status, strings.Join(reg.Status, ", ")
		}
	}
	switch v {
	case saysThrottled, saysLimit:
		return Answer{Outcome: enrich.Throttled, Detail: detail}
	case saysFree:
		return Answer{Outcome: enrich.None, Detail: detail}
	case saysReserved:
		return Answer{Outcome: enrich.None, Detail: detail, Reserved: true}
	case saysRefused, saysInvalid:
		return Answer{Outcome: enrich.Refused, Detail: detail}
	}
	switch {
	case evidenceOf(reg) > 0 || registeredStatus(reg):
		return Answer{Outcome: enrich.Answered}
	case onlyNotice(lines):
		return Answer{Outcome: enrich.None, Detail: "the answer holds nothing but a notice"}
	}
	return Answer{Outcome: enrich.Malformed, Detail: firstWords(lines)}
}

// evidenceOf counts fields that only a registered domain has.
//
// Each field counts once, however many values it has.
func evidenceOf(reg *enrich.Registration) int {
	n := 0
	for _, has := range []bool{
		!reg.Created.IsZero(), !reg.Expires.IsZero(), !reg.Updated.IsZero(), reg.Registrar.Name != "", len(reg.NameServers) > 0,
		reg.Registrant.Name != "" || reg.Registrant.Organization != "" || reg.Registrant.Email != "" || reg.Registrant.Handle != "",
		len(reg.Redacted) > 0,
	} {
		if has {
			n++
		}
	}
	return n
}

// statusVerdict evaluates the status lines, by which alone several registries
// declare a name free.
func statusVerdict(reg *enrich.Registration) verdict {
	for _, s := range reg.Status {
		low := normalKey(s)
		switch {
		case freeStatus[low] || strings.HasPrefix(low, "available ") || strings.HasPrefix(low, "free ") || strings.Contains(low, "no object found") || strings.HasPrefix(low, "not registered") || strings.HasPrefix(low, "220 available"):
			return saysFree
		case reservedStatus[low] || strings.HasPrefix(low, "reserved") || strings.Contains(low, "prohibited string") || strings.HasPrefix(low, "premium name") || strings.HasPrefix(low, "restricted"):
			return saysReserved
		case strings.Contains(low, "request denied"):
			return saysThrottled
		case strings.Contains(low, "invalid") || strings.HasPrefix(low, "500 "):
			return saysInvalid
		}
	}
	return silent
}

// Status values of names that nobody has, or that nobody may have.
var (
	freeStatus     = keySet(`available|free|not registered|not found|no match|unregistered|unassigned|not assigned|unallocated|undelegated not registered|libre|disponible|vapaa|livre|dostępna|wolna|свободен|свободно|vrijwillig|no registered|nonexistent|non registered|no existe|domain not found|does not exist|no object`)
	reservedStatus = keySet(`reserved|not allowed|unavailable|prohibited|forbidden|not open|restricted|not available|registry reserved|reservado|réservé|reserve|unassignable|premium|withheld|excluded|banned|not open for registration|refused`)
)

// registeredStatus reports whether a status implies that the name is
// registered.
func registeredStatus(reg *enrich.Registration) bool {
	for _, s := range reg.Status {
		if eppName(s) != "" || taken[normalKey(s)] {
			return true
		}
	}
	return false
}

// taken are status values of registered names beside those of EPP.
var taken = keySet(`active|registered|to be released|pending release|connect|connected|taken|delegated|registered delegated|in use|activated|published|assigned|200 active|registered until expiry date|ativo|published|failed|suspended|dns ok|ready|production|expired|on hold|hold|granted|quarantine|in quarantine|redemption|paid|live|domain registered|allocated|deactivated|locked|parked|activ|aktiv|ok registered|registrado|delegado|enabled|live domain`)

// listen returns the gravest verdict of the lines outside of legal notices.
func listen(lines []line, asked string) (v verdict, detail string) {
	for i := range lines {
		l := &lines[i]
		if l.text == "" || len(l.text) > 300 {
			continue
		}
		got := hear(l, asked, startsSentence(lines, i))
		if got == saysReserved && l.comment {
			got = silent
		}
		if got > v {
			v, detail = got, text.Cut(oneLine(l.text), 200)
		}
	}
	return v, detail
}

// startsSentence reports whether line i can be a message by itself. The lines
// of a legal notice run on and may contain anything, such as "… is blocked" or
// "… exceeded".
func startsSentence(lines []line, i int) bool {
	text := lines[i].text
	if text[0] == '(' || text[0] == '-' && len(text) > 40 {
		return false // items of a notice
	}
	if i+1 < len(lines) && i+2 < len(lines) && prose(lines[i].text) && prose(lines[i+1].text) && lines[i+2].text != "" {
		return false
	}
	if i == 0 || lines[i-1].text == "" {
		return true
	}
	before := lines[i-1].text
	return !prose(before) || strings.ContainsAny(before[len(before)-1:], ".:!?<)")
}

// prose reports whether a line is long enough to be wrapped text.
func prose(s string) bool { return len(s) > 48 }

// hear judges one line.
//
// Fields of a record are not listened to. Weak phrases count only in short
// lines, where they are the message and not a part of a notice.
func hear(l *line, asked string, alone bool) verdict {
	s := plain(l.text, asked)
	bare := strings.Trim(s, " .!*-:>?")
	t, known := domainKeys[l.key]
	switch {
	case known && l.colon && t != fStatus && t != fDomain && l.value != "":
		return silent
	case freeLines[bare] || contactKeys[l.key] == fOrg && strings.EqualFold(l.value, "not assigned"):
		return saysFree
	case strings.Contains(s, "reduced information"): // .br answers nevertheless
		return silent
	case throttleWords.in(s) != "" && (alone || len(s) < 60):
		return saysThrottled
	case !alone:
		return silent
	case reservedWords.in(s) != "":
		return saysReserved
	case freeWords.in(s) != "":
		return saysFree
	case weakThrottleWords.in(s) != "" && len(s) < 120:
		return saysLimit
	case refusedWords.in(s) != "" && len(s) < 120:
		return saysRefused
	case invalidWords.in(s) != "" && len(s) < 120:
		return saysInvalid
	}
	return silent
}

// plain returns a line in lower case with single blanks, without quotes and
// without the domain, which might read "free.example".
func plain(s, asked string) string {
	s = strings.ToLower(s)
	if asked != "" {
		s = strings.ReplaceAll(s, asked, "")
	}
	s = strings.NewReplacer(`"`, "", "'", "", "[", "", "]", "", "_", " ", "<", "", ">", "", "´", "", "`", "").Replace(s)
	return strings.Join(strings.Fields(s), " ")
}

// freeLines are whole lines, without the domain, that mean "not registered".
var freeLines = keySet(`available|free|no match|no match for|not found|is free|is available|no entries found|no data found|no found|no object found|nothing found|no records found|libre|disponible|domain available|key not found|: available|not registered|domain free|none found|domain is available|:not found|no such domain|status: free|status: available|object not found|no record found|no results found`)

// freeWords mean within a line that the domain is not registered.
var freeWords = newPhrases(
	"no match", "not found", "no entries found", "no entry found", "no data found", "no data was found", "no object found", "no objects found", "no such domain", "no such object", "no records found", "no record found", "no records match", "no records were found", "no domain records", "no found", "nothing found", "no matching",
	"no results", "no result found", "does not exist", "doesnt exist", "do not exist", "not exist in", "not registered", "not registred", "has not been registered", "is not currently registered", "no existe", "no se encontro", "no se encontró", "no se encuentra", "no encontrado", "não encontrado", "object not found", "status: free", "status: available", "status: not registered",
	"is available for", "available for registration", "available for purchase", "is free", "domain is available", "name is available", "no information available", "no information found", "no information about", "not in database", "not in our database", "not available in our whois database", "not find match", "we do not have an entry", "does not have any data", "domain name not known", "not have any data for", "server does not have",
	"not been allocated", "not been assigned", "is unregistered", "unregistered domain", "no whois information", "no whois record", "domain unknown", "unknown domain", "domain is not known", "non trouvé", "introuvable", "aucun enregistrement", "aucun objet", "nessun risultato", "nicht gefunden", "nicht registriert", "ist frei", "nije registriran", "не найден", "не зарегистрирован", "нет данных", "не существует", "свободен",
	"등록되어 있지 않", "未注册", "没有找到", "無此網域", "尚未註冊", "該当するデータがありません", "available: yes", "registered: no", "domain has not been", "220 available", "kayıt bulunamadı", "bulunamadı", "nebyl nalezen", "nincs találat", "nie znaleziono", "is not in use", "no domain found", "no matches", "could not be found", "cannot find", "can not find", "was not found", "record not found", "not find", "non existent", "nxdomain",
)

// reservedWords mean that the domain cannot be registered.
var reservedWords = newPhrases(
	"reserved by", "is reserved", "are reserved by", "been reserved", "registry reserved", "reserved name", "reserved domain", "reserved list", "reserved by registry", "restricted from registration", "restricted domain name", "not available for registration", "cannot be registered", "can not be registered", "may not be registered", "not allowed to be registered", "not eligible for registration",
	"unavailable for registration", "requested is prohibited", "name is prohibited", "prohibited string", "registration not allowed", "status: reserved", "status: not allowed", "premium name", "blocked from registration", "is blocked by", "nicht vergeben", "gesperrt", "reserviert", "réservé", "reservado", "not available or is reserved", "delegation not allowed", "registration prohibited", "is not available or", "registration is not possible", "not permitted by the registry", "dpml block", "registry dpml", "dpml brand", "dpml policy", "protected by dpml", "brand protection policy", "domain is restricted", "name is restricted", "registration of this domain is restricted", "registration of this name is restricted", "registration is restricted", "globalblock", "global block", "adultblock", "trademark block", "blocked by a rights holder", "name collision",
)

// throttleWords mean that we asked too much, wherever they occur.
var throttleWords = newPhrases(
	"limit exceeded", "limit reached", "whois-limit exceeded", "been rate limited", "are rate limited", "were rate limited", "query limit reached", "limit has been exceeded", "limit reached", "quota exceeded", "has been exceeded and", "query quota for", "quota has been", "too many requests", "too many connections", "too many queries", "too many simultaneous", "too many whois", "exceeded the maximum", "exceeded your", "have exceeded", "has exceeded", "you exceeded", "exceeded allowed", "exceeded max", "maximum queries per", "maximum number of queries",
	"maximum query rate", "maximum number of connections", "excessive querying, ", "exceeded query", "rate limit exceeded", "limit is exceeded", "try again later", "try again in", "please try later", "please try again", "please wait a while", "slow down", "go away for", "your ip address has been blocked", "ip address blocked", "your ip has been blocked", "your ip is blocked", "ip is blacklisted", "been blacklisted", "is blacklisted",
	"blacklisted due", "connection refused due", "queries exceeded", "lookup quota", "still in grace period", "grace period of", "access temporarily", "temporarily blocked", "temporarily banned", "temporarily denied", "temporarily restricted", "requests per second allowed", "request per second allowed", "queries per second", "too fast", "too frequent", "too often", "being throttled", "lookups exceeded",
	"máximo de consultas", "maximo de consultas", "limite de consultas", "límite de consultas", "limite excedido", "limite superato", "limite dépassée", "trop de requêtes", "zu viele anfragen", "abfragelimit", "превышен", "слишком много", "请求过于频繁", "查询次数", "初過", "number of allowed queries exceeded", "55000000002", "allowed number of requests", "you have been banned", "currently down", "server is busy", "server too busy", "database is down", "over quota", "over_quota", "quota limit", "concurrent connection", "connection limit",
	"have been limited", "you are being limited", "throttled", "excessive queries from", "excessive access", "excessive requests", "allowed queries", "flood", "440 request denied", "request denied", "service temporarily unavailable", "temporarily unavailable",
)

// weakThrottleWords mean the same, but occur in legal notices too.
var weakThrottleWords = newPhrases("quota", "exceeded", "query limit", "rate limited", "daily limit", "hourly limit", "request limit", "excessive quer", "too many", "rate limit", "blacklist", "try later", "temporarily", "server busy", "is busy", "-3:", "maximum of")

// refusedWords are words of servers that answer nobody: retired for RDAP,
// closed to the public, or broken.
var refusedWords = newPhrases(
	"use rdap", "via rdap", "rdap instead", "rdap service at", "replaced by rdap", "query rdap", "rdap only", "has been retired", "is retired", "been sunset", "has been discontinued", "is discontinued", "been decommissioned", "no longer offer", "no longer provid", "no longer operat", "no longer support",
	"access denied", "permission denied", "access to this", "not authorized to query", "not authorised to query", "you are not allowed", "your access", "access restricted", "is blocked", "denied", "forbidden", "query refused", "not permitted to", "unauthorized", "access control", "not allowed to access", "refused", "no longer available", "please use the web", "service has been discontinued", "whois service is not available", "port 43 is not", "solo acepta consultas", "connection attempt failed",
	"internal error", "server error", "error occurred", "service unavailable", "not available at this time", "out of service", "maintenance", "timed out", "timeout", "no whois server", "not supported", "unable to process", "error code", "fatal error", "an error",
)

// invalidWords are words about a question that the server does not accept.
var invalidWords = newPhrases(
	"invalid", "malformed", "illegal", "not a valid", "syntax error", "bad request", "unrecognized", "incorrect", "not valid", "is not a domain", "error in query", "wrong", "incorrect domain", "too short", "query error", "invalid query", "not a domain name", "unknown object", "unsupported", "must be", "characters in query",
)

// onlyNotice reports whether an answer consists of comments and legal text
// only. The registries of .lu and .ie answer so for unregistered names.
//
// At least three such lines are needed, so that a cut answer is not taken for
// "free".
func onlyNotice(lines []line) bool {
	comments := 0
	for i := range lines {
		l := &lines[i]
		switch {
		case l.text == "":
		case l.comment:
			comments++
		case len(l.text) >= 25 && !l.colon: // a line of prose
			comments++
		default:
			if i > 0 && lines[i-1].text != "" && !l.comment { // the short last line of a paragraph
				continue
			}
			return false
		}
	}
	return comments > 2
}

// firstWords returns the beginning of an answer that is not understood.
func firstWords(lines []line) string {
	for i := range lines {
		if lines[i].text != "" {
			return "no answer can be read from: " + text.Cut(oneLine(lines[i].text), 200)
		}
	}
	return "the answer is empty"
}
