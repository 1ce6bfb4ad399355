package leiden

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkCommunities has five edges for each node, one component, and numbers without
// any order, so that nothing lies together in memory by chance.
//
//	go test -bench . -benchmem -cpu 1 ./graph/leiden
func BenchmarkCommunities(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		rng := rand.New(rand.NewPCG(9, 9))
		_, edges, _ := planted(rng, n/25, 25, 8, 2)
		g := build(n, renamed(rng, edges, rng.Perm(n)))
		edges = nil
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				find(g, 0.1)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/node")
		})
	}
}

// BenchmarkSmallComponents measures the usual shape of evidence: many
// components of a few nodes.
func BenchmarkSmallComponents(b *testing.B) {
	const n = 1_000_000
	rng := rand.New(rand.NewPCG(10, 10))
	_, edges, _ := planted(rng, n/10, 10, 5, 0)
	g := build(n, renamed(rng, edges, rng.Perm(n)))
	for b.Loop() {
		find(g, 0.1)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/node")
}
