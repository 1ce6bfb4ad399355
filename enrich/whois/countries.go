package whois

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed countries.tsv
var countriesTSV string

// countryNames maps codes and normalised names to ISO 3166-1 codes.
// Parsed at the first use: commands that ask no registry do not pay for it.
var countryNames = sync.OnceValue(func() map[string]string { return readCountries(countriesTSV) })

// readCountries parses lines of a code and names separated by "|".
func readCountries(text string) map[string]string {
	out := make(map[string]string, 2000)
	for l := range strings.Lines(text) {
		code, names, ok := strings.Cut(strings.TrimSpace(l), "\t")
		if !ok || len(code) != 2 {
			continue
		}
		out[strings.ToLower(code)] = code
		for n := range strings.SplitSeq(names, "|") {
			if k := normalKey(n); k != "" && out[k] == "" {
				out[k] = code
			}
		}
	}
	return out
}

// countryCode returns the ISO code of a country name or code, or "".
func countryCode(s string) string {
	names := countryNames()
	// Keys are normalised like those of answers, so that case, accents' marks
	// and punctuation do not matter.
	if code := names[normalKey(s)]; code != "" {
		return code
	}
	if i := strings.IndexAny(s, "(["); i > 0 { // "Germany (DE)"
		if code := names[normalKey(s[:i])]; code != "" {
			return code
		}
		return names[normalKey(s[i:])]
	}
	if i := strings.IndexAny(s, "-/,"); i == 2 { // "DE - Germany"
		return names[normalKey(s[:i])]
	}
	return ""
}

// countryName is countryCode for text that may not be a country. A lone code
// counts only in capitals.
func countryName(s string) string {
	s = strings.Trim(s, " .,")
	if len(s) < 2 || len(s) > 60 || len(s) == 2 && s != strings.ToUpper(s) {
		return ""
	}
	return countryNames()[normalKey(s)]
}
