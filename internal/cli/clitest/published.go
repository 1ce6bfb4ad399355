package clitest

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"spoor/internal/cli"
)

var writeSchemas = flag.Bool("schemas", false, "write docs/schemas anew")

// Published holds the schemas of a program to those that docs/schemas keeps, so that a key that is
// renamed or lost does not pass unseen: other people's programs read it.
//
//	go test ./cmd/correlate ./cmd/collector -run Published -schemas
func Published(t *testing.T, tree Tree, path string) {
	text := published(t, tree)
	if *writeSchemas {
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(kept, text) {
		return
	}
	lost, added := Difference(string(kept), string(text))
	t.Errorf("the schemas are not those of %s.\nlost:\n  %s\nnew:\n  %s\nWithin a format version keys only get more; go test -run Published -schemas keeps what is right", path, strings.Join(lost, "\n  "), strings.Join(added, "\n  "))
}

// published returns all schemas of a program, by command.
func published(t *testing.T, tree Tree) []byte {
	env := cli.System()
	root := cli.Complete(env, tree(env))
	all := map[string]any{}
	for _, path := range Commands(root) {
		_, words, _ := strings.Cut(path, " ")
		name := strings.ReplaceAll(words, " ", "-")
		if name == "" {
			name = root.Name()
		}
		if text, err := env.Schema(root, name); err == nil {
			var schema any
			if err := json.Unmarshal(text, &schema); err != nil {
				t.Fatal(err)
			}
			all[name] = wordless(schema)
		}
	}
	if len(all) == 0 {
		t.Fatal("no command has a schema")
	}
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return append(text, '\n')
}

// wordless takes the texts for people out of a schema: programs do not read them.
func wordless(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			if _, text := inner.(string); text && (key == "title" || key == "description") {
				delete(v, key)
				continue
			}
			wordless(inner)
		}
	case []any:
		for _, inner := range v {
			wordless(inner)
		}
	}
	return v
}

// Difference lists the lines that one schema has and the other has not, each below the path of keys that
// leads to it.
func Difference(before, after string) (lost, added []string) {
	was, is := placed(before), placed(after)
	for _, line := range was {
		if _, there := slices.BinarySearch(is, line); !there {
			lost = append(lost, line)
		}
	}
	for _, line := range is {
		if _, there := slices.BinarySearch(was, line); !there {
			added = append(added, line)
		}
	}
	return lost, added
}

// placed writes each value of a JSON document as a line "path: value", sorted. What is no JSON has no line.
func placed(text string) []string {
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return nil
	}
	var out []string
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, inner := range v {
				walk(path+"/"+key, inner)
			}
		case []any:
			for _, inner := range v {
				walk(path+"[]", inner)
			}
		default:
			line, _ := json.Marshal(v) // it came from JSON
			out = append(out, path+": "+string(line))
		}
	}
	walk("", v)
	slices.Sort(out)
	return out
}
