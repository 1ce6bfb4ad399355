package logworld

import (
	"fmt"
	"net/netip"
	"strings"
)

// host is a client.
type host struct {
	addr netip.Addr
	name string // reverse name; "" without one
	helo string
}

// zombie invents a client in a dynamic pool.
func (w *World) zombie() host {
	a := w.addr([4]byte{203, 0, 113, 0})
	h := host{addr: a, helo: fmt.Sprint(100000000 + w.dice.IntN(900000000))}
	if w.dice.IntN(2) == 0 {
		h.name = "dyn-" + strings.ReplaceAll(a.String(), ".", "-") + ".pool.example"
	}
	return h
}

// octets are the last four bytes of an address.
func octets(a netip.Addr) (o [4]byte) {
	b := a.As16()
	copy(o[:], b[12:])
	return o
}

// customer invents a client whose name holds its address, in one of the forms that
// providers use, and that introduces itself as desktop machines do.
func (w *World) customer() host {
	h := host{addr: w.addr([4]byte{203, 0, 113, 0})}
	o := octets(h.addr)
	switch w.dice.IntN(5) {
	case 0:
		h.name = fmt.Sprintf("p%02X%02X%02X%02X.dip.line.example", o[0], o[1], o[2], o[3])
	case 1:
		h.name = fmt.Sprintf("%d.%d.%d.%d.north.example", o[3], o[2], o[1], o[0])
	case 2:
		h.name = fmt.Sprintf("host%d-%d-range%d.telco.example", o[2], o[3], o[1])
	case 3:
		h.name = fmt.Sprintf("adsl-%d-%d-%d-%d.city.example", o[0], o[1], o[2], o[3])
	}
	switch w.dice.IntN(4) {
	case 0:
		h.helo = fmt.Sprintf("PC-%X", w.dice.Uint32())
	case 1:
		h.helo = w.Domain
	case 2:
		h.helo = "localhost"
	default:
		h.helo = pick(w.dice, family) + ".lan"
	}
	return h
}

// rented invents a server that somebody rents by the hour: its names are in order.
func (w *World) rented() host {
	h := host{addr: w.addr([4]byte{203, 0, 113, 0})}
	switch w.dice.IntN(3) {
	case 0:
		h.helo = "[" + h.addr.String() + "]"
	case 1:
		h.name = fmt.Sprintf("vps%d.cloud.example", w.dice.IntN(90000))
		h.helo = h.name
	default:
		h.name = fmt.Sprintf("%s%s.example", pick(w.dice, family), pick(w.dice, given))
		h.helo = "mail." + h.name
	}
	return h
}

// cable invents a customer that introduces itself by the name that its provider gave it, or
// by that of a large provider.
func (w *World) cable() host {
	h := host{addr: w.addr([4]byte{203, 0, 113, 0})}
	o := octets(h.addr)
	h.name = fmt.Sprintf("c%d%03d.town%d.cablenet.example", o[2], o[3], o[1])
	switch w.dice.IntN(3) {
	case 0:
		h.helo = h.name
	case 1:
		h.helo = pick(w.dice, providers)
	default:
		h.helo, h.name = fmt.Sprintf("USER-%08X", w.dice.Uint32()), ""
	}
	return h
}

// addr invents an address. The reserved networks are small, so worlds of many clients use
// those of 2001:db8::/32 too.
func (w *World) addr(base [4]byte) netip.Addr {
	w.sessions++
	if n := w.sessions; n < 200 {
		base[3] = byte(1 + n)
		return netip.AddrFrom4(base)
	}
	return netip.MustParseAddr(fmt.Sprintf("2001:db8:%x:%x::%x", base[0], w.sessions, 1+w.dice.IntN(65000)))
}

// mailServer invents a client that is a server of some firm.
func (w *World) mailServer(i int) host {
	name := fmt.Sprintf("mail%d.firm%d.example", i%3, i)
	return host{addr: netip.AddrFrom4([4]byte{198, 51, 100, byte(1 + i%250)}), name: name, helo: name}
}

// office invents the address behind which all of a firm sits. Its line is a customer's.
func office(i int) host {
	h := host{addr: netip.AddrFrom4([4]byte{192, 0, 2, byte(1 + i%100)}), helo: fmt.Sprintf("exchange.office%d.test", i)}
	switch i % 3 {
	case 0:
		h.name = fmt.Sprintf("static-192-0-2-%d.line.example", 1+i%100)
	case 1:
		h.name = "mx." + fmt.Sprintf("office%d.test", i)
	}
	return h
}

// provider invents one of the many senders of a large provider.
func (w *World) provider(which int) host {
	n := w.dice.IntN(12)
	name := fmt.Sprintf("out%d.%s", n, providers[which])
	return host{addr: netip.AddrFrom4([4]byte{192, 0, 2, byte(101 + 12*which + n)}), name: name, helo: name}
}

// sendout invents the server of a service that sends newsletters for others, or of a list.
func sendout(i int) host {
	name := fmt.Sprintf("o%d.sendout.test", i)
	return host{addr: netip.AddrFrom4([4]byte{192, 0, 2, byte(160 + i%40)}), name: name, helo: name}
}
