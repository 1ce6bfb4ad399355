// Package tail follows growing files through rotation and restarts. The caller
// stores the Position up to which a file was read, and reading continues there.
//
// The input is paths and stored Positions. The output is stretches of bytes,
// each with the Position after it. The package knows no format and stores
// nothing. Between two calls of Poll it only keeps the file open, so that it
// also reads bytes written after a rename.
package tail

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Position is the read position in a file.
type Position struct {
	Path   string
	Inode  uint64
	Offset int64
	Lines  int64
	Head   []byte // first bytes of the file: an inode may be used again
}

// Stretch is the new part of a file.
type Stretch struct {
	io.Reader
	Path     string // the followed name, also after the file was renamed
	Lines    int64  // before the stretch
	Modified time.Time
	Growing  bool // the last line may not be whole yet
}

// Read reads a stretch and returns the number of bytes and lines processed. The
// remaining bytes are in the next stretch.
type Read func(Stretch) (bytes, lines int64, err error)

// Limits. headBytes recognise a file: a log's first line has a time, and in
// most a process id.
const (
	headBytes  = 128
	stretch    = 32 << 20 // read at once, so that positions are kept while a long file is caught up with
	maxSibling = 1000     // files beside the path among which a renamed one is sought
)

// Tail follows one path. It is for one goroutine.
type Tail struct {
	pos   Position
	saved bool
	file  *os.File
	done  map[uint64][]byte // heads of files that were read to their end, by inode
	after time.Time         // of the compressed file that was read last; zero once a file is open
}

// New follows path from a stored Position, or from its beginning if kept is
// nil.
func New(path string, kept *Position) *Tail {
	t := &Tail{pos: Position{Path: path}}
	if kept != nil {
		t.pos, t.saved = *kept, true
	}
	return t
}

// Position returns the position up to which everything was read.
func (t *Tail) Position() Position { return t.pos }

// Close lets the file go.
func (t *Tail) Close() error {
	if t.file == nil {
		return nil
	}
	err := t.file.Close()
	t.file = nil
	return err
}

// Poll reads the new part, and continues with the new file after a rename. It
// reports whether there was any. It waits for a path that does not exist yet.
//
// An error is of the disk or of read. The Position stays in front of the bytes
// that read did not take, so another Poll tries again.
func (t *Tail) Poll(read Read) (changed bool, err error) {
	if t.file == nil && t.saved {
		if t.file = t.find(); t.file == nil {
			if changed, err = t.resume(read); err != nil {
				return changed, err
			}
		}
	}
	if t.file == nil && t.after.IsZero() {
		t.pos, t.saved = Position{Path: t.pos.Path}, false
		f, err := os.Open(t.pos.Path)
		if errors.Is(err, fs.ErrNotExist) {
			return changed, nil
		}
		if err == nil {
			err = t.begin(f)
		}
		if err != nil {
			return changed, err
		}
	}
	for {
		more, err := t.drain(read, true)
		changed = changed || more
		if err != nil {
			return changed, err
		}
		next, err := t.next()
		if err != nil || next == nil {
			return changed, err
		}
		more, err = t.change(next, read)
		changed = changed || more
		if err != nil {
			return changed, err
		}
	}
}

// change reads the rest of the open file and goes on with the next.
func (t *Tail) change(next *os.File, read Read) (changed bool, err error) {
	// Nobody writes into the old file once there is a newer one, but for those who have not
	// been told yet: they had the time between two calls.
	if changed, err = t.drain(read, false); err == nil {
		err = t.Close()
	}
	if err != nil {
		return changed, errors.Join(err, next.Close())
	}
	if !packed(next.Name()) {
		return changed, t.begin(next)
	}
	defer next.Close()
	t.pos = Position{Path: t.pos.Path}
	more, err := t.unpack(next, read)
	return changed || more, err
}

