package tail

import (
	"bytes"
	"errors"
	"fmt"
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
		f, err := os.Open(p)
		if err != nil {
			continue
		}
		changed, err := t.unpack(f, read)
		_ = f.Close() // it was only read
		if errors.Is(err, errOther) {
			continue
		}
		t.saved = err != nil // then another Poll tries again
		return changed, err
	}
	return false, nil
}

// errOther says that a compressed file is none of the Position, or damaged at
// its beginning.
var errOther = errors.New("not the log that was read")

// unpack reads a compressed file from the Position on. It returns errOther,
// before any call of read, if the file is another.
func (t *Tail) unpack(f *os.File, read Read) (changed bool, err error) {
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	r, release, err := mailbox.Unpack(f)
	if err != nil {
		return false, fmt.Errorf("%w: %w", errOther, err)
	}
	defer release()
	head := make([]byte, headBytes)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("%w: %w", errOther, err)
	}
	if head = head[:n]; !bytes.HasPrefix(head, t.pos.Head) || len(t.pos.Head) == 0 && t.pos.Offset > 0 {
		return false, errOther
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
