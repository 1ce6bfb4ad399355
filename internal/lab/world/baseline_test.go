package world

import (
	"fmt"
	"testing"

	"spoor/ingest"
	"spoor/internal/domain"
)

// simple ways to group mail, each by one value or by any of several.
var simple = []struct {
	name   string
	values func(f *ingest.Facts) []string
}{
	{"same subject", func(f *ingest.Facts) []string { return []string{f.SubjectKey} }},
	{"same domain", linkDomains},
	{"same sender", func(f *ingest.Facts) []string { return []string{f.SenderAddr.String()} }},
	{"same text", func(f *ingest.Facts) []string {
		if f.TextHash == 0 {
			return nil
		}
		return []string{fmt.Sprint(f.TextHash)}
	}},
	{"any of these", func(f *ingest.Facts) []string {
		return append(linkDomains(f), "s "+f.SubjectKey, "a "+f.SenderAddr.String(), fmt.Sprint("t ", f.TextHash))
	}},
}

func linkDomains(f *ingest.Facts) (domains []string) {
	for _, l := range f.Links {
		if d := domain.Registered(l.Host); d != "" && l.Shared == "" {
			domains = append(domains, d)
		}
	}
	return domains
}

// TestSimpleWaysFail groups the worlds by single values: a world that this
// solves is no test for anything better.
func TestSimpleWaysFail(t *testing.T) {
	most := map[Grade]float64{Easy: 0.95, Medium: 0.88, Hard: 0.8, Mixture: 0.9}
	for _, way := range simple {
		mean := map[Grade]float64{}
		for _, s := range samples() {
			mean[s.w.Options.Grade] += bcubed(s.w.Messages, components(s.facts, way.values)) / Styles
		}
		for g, f1 := range mean {
			if f1 > most[g] {
				t.Errorf("%s: %q alone has a B-cubed F1 of %.2f", g, way.name, f1)
			}
		}
		t.Logf("%-13s easy %.2f medium %.2f hard %.2f mixture %.2f", way.name, mean[Easy], mean[Medium], mean[Hard], mean[Mixture])
	}
}

// components joins messages that share a value.
func components(facts []*ingest.Facts, values func(*ingest.Facts) []string) []int {
	parent, first := make([]int, len(facts)), map[string]int{}
	var find func(i int) int
	find = func(i int) int {
		if parent[i] != i {
			parent[i] = find(parent[i])
		}
		return parent[i]
	}
	for i, f := range facts {
		parent[i] = i
		for _, v := range values(f) {
			if j, ok := first[v]; ok && v != "" {
				parent[find(i)] = find(j)
			} else {
				first[v] = i
			}
		}
	}
	for i := range parent {
		parent[i] = find(i)
	}
	return parent
}

// bcubed is the harmonic mean of precision and recall as Bagga and Baldwin (1998) define
// them for each item.
func bcubed(messages []Message, cluster []int) float64 {
	both, truth, found := map[string]float64{}, map[string]float64{}, map[int]float64{}
	key := func(i int) string { return fmt.Sprint(messages[i].Campaign, " ", cluster[i]) }
	for i, m := range messages {
		both[key(i)]++
		truth[m.Campaign]++
		found[cluster[i]]++
	}
	var p, r float64
	for i, m := range messages {
		p += both[key(i)] / found[cluster[i]]
		r += both[key(i)] / truth[m.Campaign]
	}
	n := float64(len(messages))
	return 2 * p / n * r / n / (p/n + r/n)
}
