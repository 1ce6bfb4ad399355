package export

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schemas is the folder of official schemas: stix2.1 and misp as their authors publish
// them. They are not ours to keep here.
func schemas(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("SPOOR_SCHEMAS")
	if dir == "" {
		t.Skip("SPOOR_SCHEMAS does not name the folder of the STIX 2.1 and MISP schemas: the outputs were not validated against them")
	}
	return dir
}

// compiler resolves "$ref"s among the files of dir by their "$id"s.
func compiler(t *testing.T, dir string) *jsonschema.Compiler {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".json" {
			return err
		}
		doc := parsed(t, path)
		if object, ok := doc.(map[string]any); ok {
			if id, ok := object["$id"].(string); ok {
				return c.AddResource(id, doc)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func parsed(t *testing.T, path string) any {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return doc
}

func saved(t *testing.T, format, sample string) any {
	t.Helper()
	f, _ := FormatOf(format)
	path := filepath.Join(t.TempDir(), "out")
	if _, err := f.Save(path, samples()[sample], options); err != nil {
		t.Fatal(err)
	}
	return parsed(t, path)
}

// TestSTIXSchema validates each object against the schema of its own type: the
// bundle's schema accepts types that it does not know.
func TestSTIXSchema(t *testing.T) {
	dir := filepath.Join(schemas(t), "stix2.1", "schemas")
	c := compiler(t, dir)
	whole, err := c.Compile("http://raw.githubusercontent.com/oasis-open/cti-stix2-json-schemas/stix2.1/schemas/common/bundle.json")
	if err != nil {
		t.Fatal(err)
	}
	of := make(map[string]*jsonschema.Schema)
	for _, folder := range []string{"sdos", "sros", "observables"} {
		files, err := filepath.Glob(filepath.Join(dir, folder, "*.json"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no schemas in %s: %v", folder, err)
		}
		for _, path := range files {
			id := parsed(t, path).(map[string]any)["$id"].(string)
			if of[strings.TrimSuffix(filepath.Base(path), ".json")], err = c.Compile(id); err != nil {
				t.Fatal(err)
			}
		}
	}
	if of["x-spoor-trait"], err = c.Compile("http://raw.githubusercontent.com/oasis-open/cti-stix2-json-schemas/stix2.1/schemas/common/cyber-observable-core.json"); err != nil {
		t.Fatal(err)
	}
	for sample := range samples() {
		doc := saved(t, "stix", sample)
		if sample != "large" && sample != "two" { // theirs are validated one by one
			if err := whole.Validate(doc); err != nil {
				t.Errorf("%s: %.2000v", sample, err)
			}
		}
		assertReferences(t, sample, doc)
		for _, object := range doc.(map[string]any)["objects"].([]any) {
			kind := object.(map[string]any)["type"].(string)
			if of[kind] == nil {
				t.Fatalf("%s: no schema for %s", sample, kind)
			}
			if err := of[kind].Validate(object); err != nil {
				t.Errorf("%s: %.1000v", sample, err)
			}
		}
	}
}

// assertReferences checks that ids stand once and that each reference leads to an object.
func assertReferences(t *testing.T, sample string, doc any) {
	t.Helper()
	ids := make(map[string]bool)
	for _, object := range doc.(map[string]any)["objects"].([]any) {
		id := object.(map[string]any)["id"].(string)
		if ids[id] {
			t.Errorf("%s: %s stands twice", sample, id)
		}
		ids[id] = true
	}
	var walk func(key string, v any)
	walk = func(key string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, inner := range v {
				walk(k, inner)
			}
		case []any:
			for _, inner := range v {
				walk(key, inner)
			}
		case string:
			if (strings.HasSuffix(key, "_ref") || strings.HasSuffix(key, "_refs")) && !ids[v] {
				t.Errorf("%s: %s leads nowhere: %s", sample, key, v)
			}
		}
	}
	walk("", doc)
}

func TestMISPSchema(t *testing.T) {
	dir := filepath.Join(schemas(t), "misp")
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	const name = "misp-event.json"
	doc := parsed(t, filepath.Join(dir, "pymisp", "data", "schema.json"))
	// The schema misplaces a "required" of sharing groups, which we don't write.
	delete(doc.(map[string]any)["defs"].(map[string]any)["sharing_group"].(map[string]any)["properties"].(map[string]any), "required")
	if err := c.AddResource(name, doc); err != nil {
		t.Fatal(err)
	}
	event, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	types := describedTypes(t, filepath.Join(dir, "pymisp", "data", "describeTypes.json"))
	for sample := range samples() {
		for _, e := range events(t, saved(t, "misp", sample)) {
			if err := event.Validate(e); err != nil {
				t.Errorf("%s: %.1000v", sample, err)
			}
			assertTypes(t, sample, types, e["Event"].(map[string]any)["Attribute"].([]any))
		}
		for _, e := range events(t, saved(t, "misp-objects", sample)) {
			inner := e["Event"].(map[string]any)
			objects, _ := inner["Object"].([]any)
			for _, object := range objects {
				assertTemplate(t, filepath.Join(dir, "objects", "objects"), object.(map[string]any))
				assertTypes(t, sample, types, object.(map[string]any)["Attribute"].([]any))
			}
			// The schema of events is older than objects.
			delete(inner, "Object")
			if err := event.Validate(e); err != nil {
				t.Errorf("%s: %.1000v", sample, err)
			}
		}
	}
}

func events(t *testing.T, doc any) []map[string]any {
	t.Helper()
	top := doc.(map[string]any)
	if list, ok := top["response"].([]any); ok {
		var out []map[string]any
		for _, e := range list {
			out = append(out, e.(map[string]any))
		}
		return out
	}
	return []map[string]any{top}
}

// describedTypes tells which types stand in which categories, as "category|type".
func describedTypes(t *testing.T, path string) map[string]bool {
	t.Helper()
	var described struct {
		Result struct {
			Mappings map[string][]string `json:"category_type_mappings"`
		}
	}
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &described)
	}
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[string]bool)
	for category, types := range described.Result.Mappings {
		for _, kind := range types {
			out[category+"|"+kind] = true
		}
	}
	return out
}

