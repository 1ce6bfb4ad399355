package mailbox

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// ReadPlace reads one message again from where it was found. The error is a *Failure if
// it is not there any more, or can't be read. An mbox that is not packed is read at
// the very place; in an archive everything before the message is read over, so that
// whoever wants many messages of one archive had better use Source.Messages.
//
// The caller compares the hash: what stands at the place now may be something else.
func ReadPlace(ctx context.Context, pl Place, lim Limits) (Raw, error) {
	if raw, ok := readSpan(pl, lim.orDefault()); ok {
		return raw, nil
	}
	var failed error
	for raw, err := range ReadItem(ctx, pl, lim) {
		if err == nil && raw.Name == pl.Name && raw.Offset == pl.Offset && (pl.Length == 0 || raw.Length == pl.Length) {
			return raw, nil
		}
		var f *Failure
		if errors.As(err, &f) && f.Name == pl.Name && (f.Offset == pl.Offset || f.Offset == 0) {
			failed = f
		}
	}
	if err := ctx.Err(); err != nil {
		return Raw{}, err
	}
	if failed == nil {
		failed = &Failure{Place: pl, Code: "vanished", Reason: "the message is not at this place any more"}
	}
	return Raw{}, failed
}

// ReadItem reads again all that is in the file or archive member in which pl lies: for
// a second try at a Failure, which may have been of a whole file.
func ReadItem(ctx context.Context, pl Place, lim Limits) iter.Seq2[Raw, error] {
	return func(yield func(Raw, error) bool) {
		if pl.Path == "-" {
			yield(Raw{}, &Failure{Place: pl, Code: "io", Reason: "standard input can't be read again; import it again"})
			return
		}
		p := newPass(ctx, lim, func(r Raw, err error) bool {
			var f *Failure
			within := err == nil && strings.HasPrefix(r.Name, pl.Name) || errors.As(err, &f) && (strings.HasPrefix(f.Name, pl.Name) || strings.HasPrefix(pl.Name, f.Name))
			return !within || yield(r, err)
		})
		p.again(pl)
	}
}

// again opens the file in which pl lies and yields what it holds.
func (p *pass) again(pl Place) {
	f, name, err := openPlace(pl)
	if err != nil {
		p.readError(pl, err)
		return
	}
	defer f.Close()
	whole := Place{Path: pl.Path, Name: name}
	t := given
	switch {
	case name == "":
	case pl.Format == Maildir, pl.Format == MH:
		whole.Format, whole.Flags, t = pl.Format, pl.Flags, certain
	default:
		t = doubtful
	}
	p.file(whole, f, t)
}

// openPlace opens the file in which pl lies. name is the part of pl.Name that leads to
// it in a folder; what follows is the name of a member.
func openPlace(pl Place) (f *os.File, name string, err error) {
	info, err := os.Stat(pl.Path)
	if err != nil {
		return nil, "", err
	}
	if !info.IsDir() {
		f, err = os.Open(pl.Path)
		return f, "", err
	}
	root, err := os.OpenRoot(pl.Path)
	if err != nil {
		return nil, "", err
	}
	defer root.Close()
	name, err = fileIn(root, pl.Name)
	if errors.Is(err, fs.ErrNotExist) && pl.Format == Maildir {
		return openMoved(root, pl)
	}
	if err != nil {
		return nil, "", err
	}
	f, err = openIn(root, filepath.FromSlash(name))
	return f, name, err
}

// fileIn returns the beginning of name that is a file in root.
func fileIn(root *os.Root, name string) (string, error) {
	for i := 0; i <= len(name); i++ {
		if i < len(name) && name[i] != '/' {
			continue
		}
		info, err := root.Lstat(filepath.FromSlash(name[:i]))
		if err != nil {
			return "", err
		}
		if info.Mode().IsRegular() {
			return name[:i], nil
		}
	}
	return "", fs.ErrNotExist
}

// openMoved opens a message of a Maildir whose flags have changed since. It keeps the
// name under which it was found.
func openMoved(root *os.Root, pl Place) (*os.File, string, error) {
	t := &tree{root: root, path: pl.Path}
	want := uniqueName(path.Base(pl.Name))
	for _, box := range []string{"cur", "new"} {
		entries, err := t.list(box)
		if err != nil {
			continue
		}
		for _, e := range entries {
			if e.mode.IsRegular() && uniqueName(e.name) == want {
				f, err := openIn(root, filepath.Join(box, e.name))
				return f, pl.Name, err
			}
		}
	}
	return nil, "", fs.ErrNotExist
}

// readSpan reads a message of an mbox that is not packed without reading what is
// before it, if a separator still stands there.
func readSpan(pl Place, lim Limits) (raw Raw, ok bool) {
	if pl.Format != Mbox || pl.Length <= 0 || pl.Offset <= 0 {
		return raw, false
	}
	f, _, err := openPlace(pl)
	if err != nil {
		return raw, false
	}
	defer f.Close()
	start := max(0, pl.Offset-maxFromLine)
	b := make([]byte, pl.Offset-start+min(pl.Length, lim.MessageBytes))
	if n, err := f.ReadAt(b, start); n < len(b) || err != nil && err != io.EOF {
		return raw, false
	}
	before := b[:pl.Offset-start]
	if k := sniffPacked(before); start == 0 && k != isUnknown {
		return raw, false
	}
	line, ok := lastLine(before)
	if !ok {
		return raw, false
	}
	from, ok := parseFromLine(line)
	if !ok || !from.dated || from.size != len(line) {
		return raw, false
	}
	data := b[len(before):]
	return Raw{Place: pl, Data: data, Truncated: int64(len(data)) < pl.Length, Envelope: string(from.envelope)}, true
}

// lastLine returns the last line of b if it begins with "From ".
func lastLine(b []byte) ([]byte, bool) {
	i := len(b) - trailingEOL(b)
	for i > 0 && !isEOL(b[i-1]) {
		i--
	}
	return b[i:], strings.HasPrefix(string(b[i:]), string(fromPrefix))
}
