package maillog

import "time"

// ghosts remember which transaction a queue id belonged to after it was yielded, so that a
// retry hours later is filed under the same Key. Long ids tell their time themselves; short
// ones, and those behind a filter, do not.
//
// ring holds the keys in the order of their coming, and at is the oldest of
// them once it is full.
type ghosts struct {
	known map[uint64]ghost
	ring  []uint64
	at    int
}

// ghost is the identity of a forgotten transaction: the fields from which Key
// is made.
type ghost struct {
	id       string // of the line's own queue file
	queueID  string // of the transaction
	instance string
	base     string
	started  time.Time
	file     string
	line     int64
	floating bool
}

// maxGhosts bounds them: mail that waits in the queues of a large server.
const maxGhosts = 50_000

// add remembers x, which is forgotten together with root. Mail whose queue file is gone
// needs no ghost, since nothing more will be said of it.
func (g *ghosts) add(x, root *transaction) {
	if x == root && (x.d.Closed || !x.d.Opened) {
		return
	}
	if _, has := g.known[x.id]; !has {
		if len(g.ring) < maxGhosts {
			g.ring = append(g.ring, x.id)
		} else {
			delete(g.known, g.ring[g.at])
			g.ring[g.at] = x.id
			g.at = (g.at + 1) % maxGhosts
		}
	}
	g.known[x.id] = ghost{id: x.d.QueueID, queueID: root.d.QueueID, instance: root.d.Instance, base: x.base, started: root.d.Started,
		file: root.d.File, line: root.d.Line, floating: root.d.Floating}
}

// recall gives a transaction that begins in the middle its identity back.
func (g *ghosts) recall(x *transaction) {
	h, ok := g.known[x.id]
	if !ok || h.id != x.d.QueueID || h.base != x.base {
		return
	}
	x.d.Started, x.d.File, x.d.Line, x.d.Instance, x.d.Floating = h.started, h.file, h.line, h.instance, h.floating
	if h.queueID != h.id {
		x.as = h.queueID
	}
}