func assertTypes(t *testing.T, sample string, types map[string]bool, attributes []any) {
	t.Helper()
	for _, a := range attributes {
		a := a.(map[string]any)
		if key := a["category"].(string) + "|" + a["type"].(string); !types[key] {
			t.Errorf("%s: MISP knows no %s", sample, key)
		}
	}
}

// assertTemplate checks an object against the definition of its template.
func assertTemplate(t *testing.T, dir string, object map[string]any) {
	t.Helper()
	name := object["name"].(string)
	template := parsed(t, filepath.Join(dir, name, "definition.json")).(map[string]any)
	if object["template_uuid"] != template["uuid"] || object["meta-category"] != template["meta-category"] {
		t.Errorf("%s: not the template's id or category", name)
	}
	known := template["attributes"].(map[string]any)
	count := make(map[string]int)
	for _, a := range object["Attribute"].([]any) {
		a := a.(map[string]any)
		relation := a["object_relation"].(string)
		definition, ok := known[relation].(map[string]any)
		if !ok || definition["misp-attribute"] != a["type"] {
			t.Fatalf("%s: no %s of type %v", name, relation, a["type"])
		}
		if count[relation]++; count[relation] > 1 && definition["multiple"] != true {
			t.Errorf("%s: %s stands twice", name, relation)
		}
		assertCategory(t, name, definition, a)
	}
	for _, one := range template["requiredOneOf"].([]any) {
		if count[one.(string)] > 0 {
			return
		}
	}
	t.Errorf("%s: none of %v", name, template["requiredOneOf"])
}

func assertCategory(t *testing.T, name string, definition, attribute map[string]any) {
	t.Helper()
	allowed, ok := definition["categories"].([]any)
	for _, c := range allowed {
		ok = ok && c != attribute["category"]
	}
	if ok {
		t.Errorf("%s: %v is in category %v, not in one of %v", name, attribute["object_relation"], attribute["category"], allowed)
	}
}
