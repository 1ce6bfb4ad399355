package mixture

// Two campaigns of one operator, and two customers of one service, share the
// traits of all mail from there: program, relay, template, the link's domain.
// Together these outweigh everything, although one follows from the other. So
// the bundle of a cluster, the values that most of its units have, does not
// count in the test whether content agrees. A bundle with a contact or most of
// a text is the campaign's own, and the test is skipped.

// The bundle: size of a cluster that has one, and the bounds of its use.
const (
	lineSize  = 5   // units from which a cluster shows its constant values
	inBundle  = 0.6 // share of its units that have a value of the bundle
	lineMin   = -2  // nats against the content without the bundle: texts of a campaign vary
	wholeText = 0.5 // share of a text's values that makes the bundle a text
)

// beyond is the evidence of content without the bundle.
type beyond struct {
	least  float64 // units of the cluster that have a value of the bundle, at least
	exempt bool    // no test: the bundle is a campaign's own, or not known yet
	nats   float64
	kind   Kind
	sum    float64 // of the values of the kind at hand
	n      float64 // how many
	in     float64 // how many are of the bundle
}

// newBeyond returns the sum for a cluster with so many units.
func newBeyond(units int32) beyond {
	return beyond{least: inBundle * float64(units), exempt: units < lineSize}
}

// begin starts a kind. alone values of it occur in no cluster, and each adds
// the evidence unseen.
func (b *beyond) begin(k Kind, alone, unseen float64) {
	b.kind, b.sum, b.n, b.in = k, alone*unseen, alone, 0
}

// add takes a value with the evidence v, which n units of the cluster have.
// share is the portion of the compared units that have it.
func (b *beyond) add(v, share, n float64) {
	if n >= b.least {
		b.in += share
		return
	}
	b.sum += share * v
	b.n += share
}

// addAll takes several values: nats is the evidence of n that are not of the bundle, in is how
// many are of it.
func (b *beyond) addAll(nats, n, in float64) { b.sum, b.n, b.in = b.sum+nats, b.n+n, b.in+in }

// end adds the sum of the kind.
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

// agrees reports whether the content may be one campaign's. Contacts count,
// since they are strong evidence.
func (b *beyond) agrees(contacts float64) bool { return b.exempt || b.nats+contacts > lineMin }

// contacts is the evidence of the contact that fits best.
func (e *evidence) contacts() float64 { return max(leastOther, e.nats[Contact]) }
