package logworld

import "spoor/ingest/maillog"

// F has the counts of precision and recall.
type F struct{ Truth, Found, Claims, Good int }

// Recall is the share of true items that were found.
func (f F) Recall() float64 { return Right{f.Found, f.Truth}.Share() }

// Precision is the share of claims that are true.
func (f F) Precision() float64 { return Right{f.Good, f.Claims}.Share() }

// F1 is the harmonic mean of both.
func (f F) F1() float64 {
	if f.Recall()+f.Precision() == 0 {
		return 0
	}
	return 2 * f.Recall() * f.Precision() / (f.Recall() + f.Precision())
}

// RunScore has the accuracy of the runs.
type RunScore struct {
	ByKind   map[string]F // a run counts if 90 % of the members agree on both sides
	Groups   F            // of senders that act together
	Edges    Right        // runs that were found whose first and last second are right
	Ordinary Right        // ordinary transactions that are in a run; few is good
	Missed   Right        // transactions of runs that were put in none
}

// Found is the run of a transaction: its number and its group's, 0 for none,
// and its first and last second.
type Found struct{ Run, Group, Start, End int64 }

// ScoreRuns compares the runs with the truth. runOf returns the run of a
// transaction by its index in all.
func (w *World) ScoreRuns(all []maillog.Delivery, runOf func(i int) Found) RunScore {
	truth, groupOf, kindOf := w.truthOf(all)
	edges := w.edges()
	s := RunScore{ByKind: map[string]F{}}
	runs, groups := make([]int64, len(all)), make([]int64, len(all))
	bounds := map[int64][2]int64{}
	for i := range all {
		found := runOf(i)
		runs[i], groups[i] = found.Run, found.Group
		bounds[found.Run] = [2]int64{found.Start, found.End}
		switch {
		case truth[i] < 0:
			runs[i], groups[i] = 0, 0
		case truth[i] == 0:
			s.Ordinary.note(runs[i] != 0)
		default:
			s.Missed.note(runs[i] == 0)
		}
	}
	same := agree(truth, runs)
	seen := map[int64]bool{}
	for t, kind := range kindOf {
		f := s.ByKind[kind]
		f.Truth++
		if r, ok := same.byTruth[int64(t)]; ok {
			f.Found++
			s.Edges.note(bounds[r] == edges[t])
		}
		s.ByKind[kind] = f
	}
	for _, r := range runs {
		if r == 0 || seen[r] {
			continue
		}
		seen[r] = true
		kind := kindOf[int(same.most[r])]
		if kind == "" {
			kind = "ordinary"
		}
		f := s.ByKind[kind]
		f.Claims++
		if same.byFound[r] {
			f.Good++
		}
		s.ByKind[kind] = f
	}
	same = agree(groupOf, groups)
	s.Groups = F{Truth: same.truths, Found: len(same.byTruth), Claims: same.claims, Good: len(same.byFound)}
	return s
}

// edges are the first and the last second of each run.
func (w *World) edges() map[int][2]int64 {
	out := map[int][2]int64{}
	for i := range w.Attempts {
		a := &w.Attempts[i]
		at := a.At.Unix()
		e, ok := out[a.Run]
		if !ok {
			e = [2]int64{at, at}
		}
		out[a.Run] = [2]int64{min(e[0], at), max(e[1], at)}
	}
	return out
}

// truthOf finds the run and the group of each transaction; -1 is one that the world did
// not make.
func (w *World) truthOf(all []maillog.Delivery) (run, group []int64, kinds map[int]string) {
	type name struct {
		client, sender, to, verdict string
		at                          int64
	}
	of := map[name]*Attempt{}
	kinds = map[int]string{}
	for i := range w.Attempts {
		a := &w.Attempts[i]
		of[name{a.Client.String(), a.Sender, a.Recipient, a.Verdict, a.At.Unix()}] = a
		if a.Run != 0 {
			kinds[a.Run] = a.RunKind
		}
	}
	run, group = make([]int64, len(all)), make([]int64, len(all))
	for i := range all {
		run[i] = -1
		for _, r := range all[i].Recipients {
			if a := of[name{all[i].Client.String(), all[i].ReturnPath, r.Address, string(r.Verdict), r.At.Unix()}]; a != nil {
				run[i], group[i] = int64(a.Run), int64(a.Group)
			}
		}
	}
	return run, group, kinds
}

// agreement counts the true sets that were found.
type agreement struct {
	byTruth        map[int64]int64
	byFound        map[int64]bool
	most           map[int64]int64 // the true set of most members of a found set
	truths, claims int
}

// agree compares two partitions. Sets agree if nine tenths of the members of each are in
// the other.
func agree(truth, found []int64) agreement {
	type both struct{ t, f int64 }
	nt, nf, n := map[int64]int{}, map[int64]int{}, map[both]int{}
	for i := range truth {
		if truth[i] > 0 {
			nt[truth[i]]++
		}
		if found[i] != 0 {
			nf[found[i]]++
			n[both{truth[i], found[i]}]++
		}
	}
	a := agreement{byTruth: map[int64]int64{}, byFound: map[int64]bool{}, most: map[int64]int64{}, truths: len(nt), claims: len(nf)}
	best := map[int64]int{}
	for b, k := range n {
		if k > best[b.f] || k == best[b.f] && b.t > a.most[b.f] {
			best[b.f], a.most[b.f] = k, b.t
		}
		if b.t > 0 && 10*k >= 9*nt[b.t] && 10*k >= 9*nf[b.f] {
			a.byTruth[b.t], a.byFound[b.f] = b.f, true
		}
	}
	return a
}
