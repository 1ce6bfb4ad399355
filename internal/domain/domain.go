// Package domain normalises host names and tells who may own them: the registered
// domain by the public suffix list, and hosts that many customers share.
package domain

// Name is what is known of a host name from the name alone.
type Name struct {
	Host       string // ASCII, lower case, no trailing dot
	Registered string // registered domain (ICANN and private suffixes); "" for a bare suffix or a name without dot
	Suffix     string
	Private    bool   // Suffix is in the list's private part (a provider's customers)
	Shared     string // kind of sharing ("shortener", "hosting", "storage", "redirector", "esp", "mail", "cdn", ...); "" if none is known
}

// Parse normalises host (IDNA, case, trailing dot). ok is false if it can't be a host name.
func Parse(host string) (n Name, ok bool) { return Name{}, false }

// Registered returns the registered domain of host, or "".
func Registered(host string) string { n, _ := Parse(host); return n.Registered }
