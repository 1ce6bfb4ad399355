package lookups_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"spoor/enrich/polite"
	"spoor/sql/store/lookups"
	"spoor/sql/store/storetest"
)

var _ polite.Shared = lookups.Limits{}

// TestReservedTurnsAreApart checks that no two turns at a server are closer
// than its interval, for any number of processes and turns reserved at once.
func TestReservedTurnsAreApart(t *testing.T) {
	url := storetest.URL(t)
	now := storetest.Day(10, 1)
	const each = 250 * time.Millisecond
	var mu sync.Mutex
	var turns []time.Time
	var wg sync.WaitGroup
	for n := range 6 {
		limits := lookups.New(storetest.Open(t, url)).Limits()
		wg.Go(func() {
			for range 20 {
				first, backedOff, _, err := limits.Reserve(t.Context(), "whois.example:43", now, each, 1+n)
				if err != nil || !backedOff.IsZero() {
					t.Error(backedOff, err)
					return
				}
				mu.Lock()
				for i := range 1 + n {
					turns = append(turns, first.Add(time.Duration(i)*each))
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	slices.SortFunc(turns, time.Time.Compare)
	for i := range turns {
		if want := now.Add(time.Duration(i) * each); !turns[i].Equal(want) {
			t.Fatalf("turn %d is at %v, want %v", i, turns[i], want)
		}
	}
	s := storetest.Open(t, url)
	if first, _, _, err := lookups.New(s).Limits().Reserve(t.Context(), "other.example:43", now, each, 1); err != nil || !first.Equal(now) {
		t.Errorf("another server has to wait until %v, %v", first, err)
	}
	// Unused turns are not saved up.
	late := now.Add(time.Hour)
	if first, _, _, err := lookups.New(s).Limits().Reserve(t.Context(), "whois.example:43", late, each, 1); err != nil || !first.Equal(late) {
		t.Errorf("after a pause the turn is at %v, %v", first, err)
	}
	check(t, s, "421", "SELECT asked::text FROM servers_v WHERE server = 'whois.example:43'")
}

func TestBackOffIsRemembered(t *testing.T) {
	url := storetest.URL(t)
	now := storetest.Day(10, 1)
	until := now.Add(time.Hour)
	a, b := lookups.New(storetest.Open(t, url)).Limits(), storetest.Open(t, url)
	if err := a.BackOff(t.Context(), "whois.example:43", until, "quota exceeded"); err != nil {
		t.Fatal(err)
	}
	if err := a.BackOff(t.Context(), "whois.example:43", now.Add(time.Minute), "dropped"); err != nil {
		t.Fatal(err)
	}
	_, backedOff, reason, err := lookups.New(b).Limits().Reserve(t.Context(), "whois.example:43", now, time.Second, 5)
	if err != nil || !backedOff.Equal(until) || reason != "quota exceeded" {
		t.Errorf("%v %q %v", backedOff, reason, err)
	}
	check(t, b, "0", "SELECT asked::text FROM servers")
	first, backedOff, _, err := lookups.New(b).Limits().Reserve(t.Context(), "whois.example:43", until, time.Second, 5)
	if err != nil || !backedOff.IsZero() || !first.Equal(until) {
		t.Errorf("after it: %v %v %v", first, backedOff, err)
	}
}
