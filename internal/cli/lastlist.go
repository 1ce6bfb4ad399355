package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
)

// maxListed bounds a list that is remembered.
const maxListed = 10_000

// RememberList stores the messages of a numbered list, so that the next command
// accepts a number. where is the store. The file is a cache of the user: if it
// cannot be written, numbers refer to nothing.
//
// The file is renamed into place, so that another command never reads half of
// it.
func (e *Env) RememberList(where string, hashes []string) {
	path, ok := e.lastList(where)
	if !ok || len(hashes) == 0 {
		return
	}
	text := strings.Join(hashes[:min(len(hashes), maxListed)], "\n") + "\n"
	if os.MkdirAll(filepath.Dir(path), 0o700) != nil {
		return
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".list-*")
	if err != nil {
		return
	}
	_, err = f.WriteString(text)
	if closing := f.Close(); err != nil || closing != nil || os.Rename(f.Name(), path) != nil {
		// Remove the temporary file of a list that could not be stored.
		_ = os.Remove(f.Name())
	}
}

// LastList returns the messages of the last numbered list; none if there was
// none.
func (e *Env) LastList(where string) []string {
	path, ok := e.lastList(where)
	if !ok {
		return nil
	}
	info, err := os.Stat(path)
	// A hash in hex and a line end each; a larger file is not ours.
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxListed*(2*sha256.Size+1) {
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	return strings.Fields(string(text))
}

// lastList is the file of a store's last list. Numbers of one store name nothing in another.
func (e *Env) lastList(where string) (string, bool) {
	dir := e.Getenv("XDG_CACHE_HOME")
	if !filepath.IsAbs(dir) { // XDG Base Directory Specification: others are to be ignored
		home := e.Getenv("HOME")
		if !filepath.IsAbs(home) {
			return "", false
		}
		dir = filepath.Join(home, ".cache")
	}
	sum := sha256.Sum256([]byte(where))
	return filepath.Join(dir, "spoor", "list-"+hex.EncodeToString(sum[:4])), true
}
