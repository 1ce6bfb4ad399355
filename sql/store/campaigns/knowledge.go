package campaigns

import (
	"context"
	"net/netip"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"

	"spoor/graph/evidence"
	"spoor/sql"
	"spoor/sql/store"
	"spoor/sql/store/wire"
)

// maxAddresses bounds how many addresses of one domain are read: fast flux has thousands.
const maxAddresses = 64

// Knowledge reads what registries and DNS say. It is what they said last, not what they said
// when a message came: domains of spam live for days, and answers of before are kept for
// those that are gone.
func (c *Run) Knowledge(ctx context.Context) (evidence.Knowledge, error) {
	k, err := knowledge(ctx, c.tx.Conn().PgConn())
	return k, store.Failed("read what registries say", err)
}

// Knowledge is that of Run, outside of one.
func (s *Store) Knowledge(ctx context.Context) (evidence.Knowledge, error) {
	conn, err := s.db.Pool.Acquire(ctx)
	if err != nil {
		return evidence.Knowledge{}, store.Failed("read what registries say", err)
	}
	defer conn.Release()
	k, err := knowledge(ctx, conn.Conn().PgConn())
	return k, store.Failed("read what registries say", err)
}

func knowledge(ctx context.Context, conn *pgconn.PgConn) (evidence.Knowledge, error) {
	var r knownReader
	for _, step := range []func(context.Context, *pgconn.PgConn) error{
		r.readDomains, r.readServers, r.readAddresses, r.readBlocks, r.readOrigins, r.readOccurring,
	} {
		if err := step(ctx, conn); err != nil {
			return evidence.Knowledge{}, err
		}
	}
	return evidence.Knowledge{Domains: r.domains, Addresses: r.located()}, nil
}

// knownReader puts together what several tables know.
type knownReader struct {
	domains   []evidence.Domain
	at        map[string]int // by name, in domains
	blocks    prefixes[string]
	origins   prefixes[int64]
	occurring []netip.Addr
}

func (r *knownReader) readDomains(ctx context.Context, conn *pgconn.PgConn) error {
	r.at = make(map[string]int)
	return wire.EveryRow(ctx, conn, sql.Query("incidence_domains"), func(f *wire.Fields) {
		name := f.Text()
		*r.domain(name) = evidence.Domain{
			Name:           name,
			RegistrantName: f.Text(), RegistrantOrg: f.Text(), RegistrantEmail: f.Text(), RegistrantPhone: f.Text(),
			Handle: f.Text(), Registrar: f.Text(), Privacy: f.Bool(), Created: f.Time(), NameServers: f.Texts(),
		}
	})
}

// domain finds the domain of that name, or makes it.
func (r *knownReader) domain(name string) *evidence.Domain {
	i, ok := r.at[name]
	if !ok {
		i = len(r.domains)
		r.at[name] = i
		r.domains = append(r.domains, evidence.Domain{Name: name})
	}
	return &r.domains[i]
}

func (r *knownReader) readServers(ctx context.Context, conn *pgconn.PgConn) error {
	of := make(map[string][]netip.Addr)
	err := wire.EveryRow(ctx, conn, "SELECT host, addresses FROM name_servers", func(f *wire.Fields) { of[f.Text()] = f.Addrs() })
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

func (r *knownReader) readAddresses(ctx context.Context, conn *pgconn.PgConn) error {
	return wire.EveryRow(ctx, conn, sql.Query("incidence_addresses"), func(f *wire.Fields) {
		d := r.domain(f.Text())
		a, err := netip.ParseAddr(f.Text())
		if err == nil && len(d.Addresses) < maxAddresses && !slices.Contains(d.Addresses, a) {
			d.Addresses = append(d.Addresses, a)
		}
	})
}

func (r *knownReader) readBlocks(ctx context.Context, conn *pgconn.PgConn) error {
	return wire.EveryRow(ctx, conn, sql.Query("incidence_netblocks"), func(f *wire.Fields) { r.blocks.add(f.Prefix(), f.Text()) })
}

func (r *knownReader) readOrigins(ctx context.Context, conn *pgconn.PgConn) error {
	return wire.EveryRow(ctx, conn, sql.Query("incidence_origins"), func(f *wire.Fields) {
		p, asns := f.Prefix(), f.Int64s()
		if len(asns) > 0 {
			r.origins.add(p, slices.Min(asns))
		}
	})
}

// readOccurring reads addresses only where something is known of any.
func (r *knownReader) readOccurring(ctx context.Context, conn *pgconn.PgConn) error {
	if r.blocks.empty() && r.origins.empty() {
		return nil
	}
	return wire.EveryRow(ctx, conn, sql.Query("incidence_occurring"), func(f *wire.Fields) { r.occurring = append(r.occurring, f.Addr()) })
}

// located looks up whose the addresses are, by the longest prefix that holds each.
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
type prefixes[T any] struct {
	of      map[netip.Prefix]T
	lengths [2][]int // that occur, of IPv4 and IPv6, longest first
}

func (p *prefixes[T]) empty() bool { return len(p.of) == 0 }

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

func family(a netip.Addr) int {
	if a.Is4() {
		return 0
	}
	return 1
}
