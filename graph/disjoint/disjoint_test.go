package disjoint_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"spoor/graph/disjoint"
)

// Messages 0 and 3 share a link, 3 and 1 a mailbox.
func Example() {
	s := disjoint.New(5)
	fmt.Println(s.Join(3, 0), s.Join(1, 3), s.Join(0, 1))
	fmt.Println(s.Find(3), s.Number())
	// Output:
	// true true false
	// 0 [0 0 1 0 2]
}

// naive is the definition: joining renames all members of one set.
type naive []int32

func (n naive) join(a, b int32) bool {
	x, y := n[a], n[b]
	for i := range n {
		if n[i] == x || n[i] == y {
			n[i] = min(x, y)
		}
	}
	return x != y
}

// Any joins in any order give the sets of the definition, by their smallest
// members.
func TestAgainstDefinition(t *testing.T) {
	const n = 60
	for seed := range uint64(200) {
		dice := rand.New(rand.NewPCG(seed, 0))
		s, want := disjoint.New(n), make(naive, n)
		for i := range want {
			want[i] = int32(i)
		}
		for range dice.IntN(2 * n) {
			a, b := dice.Int32N(n), dice.Int32N(n)
			if got, want := s.Join(a, b), want.join(a, b); got != want {
				t.Fatalf("seed %d: Join(%d, %d) = %v", seed, a, b, got)
			}
		}
		for i := range int32(n) {
			if got := s.Find(i); got != want[i] {
				t.Fatalf("seed %d: Find(%d) = %d, want %d", seed, i, got, want[i])
			}
		}
		smallest := slices.Compact(slices.Sorted(slices.Values(want)))
		for i, got := range s.Number() {
			if at, _ := slices.BinarySearch(smallest, want[i]); got != int32(at) {
				t.Fatalf("seed %d: item %d has number %d, want %d", seed, i, got, at)
			}
		}
	}
}

func TestNone(t *testing.T) {
	for _, n := range []int{0, -1} {
		if got := disjoint.New(n).Number(); len(got) != 0 {
			t.Errorf("New(%d): %v", n, got)
		}
	}
}
