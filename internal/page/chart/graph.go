package chart

import (
	"cmp"
	"fmt"
	"slices"
)

// Node is a thing in a graph of layers.
type Node struct {
	Layer int
	X, Y  float64 // of its dot; its words stand to the right
}

// Edge joins two nodes of different layers, by their numbers.
type Edge struct{ From, To int }

// Sizes of a graph, in its own units: those of a screen of ordinary size.
const (
	LayerWidth = 218.0
	RowHeight  = 44.0
	headRoom   = 40.0
	margin     = 12.0
)

// Graph is a graph that has been laid out.
type Graph struct {
	Nodes         []Node
	Edges         []Edge
	Width, Height float64
}

// sweeps is how often the layers are put in order; after a few nothing moves any more.
const sweeps = 8

// Layered lays nodes out in columns by their layers, in an order in which few edges cross:
// each layer by the mean place of its neighbours, to and fro (Sugiyama, Tagawa, Toda 1981).
// The same input gives the same picture. Cost: sweeps times edges, and a sort of each layer.
func Layered(layers []int, edges []Edge) *Graph {
	g := &Graph{Nodes: make([]Node, len(layers)), Edges: edges}
	count := 0
	for _, l := range layers {
		count = max(count, l+1)
	}
	rows := make([][]int, count)
	for i, l := range layers {
		g.Nodes[i].Layer = l
		rows[l] = append(rows[l], i)
	}
	neighbours := make([][]int, len(layers))
	for _, e := range edges {
		neighbours[e.From] = append(neighbours[e.From], e.To)
		neighbours[e.To] = append(neighbours[e.To], e.From)
	}
	best, fewest := clone(rows), crossings(rows, edges, layers)
	for s := range sweeps {
		for i := range rows {
			l := i
			if s%2 == 1 {
				l = count - 1 - i
			}
			order(rows[l], places(rows, len(layers)), neighbours)
		}
		if n := crossings(rows, edges, layers); n < fewest {
			best, fewest = clone(rows), n
		}
	}
	g.place(best)
	return g
}

// clone copies the order of all layers.
func clone(rows [][]int) [][]int {
	out := make([][]int, len(rows))
	for i := range rows {
		out[i] = slices.Clone(rows[i])
	}
	return out
}

// places says where each node stands in its layer, from 0 to 1.
func places(rows [][]int, n int) []float64 {
	at := make([]float64, n)
	for _, row := range rows {
		for i, v := range row {
			at[v] = (float64(i) + 0.5) / float64(len(row))
		}
	}
	return at
}

// order sorts a layer by the mean place of each node's neighbours; one without any stays.
func order(row []int, at []float64, neighbours [][]int) {
	mean := make(map[int]float64, len(row))
	for _, v := range row {
		mean[v] = at[v]
		if len(neighbours[v]) > 0 {
			sum := 0.0
			for _, w := range neighbours[v] {
				sum += at[w]
			}
			mean[v] = sum / float64(len(neighbours[v]))
		}
	}
	slices.SortStableFunc(row, func(a, b int) int { return cmp.Compare(mean[a], mean[b]) })
}

// crossings counts the pairs of edges between the same two layers that cross.
func crossings(rows [][]int, edges []Edge, layers []int) int {
	at := places(rows, len(layers))
	n := 0
	for i, e := range edges {
		for _, f := range edges[:i] {
			if layers[e.From] == layers[f.From] && layers[e.To] == layers[f.To] && (at[e.From]-at[f.From])*(at[e.To]-at[f.To]) < 0 {
				n++
			}
		}
	}
	return n
}

// place gives the nodes their places, each layer in the middle.
func (g *Graph) place(rows [][]int) {
	tallest := 1
	for _, row := range rows {
		tallest = max(tallest, len(row))
	}
	g.Width = float64(len(rows))*LayerWidth + margin
	g.Height = headRoom + float64(tallest)*RowHeight + margin
	for l, row := range rows {
		above := float64(tallest-len(row)) * RowHeight / 2
		for i, v := range row {
			g.Nodes[v].X = margin + float64(l)*LayerWidth
			g.Nodes[v].Y = headRoom + above + (float64(i)+0.5)*RowHeight
		}
	}
}

// Curve is the path of an edge, from room units right of its left node's dot to just before
// its right node's.
func (g *Graph) Curve(e Edge, room float64) string {
	a, b := g.Nodes[e.From], g.Nodes[e.To]
	if a.X > b.X {
		a, b = b, a
	}
	x, end := a.X+min(room, LayerWidth-30), b.X-8
	bend := (end - x) / 2
	return fmt.Sprintf("M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f", x, a.Y, x+bend, a.Y, end-bend, b.Y, end, b.Y)
}
