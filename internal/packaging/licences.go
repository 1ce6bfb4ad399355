package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// licenceFile matches the names of files that must accompany a module's code.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|copyright)`)

// licences gathers the licences of every module that the programs are built with, and of
// Go itself: they ask to go with the binaries.
func (b *build) licences() ([]byte, error) {
	text, err := output(b.root, "go", "list", "-deps", "-json=Module", "./cmd/...")
	if err != nil {
		return nil, err
	}
	root, err := output(b.root, "go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	folders := map[string]string{"Go": strings.TrimSpace(root)}
	for d := json.NewDecoder(bytes.NewReader([]byte(text))); d.More(); {
		var p struct {
			Module *struct {
				Path, Version, Dir string
				Main               bool
			}
		}
		if err := d.Decode(&p); err != nil {
			return nil, err
		}
		if m := p.Module; m != nil && !m.Main {
			folders[m.Path+" "+m.Version] = m.Dir
		}
	}
	var out bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(folders)) {
		if err := addLicence(&out, name, folders[name]); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}

// addLicence writes the licence files at the top of a module.
func addLicence(out *bytes.Buffer, module, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	n := 0
	for _, e := range entries {
		if e.IsDir() || !licenceFile.MatchString(e.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "==== %s: %s ====\n\n%s\n\n", module, e.Name(), bytes.TrimSpace(text))
		n++
	}
	if n == 0 {
		return fmt.Errorf("%s has no licence file in %s", module, dir)
	}
	return nil
}
