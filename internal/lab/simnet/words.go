package simnet

import (
	"math/rand/v2"
	"strings"
)

// absence is a layout's text for a name that does not exist.
func absence(layout Layout, question string) string {
	upper := strings.ToUpper(question)
	switch layout {
	case Verisign:
		return "No match for \"" + upper + "\".\r\n>>> Last update of whois database: 2006-01-05T12:00:00Z <<<\r\n\r\nNOTICE: The expiration date displayed in this record is the date the\r\nregistrar's sponsorship is set to expire.\r\n"
	case PIR:
		return "Domain not found.\r\n>>> Last update of WHOIS database: 2006-01-05T12:00:00Z <<<\r\n"
	case Afilias:
		return "NOT FOUND\r\n"
	case DENIC:
		return "% Restricted rights.\r\n%\r\nDomain: " + question + "\r\nStatus: free\r\n"
	case Nominet:
		return "\r\n    No match for \"" + question + "\".\r\n\r\n    This domain name has not been registered.\r\n\r\n    WHOIS lookup made at 12:00:00 05-Jan-2006\r\n"
	case AFNIC:
		return "%%\r\n%% This is the AFNIC Whois server.\r\n%%\r\n\r\n%% NOT FOUND\r\n"
	case TCI:
		return "% TCI Whois Service. Terms of use:\r\n\r\nNo entries found for the selected source(s).\r\n\r\nLast updated on 2006-01-05T12:00:00Z\r\n"
	case JPRS:
		return "[ JPRS database provides information on network administration. ]\r\n\r\nNo match!!\r\n"
	case KRNIC:
		return "query : " + question + "\r\n\r\n상기 도메인이름은 등록되어 있지 않습니다.\r\n\r\nThe requested domain was not found in the Registry or Registrar’s WHOIS Server.\r\n"
	case NICBR:
		return "\r\n% Copyright (c) Nic.br\r\n\r\n% No match for domain \"" + question + "\"\r\n"
	case SIDN:
		return question + " is free\r\n"
	case EURid:
		return "% The WHOIS service offered by EURid\r\n\r\nDomain: " + question + "\r\nScript: LATIN\r\nStatus: AVAILABLE\r\n"
	case CNNIC:
		return "No matching record.\r\n"
	case Old2005:
		return "Domain " + question + " is not registered with us.\r\n"
	case NetSol:
		return "No match for domain \"" + upper + "\".\r\n"
	case ARIN:
		return "\r\n#\r\n# ARIN WHOIS data and services are subject to the Terms of Use\r\n#\r\n\r\nNo match found for " + question + ".\r\n"
	case LACNIC:
		return "\r\n% Joint Whois - whois.lacnic.net\r\n\r\n% No match for \"" + question + "\"\r\n"
	case RWhois:
		return "%error 230 No Objects Found\r\n"
	case RIPE, APNIC, AFRINIC:
		return "% This is the " + strings.ToUpper(string(layout)) + " Database query service.\r\n\r\n%ERROR:101: no entries found\r\n%\r\n% No entries found in source " + strings.ToUpper(string(layout)) + ".\r\n"
	}
	return "No Data Found\r\n"
}

// quotaWords is a layout's text for too many questions.
func quotaWords(layout Layout) string {
	switch layout {
	case Verisign:
		return "Your connection limit exceeded. Please slow down and try again later.\r\n"
	case PIR:
		return "Your query limit has been exceeded for the day, please try again tomorrow.\r\n"
	case Afilias:
		return "WHOIS LIMIT EXCEEDED - SEE WWW.PIR.ORG/WHOIS FOR DETAILS\r\n"
	case DENIC:
		return "% Error: 55000000002 Connection refused; access control limit exceeded.\r\n"
	case Nominet:
		return "The WHOIS query quota for 192.0.2.1 has been exceeded\r\nand will be replenished in 86400 seconds.\r\n"
	case AFNIC:
		return "%%\r\n%% Too many requests...\r\n%%\r\n"
	case TCI:
		return "% You have exceeded allowed connection rate.\r\n"
	case JPRS:
		return "[ Access denied: too many queries. ]\r\n"
	case KRNIC:
		return "query limit exceeded. 조회 제한 횟수를 초과하였습니다.\r\n"
	case NICBR, LACNIC:
		return "% Query rate limit exceeded. Reduced information.\r\n% Permission denied.\r\n"
	case SIDN:
		return "192.0.2.1: daily limit exceeded\r\n"
	case EURid:
		return "% Your IP address has been blacklisted because of exceeding the maximum number of queries.\r\n-1 : Excessive querying, grace period of 3600 seconds\r\n"
	case CNNIC:
		return "the IP address used to perform the query is not authorised or has exceeded the established limit for queries.\r\n"
	case Thick:
		return "Number of allowed queries exceeded.\r\n"
	case RIPE, AFRINIC:
		return "%ERROR:201: access denied for 192.0.2.1\r\n%\r\n% Queries from your IP address have passed the daily limit of controlled objects.\r\n% Access from your host has been temporarily denied.\r\n"
	case APNIC:
		return "%ERROR:201: access denied for 192.0.2.1\r\n% You have been temporarily denied access: query limit exceeded.\r\n"
	case ARIN:
		return "#\r\n# Query rate limit exceeded\r\n#\r\n"
	case RWhois:
		return "%error 332 Too many connections\r\n"
	}
	return "WHOIS query quota exceeded. Please try again later.\r\n"
}

// refusalWords is the refusal in the words of a kind of server.
func refusalWords(layout Layout) string {
	switch layout {
	case RIPE, APNIC, AFRINIC:
		return "%ERROR:201: access denied for 192.0.2.1\r\n%\r\n% Sorry, access from your host has been permanently denied.\r\n"
	case RWhois:
		return "%error 401 Not Authorized For Directive\r\n"
	}
	return "Access denied. Your IP address is not allowed to query this server.\r\n"
}

// HostileText is text that a registrant can put into any field of a record:
// terminal escapes, HTML, SQL, a formula, bidirectional marks and a NUL.
const HostileText = "\x1b[2J\x1b]0;gotcha\x07<script>alert(1)</script>'; DROP TABLE observations; --=cmd|' /C calc'!A0\u202eevil\x00end"

// HostileContact returns a contact with hostile text in each field.
func HostileContact() Contact {
	return Contact{
		Handle: HostileText, Name: HostileText, Organization: HostileText, Street: []string{HostileText}, City: HostileText,
		Region: HostileText, PostalCode: HostileText, Country: HostileText, Phone: HostileText, Fax: HostileText, Email: HostileText,
	}
}

// htmlPage is an error page of a web gateway on port 43, with a line that looks
// like data.
const htmlPage = "<!DOCTYPE html>\n<html><head><title>503 Service Unavailable</title></head><body><h1>Registrar: none</h1><script>1</script></body></html>\n"

// binaryNoise returns constant noise: all bytes, NULs, escapes, no line end.
func binaryNoise() []byte {
	r := rand.NewPCG(1, 2)
	b := make([]byte, 0, 64<<10)
	for len(b) < 60<<10 {
		b = append(b, byte(r.Uint64()))
	}
	return append(b, "\x00\x00\x1b[31mRegistrar: \xff\xfe\x00\x1b]52;c;AAAA\x07"...)
}
