package whois

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"spoor/enrich"
)

var update = flag.Bool("update", false, "write the golden files of testdata/answers")

// TestAnswers reads an invented answer in each registry's and registrar's layout:
// testdata/answers/LAYOUT__DOMAIN.txt beside the Registration that it must give.
func TestAnswers(t *testing.T) {
	files, err := filepath.Glob("testdata/answers/*.txt")
	if err != nil || len(files) < 25 {
		t.Fatalf("%d answers, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(name, func(t *testing.T) {
			_, asked, _ := strings.Cut(name, "__")
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			a := Parse(asked, "", raw)
			if a.Outcome != enrich.Answered {
				t.Fatalf("%s: %s", a.Outcome, a.Detail)
			}
			golden(t, strings.TrimSuffix(file, ".txt")+".json", a.Registration)
		})
	}
}

func golden(t *testing.T, file string, v any) {
	t.Helper()
	got, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s differs; got\n%s", file, got)
	}
}
