package page

import (
	"fmt"
	"strings"

	"spoor/internal/cli"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
)

// Question is a named question with the values that it was asked with, and its answer.
type Question struct {
	Name, Title string
	Parameters  []Parameter
	SQL         string
	Columns     []string
	Rows        [][]any
	More        bool // there are more rows
}

// Parameter is a value that a question takes.
type Parameter struct{ Name, About, Value string }

// questions is the screen of all questions, or of one with its answer.
type questions struct {
	Name, Title, SQL string
	List             table
	Parameters       []Parameter
	Answer           table
	More             string
}

// Questions is the screen of the questions that there are.
func (s *Site) Questions(list []Question) Body {
	out := &questions{Title: "Questions", List: table{ID: "questions", Name: "Questions", Head: []head{{"Question", "wide"}, {"Takes", ""}, {"Name", "mono"}}}}
	for i := range list {
		q := &list[i]
		var takes []string
		for _, p := range q.Parameters {
			takes = append(takes, p.Name)
		}
		out.List.add(link(q.Title, "/ask/"+q.Name), word(strings.Join(takes, ", ")), word(q.Name))
	}
	return Body{"ask.html", out}
}

// Answer is the screen of one question with its answer.
//
// A column is one of numbers if its first value is. The SQL is shown, so that a
// reader can change and repeat it.
func (s *Site) Answer(q *Question) Body {
	out := &questions{Name: q.Name, Title: q.Title, SQL: q.SQL, Parameters: q.Parameters, Answer: table{ID: "answer", Name: q.Title, Unless: "Nothing."}}
	for i, c := range q.Columns {
		class := ""
		if len(q.Rows) > 0 && wording.IsNumber(q.Rows[0][i]) {
			class = "num"
		}
		out.Answer.Head = append(out.Answer.Head, head{strings.ReplaceAll(c, "_", " "), class})
	}
	for _, row := range q.Rows[:min(len(q.Rows), mostAnswers)] {
		var cells []cell
		for i, v := range row {
			cells = append(cells, s.answerCell(q.Columns[i], v))
		}
		out.Answer.add(cells...)
	}
	if n := len(q.Rows); n > mostAnswers || q.More {
		out.More = fmt.Sprintf("The first %s rows are here; correlate ask %s has more.", cli.Number(min(n, mostAnswers)), q.Name)
	}
	return Body{"ask.html", out}
}

// mostAnswers is how many rows a page has.
const mostAnswers = 500

// answerCell leads on from campaigns, messages, hosts and addresses.
//
// The name of the column decides, since a value of mail may look like anything.
func (s *Site) answerCell(column string, v any) cell {
	text := printable.Cut(wording.Cell(v), 300)
	out := cell{Text: text}
	name, ok := v.(string)
	switch id, isID := naming.ParseID(name); {
	case !ok || name == "":
	case isID && strings.Contains(column, "campaign"):
		out.Href = s.Campaign(id)
	case column == "sha256":
		out.Href, out.Text = s.Message(name), name[:min(len(name), 12)]
	case column == "host" || column == "domain" || column == "sender" || column == "address" || column == "name_server":
		out.Href = s.Find(name)
	}
	return out
}
