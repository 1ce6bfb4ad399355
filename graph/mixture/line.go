package mixture

// Another campaign of the same hands, and another customer of the same service, have in
// common what those hands and that service give all their mail: program, relay, template,
// the link's domain. Together that outweighs everything, though one follows from the
// other. So what most units of a cluster have, its bundle, does not count when it is asked
// whether what is sent agrees. Where the bundle has a contact or most of a text, it is the
// campaign's own, and nothing is asked.

const (
	lineSize  = 5   // units from which on a cluster shows what it always has
	inBundle  = 0.6 // share of its units that have a value of the bundle
	lineMin   = -2  // nats that may speak against beyond the bundle: texts of a campaign vary
	wholeText = 0.5 // share of a text's values that makes the bundle a text
)

// beyond is what is said of what is sent, less the bundle.
type beyond struct {
	least  float64 // units of the cluster that have a value of the bundle, at least
	exempt bool    // nothing is asked: the bundle is a campaign's own, or not known yet
	nats   float64
	kind   Kind
	sum    float64 // of the values of the kind at hand
	n      float64 // how many
	in     float64 // how many are of the bundle
}

func newBeyond(units int32) beyond {
	return beyond{least: inBundle * float64(units), exempt: units < lineSize}
}

// begin starts a kind with so many values that no cluster has, of which each says so much.
func (b *beyond) begin(k Kind, alone, unseen float64) {
	b.kind, b.sum, b.n, b.in = k, alone*unseen, alone, 0
}

// add takes a value that says v and that n units of the cluster have.
func (b *beyond) add(v, share, n float64) {
	if n >= b.least {
		b.in += share
		return
	}
	b.sum += share * v
	b.n += share
}

// end adds the kind to what is said.
func (b *beyond) end() {
	switch b.kind.Group {
	case Contact:
		b.exempt = b.exempt || b.kind.Own && b.in > 0
	case Text, Creative, Links:
		b.exempt = b.exempt || b.kind.Whole && b.in > wholeText*(b.n+b.in)
		if b.n > 0 {
			b.nats += b.kind.Weight * clamp(b.sum/b.n, mostNats)
		}
	}
}

// agrees reports whether what is sent may be one campaign's, contacts included, which say
// so much.
func (b *beyond) agrees(contacts float64) bool { return b.exempt || b.nats+contacts > lineMin }

// contacts is what the contacts say: the one that fits best decides.
func (e *evidence) contacts() float64 { return max(leastOther, e.nats[Contact]) }
