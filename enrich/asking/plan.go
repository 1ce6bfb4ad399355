package asking

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"spoor/enrich"
)

// Plan is one server of a dry run, with the number of look-ups that begin
// there.
type Plan struct {
	Source string `json:"source"`
	Server string `json:"server"`
	Count  int64  `json:"lookups"`
	Rate   string `json:"rate"`

	least time.Duration // least time that its rate allows for them
}

// Plan returns the servers at which the due tasks of each lane begin. It does
// not count later questions: a thin registry's answer leads to the registrar,
// and names lead to addresses.
func (a *Asking) Plan(lanes map[string]int) []Plan {
	var out []Plan
	for _, lane := range slices.Sorted(maps.Keys(lanes)) {
		if n := int64(lanes[lane]); !a.Skips(lane) {
			switch lane {
			case "dns":
				out = append(out, a.planDNS(n)...)
			case "addresses":
				out = append(out, a.planAddresses(n))
			default:
				out = append(out, a.planRegistration(lane, n)...)
			}
		}
	}
	out = merged(out)
	for i := range out {
		out[i].Rate, out[i].least = a.rate(out[i].Server, out[i].Count)
	}
	slices.SortStableFunc(out, func(x, y Plan) int { return cmp.Or(cmp.Compare(y.Count, x.Count), cmp.Compare(x.Server, y.Server)) })
	return out
}

// Total returns the number of look-ups and the time that the slowest server
// needs.
func Total(plans []Plan) (lookups int64, least time.Duration) {
	for _, p := range plans {
		lookups += p.Count
		least = max(least, p.least)
	}
	return lookups, least
}

// planDNS distributes questions over the resolvers in turn, as the client does.
func (a *Asking) planDNS(n int64) (out []Plan) {
	count := int64(len(a.names.Servers))
	for i, server := range a.names.Servers {
		share := n / count
		if int64(i) < n%count {
			share++
		}
		if share > 0 {
			out = append(out, Plan{Source: "dns", Server: server, Count: share})
		}
	}
	return out
}

// planAddresses names one server for all addresses, because a dry run does not
// know which registry holds each.
func (a *Asking) planAddresses(n int64) Plan {
	server := cmp.Or(a.whois.All, "the regional registries")
	if a.rdap != nil && a.rdap.Base != "" && a.settings.uses(enrich.IPRDAP) {
		server = hostPort(a.rdap.Base)
	}
	return Plan{Source: "netblock", Server: server, Count: n}
}

// planRegistration returns the servers for the domains of a top-level domain:
// RDAP where the registry offers it, else WHOIS; both if the user named the
// sources.
func (a *Asking) planRegistration(tld string, n int64) (out []Plan) {
	// Any name below it leads to the same servers.
	name := "x." + tld
	if a.rdap != nil && a.settings.uses(enrich.RDAP) && a.rdap.ServesDomain(name) {
		out = append(out, Plan{Source: "rdap", Server: a.rdap.ServerOf(name), Count: n})
		if len(a.settings.Sources) == 0 {
			return out
		}
	}
	if a.settings.uses(enrich.WHOIS) {
		out = append(out, Plan{Source: "whois", Server: a.whois.ServerOf(name), Count: n})
	}
	return out
}

// rate formats the limit of a server and computes the time that n questions
// take there.
//
// Rates below one a second are given by the minute, in which people count them.
func (a *Asking) rate(server string, n int64) (text string, least time.Duration) {
	if a.settings.Replay != "" {
		return "", 0
	}
	l := a.limits.Limit(server)
	if l.Rate == 0 {
		return "no limit", 0
	}
	least = time.Duration(float64(n) / l.Rate * float64(time.Second))
	if l.Rate < 1 {
		return fmt.Sprintf("%.3g/min", l.Rate*60), least
	}
	return strconv.FormatFloat(l.Rate, 'f', -1, 64) + "/s", least
}

// merged adds up the plans of one server.
func merged(list []Plan) []Plan {
	out := []Plan{}
	at := map[[2]string]int{}
	for _, p := range list {
		k := [2]string{p.Source, p.Server}
		if i, ok := at[k]; ok {
			out[i].Count += p.Count
			continue
		}
		at[k] = len(out)
		out = append(out, p)
	}
	return out
}
