// Package connstring removes the password from a connection string, so that the
// rest can be printed and passed to other programs.
//
// Both forms of libpq go in: a URL or keywords. The string without its password
// and the password come out. The package connects to nothing.
package connstring

import (
	"errors"
	"net/url"
	"strings"
)

// ErrForm reports that a string has neither form. It never quotes the string:
// after a stray @ or /, the apparent host is part of a password.
var ErrForm = errors.New("neither a URL nor libpq keywords; in a URL a password with @ : / ? # or % is written in percent codes")

// secret lists the parameters that others must not see.
var secret = []string{"password", "sslpassword"}

// Split returns dsn without its passwords, in a form that all clients interpret
// alike, and the user's password.
func Split(dsn string) (clean, password string, err error) {
	if scheme, rest, ok := strings.Cut(dsn, "://"); ok && (scheme == "postgres" || scheme == "postgresql") {
		return splitURL(scheme, rest)
	}
	return splitKeywords(dsn)
}

// splitURL parses user:password@host/database?parameters. Go ends the password
// at the last @ before the path, libpq at the first. The rewritten string has a
// single @ and therefore one meaning.
func splitURL(scheme, rest string) (clean, password string, err error) {
	authority, tail := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority, tail = rest[:i], rest[i:]
	}
	path, query, _ := strings.Cut(tail, "?")
	if strings.ContainsAny(tail, "#") || strings.Contains(path, "@") {
		return "", "", ErrForm // most likely a / or # of a password
	}
	out := scheme + "://"
	host := authority
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		user, pass, _ := strings.Cut(authority[:i], ":")
		host = authority[i+1:]
		if user, err = url.PathUnescape(user); err != nil {
			return "", "", ErrForm
		}
		if password, err = url.PathUnescape(pass); err != nil {
			return "", "", ErrForm
		}
		if user != "" {
			out += url.User(user).String() + "@"
		}
	}
	if !plainHost(host) {
		return "", "", ErrForm
	}
	query, inQuery, err := withoutSecrets(query)
	if err != nil {
		return "", "", ErrForm
	}
	if inQuery != "" {
		password = inQuery // libpq and pgx prefer the parameter
	}
	out += host + path
	if query != "" {
		out += "?" + query
	}
	return out, password, nil
}

// plainHost refuses a port that is not a number: if a password contains ? or /,
// its beginning is in the place of the port.
func plainHost(hosts string) bool {
	for host := range strings.SplitSeq(hosts, ",") {
		if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
			if strings.Trim(host[i+1:], "0123456789") != "" {
				return false
			}
		}
	}
	return true
}

// withoutSecrets removes passwords from the parameters and keeps the others
// unchanged.
func withoutSecrets(query string) (rest, password string, err error) {
	var kept []string
	for pair := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if key, err = url.QueryUnescape(key); err != nil || strings.Contains(key, "@") {
			return "", "", ErrForm
		}
		if !isSecret(key) {
			if pair != "" {
				kept = append(kept, pair)
			}
			continue
		}
		if value, err = url.PathUnescape(value); err != nil { // "+" is a literal plus in a password
			return "", "", err
		}
		if key == "password" {
			password = value
		}
	}
	return strings.Join(kept, "&"), password, nil
}

// splitKeywords parses "keyword = value" pairs, where a value may be quoted.
func splitKeywords(dsn string) (clean, password string, err error) {
	var kept []string
	for rest := strings.TrimLeft(dsn, " \t\n"); rest != ""; rest = strings.TrimLeft(rest, " \t\n") {
		key, after, ok := strings.Cut(rest, "=")
		key = strings.TrimRight(key, " \t\n")
		if !ok || key == "" || strings.ContainsAny(key, " \t\n'\"@:/") {
			return "", "", ErrForm
		}
		value, left, ok := word(strings.TrimLeft(after, " \t\n"))
		if !ok {
			return "", "", ErrForm
		}
		rest = left
		switch {
		case key == "password":
			password = value
		case !isSecret(key):
			kept = append(kept, key+"="+quoted(value))
		}
	}
	return strings.Join(kept, " "), password, nil
}

// word parses one value and returns the text after it.
func word(s string) (value, rest string, ok bool) {
	inQuotes := strings.HasPrefix(s, "'")
	if inQuotes {
		s = s[1:]
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case inQuotes && c == '\'':
			return b.String(), s[i+1:], true
		case !inQuotes && strings.IndexByte(" \t\n", c) >= 0:
			return b.String(), s[i:], true
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), "", !inQuotes
}

// quoted writes a value in the notation of libpq (PQconnectdb): quotes around
// white space, backslashes before quotes.
func quoted(value string) string {
	if value != "" && !strings.ContainsAny(value, " \t\n'\\") {
		return value
	}
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value) + "'"
}

// isSecret reports whether a key holds a password.
func isSecret(key string) bool {
	for _, s := range secret {
		if key == s {
			return true
		}
	}
	return false
}
