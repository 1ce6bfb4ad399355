package sources

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"spoor/internal/lab/labelled"
)

// TestEverySourceIsWhole opens a world of each source that needs no corpora: each has
// labels for its mail, noise of several kinds, and servers that answer.
func TestEverySourceIsWhole(t *testing.T) {
	for _, s := range []Source{Own(0), Rented()} {
		for _, g := range s.Grades {
			w, err := s.Open(t.TempDir(), g, 3, 300)
			if err != nil {
				t.Fatalf("%s %s: %v", s.Name, g, err)
			}
			mail, err := os.ReadFile(w.Mail)
			if err != nil {
				t.Fatal(err)
			}
			news, campaigns := 0, map[string]bool{}
			for i := range w.Labels {
				switch w.Labels[i].Noise() {
				case labelled.Newsletter:
					news++
				case "":
					campaigns[w.Labels[i].Campaign] = true
				}
			}
			if n := strings.Count(string(mail), "\nFrom MAILER-DAEMON ") + 1; n != len(w.Labels) {
				t.Errorf("%s %s: %d messages, %d labels", s.Name, g, n, len(w.Labels))
			}
			if news == 0 || len(campaigns) < 2 || w.Net == nil || len(w.OwnMX) == 0 || w.Grade != g || w.Source != s.Name {
				t.Errorf("%s %s: %d newsletters, %d campaigns, %+v", s.Name, g, news, len(campaigns), w.OwnMX)
			}
		}
	}
}

func TestFolder(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"odd-grade-2", "easy-7"} {
		if _, err := Rented().Open(filepath.Join(root, name), "easy", 7, 100); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Folder(root)
	if err != nil || !slices.Equal(s.Grades, []string{"easy", "odd-grade"}) {
		t.Fatal(err, s.Grades)
	}
	var got []string
	use := func(_ string, w *World) error {
		got = append(got, w.Grade)
		if w.Net == nil || len(w.Labels) < 50 || !strings.HasPrefix(w.Mail, root) {
			t.Errorf("%+v", w)
		}
		return nil
	}
	if err := Each(t.Context(), []Source{s}, nil, 1, 9, 0, use); err != nil || !slices.Equal(got, []string{"easy", "odd-grade"}) {
		t.Error(err, got)
	}
	if err := Each(t.Context(), []Source{s}, []string{"easy"}, 1, 3, 0, use); err == nil {
		t.Error("seeds that there are not")
	}
	if _, err := Folder(t.TempDir()); err == nil {
		t.Error("a folder without worlds")
	}
}

func TestEachRemovesWhatItWrote(t *testing.T) {
	var dirs []string
	err := Each(t.Context(), []Source{Rented()}, []string{"easy"}, 1, 2, 100, func(dir string, w *World) error {
		dirs = append(dirs, dir)
		_, err := os.Stat(w.Mail)
		return err
	})
	if err != nil || len(dirs) != 2 {
		t.Fatal(err, dirs)
	}
	for _, d := range dirs {
		if _, err := os.Stat(d); !os.IsNotExist(err) {
			t.Errorf("%s is left: %v", d, err)
		}
	}
}
