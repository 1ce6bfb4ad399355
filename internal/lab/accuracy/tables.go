package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"spoor/graph/score"
)

// demand is the project's target for a world; the zero value has none.
type demand struct{ f1, pairs, newsletters float64 }

// demandOf names grades, which mean the same in all sources.
//
// A pair figure of 0 means that none is demanded.
func demandOf(grade string) demand {
	f := map[string][2]float64{
		"easy": {0.995, 0.97}, "medium": {0.98, 0.95}, "hard": {0.93, 0.93}, "mixture": {0.95, 0.95}, "realistic": {0.95, 0.95},
		"plain": {0.99, 0}, "mixed": {0.96, 0}, "tough": {0.90, 0}, "zipf": {0.94, 0},
	}[grade]
	return demand{f[0], f[1], 0.95}
}

// writeTables writes a table of all worlds, one of all sources, the reliability of
// confidence, the changes by registry data, the targets, and a table per grade if the
// simple methods were measured.
func writeTables(w io.Writer, all []measured) error {
	var out strings.Builder
	grades := byGrade(all)
	fmt.Fprintf(&out, "### Worlds\n\n%s\n", worldTable(all))
	fmt.Fprintf(&out, "### Sources and grades\n\n%s\n", summaryTable(grades))
	for _, way := range []string{spoor, spoorAsked} {
		if t := reliabilityTable(grades, way); t != "" {
			fmt.Fprintf(&out, "### Confidence, %s\n\n%s\n", way, t)
		}
	}
	if simple(all) {
		for _, worlds := range grades {
			fmt.Fprintf(&out, "### %s\n\n%s\n", titleOf(worlds), gradeTable(worlds))
		}
	}
	if asked(all) {
		fmt.Fprintf(&out, "### What registries and DNS change\n\n%s\n", askedTable(grades))
	}
	fmt.Fprintf(&out, "### Demanded and measured\n\n%s", demandTable(grades))
	_, err := io.WriteString(w, out.String())
	return err
}

// byGrade parts worlds, which come source by source and grade by grade.
//
// It only compares neighbours, so the order of the worlds is kept.
func byGrade(all []measured) (grades [][]measured) {
	for i, m := range all {
		if i == 0 || m.Grade != all[i-1].Grade || m.Source != all[i-1].Source {
			grades = append(grades, nil)
		}
		last := len(grades) - 1
		grades[last] = append(grades[last], m)
	}
	return grades
}

func titleOf(worlds []measured) string { return worlds[0].Source + ", " + worlds[0].Grade }

// worldTable has a row a world and way of the correlator: first campaign mail alone, then
// all mail.
func worldTable(all []measured) string {
	t := table{{"", "messages", "campaign mail alone: F1", "P", "R", "pairs P", "pairs R", "operations F1", "all mail: F1", "pairs P"}}
	for _, m := range all {
		for _, way := range []string{spoor, spoorAsked} {
			f, ok := m.Ways[way]
			if !ok {
				continue
			}
			title := fmt.Sprintf("%s, %s, seed %d", m.Source, m.Grade, m.Seed)
			if way == spoorAsked {
				title += ", asked"
			}
			t = append(t, []string{title, fmt.Sprint(m.Messages), figure(f.Campaigns.F1), figure(f.Campaigns.Precision), figure(f.Campaigns.Recall),
				figure(f.Pairs.Precision), figure(f.Pairs.Recall), figure(operations(&f)), figure(f.BCubed.F1), figure(f.Pairwise.Precision)})
		}
	}
	return t.String()
}

// summaryTable has a row a source and grade: means, and the worst world in brackets.
//
// The worst is shown since a mean hides a world that fails.
func summaryTable(grades [][]measured) string {
	t := table{{"", "worlds", "B-cubed F1", "campaign mail alone", "pairs P", "pairs R", "operations F1", "newsletters outside", "with spam", "single mails outside", "reports outside"}}
	for _, worlds := range grades {
		c := collect(worlds, spoor)
		cell := func(of func(*figures) float64, show func(float64) string) string {
			return show(c.mean(of)) + " (" + show(c.worst(of)) + ")"
		}
		withSpam := 0
		for i := range c {
			withSpam += c[i].Newsletters.WithSpam
		}
		t = append(t, []string{
			titleOf(worlds), fmt.Sprint(len(worlds)), cell(bcubed(f1), figure), cell(func(f *figures) float64 { return f.Campaigns.F1 }, figure), cell(pairwise(precision), figure),
			cell(pairwise(recall), figure), cell(operations, figure), cell(newsletters, percent), fmt.Sprint(withSpam), cell(singles, percent),
			cell(func(f *figures) float64 { return f.Reports.share() }, percent),
		})
	}
	return t.String()
}

