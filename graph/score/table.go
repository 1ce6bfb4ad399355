package score

import (
	"cmp"
	"math"
	"slices"
)

// Table is the contingency table of items.
type Table struct {
	items             int
	classes, clusters group
	cells             []cell // sorted by counts alone, so that sums are equal to the last bit
}

// cell counts the items of a class in a cluster.
type cell struct {
	class, cluster int
	n              int
	example        int // first of these items
}

// group holds all classes, or all clusters.
type group struct {
	names []string // "" for a single item without a label
	sizes []int
}

// New counts items.
func New(items []Item) *Table {
	t := &Table{items: len(items)}
	classes, clusters := map[string]int{}, map[string]int{}
	at := map[[2]int]int{}
	for i, item := range items {
		key := [2]int{t.classes.count(classes, item.Truth), t.clusters.count(clusters, item.Found)}
		n, ok := at[key]
		if !ok {
			n = len(t.cells)
			at[key] = n
			t.cells = append(t.cells, cell{class: key[0], cluster: key[1], example: i})
		}
		t.cells[n].n++
	}
	slices.SortFunc(t.cells, func(a, b cell) int {
		return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(t.classes.sizes[a.class], t.classes.sizes[b.class]),
			cmp.Compare(t.clusters.sizes[a.cluster], t.clusters.sizes[b.cluster]))
	})
	return t
}

// count adds an item with the label and returns the index of its class or
// cluster.
func (g *group) count(ids map[string]int, label string) int {
	id, ok := ids[label]
	if !ok || label == "" {
		id = len(g.sizes)
		g.names, g.sizes = append(g.names, label), append(g.sizes, 0)
		ids[label] = id
	}
	g.sizes[id]++
	return id
}

// pairs is the number of item pairs within the group's classes or clusters.
func (g *group) pairs() (n int64) {
	for _, size := range g.sizes {
		n += pairs(size)
	}
	return n
}

// entropy is the group's entropy in nats, times the number of items.
func (g *group) entropy(items int) (h float64) {
	for _, size := range slices.Sorted(slices.Values(g.sizes)) {
		h += float64(size) * math.Log(float64(items)/float64(size))
	}
	return h
}

// Group is a cluster with items of several classes, or a class in several
// clusters.
type Group struct {
	Name  string
	Items int
	Pairs int64 // wrongly together, or wrongly apart
	Parts []Part
	Of    int // number of parts, of which Parts are the largest
	Alone int // parts that are a single item without a label
}

// Part is the share of a Group in one class, or in one cluster.
type Part struct {
	Name    string // "" for an item without a label
	Items   int
	Example int // index of the first of these items in the argument of New
}

// parts limits the parts that a Group lists.
const parts = 5

// Mixed returns the n clusters with the most pairs of different classes, worst
// first.
func (t *Table) Mixed(n int) []Group {
	return t.worst(n, &t.clusters, &t.classes, func(c cell) (int, int) { return c.cluster, c.class })
}

// Broken returns the n classes with the most pairs in different clusters, worst
// first.
func (t *Table) Broken(n int) []Group {
	return t.worst(n, &t.classes, &t.clusters, func(c cell) (int, int) { return c.class, c.cluster })
}

// worst ranks the groups of whole by the pairs that other separates.
func (t *Table) worst(n int, whole, other *group, sides func(cell) (of, in int)) []Group {
	// All pairs of a group, less those that other keeps together.
	wrong := make([]int64, len(whole.sizes))
	for id, size := range whole.sizes {
		wrong[id] = pairs(size)
	}
	for _, c := range t.cells {
		id, _ := sides(c)
		wrong[id] -= pairs(c.n)
	}
	var ids []int
	for id, p := range wrong {
		if p > 0 {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b int) int {
		return cmp.Or(cmp.Compare(wrong[b], wrong[a]), cmp.Compare(whole.names[a], whole.names[b]))
	})
	ids = ids[:min(max(n, 0), len(ids))]
	out := make([]Group, len(ids))
	at := make(map[int]int, len(ids))
	for i, id := range ids {
		at[id] = i
		out[i] = Group{Name: whole.names[id], Items: whole.sizes[id], Pairs: wrong[id]}
	}
	for _, c := range t.cells {
		id, in := sides(c)
		if i, ok := at[id]; ok {
			out[i].Of++
			if other.names[in] == "" {
				out[i].Alone++
			}
			out[i].Parts = append(out[i].Parts, Part{other.names[in], c.n, c.example})
		}
	}
	for i := range out {
		out[i].largest()
	}
	return out
}

// largest keeps the largest parts.
func (g *Group) largest() {
	slices.SortFunc(g.Parts, func(a, b Part) int {
		return cmp.Or(cmp.Compare(b.Items, a.Items), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Example, b.Example))
	})
	g.Parts = g.Parts[:min(parts, len(g.Parts))]
}
