package mailbox

import (
	"cmp"
	"context"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// tree is a folder and everything below it. All files are opened through root,
// so neither a symbolic link nor a rename during the reading leads out of it.
type tree struct {
	root *os.Root
	path string
}

// entry is one name in a directory.
type entry struct {
	name string
	mode fs.FileMode
}

// directory is one directory of a tree, classified by its content.
type directory struct {
	rel      string
	format   Format   // Maildir, MH, or "" for a plain folder
	boxes    []string // "cur" and "new" of a Maildir
	numbered []string // messages of an MH folder, by number
	files    []string // other files, sorted
	dirs     []string // directories to descend into, sorted
}

// list returns the entries of a directory, sorted by name.
func (t *tree) list(rel string) ([]entry, error) {
	f, err := t.root.Open(cmp.Or(rel, "."))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []entry
	for {
		// In portions, as a directory of a million files is one slice
		// otherwise, beside that of the entries.
		some, err := f.ReadDir(1024)
		for _, e := range some {
			out = append(out, entry{e.Name(), e.Type()})
		}
		if err == io.EOF || err == nil && len(some) == 0 {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	return out, nil
}

// open opens a file below the root. It does not block if the file has become a
// named pipe.
func (t *tree) open(rel string) (*os.File, error) { return openIn(t.root, rel) }

// O_NONBLOCK makes the opening of a named pipe without a writer return at once.
// It has no effect on regular files.
func openIn(root *os.Root, name string) (*os.File, error) {
	return root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
}

// size returns the size of a file, or 0 if it is unknown.
func (t *tree) size(rel string) int64 {
	info, err := t.root.Lstat(rel)
	if err != nil || !info.Mode().IsRegular() {
		return 0
	}
	return info.Size()
}

// looksLikeMail sniffs a file beside the messages of a Maildir or MH folder.
//
// Dovecot and Courier keep indexes, subscriptions and quotas there as text
// files; a forgotten mbox may lie among them.
func (t *tree) looksLikeMail(rel string) bool {
	f, err := t.open(rel)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, sniffSize)
	n, _ := io.ReadFull(f, head)
	switch sniff(head[:n], doubtful).kind {
	case isEmpty, isForeign, isLog, isUnknown:
		return false
	}
	return true
}

// walk yields the directories of the tree, each before its descendants.
// Unreadable entries go to failed, and those that are neither file nor
// directory to skipped.
//
// It goes depth first and in the order of names, with a list instead of
// recursion, so a deep tree costs no stack. It cannot loop: links are not
// followed.
func (t *tree) walk(ctx context.Context, failed func(Place, error), skipped func(Place, fs.FileMode)) iter.Seq[*directory] {
	return func(yield func(*directory) bool) {
		todo := []string{""}
		for len(todo) > 0 && ctx.Err() == nil {
			rel := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			entries, err := t.list(rel)
			if err != nil {
				failed(Place{Path: t.path, Name: rel}, err)
				continue
			}
			d := classify(rel, entries)
			t.reportSpecial(rel, entries, skipped)
			d.dirs = slices.DeleteFunc(d.dirs, func(name string) bool { return t.leaveOut(d, name) })
			if !yield(d) {
				return
			}
			for _, name := range slices.Backward(d.dirs) {
				todo = append(todo, filepath.Join(rel, name))
			}
		}
	}
}

// classify determines the kind of a directory from the names in it.
//
// Only names count, no file is opened: "cur" alone makes a Maildir, and so does
// "new" beside "tmp". MH has numbered files and nothing else, or its own mark
// beside them; a folder of numbered .eml files is none.
func classify(rel string, entries []entry) *directory {
	d := &directory{rel: rel}
	has := map[string]bool{}
	marked := false
	for _, e := range entries {
		switch {
		case e.mode.IsDir():
			d.dirs = append(d.dirs, e.name)
			has[e.name] = e.name == "cur" || e.name == "new" || e.name == "tmp"
		case strings.HasPrefix(e.name, "."):
			marked = marked || strings.HasPrefix(e.name, ".mh_") || e.name == ".xmhcache" || e.name == ".mew-cache"
		case e.mode.IsRegular() && isNumber(e.name):
			d.numbered = append(d.numbered, e.name)
		case e.mode.IsRegular():
			d.files = append(d.files, e.name)
		}
	}
	switch {
	case has["cur"] || has["new"] && has["tmp"]: // also a copy that lost its empty directories
		d.format = Maildir
		for _, box := range []string{"cur", "new"} {
			if has[box] {
				d.boxes = append(d.boxes, box)
			}
		}
	case len(d.numbered) > 0 && (marked || len(d.files) == 0):
		d.format = MH
		slices.SortFunc(d.numbered, func(a, b string) int {
			// The numeric order, as no number begins with a zero.
			return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
		})
	}
	if d.format != MH {
		d.files = append(d.files, d.numbered...)
		d.numbered = nil
		slices.Sort(d.files)
	}
	return d
}

// isNumber reports whether name is a message number of MH.
//
// MH writes no zero in front, and no folder has come to 12 digits.
func isNumber(name string) bool {
	for i := range len(name) {
		if !isDigit(name[i]) {
			return false
		}
	}
	return len(name) > 0 && len(name) < 12 && name[0] != '0'
}

// leaveOut reports whether to skip a directory: those of the Maildir itself,
// and hidden ones that are not Maildir++ folders.
//
// Hidden folders hold indexes and caches of mail programs, or a version
// control's copies.
func (t *tree) leaveOut(d *directory, name string) bool {
	if d.format == Maildir && (name == "cur" || name == "new" || name == "tmp") {
		return true
	}
	if !strings.HasPrefix(name, ".") {
		return false
	}
	for _, box := range []string{"cur", "new"} {
		if info, err := t.root.Lstat(filepath.Join(d.rel, name, box)); err == nil && info.IsDir() {
			return false
		}
	}
	return true
}

// reportSpecial reports links, pipes, sockets and devices. It skips a link to a
// target inside the tree, which is found anyway.
func (t *tree) reportSpecial(rel string, entries []entry, skipped func(Place, fs.FileMode)) {
	for _, e := range entries {
		if e.mode.IsRegular() || e.mode.IsDir() || strings.HasPrefix(e.name, ".") {
			continue
		}
		name := filepath.Join(rel, e.name)
		if e.mode&fs.ModeSymlink != 0 {
			if _, err := t.root.Stat(name); err == nil {
				continue
			}
		}
		skipped(Place{Path: t.path, Name: name}, e.mode)
	}
}
