package main

import (
	"os"
	"path/filepath"
	"strings"
	"time"
)

// maildir is a folder whose new mail is imported as it comes.
//
// Delivery agents write to tmp and rename to new (the Maildir convention), so
// that files in new and cur are always complete. seen grows with the folder: a
// name costs some dozens of bytes.
type maildir struct {
	path  string
	seen  map[string]bool // unique parts of names: flags change
	begun bool
	times map[string]time.Time // of new and cur, when they were read last
}

// fresh lists new files; the first call returns the folder itself, which import
// reads as a whole. A folder whose time has not changed is not read again.
// Names count up to ":", since a reader's flags behind it change.
func (m *maildir) fresh() (paths []string, err error) {
	times := map[string]time.Time{}
	for _, box := range []string{"new", "cur"} {
		dir := filepath.Join(m.path, box)
		info, err := os.Stat(dir)
		if err != nil {
			if os.IsNotExist(err) {
				continue
			}
			return nil, err
		}
		// A folder that changed within the second before may change again unseen.
		if times[box] = info.ModTime(); m.begun && m.times[box].Equal(times[box]) && time.Since(times[box]) > 2*time.Second {
			continue
		}
		entries, err := os.ReadDir(dir)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			name, _, _ := strings.Cut(e.Name(), ":")
			if strings.HasPrefix(name, ".") || m.seen[name] {
				continue
			}
			m.seen[name] = true
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	m.times = times
	if !m.begun {
		m.begun = true
		return []string{m.path}, nil
	}
	return paths, nil
}
