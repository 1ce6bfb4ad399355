package facts

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"spoor/ingest"
)

// maxFailures is how many failures of one kind in one source are listed one by one. A
// zip of 5 MB held 60,002 members that were none: what a list of them tells, the first
// do, and a sum tells the rest.
const maxFailures = 100

// kindOfFailure is what failures are summed up by.
type kindOfFailure struct{ path, code string }

// keyedFailure is a failure with the key of its place, or the sum of many.
type keyedFailure struct {
	*ingest.Failure
	key   int64
	items int64 // that it stands for
}

// listed counts the failures of a run by kind.
type listed struct {
	mu    sync.Mutex
	count map[kindOfFailure]int64
}

// bound keys failures, keeps the first of each kind, and lets one row stand for the
// others. The row grows with each batch of the run.
func (l *listed) bound(failures []*ingest.Failure) []keyedFailure {
	if len(failures) == 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	var list []keyedFailure
	sums := map[kindOfFailure]int{} // indexes into list
	for _, f := range failures {
		kind := kindOfFailure{f.Path, f.Code}
		l.count[kind]++
		n := l.count[kind] - maxFailures
		if n <= 0 {
			list = append(list, keyedFailure{f, placeKey(&f.Place), 1})
			continue
		}
		at, ok := sums[kind]
		if !ok {
			at = len(list)
			sums[kind] = at
			sum := &ingest.Failure{Code: f.Code}
			sum.Path, sum.Format = f.Path, f.Format
			list = append(list, keyedFailure{Failure: sum, key: shortHash([]byte("sum of failures\x00" + f.Path + "\x00" + f.Code))})
		}
		list[at].items = n
		list[at].Reason = fmt.Sprintf("%d more like the %d that are listed", n, maxFailures)
	}
	return sortedFailures(list)
}

// sortedFailures sorts failures by place and leaves one of each: one statement cannot
// touch a row twice. The last is the one that stands.
func sortedFailures(list []keyedFailure) []keyedFailure {
	slices.Reverse(list)
	slices.SortStableFunc(list, func(a, b keyedFailure) int { return cmp.Compare(a.key, b.key) })
	return slices.CompactFunc(list, func(a, b keyedFailure) bool { return a.key == b.key })
}
