package campaigns

import (
	"context"
	"net/netip"
	"slices"

	"github.com/jackc/pgx/v5"

	"spoor/graph/evidence"
	"spoor/sql"
	"spoor/sql/store"
)

// maxAddresses limits the addresses read per domain: fast flux has thousands.
const maxAddresses = 64

// Knowledge reads the data of registries and DNS. It uses the latest answers,
// not those at the time of a message: spam domains live for days, and the last
// answer about a deleted domain remains stored.
func (c *Run) Knowledge(ctx context.Context) (evidence.Knowledge, error) {
	k, err := knowledge(ctx, c.tx)
	return k, store.Failed("read what registries say", err)
}

// Knowledge is that of Run, outside of one.
func (s *Store) Knowledge(ctx context.Context) (evidence.Knowledge, error) {
	k, err := knowledge(ctx, s.db.Pool)
	return k, store.Failed("read what registries say", err)
}

// KnowledgeOf is the part of Knowledge that is about the links and senders of some messages.
func (s *Store) KnowledgeOf(ctx context.Context, messages []int64, senders []netip.Addr) (evidence.Knowledge, error) {
	r := knownReader{occurring: senders}
	rows, _ := s.db.Pool.Query(ctx, "SELECT DISTINCT domain FROM urls WHERE message_key = ANY ($1) AND domain IS NOT NULL", messages)
	var err error
	if r.named, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
		return evidence.Knowledge{}, store.Failed("read what registries say", err)
	}
	k, err := r.read(ctx, s.db.Pool)
	return k, store.Failed("read what registries say", err)
}

// knowledge reads the data about all mail.
func knowledge(ctx context.Context, q store.Querier) (evidence.Knowledge, error) {
	r := knownReader{whole: true}
	return r.read(ctx, q)
}

// read reads the small tables first. If no registry was queried, it does
// not read the addresses of the mail at all.
func (r *knownReader) read(ctx context.Context, q store.Querier) (evidence.Knowledge, error) {
	for _, step := range []func(context.Context, store.Querier) error{
		// Domains come first: the later steps add to them.
		r.readDomains, r.readServers, r.readAddresses, r.readBlocks, r.readOrigins, r.readOccurring,
	} {
		if err := step(ctx, q); err != nil {
			return evidence.Knowledge{}, err
		}
	}
	own, err := ownOf(ctx, q)
	return evidence.Knowledge{Domains: r.domains, Addresses: r.located()}.Foreign(own), err
}

// ownOf reads our own servers, domains and addresses.
func ownOf(ctx context.Context, q store.Querier) (own evidence.Own, err error) {
	err = store.EachRow(ctx, q, sql.Query("incidence_own"), func(o *evidence.Own) { own = *o })
	return own, err
}

// knownReader combines the rows of several tables of registry data.
//
// named are the domains to read, and occurring the addresses of mail. whole means all of the
// store: then the statements get NULL, which leaves out a condition.
type knownReader struct {
	whole     bool
	named     []string
	domains   []evidence.Domain
	at        map[string]int // by name, in domains
	blocks    prefixes[string]
	origins   prefixes[int64]
	occurring []netip.Addr
}

// readDomains reads the registrations. Times are converted to UTC, because
// features contain the date.
func (r *knownReader) readDomains(ctx context.Context, q store.Querier) error {
	r.at = make(map[string]int)
	return store.EachRow(ctx, q, sql.Query("incidence_domains"), func(d *evidence.Domain) {
		d.Created = d.Created.UTC()
		*r.domain(d.Name) = *d
	}, r.names())
}

// names are the domains to read; nil for all.
func (r *knownReader) names() []string {
	if r.whole {
		return nil
	}
	return append([]string{}, r.named...)
}

// domain returns the domain of a name, and creates it if necessary. The pointer
// is valid until the next call.
func (r *knownReader) domain(name string) *evidence.Domain {
	i, ok := r.at[name]
	if !ok {
		i = len(r.domains)
		r.at[name] = i
		r.domains = append(r.domains, evidence.Domain{Name: name})
	}
	return &r.domains[i]
}

// readServers adds the addresses of name servers to the domains that they serve.
func (r *knownReader) readServers(ctx context.Context, q store.Querier) error {
	of := make(map[string][]netip.Addr)
	type row struct {
		Host      string
		Addresses []netip.Addr
	}
	var hosts []string
	for i := range r.domains {
		hosts = append(hosts, r.domains[i].NameServers...)
	}
	slices.Sort(hosts)
	err := store.EachRow(ctx, q, "SELECT host, addresses FROM name_servers WHERE host = ANY ($1)", func(s *row) { of[s.Host] = s.Addresses }, slices.Compact(hosts))
	for i := range r.domains {
		d := &r.domains[i]
		for _, ns := range d.NameServers {
			if len(d.ServerAddresses) < maxAddresses {
				d.ServerAddresses = append(d.ServerAddresses, of[ns]...)
			}
		}
	}
	return err
}

