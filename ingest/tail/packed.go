package tail

import (
	"bytes"
	"errors"
	"io"
	"os"

	"spoor/ingest/mailbox"
)

// resume reads the rest of a log that was rotated and compressed since the last
// read. The log is recognised by its first bytes. gzip keeps the modification
// time, which separates it from later logs.
func (t *Tail) resume(read Read) (changed bool, err error) {
	for _, p := range t.siblings() {
		if !packed(p) {
			continue
		}
		if _, err := t.unpack(p, nil); err == nil {
			t.saved = false
			return t.unpack(p, read)
		}
	}
	return false, nil
}

// errOther says that a compressed file is none of the Position.
var errOther = errors.New("is another log")

// unpack reads a compressed file from the Position on. It fails if its head is another. A nil
// read looks at the head only.
func (t *Tail) unpack(path string, read Read) (changed bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	r, release, err := mailbox.Unpack(f)
	if err != nil {
		return false, err
	}
	defer release()
	head := make([]byte, headBytes)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return false, err
	}
	if head = head[:n]; !bytes.HasPrefix(head, t.pos.Head) || len(t.pos.Head) == 0 && t.pos.Offset > 0 {
		return false, errOther
	}
	if read == nil {
		return false, nil
	}
	if t.pos.Head == nil {
		t.pos.Head = head
	}
	whole := io.MultiReader(bytes.NewReader(head), r)
	if _, err := io.CopyN(io.Discard, whole, t.pos.Offset); err != nil {
		return false, err
	}
	done, lines, err := read(Stretch{Reader: whole, Path: t.pos.Path, Lines: t.pos.Lines, Modified: info.ModTime()})
	t.pos.Offset += done
	t.pos.Lines += lines
	t.after = info.ModTime()
	return done > 0, err
}
