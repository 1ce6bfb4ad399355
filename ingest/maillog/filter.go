package maillog

import (
	"slices"
)

// A content filter takes mail from one queue file and gives it back as another. Both are
// one transaction, with the client that the first had.

// join puts the queue file inner behind outer. It returns false if they cannot
// be the same mail. A remote host may claim any queue id in its reply, so inner
// must come from this server or its network, without a login, not earlier than
// outer, and with the same Message-ID if both have one. At most maxInner files
// stand behind one, and no file behind itself.
func (t *tracker) join(outer, inner *transaction) bool {
	if outer == inner || inner.outer != nil || len(outer.inner) >= maxInner || len(inner.refusedRows()) > 0 {
		return false
	}
	for x := outer; x != nil; x = x.outer {
		if x == inner {
			return false
		}
	}
	if inner.d.Client.IsValid() && !inside(inner.d.Client) && inner.d.Client != outer.d.Client || inner.d.Login != "" {
		return false
	}
	if inner.d.MessageID != "" && outer.d.MessageID != "" && inner.d.MessageID != outer.d.MessageID {
		return false
	}
	if outer.d.Opened && inner.d.Opened && inner.openedAt < outer.openedAt-2e9 {
		return false
	}
	inner.outer = outer
	outer.inner = append(outer.inner, inner)
	outer.dirty = true
	t.touch(inner)
	return true
}

// refusedRows returns the refused recipients: mail from a filter has none.
func (x *transaction) refusedRows() []Recipient {
	for i := range x.d.Recipients {
		if x.d.Recipients[i].Verdict != Accepted {
			return x.d.Recipients[i:]
		}
	}
	return nil
}

// messageKey is the key of byMessage.
func (x *transaction) messageKey() uint64 {
	return hash(hash(0, []byte(x.d.Server)), []byte(x.d.MessageID))
}

// joinByMessage finds the queue file in front of the filter by its Message-ID, where no
// line names both ids: filters that are a program (pipe, sendmail) or that wait before
// they answer. A mailing list gives mail back under another envelope sender, and a user's
// forwarding to another recipient; those are mail of their own. So it waits until sender and
// recipients of both are known.
//
// The time between must be below silence, or the front would have been yielded
// already.
func (t *tracker) joinByMessage(x *transaction) {
	if x.d.MessageID == "" || x.outer != nil || !x.d.Opened || x.id == 0 {
		return
	}
	k := x.messageKey()
	if x.d.Client.IsValid() && !x.d.Client.IsLoopback() {
		t.byMessage[k] = x
	} else {
		t.again[k] = x
	}
	outer, inner := t.byMessage[k], t.again[k]
	if outer == nil || inner == nil || inner.outer != nil || abs(outer.touched-t.now) > silence {
		return
	}
	if outer.d.sameMail(&inner.d) {
		t.join(outer, inner)
	}
}

// sameMail reports whether o has the Message-ID, the envelope sender and recipients of d.
func (d *Delivery) sameMail(o *Delivery) bool {
	if d.Server != o.Server || d.MessageID == "" || d.MessageID != o.MessageID || !d.HasReturnPath || !o.HasReturnPath || d.ReturnPath != o.ReturnPath {
		return false
	}
	found := false
	for i := range o.Recipients[:min(len(o.Recipients), maxInner)] {
		if found = d.hasRecipient(o.Recipients[i].Address); !found {
			return false
		}
	}
	return found
}

// hasRecipient looks at the first recipients only. A filter returns all or few
// of them, and comparing thousands for each line would not be linear.
func (d *Delivery) hasRecipient(address string) bool {
	for i := range d.Recipients[:min(len(d.Recipients), 4*maxInner)] {
		if d.Recipients[i].Verdict == Accepted && d.Recipients[i].Address == address {
			return true
		}
	}
	return false
}

// passedOn records that a recipient continues under another queue id. The id
// behind a filter on this host is one of ours even if its lines come later.
//
// sameHost means that the relay is loopback, whose word is our own.
func (t *tracker) passedOn(w *where, x *transaction, r *Recipient, id []byte, sameHost bool) {
	if len(id) == 0 || x.has(id) {
		return
	}
	inner := t.lookup(w, id)
	if inner == nil && sameHost {
		r.Via = string(id)
		if !slices.Contains(x.d.QueueIDs, r.Via) && len(x.d.QueueIDs) < maxInner {
			x.d.QueueIDs = append(x.d.QueueIDs, r.Via)
			x.promises = append(x.promises, w.key(id))
			t.promised[w.key(id)] = x
		}
		return
	}
	if inner == nil || inner.outer == x {
		if inner != nil {
			r.Via = string(id)
		}
		return
	}
	if !sameHost && (!inner.d.Opened || inner.d.MessageID == "" || inner.d.MessageID != x.d.MessageID) {
		return // the claim of a host that may be anybody's
	}
	if t.join(x, inner) {
		r.Via = string(id)
	}
}