// readAddresses adds the addresses that DNS gave for domains and their hosts.
func (r *knownReader) readAddresses(ctx context.Context, q store.Querier) error {
	type row struct{ Domain, Value string }
	return store.EachRow(ctx, q, sql.Query("incidence_addresses"), func(v *row) {
		d := r.domain(v.Domain)
		a, err := netip.ParseAddr(v.Value)
		if err == nil && len(d.Addresses) < maxAddresses && !slices.Contains(d.Addresses, a) {
			d.Addresses = append(d.Addresses, a)
		}
	}, r.names())
}

// readBlocks reads the holders of prefixes.
func (r *knownReader) readBlocks(ctx context.Context, q store.Querier) error {
	type row struct {
		Prefix netip.Prefix
		Owner  string
	}
	query, args := r.around("netblocks")
	return store.EachRow(ctx, q, query, func(b *row) { r.blocks.add(b.Prefix, b.Owner) }, args...)
}

// around is the statement that reads prefixes: all, or those of the addresses of mail and of
// domains.
func (r *knownReader) around(table string) (query string, args []any) {
	if r.whole {
		return sql.Query("incidence_" + table), nil
	}
	list := slices.Clone(r.occurring)
	for i := range r.domains {
		list = append(list, r.domains[i].Addresses...)
	}
	return sql.Query("recall_" + table), []any{list}
}

// readOrigins keeps the lowest of several systems that announce one prefix, so that the
// choice does not depend on the order of an answer.
func (r *knownReader) readOrigins(ctx context.Context, q store.Querier) error {
	type row struct {
		Prefix netip.Prefix
		ASNs   []int64
	}
	query, args := r.around("origins")
	return store.EachRow(ctx, q, query, func(o *row) {
		if len(o.ASNs) > 0 {
			r.origins.add(o.Prefix, slices.Min(o.ASNs))
		}
	}, args...)
}

// readOccurring reads the addresses in mail, unless no block and no origin is
// known.
func (r *knownReader) readOccurring(ctx context.Context, q store.Querier) error {
	if !r.whole || r.blocks.empty() && r.origins.empty() {
		return nil
	}
	type row struct{ Address netip.Addr }
	return store.EachRow(ctx, q, sql.Query("incidence_occurring"), func(o *row) { r.occurring = append(r.occurring, o.Address) })
}

// located finds the holder of each address by the longest prefix that contains it.
//
// Addresses without holder and origin are left out: nothing is known of them.
// The result is sorted and has each address once.
func (r *knownReader) located() []evidence.Address {
	all := r.occurring
	if !r.blocks.empty() || !r.origins.empty() {
		for i := range r.domains {
			all = append(all, r.domains[i].Addresses...)
		}
	}
	slices.SortFunc(all, netip.Addr.Compare)
	var out []evidence.Address
	for _, a := range slices.Compact(all) {
		block, owner, held := r.blocks.find(a)
		_, asn, announced := r.origins.find(a)
		if held || announced {
			out = append(out, evidence.Address{Addr: a, Block: block, Owner: owner, ASN: asn})
		}
	}
	return out
}

// prefixes finds the longest prefix that holds an address.
//
// One map suffices in place of a tree, because registries use few lengths.
type prefixes[T any] struct {
	of      map[netip.Prefix]T
	lengths [2][]int // that occur, of IPv4 and IPv6, longest first
}

// empty reports whether there is no prefix.
func (p *prefixes[T]) empty() bool { return len(p.of) == 0 }

// add sets the value of a prefix. A later value replaces an earlier one.
func (p *prefixes[T]) add(prefix netip.Prefix, v T) {
	if !prefix.IsValid() {
		return
	}
	if p.of == nil {
		p.of = make(map[netip.Prefix]T)
	}
	p.of[prefix.Masked()] = v
	lengths := &p.lengths[family(prefix.Addr())]
	i, found := slices.BinarySearchFunc(*lengths, prefix.Bits(), func(a, b int) int { return b - a })
	if !found {
		*lengths = slices.Insert(*lengths, i, prefix.Bits())
	}
}

// find tries the lengths that occur, longest first: at most 33 or 129 look-ups in a map,
// in practice some ten.
func (p *prefixes[T]) find(a netip.Addr) (netip.Prefix, T, bool) {
	a = a.Unmap().WithZone("")
	for _, n := range p.lengths[family(a)] {
		prefix, err := a.Prefix(n)
		if err != nil {
			continue
		}
		if v, ok := p.of[prefix]; ok {
			return prefix, v, true
		}
	}
	var none T
	return netip.Prefix{}, none, false
}

// family is an index into prefixes.lengths, since a length means different
// networks in IPv4 and IPv6.
func family(a netip.Addr) int {
	if a.Is4() {
		return 0
	}
	return 1
}
