package format

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

type doc struct {
	Count int   `json:"count"`
	List  []row `json:"list"`
	Extra *more `json:"extra"`
	plain
}

type plain struct {
	Words []string `json:"words"`
}

type more struct {
	Rows []row `json:"rows"`
}

type row struct {
	Name  string         `json:"name"`
	At    *time.Time     `json:"at"`
	Addr  *netip.Addr    `json:"addr"`
	Sum   float64        `json:"sum"`
	Place place          `json:"place"`
	Tags  []string       `json:"tags"`
	By    map[string]int `json:"by"`
	Note  string         `json:"note,omitempty"`
}

type place struct {
	File string `json:"file"`
	Line *int   `json:"line"`
}

func sample() doc {
	at, addr, line := time.Date(2006, 1, 5, 1, 2, 3, 0, time.UTC), netip.MustParseAddr("2001:db8::1"), 7
	return doc{Count: 2, List: []row{
		{Name: "=HYPERLINK(\"http://shop.example\")", At: &at, Addr: &addr, Sum: -1.5, Place: place{"a, b\t\"c\"", &line}, Tags: []string{"x", "=y"}, By: map[string]int{"spam": 1}},
		{Name: "plain\u009b31m\u202e"},
	}}
}

func written(t *testing.T, s Shape, f Form, v any) string {
	t.Helper()
	var b bytes.Buffer
	if err := s.Write(&b, f, "list", v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestJSON(t *testing.T) {
	text := written(t, List[doc]("list"), JSON, sample())
	if !strings.HasPrefix(text, "{\n  \"spoor_format\": 1,\n  \"command\": \"list\",\n  \"count\": 2,") || strings.ContainsAny(text, "\u009b\u202e") {
		t.Errorf("printed %s", text)
	}
	var got doc
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	want := sample()
	fill(reflect.ValueOf(&want).Elem())
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read back %+v, want %+v", got, want)
	}
	for _, list := range []string{`"words": []`, `"tags": []`, `"extra": null`, `"at": null`} {
		if !strings.Contains(text, list) {
			t.Errorf("no %s in %s", list, text)
		}
	}
	if text := written(t, One[struct{}](), JSON, struct{}{}); text != "{\n  \"spoor_format\": 1,\n  \"command\": \"list\"\n}\n" {
		t.Errorf("nothing is %q", text)
	}
	if text := written(t, One[place](), JSONL, &place{File: "x"}); text != `{"spoor_format":1,"command":"list","file":"x","line":null}`+"\n" {
		t.Errorf("one thing as a line is %q", text)
	}
	if err := (One[place]()).Write(new(bytes.Buffer), JSON, "list", doc{}); err == nil {
		t.Error("a result of another type is written")
	}
}

func TestRows(t *testing.T) {
	lines := written(t, List[doc]("list"), JSONL, sample())
	if n := strings.Count(lines, "\n"); n != 2 || strings.Contains(lines, "spoor_format") {
		t.Errorf("%d lines: %s", n, lines)
	}
	for line := range strings.Lines(lines) {
		if !json.Valid([]byte(line)) {
			t.Errorf("no JSON: %s", line)
		}
	}
	inner := List[doc]("extra.rows")
	for v, want := range map[*more]string{nil: "", {Rows: []row{{}, {}, {}}}: "{{{"} {
		if text := written(t, inner, JSONL, doc{Extra: v}); strings.Count(text, "\n") != len(want) {
			t.Errorf("%v: %s", v, text)
		}
	}
}

func TestTable(t *testing.T) {
	const title = "name,at,addr,sum,place.file,place.line,tags,by,note"
	text := written(t, List[doc]("list"), CSV, sample())
	cells, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(cells) != 3 || strings.Join(cells[0], ",") != title {
		t.Fatalf("%v, %v of %s", cells, err, text)
	}
	want := []string{`'=HYPERLINK("http://shop.example")`, "2006-01-05T01:02:03Z", "2001:db8::1", "-1.5", `a, b "c"`, "7", `["x","=y"]`, `{"spam":1}`, ""}
	if !reflect.DeepEqual(cells[1], want) {
		t.Errorf("cells %q, want %q", cells[1], want)
	}
	for i, cell := range cells[2] {
		if i > 0 && cells[0][i] != "sum" && cell != "" {
			t.Errorf("what is not known is %q in %s", cell, cells[0][i])
		}
	}
	tabs := strings.Split(written(t, List[doc]("list"), TSV, sample()), "\n")
	if len(tabs) != 4 || tabs[0] != strings.ReplaceAll(title, ",", "\t") || strings.Count(tabs[1], "\t") != len(want)-1 {
		t.Errorf("TSV %q", tabs)
	}
	if text := written(t, List[doc]("list"), CSV, doc{}); text != title+"\n" {
		t.Errorf("a table without rows is %q", text)
	}
	if text := written(t, One[more](), CSV, more{}); text != "rows\n\n" {
		t.Errorf("one thing is %q", text)
	}
}

// TestNoFormula shows that no cell of words begins as a spreadsheet's formula
// does, also behind white space and quotes.
func TestNoFormula(t *testing.T) {
	for _, start := range []string{"=", "+", "-", "@", "\t=", "\r=", "\n@", " =", "'=", "\u200b=", "＝", "\t", "\r"} {
		for _, f := range []Form{CSV, TSV} {
			text := written(t, One[place](), f, place{File: start + "1+1"})
			_, line, _ := strings.Cut(text, "\n")
			line = strings.TrimLeft(strings.TrimPrefix(line, `"`), " ")
			if strings.ContainsAny(line[:1], "=+-@\t\r") || strings.HasPrefix(line, "＝") {
				t.Errorf("%s: %q is written as %q", f, start, text)
			}
		}
	}
}

func TestSchema(t *testing.T) {
	shape := List[doc]("list")
	compile := func(shapes ...Shape) *jsonschema.Schema {
		text, err := Schema("tool", "list", "lists", shapes)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		c := jsonschema.NewCompiler()
		c.AssertFormat()
		if err := c.AddResource("mem:x", doc); err != nil {
			t.Fatal(err)
		}
		s, err := c.Compile("mem:x")
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		return s
	}
	check := func(s *jsonschema.Schema, text string, want bool) {
		t.Helper()
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(v); (err == nil) != want {
			t.Errorf("%v: %s", err, text)
		}
	}
	s, either := compile(shape), compile(One[place](), shape)
	for _, v := range []doc{sample(), {}, {Extra: &more{Rows: []row{{}}}}} {
		text := written(t, shape, JSON, v)
		check(s, text, true)
		check(either, text, true)
	}
	check(either, written(t, One[place](), JSON, place{}), true)
	good := written(t, shape, JSON, sample())
	for old, bad := range map[string]string{
		`"count": 2`: `"count": "2"`, `"spoor_format": 1`: `"spoor_format": 2`, `"command": "list"`: `"command": "show"`,
		`"count": 2,`: "", `"2006-01-05T01:02:03Z"`: `"yesterday"`, `"words": []`: `"words": null`, `"line": 7`: `"line": 7.5`,
	} {
		if !strings.Contains(good, old) {
			t.Fatalf("no %s in %s", old, good)
		}
		check(s, strings.Replace(good, old, bad, 1), false)
	}
}

func TestListWithoutRows(t *testing.T) {
	for _, rows := range []string{"lists", "count", "words", "extra.none", ""} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q lists rows", rows)
				}
			}()
			List[doc](rows)
		}()
	}
}

