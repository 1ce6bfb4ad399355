package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"spoor/internal/cli"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
	"spoor/sql/questions"
	"spoor/sql/store/answers"
)

// patience is the default time limit of a question. It runs on the server,
// which others share.
//
// A question over all mail of a large store takes seconds; one that takes
// longer is mostly a mistake in its values.
const patience = 30 * time.Second

// askCommand defines ask.
//
// A question that was stopped is exit code 3, not an empty answer: nothing is
// known about its rows.
func askCommand(env *cli.Env) *cobra.Command {
	timeout := patience
	c := &cobra.Command{
		Use:   "ask [QUESTION [NAME=VALUE]...]",
		Short: "answer a question about the store, or list the questions",
		Example: `  correlate ask                      the questions, with their parameters
  correlate ask new-hosts days=30    one of them
  correlate ask campaign-domains campaign=c2 --format csv`,
		Long: `Without a QUESTION it lists them. Each is one SELECT over the published views (docs/sql.md shows it); a parameter that is not given has the default that the list shows. "days" count back from the newest stored mail. The store is only read, and a question that takes too long is stopped.`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return printQuestions(env)
			}
			q, given, err := asked(args)
			if err != nil {
				return err
			}
			return withStore(c.Context(), env, cli.Read, func(ctx context.Context, s *cli.Session) error {
				a, err := answers.Ask(ctx, s.DB, q, given, timeout)
				if errors.Is(err, answers.ErrTooLong) {
					return &cli.Error{Code: cli.InPart, Message: err.Error(), Hint: "Ask for less, or wait for longer with --timeout."}
				}
				if err != nil {
					return err
				}
				return printAnswer(env, &q, &a)
			})
		},
		ValidArgsFunction: completeQuestion,
	}
	c.Flags().DurationVar(&timeout, "timeout", patience, "stop the question after `DURATION`")
	return c
}

// asked reads a question and its values from the command line.
//
// The values are checked here by the types of the parameters, so the usage
// error comes before the store is opened. Every value goes to the server as a
// parameter and never into the SQL.
func asked(args []string) (questions.Question, map[string]string, error) {
	q, ok := questions.Named(args[0])
	if !ok {
		return q, nil, cli.Usage("there is no question %q; correlate ask lists them", printable.Cut(args[0], 40))
	}
	given := map[string]string{}
	for _, a := range args[1:] {
		name, value, ok := strings.Cut(a, "=")
		if !ok {
			return q, nil, cli.Usage("%q is no NAME=VALUE; correlate ask lists the parameters of %s", printable.Cut(a, 40), q.Name)
		}
		given[name] = value
	}
	if _, err := q.Bind(given); err != nil {
		return q, nil, cli.Usage("%s", printable.Cut(err.Error(), 200))
	}
	return q, given, nil
}

// completeQuestion offers the questions, then the parameters of the one chosen.
//
// The list is part of the program: no store is opened.
func completeQuestion(_ *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var out []cobra.Completion
	for _, q := range questions.All() {
		if len(args) == 0 && strings.HasPrefix(q.Name, typed) {
			out = append(out, q.Name)
		}
		if len(args) > 0 && q.Name == args[0] {
			for _, p := range q.Parameters {
				out = append(out, p.Name+"=")
			}
			return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// questionJSON is a question with the SQL that answers it.
//
// sql has the defaults in place of parameters, ready for psql.
type questionJSON struct {
	Name       string          `json:"name"`
	Title      string          `json:"title"`
	Parameters []parameterJSON `json:"parameters"`
	SQL        string          `json:"sql"`
}

// parameterJSON is a parameter of a question, its default as it would be typed.
type parameterJSON struct {
	Name    string `json:"name"`
	Type    string `json:"type"`
	Default string `json:"default"`
	About   string `json:"about"`
}

// questionsJSON is the output of ask without a question.
type questionsJSON struct {
	Questions []questionJSON `json:"questions"`
}

// asJSON converts a question.
func asJSON(q *questions.Question) questionJSON {
	out := questionJSON{Name: q.Name, Title: q.Title, Parameters: []parameterJSON{}, SQL: q.Example()}
	for _, p := range q.Parameters {
		out.Parameters = append(out.Parameters, parameterJSON{p.Name, string(p.Type), p.Default, p.About})
	}
	return out
}

// printQuestions lists all questions. Defaults with a space are quoted, so that
// a line can be copied to a shell.
func printQuestions(env *cli.Env) error {
	all := questions.All()
	if env.ForPrograms() {
		var out questionsJSON
		for i := range all {
			out.Questions = append(out.Questions, asJSON(&all[i]))
		}
		return env.Result(out)
	}
	t := env.Table(cli.Column{Title: "Question"}, cli.Column{Title: "Parameters", Flex: true}, cli.Column{Title: "Answer", Flex: true})
	for _, q := range all {
		var parameters []string
		for _, p := range q.Parameters {
			value := p.Default
			if strings.Contains(value, " ") {
				value = "'" + value + "'"
			}
			parameters = append(parameters, p.Name+"="+value)
		}
		t.Row(q.Name, strings.Join(parameters, " "), q.Title)
	}
	return t.Print()
}

// answerJSON is an answer; its rows have the question's columns as keys.
type answerJSON struct {
	Question string      `json:"question"`
	Title    string      `json:"title"`
	Names    []string    `json:"columns"`
	Rows     []answerRow `json:"rows"`
	More     bool        `json:"more"` // there are more rows
}

// Columns returns the headings for the table formats.
func (a answerJSON) Columns() []string { return a.Names }

// answerRow is a row of an answer, in the order of its columns.
type answerRow struct {
	columns []string
	cells   []any
}

// Cells returns the row for the table formats.
func (r answerRow) Cells() []any { return r.cells }

// MarshalJSON writes an object whose keys are in the order of the columns; a
// map would sort them.
func (r answerRow) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, name := range r.columns {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(r.cells[i])
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// printAnswer prints an answer. No rows is exit code 1.
func printAnswer(env *cli.Env, q *questions.Question, a *answers.Answer) error {
	if env.ForPrograms() {
		out := answerJSON{Question: q.Name, Title: q.Title, Names: a.Columns, More: a.More}
		for _, row := range a.Rows {
			out.Rows = append(out.Rows, answerRow{a.Columns, row})
		}
		if err := env.Result(out); err != nil {
			return err
		}
	} else if err := printAnswerTable(env, q, a); err != nil {
		return err
	}
	if len(a.Rows) == 0 {
		return cli.Silent(cli.NoneFound)
	}
	return nil
}

// printAnswerTable prints an answer for people. A column is aligned right if
// its first value is a number.
//
// Mail chooses many of the cells, so the table makes them printable.
func printAnswerTable(env *cli.Env, q *questions.Question, a *answers.Answer) error {
	if err := env.Printf("%s\n", q.Title); err != nil {
		return err
	}
	if len(a.Rows) == 0 {
		return env.Printf("Nothing.\n")
	}
	columns := make([]cli.Column, len(a.Columns))
	for i, name := range a.Columns {
		columns[i] = cli.Column{Title: strings.ReplaceAll(name, "_", " "), Right: wording.IsNumber(a.Rows[0][i]), Flex: !wording.IsNumber(a.Rows[0][i])}
	}
	t := env.Table(columns...)
	for _, row := range a.Rows {
		cells := make([]string, len(row))
		for i, c := range row {
			cells[i] = wording.Cell(c)
		}
		t.Row(cells...)
	}
	if err := t.Print(); err != nil || !a.More {
		return err
	}
	return env.Printf("There are more; the first %s are shown.\n", cli.Number(len(a.Rows)))
}
