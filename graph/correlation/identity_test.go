package correlation

import (
	"reflect"
	"testing"
)

func TestIdentify(t *testing.T) {
	is := func(id int64) Identity { return Identity{ID: id} }
	born := func(id, from int64) Identity { return Identity{ID: id, New: true, SplitFrom: from} }
	for _, c := range []struct {
		name     string
		previous map[int64]int64
		now      [][]int64
		want     []Identity
		mergers  []Merger
	}{
		{"first run", nil, [][]int64{{1, 2}, {3, 4}}, []Identity{born(9, 0), born(10, 0)}, nil},
		{"nothing changed", map[int64]int64{1: 5, 2: 5}, [][]int64{{1, 2}}, []Identity{is(5)}, nil},
		{"one grew, one is new", map[int64]int64{1: 5, 2: 5}, [][]int64{{7, 8, 9}, {1, 2, 3}}, []Identity{born(9, 0), is(5)}, nil},
		{"merged: the larger one's id stays", map[int64]int64{1: 5, 2: 5, 3: 6, 4: 6, 6: 6},
			[][]int64{{1, 2, 3, 4, 6}}, []Identity{is(6)}, []Merger{{5, 6}}},
		{"merged: of equals the oldest id stays", map[int64]int64{1: 5, 2: 5, 3: 6, 4: 6},
			[][]int64{{1, 2, 3, 4}}, []Identity{is(5)}, []Merger{{6, 5}}},
		{"split: the larger part keeps the id", map[int64]int64{1: 5, 2: 5, 3: 5, 4: 5, 6: 5},
			[][]int64{{1, 2, 3}, {4, 6}}, []Identity{is(5), born(9, 5)}, nil},
		{"gone", map[int64]int64{1: 5, 2: 5}, nil, []Identity{}, nil},
		{"scattered: no half went anywhere", map[int64]int64{1: 5, 2: 5, 3: 5, 4: 5, 11: 6, 12: 6, 13: 7, 14: 7},
			[][]int64{{1, 11, 12}, {2, 13, 14}}, []Identity{is(6), is(7)}, nil},
	} {
		got, mergers := Identify(c.previous, c.now, 9)
		if !reflect.DeepEqual(got, c.want) || !reflect.DeepEqual(mergers, c.mergers) {
			t.Errorf("%s: %v %v, want %v %v", c.name, got, mergers, c.want, c.mergers)
		}
	}
}
