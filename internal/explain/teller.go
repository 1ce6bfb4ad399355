package explain

import (
	"net/netip"
	"strings"

	"spoor/graph/evidence"
)

// teller maps features back to readable values, because a key is only a hash.
//
// It only knows the messages that it has learned; a key of others has the value
// "".
type teller struct {
	Domains   map[string]*evidence.Domain
	Addresses map[netip.Addr]*evidence.Address
	Values    map[evidence.Key]string
	via       map[viaKey]string
	Facts     map[int64]*evidence.Message
}

// viaKey asks through which domain or address a message has a feature.
type viaKey struct {
	message int64
	feature evidence.Key
}

// newTeller indexes the knowledge of domains and addresses.
func newTeller(k evidence.Knowledge) teller {
	t := teller{make(map[string]*evidence.Domain), make(map[netip.Addr]*evidence.Address), make(map[evidence.Key]string), make(map[viaKey]string), make(map[int64]*evidence.Message)}
	for i := range k.Domains {
		t.Domains[k.Domains[i].Name] = &k.Domains[i]
	}
	for i := range k.Addresses {
		t.Addresses[PlainAddr(k.Addresses[i].Addr)] = &k.Addresses[i]
	}
	return t
}

// PlainAddr is an address without the ways of writing it: IPv4 in IPv6, a zone.
func PlainAddr(a netip.Addr) netip.Addr { return a.Unmap().WithZone("") }

// learn adds the features of a message and of its links and sender.
func (t *teller) learn(m *evidence.Message) {
	t.Facts[m.Key] = m
	for _, f := range evidence.Of(m) {
		t.Values[f.Key()] = f.Value
		if f.Kind == evidence.LinkDomain {
			t.learnDomain(m.Key, f.Value)
		}
	}
	if a := t.Addresses[PlainAddr(m.Sender)]; m.Sender.IsValid() && a != nil {
		t.learnVia(m.Key, PlainAddr(m.Sender).String(), a.Features())
	}
}

// learnDomain notes the features that a message has through a domain, and
// through the addresses of its hosts.
func (t *teller) learnDomain(message int64, name string) {
	d := t.Domains[name]
	if d == nil {
		return
	}
	t.learnVia(message, name, d.Features())
	for _, addr := range d.Addresses {
		if a := t.Addresses[PlainAddr(addr)]; a != nil {
			t.learnVia(message, name, a.HostFeatures())
		}
	}
}

// learnVia records the domain or address through which a message has features;
// of several the first.
func (t *teller) learnVia(message int64, name string, features []evidence.Feature) {
	for _, f := range features {
		k := f.Key()
		t.Values[k] = f.Value
		if _, ok := t.via[viaKey{message, k}]; !ok {
			t.via[viaKey{message, k}] = name
		}
	}
}

// Via returns the domain or address through which a message has a feature; ""
// if the message has it itself.
func (t *teller) Via(message int64, k evidence.Key) string { return t.via[viaKey{message, k}] }

// Through returns the domains or addresses through which two messages have a
// feature; "" if they have it themselves.
//
// If the name is already the end of the value, the value itself tells it.
func (t *teller) Through(k evidence.Key, a, b int64) string {
	p, q := t.via[viaKey{a, k}], t.via[viaKey{b, k}]
	switch {
	case p == "" || p == q || strings.HasSuffix(t.Values[k], p):
		return p
	case q == "":
		return p
	}
	return p + ", " + q
}
