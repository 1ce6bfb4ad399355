package ingest

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"spoor/graph/sketch"
	"spoor/ingest/received"
)

// TestSketchesOfRealMail compares the sketches of real mail: pairs of equal texts,
// pairs of different texts under one subject, and random pairs.
func TestSketchesOfRealMail(t *testing.T) {
	dir := os.Getenv("SPOOR_CORPORA")
	if dir == "" {
		t.Skip("SPOOR_CORPORA names no folder of mail")
	}
	dir = filepath.Join(dir, "phishing_pot")
	facts, groups := readGroups(t, dir)
	same := samePairs(facts, groups)
	subject, random := differentPairs(facts)
	report(t, "same text", same)
	report(t, "same subject, other text", subject)
	report(t, "at random", random)
	if low := share(same, func(s float64) bool { return s < 0.8 }); low > 0.02 {
		t.Errorf("%.1f %% of the pairs of one text are less than 0.8 alike", 100*low)
	}
	// Drawn from campaigns, half of a percent are of one text or nearly; others share a
	// list's footer.
	if high := share(random, func(s float64) bool { return s > 0.2 }); high > 0.02 {
		t.Errorf("%.1f %% of the pairs at random are more than 0.2 alike", 100*high)
	}
}

// readGroups reads the facts of all messages, and the files of each group of one text.
func readGroups(t *testing.T, dir string) (map[string]*Facts, [][]string) {
	paths, _ := filepath.Glob(filepath.Join(dir, "*.eml"))
	facts := make(map[string]*Facts, len(paths))
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		facts[filepath.Base(path)] = Extract(data, Spam, &received.Own{})
	}
	table, err := os.ReadFile(filepath.Join(dir, "SAME-TEXT-groups.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var groups [][]string
	for line := range strings.Lines(string(table)) {
		if f := strings.Split(strings.TrimSpace(line), "\t"); len(f) == 3 && f[0] != "group" {
			groups = append(groups, strings.Split(f[2], ","))
		}
	}
	return facts, groups
}

func samePairs(facts map[string]*Facts, groups [][]string) (list []float64) {
	for _, g := range groups {
		for i, a := range g {
			for _, b := range g[:i] {
				if facts[a] == nil || facts[b] == nil {
					continue
				}
				if s, ok := sketch.Similarity(facts[a].TextSketch, facts[b].TextSketch); ok {
					list = append(list, s)
				}
			}
		}
	}
	return list
}

func differentPairs(facts map[string]*Facts) (subject, random []float64) {
	names := make([]string, 0, len(facts))
	for name := range facts {
		names = append(names, name)
	}
	slices.Sort(names)
	bySubject := map[string][]*Facts{}
	for _, name := range names {
		f := facts[name]
		for _, g := range bySubject[f.SubjectKey] {
			if f.SubjectKey != "" && f.TextHash != g.TextHash {
				if s, ok := sketch.Similarity(f.TextSketch, g.TextSketch); ok {
					subject = append(subject, s)
				}
			}
		}
		bySubject[f.SubjectKey] = append(bySubject[f.SubjectKey], f)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 100_000 {
		f, g := facts[names[r.IntN(len(names))]], facts[names[r.IntN(len(names))]]
		if s, ok := sketch.Similarity(f.TextSketch, g.TextSketch); ok && f.TextHash != g.TextHash {
			random = append(random, s)
		}
	}
	return subject, random
}

func share(list []float64, is func(float64) bool) float64 {
	n := 0
	for _, s := range list {
		if is(s) {
			n++
		}
	}
	return float64(n) / float64(max(len(list), 1))
}

// report prints how many pairs there are of each tenth.
func report(t *testing.T, name string, list []float64) {
	var tenths [11]int
	for _, s := range list {
		tenths[int(s*10)]++
	}
	t.Logf("%-25s %6d pairs; 0.0 to 0.1, ..., 0.9 to 1, 1: %v", name, len(list), tenths)
}
