package mailbox

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// folderOpener reads the files of a tree that belong to no Maildir or MH
// folder.
type folderOpener struct {
	own  map[string]bool // files that are Sources themselves
	lost map[string]bool // directories whose error Find has reported
}

// messages reads every file of the folder and its subfolders.
//
// The tree is walked anew, so files that came after Find are read too. An error
// of a directory that Find has told is not told twice.
func (o *folderOpener) messages(ctx context.Context, s *Source, lim Limits, yield func(Raw, error) bool) {
	p := newPass(ctx, lim, yield).of(s)
	p.inRoot(s, func(t *tree) {
		failed := func(pl Place, err error) {
			if !o.lost[pl.Name] { // otherwise it was reported
				p.readError(pl, err)
			}
		}
		for d := range t.walk(ctx, failed, func(Place, fs.FileMode) {}) {
			for _, name := range o.files(t, d) {
				rel := filepath.Join(d.rel, name)
				p.open(t.root, rel, Place{Path: s.Path, Name: filepath.ToSlash(rel)}, doubtful)
				if p.done() {
					return
				}
			}
		}
	})
}

// files returns the files of d that belong to this source.
func (o *folderOpener) files(t *tree, d *directory) []string {
	return slices.DeleteFunc(d.files, func(name string) bool {
		rel := filepath.Join(d.rel, name)
		return o.own[rel] || d.format != "" && !t.looksLikeMail(rel)
	})
}

// sample takes files spread over the whole folder, because neighbours are often
// alike.
func (o *folderOpener) sample(ctx context.Context, s *Source, lim Limits, n int, yield func(Raw, error) bool) {
	root, err := os.OpenRoot(s.Path)
	if err != nil {
		return
	}
	defer root.Close()
	t := &tree{root: root, path: s.Path}
	// All names are held at once: a hundred thousand of them take about 10 MB,
	// and no position in the middle of a walk can be found without it.
	var all []string
	for d := range t.walk(ctx, func(Place, error) {}, func(Place, fs.FileMode) {}) {
		for _, name := range o.files(t, d) {
			all = append(all, filepath.Join(d.rel, name))
		}
	}
	sampleFiles(ctx, root, s, all, doubtful, lim, n, yield)
}

// maildirOpener reads the cur and new directories of a Maildir.
type maildirOpener struct{}

// messages reads the Maildir. A file that has vanished was probably renamed by
// a mail reader, which changes its flags. It is looked for again at the end.
func (maildirOpener) messages(ctx context.Context, s *Source, lim Limits, yield func(Raw, error) bool) {
	p := newPass(ctx, lim, yield).of(s)
	p.inRoot(s, func(t *tree) {
		var moved []string
		for _, name := range p.maildirNames(t) {
			pl := Place{Path: s.Path, Name: filepath.ToSlash(name), Format: Maildir, Flags: maildirFlags(name)}
			err := p.tryOpen(t.root, name, pl, certain)
			switch {
			// A later pass over the folder looks for the new name.
			case errors.Is(err, fs.ErrNotExist):
				moved = append(moved, name)
			case err != nil:
				p.readError(pl, err)
			}
			if p.done() {
				return
			}
		}
		p.moved(t, moved)
	})
}

// maildirNames lists the messages of a Maildir, those of cur first. The order
// is stable.
//
// tmp is left out: its files are deliveries in progress
// (https://cr.yp.to/proto/maildir.html), and would be found in new a moment
// later.
func (p *pass) maildirNames(t *tree) (names []string) {
	for _, box := range []string{"cur", "new"} {
		entries, err := t.list(box)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			p.readError(Place{Path: t.path, Name: box, Format: Maildir}, err)
			continue
		}
		for _, e := range entries {
			switch {
			case strings.HasPrefix(e.name, "."):
			case e.mode.IsRegular():
				names = append(names, filepath.Join(box, e.name))
			case e.mode.IsDir():
				p.fail(Place{Path: t.path, Name: box + "/" + e.name, Format: Maildir}, "special", "a folder where a Maildir has messages is not read; give it as a PATH", nil)
			}
		}
		t.reportSpecial(box, entries, func(pl Place, mode fs.FileMode) {
			p.fail(pl, "special", "not a file: "+modeName(mode), nil)
		})
	}
	return names
}

