package facts

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"spoor/ingest"
)

// maxFailures limits the failures of one kind and source that are stored one by
// one. A zip of 5 MB had 60,002 members that were not mail: the first ones
// explain the problem, and a sum replaces the rest.
const maxFailures = 100

// kindOfFailure groups failures.
type kindOfFailure struct{ path, code string }

// keyedFailure is a failure with the key of its place, or a sum of several.
type keyedFailure struct {
	*ingest.Failure
	key   int64
	items int64 // number of failures in it
}

// listed counts the failures of a run by kind.
type listed struct {
	mu    sync.Mutex
	count map[kindOfFailure]int64
}

// bound assigns keys to failures and keeps the first ones of each kind. One row
// counts the others; it grows with each batch of the run.
//
// The key of the sum depends on source and code only, so that a later import of
// the same archive updates the row.
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

// sortedFailures sorts failures by place and keeps the last of each, because
// one statement cannot change a row twice.
func sortedFailures(list []keyedFailure) []keyedFailure {
	slices.Reverse(list)
	slices.SortStableFunc(list, func(a, b keyedFailure) int { return cmp.Compare(a.key, b.key) })
	return slices.CompactFunc(list, func(a, b keyedFailure) bool { return a.key == b.key })
}
