package tail

import (
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// readPacked reads what a log was written to after it was read last, if it was rotated and
// compressed meanwhile, and the compressed ones after it. Then the path begins anew.
func (t *Tail) readPacked(read Read) (changed bool, err error) {
	type file struct {
		path string
		at   time.Time
	}
	var all []file
	for _, p := range t.siblings() {
		if info, err := os.Stat(p); err == nil && info.Mode().IsRegular() && packed(p) {
			all = append(all, file{p, info.ModTime()}) // gzip keeps the time of the log
		}
	}
	slices.SortStableFunc(all, func(a, b file) int { return a.at.Compare(b.at) })
	first := slices.IndexFunc(all, func(f file) bool { return t.unpack(f.path, nil) == nil })
	if first < 0 {
		return false, nil
	}
	for i, f := range all[first:] {
		if i > 0 {
			t.pos = Position{Path: t.pos.Path}
		}
		before := t.pos.Offset
		if err := t.unpack(f.path, read); err != nil {
			return changed, err
		}
		changed = changed || t.pos.Offset != before
	}
	t.pos, t.saved = Position{Path: t.pos.Path}, false
	return changed, nil
}

// errOther says that a compressed file is none of the Position.
var errOther = errors.New("is another log")

// unpack reads a compressed file from the Position on. It fails if its head is another. A nil
// read looks at the head only.
func (t *Tail) unpack(path string, read Read) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	var r io.Reader
	switch filepath.Ext(path) {
	case ".gz":
		if r, err = gzip.NewReader(f); err != nil {
			return err
		}
	case ".bz2":
		r = bzip2.NewReader(f)
	default:
		return errOther // rare beside logs; what is left of it can be imported
	}
	head := make([]byte, headBytes)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return err
	}
	if head = head[:n]; !bytes.HasPrefix(head, t.pos.Head) || len(t.pos.Head) == 0 && t.pos.Offset > 0 {
		return errOther
	}
	if read == nil {
		return nil
	}
	if t.pos.Head == nil {
		t.pos.Head = head
	}
	whole := io.MultiReader(bytes.NewReader(head), r)
	if _, err := io.CopyN(io.Discard, whole, t.pos.Offset); err != nil {
		return err
	}
	done, lines, err := read(Stretch{Reader: whole, Path: t.pos.Path, Lines: t.pos.Lines, Modified: info.ModTime()})
	t.pos.Offset += done
	t.pos.Lines += lines
	return err
}
