package export

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"spoor/internal/block"
	"spoor/internal/dossier"
)

// Every format takes every campaign, is counted back from the file, and is the same again.
func TestSave(t *testing.T) {
	for name, campaigns := range samples() {
		for _, f := range Formats() {
			t.Run(name+"/"+f.Name, func(t *testing.T) {
				dir := t.TempDir()
				path := filepath.Join(dir, "out")
				written, err := f.Save(path, campaigns, options)
				if err != nil {
					t.Fatal(err)
				}
				before := read(t, path)
				if _, err := f.Save(path, campaigns, options); err != nil {
					t.Fatalf("a second time: %v", err)
				}
				if !bytes.Equal(before, read(t, path)) {
					t.Error("the same campaigns give another file")
				}
				if len(written) != len(f.files) {
					t.Errorf("%d files of %d told", len(written), len(f.files))
				}
				assertNoOthers(t, dir)
			})
		}
	}
}

// assertNoOthers checks that nothing but "out" was left in dir.
func assertNoOthers(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != "out" {
		t.Errorf("beside the output: %v, %v", entries, err)
	}
}

// read returns a file, or the files of a directory one after the other.
func read(t *testing.T, path string) []byte {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if !info.IsDir() {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	var all []byte
	entries, err := os.ReadDir(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, read(t, filepath.Join(path, e.Name()))...)
	}
	return all
}

// Nothing takes the place of a file that was there unless all of it was written.
func TestSaveKeepsTheOldFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	short := Format{Name: "short", files: []file{{write: writePart, count: countEntries, want: indicators}}}
	_, err := short.Save(path, []dossier.Campaign{plainCampaign()}, options)
	if err == nil || !strings.Contains(err.Error(), "nothing was replaced") {
		t.Errorf("a short file: %v", err)
	}
	if got := read(t, path); string(got) != "old" {
		t.Errorf("the old file is now %q", got)
	}
	assertNoOthers(t, dir)

	if _, err := short.Save(dir, nil, options); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("onto a directory: %v", err)
	}
}

func TestBlockListsHoldNoFriends(t *testing.T) {
	c := plainCampaign()
	for _, f := range Formats() {
		if !f.Blocks {
			continue
		}
		path := filepath.Join(t.TempDir(), "out")
		if _, err := f.Save(path, []dossier.Campaign{c}, options); err != nil {
			t.Fatal(err)
		}
		if text := string(read(t, path)); strings.Contains(text, "bit.ly") || strings.Contains(text, "198.51.100.8") {
			t.Errorf("%s blocks a shortener or a relay:\n%s", f.Name, text)
		}
		forced := options
		forced.Force = []string{"BIT.LY", "198.51.100.8"}
		if _, err := f.Save(path, []dossier.Campaign{c}, forced); err != nil {
			t.Fatal(err)
		}
		if text := string(read(t, path)); !strings.Contains(text, "forced against: ") {
			t.Errorf("%s: force does nothing:\n%s", f.Name, text)
		}
	}
	if c.Indicators[4].Verdict.Block {
		t.Error("force changed the campaign it was given")
	}
}

// Each entry carries campaign, reason and expiry.
func TestEntriesSayWhy(t *testing.T) {
	for _, f := range Formats() {
		for _, part := range f.files {
			if part.list == nil {
				continue
			}
			var b bytes.Buffer
			n, err := part.write(&b, []dossier.Campaign{plainCampaign()}, options)
			if err != nil || n == 0 {
				t.Fatalf("%s %s: %d entries, %v", f.Name, part.name, n, err)
			}
			if told := strings.Count(b.String(), part.list.mark+" c2: only this campaign has it, until 2026-04-02; 9 of its 9 messages"); told != n {
				t.Errorf("%s %s: %d of %d entries say why:\n%s", f.Name, part.name, told, n, b.String())
			}
		}
	}
}

// TestLeftOut: the numbers listed and left out add up, in every format.
func TestLeftOut(t *testing.T) {
	campaigns := []dossier.Campaign{plainCampaign(), hostileCampaign()}
	for _, f := range Formats() {
		if !f.Blocks {
			continue
		}
		total, left := f.LeftOut(campaigns, options)
		sum, n := 0, 0
		for _, l := range left {
			sum += l.Number
		}
		for _, part := range f.files {
			if part.list != nil {
				n += part.want(campaigns)
			}
		}
		if total != n+sum || n == 0 {
			t.Errorf("%s: %d in all, %d written, %d left out: %v", f.Name, total, n, sum, left)
		}
	}
	f, _ := FormatOf("plain")
	_, left := f.LeftOut(campaigns, options)
	if len(left) == 0 || left[0].Reason != "not expressible in plain" {
		t.Errorf("left out: %v", left)
	}
	if v := (block.Verdict{Reason: block.Shortener}); !strings.Contains(v.Words(), "shortener") {
		t.Error(v.Words())
	}
}

func TestStreamNeedsOneFile(t *testing.T) {
	f, _ := FormatOf("postfix")
	if _, err := f.Stream(&bytes.Buffer{}, nil, options); err == nil {
		t.Error("several files went into one stream")
	}
}