// next opens the file that follows the open one after a rotation. The
// candidates are the path itself and the files beside it, compressed or not,
// that were written to later; the oldest is next, since a Tail can miss several
// rotations between two calls of Poll. It returns nil while the path still
// names the open file.
//
// The path is opened before the list of the others is made. If another rotation
// comes between the two, the open file is the right one all the same. In the
// other order the path could name a later file by then, and the one that was
// renamed meanwhile would be passed over.
func (t *Tail) next() (*os.File, error) {
	now, err := os.Stat(t.pos.Path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err != nil || t.file != nil && inode(now) == t.pos.Inode {
		return nil, nil // not rotated, or between the two steps of a rotation
	}
	last := t.after
	if t.file != nil {
		open, err := t.file.Stat()
		if err != nil {
			return nil, err
		}
		last = open.ModTime()
	}
	f, now, err := openFile(t.pos.Path)
	if err != nil {
		return nil, unlessGone(err)
	}
	first, path := now, ""
	for _, p := range t.siblings() {
		info, err := os.Stat(p)
		if err != nil || !info.Mode().IsRegular() || t.file != nil && inode(info) == t.pos.Inode || inode(info) == inode(now) || t.readBefore(p, inode(info)) {
			continue
		}
		if at := info.ModTime(); at.After(last) && !at.After(first.ModTime()) {
			first, path = info, p
		}
	}
	if path == "" {
		return f, nil
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	f, now, err = openFile(path)
	if err != nil {
		return nil, unlessGone(err)
	}
	// The names beside the path shift at a rotation: then the next Poll looks
	// again.
	if inode(now) != inode(first) || !now.ModTime().Equal(first.ModTime()) {
		return nil, f.Close()
	}
	return f, nil
}

// unlessGone drops the error of a file that was renamed or removed before it
// could be opened. The next Poll finds its successor.
func unlessGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// packed reports whether a rotated file is compressed: it was plain when it was written.
func packed(path string) bool {
	switch filepath.Ext(path) {
	case ".gz", ".bz2", ".xz", ".zst":
		return true
	}
	return false
}

// openFile opens a file. What it is comes from the open file and not from its
// name, which may be another's by then.
func openFile(path string) (*os.File, fs.FileInfo, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return f, info, nil
}

// begin follows an open file from its beginning.
func (t *Tail) begin(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return errors.Join(err, f.Close())
	}
	if t.done == nil {
		t.done = map[uint64][]byte{}
	}
	t.done[t.pos.Inode] = t.pos.Head
	id := inode(info)
	t.file, t.pos, t.saved, t.after = f, Position{Path: t.pos.Path, Inode: id}, false, time.Time{}
	return nil
}

// find opens the file of a kept Position, under its path or a name beside it;
// nil if there is none.
func (t *Tail) find() *os.File {
	for _, p := range append([]string{t.pos.Path}, t.siblings()...) {
		info, err := os.Stat(p)
		if err != nil || !info.Mode().IsRegular() || inode(info) != t.pos.Inode {
			continue // not opened: a named pipe would wait for a writer
		}
		f, info, err := openFile(p)
		if err != nil {
			continue
		}
		if t.is(f, info) {
			return f
		}
		_ = f.Close() // it was only looked at
	}
	return nil
}

// siblings are the files whose names begin like the path's: mail.log.1, mail.log-20060105.
func (t *Tail) siblings() (paths []string) {
	dir, base := filepath.Split(t.pos.Path)
	entries, err := os.ReadDir(filepath.Clean(dir + "."))
	if err != nil {
		return nil // only the path itself matters
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), base) && e.Name() != base && len(paths) < maxSibling {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	return paths
}

// is reports whether f is the file of the Position. The inode alone does not
// tell: file systems use the number of a removed file for the next one, which
// is often the new log.
func (t *Tail) is(f *os.File, info fs.FileInfo) bool {
	if inode(info) != t.pos.Inode || info.Size() < t.pos.Offset {
		return false
	}
	head := make([]byte, len(t.pos.Head))
	_, err := f.ReadAt(head, 0)
	return err == nil && bytes.Equal(head, t.pos.Head)
}

// readBefore reports whether a file was read to its end. A compressed log frees its inode,
// and the next log gets it: a head tells them apart. A file of which nothing was read is
// read now.
func (t *Tail) readBefore(path string, inode uint64) bool {
	head := t.done[inode]
	return len(head) > 0 && begins(path, head)
}

// begins reports whether a file begins with these bytes.
func begins(path string, head []byte) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	found := make([]byte, len(head))
	_, err = io.ReadFull(f, found)
	return err == nil && bytes.Equal(found, head)
}

// drain reads to the end of the open file.
func (t *Tail) drain(read Read, growing bool) (changed bool, err error) {
	if t.file == nil {
		return false, nil
	}
	for {
		info, err := t.file.Stat()
		if err != nil {
			return changed, err
		}
		if info.Size() < t.pos.Offset { // copied away and emptied
			t.pos.Offset, t.pos.Lines, t.pos.Head = 0, 0, nil
		}
		left := info.Size() - t.pos.Offset
		if left == 0 {
			return changed, nil
		}
		if len(t.pos.Head) < headBytes {
			head := make([]byte, min(headBytes, info.Size()))
			if _, err := t.file.ReadAt(head, 0); err != nil {
				return changed, err
			}
			t.pos.Head = head
		}
		part := min(left, stretch)
		n, lines, err := read(Stretch{Reader: io.NewSectionReader(t.file, t.pos.Offset, part), Path: t.pos.Path, Lines: t.pos.Lines, Modified: info.ModTime(), Growing: growing || part < left})
		t.pos.Offset += n
		t.pos.Lines += lines
		if err != nil || n == 0 {
			return changed, err
		}
		changed = true
	}
}