func asked(all []measured) bool { return slices.ContainsFunc(all, has(spoorAsked)) }

func simple(all []measured) bool { return slices.ContainsFunc(all, has(baselines()[0].name)) }

func has(way string) func(measured) bool {
	return func(m measured) bool { _, ok := m.Ways[way]; return ok }
}

// ways are the rows of a table: the correlator's first.
func ways(worlds []measured) []string {
	names := []string{spoor}
	if asked(worlds) {
		names = append(names, spoorAsked)
	}
	for _, b := range baselines() {
		if simple(worlds) {
			names = append(names, b.name)
		}
	}
	return names
}

// gradeTable has a column a way of grouping, and in each row the mean over the worlds with
// the worst world's in brackets.
func gradeTable(worlds []measured) string {
	var columns []column
	head := []string{""}
	for _, name := range ways(worlds) {
		head = append(head, name)
		columns = append(columns, collect(worlds, name))
	}
	t := table{head}
	for _, r := range []struct {
		title string
		of    func(*figures) float64
		show  func(float64) string
	}{
		{"B-cubed F1", bcubed(f1), figure},
		{"B-cubed precision", bcubed(precision), figure},
		{"B-cubed recall", bcubed(recall), figure},
		{"pairwise F1", pairwise(f1), figure},
		{"pairwise precision", pairwise(precision), figure},
		{"pairwise recall", pairwise(recall), figure},
		{"newsletters outside", newsletters, percent},
		{"single mails outside", singles, percent},
		{"operations, B-cubed F1", operations, figure},
	} {
		row := []string{r.title}
		for _, c := range columns {
			cell := ""
			if !math.IsNaN(r.of(&c[0])) {
				cell = r.show(c.mean(r.of)) + " (" + r.show(c.worst(r.of)) + ")"
			}
			row = append(row, cell)
		}
		t = append(t, row)
	}
	return t.String()
}

// askedTable reports how much registry data changed the result of mail alone.
//
// Worlds are compared one by one, as the spread between worlds is far larger
// than the change.
func askedTable(grades [][]measured) string {
	t := table{{"", "F1 without", "with", "change", "least", "most", "better in", "worse in", "precision", "recall", "pairs P", "operations F1"}}
	for _, worlds := range grades {
		if !asked(worlds) { // a folder without answers
			continue
		}
		before, after := collect(worlds, spoor), collect(worlds, spoorAsked)
		least, most := math.Inf(1), math.Inf(-1)
		better, worse := 0, 0
		for i := range before {
			d := after[i].BCubed.F1 - before[i].BCubed.F1
			least, most = min(least, d), max(most, d)
			if d > noticed {
				better++
			} else if d < -noticed {
				worse++
			}
		}
		change := func(of func(*figures) float64) string { return signed(after.mean(of) - before.mean(of)) }
		t = append(t, []string{
			titleOf(worlds), figure(before.mean(bcubed(f1))), figure(after.mean(bcubed(f1))), change(bcubed(f1)), signed(least), signed(most),
			fmt.Sprintf("%d of %d", better, len(worlds)), fmt.Sprintf("%d of %d", worse, len(worlds)),
			change(bcubed(precision)), change(bcubed(recall)), change(pairwise(precision)), change(operations),
		})
	}
	return t.String()
}

// noticed is the change from which a world did better or worse.
const noticed = 0.0001

