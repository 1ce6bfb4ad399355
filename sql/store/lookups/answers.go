package lookups

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"spoor/enrich"
	"spoor/enrich/whois"
	"spoor/sql/store"
	"spoor/sql/store/wire"
)

// Block is the holder or origin AS of a network, with the source that names it.
type Block struct {
	Prefix         netip.Prefix
	Source, Server string
	AskedAt        time.Time
	Name, Owner    string
	ASNs           []int64
	ASNames        []string
}

// Blocks lists the holders and origin ASes of an address, smallest network
// first.
func (s *Store) Blocks(ctx context.Context, a netip.Addr) ([]Block, error) {
	return store.Collect[Block](ctx, s.db, "why_blocks", a.Unmap().WithZone(""))
}

// Answer is one source's answer about a domain, host or address, line by line.
// WHOIS is unchanged; other answers have a line for each value.
type Answer struct {
	Source, Server string
	At             time.Time // when it was first given
	Lines          []string
}

// Limits of an answer's lines.
const (
	// Longer answers are legal notices or lists of a hoster's customers; the
	// whole is in the store.
	maxLines = 400
	maxLine  = 400
)

// Answers returns the last answer of every source about a "domain", "host" or
// "address", newest first.
func (s *Store) Answers(ctx context.Context, kind, name string) ([]Answer, error) {
	known, err := s.Known(ctx, enrich.Subject{Kind: enrich.Kind(kind), Name: name})
	if err != nil {
		return nil, err
	}
	var out []Answer
	for i := range known {
		k := &known[i]
		if k.Outcome != enrich.Answered {
			continue
		}
		out = append(out, Answer{string(k.Source), k.Server, k.AskedAt, linesOf(k)})
	}
	return out, nil
}

// linesOf returns the source's own text. For binary or JSON answers it lists
// the parsed values.
func linesOf(k *Known) []string {
	switch k.Source {
	case enrich.WHOIS, enrich.RegistrarWHOIS, enrich.IPWHOIS:
		return textLines(whois.Decode(k.Raw, k.Name, k.Server))
	}
	if r, ok := k.Parsed.(*enrich.Records); ok {
		return recordLines(k.Name, r)
	}
	var out []string
	for _, v := range valuesOf(k.Parsed) {
		out = append(out, v.field+": "+v.value)
	}
	if r, ok := k.Parsed.(*enrich.Registration); ok && !r.Created.IsZero() {
		out = append(out, "created: "+r.Created.UTC().Format(time.RFC3339))
	}
	return out
}

// textLines splits a text answer and drops blank lines.
//
// Control characters are removed and lines cut, because they go to terminals
// and pages.
func textLines(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && len(out) < maxLines {
			out = append(out, wire.Clean(line, maxLine))
		}
	}
	return out
}

// recordLines formats a DNS answer like a zone file.
func recordLines(name string, r *enrich.Records) []string {
	var out []string
	line := func(host, kind string, value any) {
		if len(out) < maxLines {
			out = append(out, fmt.Sprintf("%s %s %v", host, kind, value))
		}
	}
	addresses := func(host string, list []netip.Addr) {
		for _, a := range list {
			kind := "A"
			if a.Is6() {
				kind = "AAAA"
			}
			line(host, kind, a)
		}
	}
	addresses(name, r.A)
	addresses(name, r.AAAA)
	if len(r.CNAME) > 0 {
		line(name, "CNAME", strings.Join(r.CNAME, " CNAME "))
	}
	for _, m := range r.MX {
		line(name, "MX", fmt.Sprint(m.Preference, " ", m.Host))
	}
	for _, ns := range r.NS {
		line(name, "NS", ns.Host)
		addresses(ns.Host, ns.Addrs)
	}
	return out
}