func TestFormFlag(t *testing.T) {
	for _, name := range Forms() {
		var f Form
		if err := f.Set(name); err != nil || f.String() != name {
			t.Errorf("%s: %v, %s", name, err, &f)
		}
	}
	var f Form
	if f.Set("xml") == nil || f.String() != "text" {
		t.Errorf("the zero value is %s", &f)
	}
}

type answer struct {
	Names []string `json:"columns"`
	Rows  []record `json:"rows"`
}

func (a answer) Columns() []string { return a.Names }

type record struct{ cells []any }

func (r record) Cells() []any { return r.cells }

func (r record) MarshalJSON() ([]byte, error) { return json.Marshal(r.cells) }

// A result that knows its own columns has a heading without rows, too.
func TestColumnsOfTheResult(t *testing.T) {
	s := List[answer]("rows")
	for want, v := range map[string]answer{
		"a,b\n":                             {Names: []string{"a", "b"}},
		"a,b\nx,\n1,\"[\"\"y\"\",null]\"\n": {Names: []string{"a", "b"}, Rows: []record{{[]any{"x", nil}}, {[]any{int64(1), []any{"y", nil}}}}},
	} {
		var b strings.Builder
		if err := s.Write(&b, CSV, "ask", v); err != nil || b.String() != want {
			t.Errorf("%q, want %q, %v", b.String(), want, err)
		}
	}
}
