package serve

import (
	"errors"
	"net/http"

	"spoor/internal/cli"
	"spoor/internal/page"
	"spoor/internal/printable"
	"spoor/sql/questions"
	"spoor/sql/store/answers"
)

// questions lists the questions that can be asked by name.
func (q *question) questions() (answer, error) {
	var list []page.Question
	for _, one := range questions.All() {
		list = append(list, asked(&one, nil))
	}
	return answer{Document: page.Document{Title: "Ask", Here: "/ask", Bodies: []page.Body{q.site.Questions(list)}}}, nil
}

// ask answers one of them with the values of the address.
func (q *question) ask() (answer, error) {
	one, ok := questions.Named(q.PathValue("name"))
	if !ok {
		return answer{}, q.env.Nothing("There is no question %q.", printable.Cut(q.PathValue("name"), 40))
	}
	given := make(map[string]string)
	for name, values := range q.URL.Query() {
		given[name] = values[0]
	}
	if _, err := one.Bind(given); err != nil {
		return answer{}, cli.Usage("%s", printable.Cut(err.Error(), 200))
	}
	a, err := answers.Ask(q.Context(), q.DB, one, given, longest)
	if errors.Is(err, answers.ErrTooLong) {
		return answer{code: http.StatusGatewayTimeout, Document: page.Document{Title: "That takes too long", Bodies: []page.Body{q.site.Words("That takes too long", "The question had no answer within a minute: ask for less.")}}}, nil
	}
	if err != nil {
		return answer{}, err
	}
	out := asked(&one, given)
	out.Columns, out.Rows, out.More = a.Columns, a.Rows, a.More
	return answer{Document: page.Document{Title: one.Title, Here: "/ask", Bodies: []page.Body{q.site.Answer(&out)}}}, nil
}

// asked is a question with the values that it is asked with.
func asked(one *questions.Question, given map[string]string) page.Question {
	out := page.Question{Name: one.Name, Title: one.Title, SQL: one.Example()}
	for _, p := range one.Parameters {
		value, ok := given[p.Name]
		if !ok {
			value = p.Default
		}
		out.Parameters = append(out.Parameters, page.Parameter{Name: p.Name, About: p.About, Value: value})
	}
	return out
}
