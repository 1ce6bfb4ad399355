package cli

import (
	"encoding/json"
	"strings"

	"github.com/spf13/cobra"

	"spoor/internal/format"
)

// errorSchema is the name of the schema of errors, which no command has.
const errorSchema = "error"

// schemasJSON is the output of schema.
type schemasJSON struct {
	Schemas []schemaLine `json:"schemas"`
}

// schemaLine is the schema of one command.
type schemaLine struct {
	Name  string   `json:"name"`
	About string   `json:"about"`
	Rows  []string `json:"rows"` // of JSON lines, CSV and TSV: the key of the list, "" if the whole result is one row
}

// schemaCommand is "schema [NAME]".
func schemaCommand(env *Env, root *cobra.Command) *cobra.Command {
	c := &cobra.Command{
		Use:     "schema [NAME]",
		Short:   "the JSON Schema of a command's output",
		Example: "  " + root.Name() + " schema                    which there are\n  " + root.Name() + " schema version >version.json",
		Long: "NAME is a command; words of it are joined by a hyphen. A schema is true of all that the command prints with --json. " +
			"Within a format version (spoor_format) keys only get more.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return listSchemas(env, root)
			}
			text, err := env.Schema(root, args[0])
			if err != nil {
				return err
			}
			return env.Printf("%s", text)
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			var names []cobra.Completion
			for _, line := range env.schemas(root) {
				names = append(names, line.Name)
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
	}
	return env.Prints(c, format.List[schemasJSON]("schemas"))
}

// Schema is the JSON Schema of that name.
//
// Schemas are made from the Go types of the results, so that they cannot differ
// from them.
func (e *Env) Schema(root *cobra.Command, name string) ([]byte, error) {
	if name == errorSchema {
		return errorSchemaText(root.Name())
	}
	var names []string
	for c := range commands(root) {
		if len(e.shapes[c]) == 0 {
			continue
		}
		if names = append(names, schemaName(c)); schemaName(c) == name {
			return format.Schema(root.Name(), commandName(c), c.Short, e.shapes[c])
		}
	}
	err := Usage("there is no schema %q", name)
	if near := nearest(name, names); near != "" {
		err.Message += "; did you mean \"" + near + "\"?"
	} else {
		err.Message += "; see " + root.Name() + " schema"
	}
	return nil, err
}

// schemaName is the command in one word.
func schemaName(c *cobra.Command) string { return strings.ReplaceAll(commandName(c), " ", "-") }

// commands yields c and all below it.
func commands(c *cobra.Command) func(func(*cobra.Command) bool) {
	return func(yield func(*cobra.Command) bool) { walk(c, yield) }
}

// walk yields a command and all below it, until yield returns false; it reports
// whether it finished.
func walk(c *cobra.Command, yield func(*cobra.Command) bool) bool {
	if !yield(c) {
		return false
	}
	for _, sub := range c.Commands() {
		if !walk(sub, yield) {
			return false
		}
	}
	return true
}

// schemas lists the schemas of all commands with results, and that of errors.
func (e *Env) schemas(root *cobra.Command) (out []schemaLine) {
	for c := range commands(root) {
		shapes := e.shapes[c]
		if len(shapes) == 0 {
			continue
		}
		line := schemaLine{Name: schemaName(c), About: c.Short}
		for _, s := range shapes {
			line.Rows = append(line.Rows, s.Rows())
		}
		out = append(out, line)
	}
	return append(out, schemaLine{errorSchema, "an error of any command, on standard error", []string{""}})
}

// listSchemas prints the list of schemas.
func listSchemas(env *Env, root *cobra.Command) error {
	list := env.schemas(root)
	if env.ForPrograms() {
		return env.Result(schemasJSON{list})
	}
	t := env.Table(Column{Title: "schema"}, Column{Title: "rows"}, Column{Title: "of", Flex: true})
	for _, s := range list {
		t.Row(s.Name, strings.Trim(strings.Join(s.Rows, ", "), ", "), s.About)
	}
	return t.Print()
}

// errorSchemaText is the JSON Schema of errors, which all commands share.
func errorSchemaText(program string) ([]byte, error) {
	text, err := json.MarshalIndent(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$id":     "urn:spoor:1:" + program + ":error",
		"title":   "an error of any command",
		"type":    "object",
		"properties": map[string]any{
			"spoor_format": map[string]any{"const": format.Version},
			"command":      map[string]any{"type": "string"},
			"error": map[string]any{
				"type": "object",
				"properties": map[string]any{
					"code":    map[string]any{"type": "integer", "description": "the exit code"},
					"message": map[string]any{"type": "string"},
					"hint":    map[string]any{"type": "string", "description": "what to do next"},
				},
				"required": []string{"code", "message"},
			},
		},
		"required": []string{"spoor_format", "command", "error"},
	}, "", "  ")
	return append(text, '\n'), err
}