// demandTable reports in how many worlds each target is met.
func demandTable(grades [][]measured) string {
	t := table{{"", "F1 demanded", "mean", "worst", "met in", "pairs P demanded", "worst", "met in", "newsletters outside", "worst", "met in", "best simple way, F1"}}
	for _, worlds := range grades {
		d := demandOf(worlds[0].Grade)
		if d.f1 == 0 {
			continue
		}
		for _, name := range ways(worlds) {
			title := titleOf(worlds)
			switch name {
			case spoorAsked:
				title += ", registries asked"
			case spoor:
			default:
				continue
			}
			c := collect(worlds, name)
			t = append(t, []string{
				title, figure(d.f1), figure(c.mean(bcubed(f1))), figure(c.worst(bcubed(f1))), c.met(bcubed(f1), d.f1),
				figure(d.pairs), figure(c.worst(pairwise(precision))), c.met(pairwise(precision), d.pairs),
				percent(d.newsletters), percent(c.worst(newsletters)), c.met(newsletters, d.newsletters),
				bestBaseline(worlds),
			})
		}
	}
	return t.String()
}

// bestBaseline is the simple way with the best mean, and that.
func bestBaseline(worlds []measured) string {
	if !simple(worlds) {
		return ""
	}
	best, name := -1.0, ""
	for _, b := range baselines() {
		if m := collect(worlds, b.name).mean(bcubed(f1)); m > best {
			best, name = m, b.name
		}
	}
	return figure(best) + " (" + name + ")"
}

// column is one way's figures over the worlds of a grade.
type column []figures

// collect returns the figures of one way over all worlds.
func collect(worlds []measured, name string) (c column) {
	for _, m := range worlds {
		c = append(c, m.Ways[name])
	}
	return c
}

// mean is the mean of a figure over the worlds.
func (c column) mean(of func(*figures) float64) float64 {
	sum := 0.0
	for i := range c {
		sum += of(&c[i])
	}
	return sum / float64(len(c))
}

// worst is the least value of a figure.
func (c column) worst(of func(*figures) float64) float64 {
	least := math.Inf(1)
	for i := range c {
		least = min(least, of(&c[i]))
	}
	return least
}

// met counts the worlds that reach a value.
func (c column) met(of func(*figures) float64, least float64) string {
	n := 0
	for i := range c {
		if of(&c[i]) >= least {
			n++
		}
	}
	return fmt.Sprintf("%d of %d", n, len(c))
}

func newsletters(f *figures) float64 { return f.Newsletters.share() }
func singles(f *figures) float64     { return f.Singles.share() }

// operations is NaN for methods that find none.
func operations(f *figures) float64 {
	if f.Operations == nil {
		return math.NaN()
	}
	return f.Operations.F1
}

func f1(a score.Accuracy) float64        { return a.F1 }
func precision(a score.Accuracy) float64 { return a.Precision }
func recall(a score.Accuracy) float64    { return a.Recall }

func bcubed(of func(score.Accuracy) float64) func(*figures) float64 {
	return func(f *figures) float64 { return of(f.BCubed) }
}

func pairwise(of func(score.Accuracy) float64) func(*figures) float64 {
	return func(f *figures) float64 { return of(f.Pairwise) }
}

// figure never rounds up: 0.98996 is no 0.99.
func figure(x float64) string { return fmt.Sprintf("%.4f", math.Floor(x*1e4+1e-6)/1e4) }

func percent(x float64) string { return fmt.Sprintf("%.2f %%", math.Floor(x*1e4+1e-6)/1e2) }

func signed(x float64) string { return fmt.Sprintf("%+.4f", x) }

// table is a Markdown table that can be read unrendered; its first row is the head.
type table [][]string

// String writes the table as Markdown; the first row is the head.
//
// Numbers are aligned to the right. Widths count characters and not bytes.
func (t table) String() string {
	width := make([]int, len(t[0]))
	for _, row := range t {
		for i, cell := range row {
			width[i] = max(width[i], utf8.RuneCountInString(cell), 2)
		}
	}
	var out strings.Builder
	for n, row := range t {
		for i, cell := range row {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				out.WriteString("| " + cell + pad + " |")
			} else {
				out.WriteString(" " + pad + cell + " |")
			}
		}
		out.WriteByte('\n')
		if n == 0 {
			out.WriteString("|" + strings.Repeat("-", width[0]+2) + "|")
			for _, w := range width[1:] {
				out.WriteString(strings.Repeat("-", w+1) + ":|")
			}
			out.WriteByte('\n')
		}
	}
	return out.String()
}
