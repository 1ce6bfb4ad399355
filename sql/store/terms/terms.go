// Package terms names what "correlate find" looks up in the index of words, beside words: host
// names, mail addresses, whole texts and queue ids of a message.
//
// A term begins with a sign that no word begins with, so that a search for words never meets one. The
// import writes terms, find asks for them, and compares the fields of the messages that it gets.
package terms

import (
	"strings"
	"unicode/utf8"

	"spoor/internal/text"
	"spoor/sql/store/wire"
)

// The signs. They come before letters, in this order.
const (
	queueID = "#"
	name    = "."
	whole   = "="
	address = "@"
)

// longest is the number of leading bytes of a text that count: more than any
// two fields have in common by chance.
const longest = 120

// QueueID is the term of a queue id, in any case.
func QueueID(id string) string { return term(queueID, id) }

// Name is the term of a host name and of all names under it.
func Name(host string) string { return term(name, host) }

// Whole is the term of a text, in any case.
func Whole(value string) string { return term(whole, value) }

// Address is the term of a mail address, in any case.
func Address(mail string) string { return term(address, mail) }

// term writes a sign before a value, which keeps kinds of values apart. Only
// the first bytes of a long value count.
func term(sign, value string) string {
	if value == "" {
		return ""
	}
	return sign + text.Cut(strings.ToLower(wire.Clean(value, wire.MaxText)), longest)
}

// maxLabels bounds the names that a host name is found by.
const maxLabels = 8

// AppendNames adds the terms of a host name and of its parent domains, without
// the top-level domain. Of a name with more labels than maxLabels, only the
// upper ones count: searches name registered domains and hosts just below.
func AppendNames(list []string, host string) []string {
	host = strings.TrimSuffix(host, ".")
	if strings.Count(host, ".") >= maxLabels { // searches are for the upper ones
		for strings.Count(host, ".") >= maxLabels {
			_, host, _ = strings.Cut(host, ".")
		}
	}
	for strings.Contains(host, ".") {
		list = append(list, Name(host))
		_, host, _ = strings.Cut(host, ".")
	}
	return list
}

// AppendAddress adds the terms of a mail address and of its domain.
func AppendAddress(list []string, mail string) []string {
	if mail == "" {
		return list
	}
	list = append(list, Address(mail))
	if at := strings.LastIndexByte(mail, '@'); at >= 0 {
		list = append(list, Name(mail[at+1:]))
	}
	return list
}

// Query asks for messages that have one of some terms, in PostgreSQL's form; "" for none.
func Query(list ...string) string {
	var b strings.Builder
	for _, t := range list {
		if !utf8.ValidString(t) || len(t) < 2 {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(" | ")
		}
		b.WriteString("'" + quoted.Replace(t) + "'")
	}
	return b.String()
}

// quoted escapes a lexeme for a tsquery, where quote and backslash are doubled.
var quoted = strings.NewReplacer(`'`, `''`, `\`, `\\`)
