package spamrun

import "math"

// The class of a burst is certain, or it is left open until all bursts are known. Then the
// shares of bad recipients of this store's ham and spam are known, too, and the groups: the
// members of one are of one class.

// open is the maximum weight of evidence, in bits, with which the class of a burst is open.
const open = 6

// mostClasses bounds the bursts from which the shares are learned.
const mostClasses = 1 << 16

// class is the evidence for the class of a burst: bits for ham, without those of its
// recipients.
type class struct {
	bits       float64
	tried, bad float64
}

// odds returns the bits for ham by two distributions.
func (x *class) odds(ham, spam beta) float64 {
	return x.bits + max(-14, min(6, (ham.of(x.bad, x.tried)-spam.of(x.bad, x.tried))/math.Ln2))
}

// classOf separates the evidence of recipients from the other evidence of a burst. Bounces
// go to forged senders, whose share of bad ones is that of another's list: nil.
func classOf(members []Arrival, odds float64) *class {
	x := &class{}
	bounces := 0
	for i := range members {
		x.tried += float64(members[i].Tried)
		x.bad += float64(members[i].Bad)
		if members[i].ReturnPath == "<>" {
			bounces++
		}
	}
	if x.tried == 0 || bounces == len(members) {
		return nil
	}
	x.bits = odds - max(-14, min(6, damageOdds(int(x.tried), int(x.bad))))
	return x
}

// beta is a beta distribution of the share of bad recipients.
type beta struct{ bad, good float64 }

// of is the log likelihood of bad recipients among those tried.
func (b beta) of(bad, tried float64) float64 {
	return lbeta(b.bad+bad, b.good+tried-bad) - lbeta(b.bad, b.good)
}

// Prior distributions: about one in thirty for ham, and any portion for spam. They count as
// much as priorEvents bursts.
var (
	hamShare  = beta{1, 28}
	spamShare = beta{1, 1}
)

// shares learns both distributions from all bursts by expectation maximization.
func shares(all []*class) (ham, spam beta) {
	ham, spam = hamShare, spamShare
	p := make([]float64, len(all)) // of being ham
	for range learnRounds {
		for i, x := range all {
			p[i] = 1 / (1 + math.Exp2(-x.odds(ham, spam)))
		}
		ham = hamShare.fitted(all, p)
		for i := range p {
			p[i] = 1 - p[i]
		}
		spam = spamShare.fitted(all, p)
	}
	return ham, spam
}

// fitted fits a distribution by its moments to bursts with the given weights. b is the prior.
// Bursts of senders on a blocklist, whose recipients are all refused, tell nothing.
func (b beta) fitted(all []*class, weights []float64) beta {
	sum := b.bad + b.good
	mean := b.bad / sum
	variance := mean * (1 - mean) / (sum + 1)
	n, first := float64(priorEvents), mean*priorEvents
	each := func(f func(x *class, w float64)) {
		for i, x := range all {
			if x.tried > 0 && x.bad < x.tried {
				f(x, weights[i])
			}
		}
	}
	each(func(x *class, w float64) { n, first = n+w, first+w*x.bad/x.tried })
	prior := mean
	mean = first / n
	second := priorEvents * (variance + (prior-mean)*(prior-mean))
	each(func(x *class, w float64) {
		off := x.bad/x.tried - mean
		second += w * (off*off - mean*(1-mean)/x.tried) // beyond that of binomial draws
	})
	mean = max(0.002, min(0.98, mean))
	// No wider than the prior: a few bursts of the other class widen it.
	sum = max(sum, min(200, mean*(1-mean)/max(second/n, 1e-4)-1))
	return beta{mean * sum, (1 - mean) * sum}
}

// Decision holds the results that need all runs.
type Decision struct {
	Coordinated map[int64]int64 // of each coordinated run: the first of its group
	Wanted      map[int64]bool  // of each open run
}

// Decide decides about all runs. It takes O(n log n).
func (f *Finder) Decide() Decision {
	d := Decision{Coordinated: map[int64]int64{}, Wanted: map[int64]bool{}}
	ham, spam := shares(f.classes)
	for _, t := range f.traits {
		if t.class != nil {
			t.spam = 1 / (1 + math.Exp2(t.class.odds(ham, spam)))
			d.Wanted[t.run] = t.spam < 0.5
		}
	}
	f.coordinate(&d, spam)
	return d
}
