// Package clitest checks the output for programs: every command declares its
// results, and every JSON document matches its schema. Script tests run their
// commands through Main, so that each printed document is checked.
package clitest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/spf13/cobra"

	"spoor/internal/cli"
)

// badDocument is the exit code of a program whose output violates its schema.
// No script expects it.
const badDocument = 99

// Tree makes the commands of a program.
type Tree func(*cli.Env) *cobra.Command

// Main runs a program for a script test and returns its exit code. Its JSON
// output has to match the schema.
func Main(run func(context.Context, *cli.Env) int, tree Tree) int {
	env := cli.System()
	if !slices.Contains(env.Args, "--json") {
		return run(context.Background(), env)
	}
	var printed, errors bytes.Buffer
	env.Stdout, env.Stderr = io.MultiWriter(env.Stdout, &printed), io.MultiWriter(env.Stderr, &errors)
	code := run(context.Background(), env)
	for _, text := range [][]byte{printed.Bytes(), errors.Bytes()} {
		if err := Check(tree, text); err != nil {
			fmt.Fprintf(os.Stderr, "%v: %v\n", env.Args, err)
			return badDocument
		}
	}
	return code
}

// Commands lists the paths of all commands under c, c too.
func Commands(c *cobra.Command) []string {
	out := []string{c.CommandPath()}
	for _, sub := range c.Commands() {
		out = append(out, Commands(sub)...)
	}
	slices.Sort(out)
	return out
}

// Check reads the documents of text, one after the other, and holds each against the schema of
// the command that it names. Text that is no JSON is passed over: a schema, a mail.
func Check(tree Tree, text []byte) error {
	if !bytes.HasPrefix(text, []byte("{")) {
		return nil
	}
	for in := json.NewDecoder(bytes.NewReader(text)); ; {
		var raw json.RawMessage
		if err := in.Decode(&raw); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if err := checkOne(tree, raw); err != nil {
			return fmt.Errorf("%w in %.2000s", err, raw)
		}
	}
}

// checkOne checks one document.
func checkOne(tree Tree, raw []byte) error {
	var head struct {
		Format  int             `json:"spoor_format"`
		Command string          `json:"command"`
		Error   json.RawMessage `json:"error"`
		Note    json.RawMessage `json:"note"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return err
	}
	name := strings.ReplaceAll(head.Command, " ", "-")
	switch {
	case head.Format == 0 || head.Note != nil:
		return nil
	case head.Error != nil:
		name = "error"
	}
	schema, err := Compile(tree, name)
	if err != nil {
		return err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	return schema.Validate(doc)
}

// Compile compiles the schema of a name, so that it allows no key that it does not name. The
// published one does, for keys of later versions.
func Compile(tree Tree, name string) (*jsonschema.Schema, error) {
	env := cli.System()
	text, err := env.Schema(cli.Complete(env, tree(env)), name)
	if err != nil {
		return nil, err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	closeObjects(doc)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("mem:"+name, doc); err != nil {
		return nil, err
	}
	return c.Compile("mem:" + name)
}

// closeObjects forbids keys that are not named.
func closeObjects(v any) {
	switch v := v.(type) {
	case map[string]any:
		if _, ok := v["properties"].(map[string]any); ok {
			v["additionalProperties"] = false
		}
		delete(v, "$id")
		for _, inner := range v {
			closeObjects(inner)
		}
	case []any:
		for _, inner := range v {
			closeObjects(inner)
		}
	}
}

// key is how keys are written.
var key = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// Declared checks that every command of a program declares its results or is
// listed in silent, that each schema is valid, and that its keys are in
// snake_case.
func Declared(t *testing.T, tree Tree, silent map[string]string) {
	env := cli.System()
	root := cli.Complete(env, tree(env))
	met := map[string]bool{}
	each(root, func(c *cobra.Command) {
		_, name, _ := strings.Cut(c.CommandPath(), " ")
		if name == "" {
			name = c.Name()
		}
		met[name] = true
		declared, why := len(env.Shapes(c)) > 0, silent[name]
		switch {
		case strings.HasPrefix(name, "completion"), name == "help", c.Hidden, !c.Runnable():
		case c.HasSubCommands() && !declared && why == "": // needs one of its commands
		case declared == (why != ""):
			t.Errorf("%s: declared %v, silent %q: a command declares its shapes in programs.go, or is named here with a reason", name, declared, why)
		case declared:
			if _, err := Compile(tree, strings.ReplaceAll(name, " ", "-")); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			text, _ := env.Schema(root, strings.ReplaceAll(name, " ", "-")) // Compile has it, too
			snake(t, name, text)
		}
	})
	for name := range silent {
		if !met[name] {
			t.Errorf("there is no command %q", name)
		}
	}
}

// each calls f for a command and all below it.
func each(c *cobra.Command, f func(*cobra.Command)) {
	f(c)
	for _, sub := range c.Commands() {
		each(sub, f)
	}
}

// snake checks the keys of a schema.
func snake(t *testing.T, name string, text []byte) {
	var doc any
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	var look func(any)
	look = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			keys, _ := v["properties"].(map[string]any)
			for k := range keys {
				if !key.MatchString(k) {
					t.Errorf("%s: key %q", name, k)
				}
			}
			for _, inner := range v {
				look(inner)
			}
		case []any:
			for _, inner := range v {
				look(inner)
			}
		}
	}
	look(doc)
}