// moved reads messages that a mail reader renamed during the reading. The
// unique part of a name stays the same when flags change or a message moves
// from new to cur.
//
// The folder is listed once for all of them, and a file that has moved once
// more by then counts as vanished. Failures of this listing are not told, since
// the first one told them.
func (p *pass) moved(t *tree, names []string) {
	if len(names) == 0 {
		return
	}
	now := map[string]string{}
	quiet := newPass(p.ctx, p.lim, func(Raw, error) bool { return true })
	for _, name := range quiet.maildirNames(t) {
		now[uniqueName(name)] = name
	}
	for _, old := range names {
		name, ok := now[uniqueName(old)]
		if !ok {
			name = old
		}
		p.open(t.root, name, Place{Path: t.path, Name: filepath.ToSlash(name), Format: Maildir, Flags: maildirFlags(name)}, certain)
	}
}

// sample takes files spread over the whole Maildir.
func (maildirOpener) sample(ctx context.Context, s *Source, lim Limits, n int, yield func(Raw, error) bool) {
	root, err := os.OpenRoot(s.Path)
	if err != nil {
		return
	}
	defer root.Close()
	quiet := newPass(ctx, lim, func(Raw, error) bool { return true })
	sampleFiles(ctx, root, s, quiet.maildirNames(&tree{root: root, path: s.Path}), certain, lim, n, yield)
}

// infoStart returns the index of ":2,FLAGS" in a Maildir file name, or -1. On
// file systems that forbid the colon, programs write ";" or "!" instead.
//
// The last "2," counts, since a host name in the unique part may hold one.
func infoStart(name string) int {
	i := strings.LastIndex(name, "2,")
	if i < 1 || !strings.ContainsRune(":;!", rune(name[i-1])) {
		return -1
	}
	return i - 1
}

// maildirFlags returns the flags of a Maildir file name, sorted: "RS" for
// replied and seen.
func maildirFlags(name string) string {
	if i := infoStart(name); i >= 0 {
		return sortFlags([]byte(name[i+3:]))
	}
	return ""
}

// uniqueName returns the part of a message's file name that never changes.
func uniqueName(name string) string {
	name = filepath.Base(name)
	if i := infoStart(name); i >= 0 {
		return name[:i]
	}
	return name
}

// mhOpener reads the numbered files of an MH folder.
type mhOpener struct{}

// messages reads the numbered files of the MH folder.
func (mhOpener) messages(ctx context.Context, s *Source, lim Limits, yield func(Raw, error) bool) {
	p := newPass(ctx, lim, yield).of(s)
	p.inRoot(s, func(t *tree) {
		entries, err := t.list("")
		if err != nil {
			p.readError(Place{Path: s.Path, Format: MH}, err)
			return
		}
		for _, name := range mhNames(entries) {
			p.open(t.root, name, Place{Path: s.Path, Name: name, Format: MH}, certain)
			if p.done() {
				return
			}
		}
	})
}

// mhNames lists the messages of an MH folder. Other files may have appeared
// since Find classified it, and do not matter.
func mhNames(entries []entry) []string {
	only := slices.DeleteFunc(slices.Clone(entries), func(e entry) bool { return !e.mode.IsRegular() || !isNumber(e.name) })
	return classify("", only).numbered
}

// sample takes files spread over the whole MH folder.
func (mhOpener) sample(ctx context.Context, s *Source, lim Limits, n int, yield func(Raw, error) bool) {
	root, err := os.OpenRoot(s.Path)
	if err != nil {
		return
	}
	defer root.Close()
	t := &tree{root: root, path: s.Path}
	entries, err := t.list("")
	if err != nil {
		return
	}
	sampleFiles(ctx, root, s, mhNames(entries), certain, lim, n, yield)
}

// inRoot opens the folder of s and calls read with it.
//
// An os.Root keeps the reading inside the folder also when someone replaces a
// directory with a link while it is being read.
func (p *pass) inRoot(s *Source, read func(*tree)) {
	root, err := os.OpenRoot(s.Path)
	if err != nil {
		p.readError(Place{Path: s.Path, Format: s.Format}, err)
		return
	}
	defer root.Close()
	read(&tree{root: root, path: s.Path})
}

// open yields the messages of a file below root, or the reason why it cannot be
// read.
func (p *pass) open(root *os.Root, name string, pl Place, t trust) {
	if err := p.tryOpen(root, name, pl, t); err != nil {
		p.readError(pl, err)
	}
}

// tryOpen is like open but returns the error of opening, for callers that
// retry.
func (p *pass) tryOpen(root *os.Root, name string, pl Place, t trust) error {
	if p.done() {
		return nil
	}
	f, err := openIn(root, name)
	if err != nil {
		return err
	}
	defer f.Close()
	p.file(pl, f, t)
	return nil
}
