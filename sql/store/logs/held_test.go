package logs

import (
	"fmt"
	"slices"
	"testing"

	"spoor/graph/spamrun"
)

// held returns a writer that has seen one sender with an open run of two attempts: the first
// is in no run yet, the second in run 7.
func held(t *testing.T) (*runWriter, *senderSum) {
	t.Helper()
	one, two, seven := int64(1), int64(2), int64(7)
	all := []attempt{{DeliveryKey: &one}, {DeliveryKey: &two, SpamrunID: &seven}}
	w := &runWriter{}
	sender := w.sender(&all[0])
	f := &runFound{Run: spamrun.Run{ID: 7, Messages: []int64{0, 1}, Wanted: true, Open: true}}
	if !w.hold(f, sender, all) {
		t.Fatal("not held")
	}
	return w, sender
}

// A held run is written, with its members and the sum of its sender, once its class is
// known.
func TestHeldRuns(t *testing.T) {
	for _, c := range []struct {
		wanted     bool
		spam       int64
		deliveries []int64 // whose run changes
		to         []int64
	}{
		{false, 1, []int64{1}, []int64{7}},
		{true, 0, []int64{2}, []int64{0}},
	} {
		t.Run(fmt.Sprintf("wanted %v", c.wanted), func(t *testing.T) {
			w, sender := held(t)
			if len(w.runs) != 0 || len(w.deliveries) != 0 {
				t.Fatal("written before it is decided")
			}
			if spam := w.decide(map[int64]bool{7: c.wanted}); spam != c.spam || int64(sender.Runs) != c.spam {
				t.Errorf("%d runs of spam, %d of the sender, want %d", spam, sender.Runs, c.spam)
			}
			if len(w.runs) != 1 || w.runs[0][wantedColumn] != c.wanted || runColumns[wantedColumn] != "wanted" {
				t.Errorf("rows %v", w.runs)
			}
			if !slices.Equal(w.deliveries, c.deliveries) || !slices.Equal(w.deliveryRuns, c.to) {
				t.Errorf("runs of deliveries %v become %v, want %v and %v", w.deliveries, w.deliveryRuns, c.deliveries, c.to)
			}
			if len(w.senders) != 1 {
				t.Errorf("%d senders, want 1", len(w.senders))
			}
		})
	}
}

// Beyond the limit of memory an open run keeps the class that it seems to have.
func TestHeldRunsAreBounded(t *testing.T) {
	w, sender := held(t)
	many := &runFound{Run: spamrun.Run{ID: 8, Messages: make([]int64, mostHeld), Open: true}}
	if w.hold(many, sender, make([]attempt, 1)) {
		t.Error("held beyond the limit")
	}
	if len(w.held) != 1 {
		t.Errorf("%d runs are held", len(w.held))
	}
}

// Of more refused addresses than are compared, the same are kept in any order.
func TestLeastHashes(t *testing.T) {
	const n = 5 * mostRefused / 2
	var forward, backward, few leastHashes
	for i := range n {
		forward.add(fmt.Sprintf("u%d@own.example", i))
		backward.add(fmt.Sprintf("u%d@own.example", n-1-i))
		if len(forward.all) >= 2*mostRefused {
			t.Fatalf("%d addresses are held", len(forward.all))
		}
	}
	a := forward.sorted()
	if len(a) != mostRefused || !slices.IsSorted(a) || !slices.Equal(a, backward.sorted()) {
		t.Errorf("%d addresses, want the %d of the least hashes in any order", len(a), mostRefused)
	}
	few.add("b@own.example")
	few.add("a@own.example")
	if got := few.sorted(); !slices.Equal(got, []string{"a@own.example", "b@own.example"}) {
		t.Errorf("few: %v", got)
	}
}
