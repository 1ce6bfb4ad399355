package lookups

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/enrich"
	"spoor/sql"
	"spoor/sql/store/wire"
)

// The statements of name servers: by DNS, and by the registry's glue.
var (
	nameServersSQL = sql.Query("enrich_name_servers")
	glueSQL        = sql.Query("enrich_name_servers_glue")
)

// maxServerAddrs limits the stored addresses of a name server. Legitimate ones
// have one or two, and more of a large set adds nothing.
const maxServerAddrs = 64

// writeNameServers stores the addresses of name servers: by DNS, or by the
// registry until DNS was asked.
func writeNameServers(ctx context.Context, tx pgx.Tx, list []prepared) error {
	dns, glue := map[string]located{}, map[string]located{}
	for i := range list {
		p := &list[i]
		switch of := p.of.(type) {
		case *enrich.Records:
			locate(dns, of.NS, p.askedAt)
		case *enrich.Registration:
			locate(glue, of.NameServers, p.askedAt)
		}
	}
	if err := putNameServers(ctx, tx, nameServersSQL, dns); err != nil {
		return err
	}
	return putNameServers(ctx, tx, glueSQL, glue)
}

// located is the latest answer about the addresses of a name server.
type located struct {
	at    time.Time
	addrs []netip.Addr
}

// locate records the addresses of name servers, unless a later answer gave
// others.
func locate(in map[string]located, servers []enrich.NameServer, at time.Time) {
	for _, ns := range servers {
		host := strings.ToLower(wire.Clean(ns.Host, maxSubject))
		addrs := sortedAddrs(withoutZones(ns.Addrs))
		if host != "" && len(addrs) > 0 && !in[host].at.After(at) {
			in[host] = located{at, addrs[:min(len(addrs), maxServerAddrs)]}
		}
	}
}

// putNameServers writes in the order of hosts, in which rows are locked.
// PostgreSQL has no arrays of lists with different lengths, so each list is
// sent as text.
func putNameServers(ctx context.Context, tx pgx.Tx, statement string, servers map[string]located) error {
	if len(servers) == 0 {
		return nil
	}
	var hosts, lists []string
	var at []time.Time
	for host := range servers {
		hosts = append(hosts, host)
	}
	slices.Sort(hosts)
	for _, host := range hosts {
		texts := make([]string, len(servers[host].addrs))
		for i, a := range servers[host].addrs {
			texts[i] = a.Unmap().String()
		}
		lists, at = append(lists, "{"+strings.Join(slices.Compact(texts), ",")+"}"), append(at, servers[host].at)
	}
	_, err := tx.Exec(ctx, statement, hosts, lists, at)
	return err
}
