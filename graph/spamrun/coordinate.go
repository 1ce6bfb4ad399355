package spamrun

import (
	"cmp"
	"slices"
	"strings"
)

const (
	together = 120 // seconds between the starts of runs of one command
	leastOf  = 5   // recipients of each at least
)

// coordinate puts runs of several senders into one where they begin within two minutes, go
// on at the same time, are of about one size, introduce themselves in one way, and share no
// recipient: a list that is split among senders. It takes O(n log n) and, where thousands
// begin at once, looks at the next few only.
func coordinate(runs []Run) {
	order := make([]int, 0, len(runs))
	for i := range runs {
		if r := &runs[i]; !r.Wanted && r.tried >= leastOf {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(runs[a].Start, runs[b].Start), cmp.Compare(runs[a].ID, runs[b].ID))
	})
	leader := map[int]int{} // by run: first run of its group
	find := func(i int) int {
		for {
			j, ok := leader[i]
			if !ok || j == i {
				return i
			}
			i = j
		}
	}
	for n, i := range order {
		for m := n + 1; m < len(order) && m < n+64; m++ {
			j := order[m]
			if since(runs[i].Start, runs[j].Start) > together {
				break
			}
			if alike(&runs[i], &runs[j]) {
				if a, b := find(i), find(j); a != b {
					leader[b] = a
				}
			}
		}
	}
	members := map[int][]int{}
	for _, i := range order {
		members[find(i)] = append(members[find(i)], i)
	}
	for _, group := range members {
		// Two may meet by chance, three hardly.
		if len(group) < 2 || len(group) == 2 && !closely(&runs[group[0]], &runs[group[1]]) {
			continue
		}
		for _, i := range group {
			runs[i].Coordinated = runs[group[0]].ID
		}
	}
}

// alike reports whether two runs that begin together are of one command.
func alike(a, b *Run) bool {
	if a.Sender == b.Sender || a.helo != b.helo && a.helo != "" && b.helo != "" {
		return false
	}
	if small, large := min(a.tried, b.tried), max(a.tried, b.tried); 3*small < 2*large {
		return false
	}
	if a.End < b.Start || b.End < a.Start {
		return false
	}
	return !overlap(a.tries, b.tries)
}

// closely reports whether two runs agree so well that no third is needed.
func closely(a, b *Run) bool {
	small, large := min(a.tried, b.tried), max(a.tried, b.tried)
	return since(a.Start, b.Start) <= together/4 && 6*small >= 5*large
}

// overlap reports whether more than a tenth of the recipients are in both.
func overlap(a, b []uint64) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	in := make(map[uint64]bool, len(a))
	for _, t := range a {
		in[t] = true
	}
	both := 0
	for _, t := range b {
		if in[t] {
			both++
		}
	}
	return len(a) > 0 && 10*both > len(a)
}

// helloClass is the way in which a client introduces itself.
func helloClass(helo string) string {
	digits := 0
	for _, c := range helo {
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	switch {
	case helo == "":
		return ""
	case digits == len(helo):
		return "number"
	case strings.HasPrefix(helo, "["):
		return "literal"
	case !strings.Contains(helo, "."):
		return "word"
	case Pool(helo):
		return "pool"
	}
	return "name"
}
