package mailbox

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
)

// Find yields the sources under paths in a stable order: as given, and by name
// within a folder. "-" is standard input. A path that is no source, such as a
// picture or an empty file, is yielded as a *Failure, and the search goes on.
//
// Paths become absolute, so that a Place stays valid when the working directory
// changes. A symbolic link is followed if it is one of paths, but never inside
// a folder, where it could lead anywhere. The files of a folder that are
// neither Maildir nor MH nor a large mbox or archive form one Source and are
// examined when it is read.
func Find(ctx context.Context, paths []string, stdin io.Reader, lim Limits) iter.Seq2[*Source, error] {
	return func(yield func(*Source, error) bool) {
		f := &finder{ctx: ctx, lim: lim.orDefault(), yield: yield}
		for _, path := range paths {
			if f.done() {
				return
			}
			f.path(path, stdin)
		}
	}
}

// finder is the state of one call of Find.
type finder struct {
	ctx     context.Context
	lim     Limits
	yield   func(*Source, error) bool
	stopped bool
}

func (f *finder) done() bool { return f.stopped || f.ctx.Err() != nil }

func (f *finder) give(s *Source) {
	if !f.done() && !f.yield(s, nil) {
		f.stopped = true
	}
}

func (f *finder) fail(pl Place, code, reason string, err error) {
	if !f.done() && !f.yield(nil, &Failure{Place: pl, Code: code, Reason: reason, Err: err}) {
		f.stopped = true
	}
}

func (f *finder) readError(pl Place, err error) {
	code, reason := explain(err)
	f.fail(pl, code, reason, err)
}

// path finds the sources of one argument.
//
// Symbolic links among the arguments are followed, unlike those inside a
// folder: the administrator has named them.
func (f *finder) path(path string, stdin io.Reader) {
	if path == "-" {
		f.pipe("-", stdin)
		return
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		f.readError(Place{Path: path}, err)
		return
	}
	info, err := os.Stat(abs)
	switch {
	case err != nil:
		f.missing(abs, err)
	case info.IsDir():
		f.folder(abs)
	case info.Mode().IsRegular():
		f.file(abs, info.Size())
	case info.Mode()&(fs.ModeNamedPipe|fs.ModeCharDevice) != 0: // /dev/stdin, <(zcat x)
		f.named(abs)
	default:
		f.fail(Place{Path: abs}, "special", "neither a file nor a folder", nil)
	}
}

// missing reports a path that cannot be examined.
//
// "vanished" is for files that were listed and then gone. An argument that
// never existed is more likely misspelt, so it has a code and a sentence of its
// own.
func (f *finder) missing(abs string, err error) {
	code, reason := explain(err)
	if code == "vanished" {
		code, reason = "missing", "there is no such file or folder"
	}
	f.fail(Place{Path: abs}, code, reason, err)
}

// named opens a pipe or device by its name.
//
// The file stays open after this: the Source reads from it later, and the
// process's end closes it.
func (f *finder) named(abs string) {
	r, err := os.Open(abs)
	if err != nil {
		f.readError(Place{Path: abs}, err)
		return
	}
	f.pipe(abs, r)
}

// pipe yields a source that can be read once.
//
// The bytes examined here stay in the stream's buffer, so that Messages and
// Sample find them there. Nothing can be read twice from a pipe.
func (f *finder) pipe(path string, r io.Reader) {
	if r == nil {
		f.fail(Place{Path: path}, "io", "there is no standard input", nil)
		return
	}
	m := &meter{lim: f.lim}
	s := &stream{r: contextReader{f.ctx, r, m, 0}}
	head := s.fill(sniffSize)
	if err := s.failed(); err != nil && len(head) == 0 {
		f.readError(Place{Path: path}, err)
		return
	}
	src := &Source{Path: path, Bytes: -1, open: &pipeOpener{s: s, m: m}}
	if v := src.describe(f.lim, head); f.refuse(Place{Path: path}, v) {
		return
	}
	f.give(src)
}

// file yields the source of a single file.
func (f *finder) file(abs string, size int64) {
	file, err := os.Open(abs)
	if err != nil {
		f.readError(Place{Path: abs}, err)
		return
	}
	defer file.Close()
	src, v, err := f.inspect(abs, file, size)
	switch {
	case err != nil:
		f.readError(Place{Path: abs}, err)
	// Some mboxes begin with other text, such as the notes of an archive. The
	// search reads the whole file but only if nothing else is known of it.
	case v.kind == isUnknown && !f.holdsMbox(file):
		f.fail(Place{Path: abs, Length: size}, "not-mail", v.reason, nil)
	case !f.refuse(Place{Path: abs, Length: size}, v):
		f.give(src)
	}
}

// inspect describes a file by its first bytes.
func (f *finder) inspect(abs string, file io.ReaderAt, size int64) (*Source, verdict, error) {
	head := make([]byte, min(size, describeSize))
	n, err := file.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return nil, verdict{}, err
	}
	src := &Source{Path: abs, Bytes: size, open: fileOpener{}}
	v := src.describe(f.lim, head[:n])
	return src, v, nil
}

// refuse yields the failure for a verdict that means "no source", and reports
// whether it did.
func (f *finder) refuse(pl Place, v verdict) bool {
	code := map[kind]string{isEmpty: "empty", isForeign: "not-mail"}[v.kind]
	if code == "" {
		return false
	}
	f.fail(pl, code, v.reason, nil)
	return true
}

// holdsMbox reports whether the file contains an mbox after other data.
//
// strict asks for a dated separator after a blank line and before a header
// field. A book or a log with "From " at the start of a line does not satisfy
// it.
func (f *finder) holdsMbox(file io.ReaderAt) bool {
	r := io.NewSectionReader(file, 0, 1<<62)
	m := splitter{s: &stream{r: contextReader{f.ctx, r, &meter{}, 0}}, limit: blockSize, strict: true}
	_, ok := m.next()
	return ok
}

// folder finds the sources in a folder and below it.
//
// The whole tree is walked before the first Source is yielded, as the totals of
// rest and the files with Sources of their own must be known by then. It costs
// a listing and an lstat for each file, and hardly any reading.
func (f *finder) folder(abs string) {
	root, err := os.OpenRoot(abs)
	if err != nil {
		f.readError(Place{Path: abs}, err)
		return
	}
	defer root.Close()
	t := &tree{root: root, path: abs}
	folder := &folderOpener{own: map[string]bool{}, lost: map[string]bool{}}
	rest := &Source{Path: abs, Format: Single, open: folder}
	var found []*Source
	failed := func(pl Place, err error) {
		folder.lost[pl.Name] = true
		f.readError(pl, err)
	}
	for dir := range t.walk(f.ctx, failed, f.skipped) {
		found = append(found, f.directory(t, dir, rest)...)
		if f.done() {
			return
		}
	}
	// Single messages outside of Maildir and MH are one source, which comes
	// first.
	if rest.Files > 0 {
		found = append([]*Source{rest}, found...)
	}
	if len(found) == 0 {
		f.fail(Place{Path: abs}, "empty", "there is no mail in this folder", nil)
	}
	for _, s := range found {
		f.give(s)
	}
}

// skipped reports the entries of a folder that are neither files nor folders.
//
// They are told because mail may be behind them. Links are not followed since a
// tree on a mail server belongs to its users, and a link of theirs could lead
// the import to a file that they may not read.
func (f *finder) skipped(pl Place, mode fs.FileMode) {
	if mode&fs.ModeSymlink != 0 {
		f.fail(pl, "symlink", "a symbolic link that leads out of the folder, or nowhere, is not followed; give its target as a PATH", nil)
		return
	}
	f.fail(pl, "special", fmt.Sprintf("not a file: %s", modeName(mode)), nil)
}

// modeName names a kind of special file for a failure's reason.
func modeName(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "something special"
}

// directory returns the sources of one directory, and adds its other files to
// rest.
//
// A Maildir comes before the files beside it. Within the directory everything
// is sorted by name, as t.list sorts.
func (f *finder) directory(t *tree, dir *directory, rest *Source) (found []*Source) {
	abs := filepath.Join(t.path, dir.rel)
	switch dir.format {
	case Maildir:
		s := &Source{Path: abs, Format: Maildir, open: maildirOpener{}}
		for _, sub := range dir.boxes {
			f.count(t, filepath.Join(dir.rel, sub), s)
		}
		found = append(found, s)
	case MH:
		s := &Source{Path: abs, Format: MH, open: mhOpener{}}
		for _, name := range dir.numbered {
			s.Files++
			s.Bytes += t.size(filepath.Join(dir.rel, name))
		}
		found = append(found, s)
	}
	for _, name := range dir.files {
		rel := filepath.Join(dir.rel, name)
		size := t.size(rel)
		if dir.format != "" && !t.looksLikeMail(rel) {
			continue // files of the mail server, which Maildir and MH keep here
		}
		if own := f.ownSource(t, rel, size); own != nil {
			rest.open.(*folderOpener).own[rel] = true
			found = append(found, own)
			continue
		}
		rest.Files++
		rest.Bytes += size
	}
	return found
}

// count adds the files of one directory to the totals of s.
func (f *finder) count(t *tree, rel string, s *Source) {
	entries, err := t.list(rel)
	if err != nil {
		return // reading it will report the error
	}
	for _, e := range entries {
		if e.mode.IsRegular() && !strings.HasPrefix(e.name, ".") {
			s.Files++
			s.Bytes += t.size(filepath.Join(rel, e.name))
		}
	}
}

// ownSource returns a Source for a file of a folder if it is a large archive or
// an mbox with several messages, else nil. Small files are not opened, so that
// a folder of a hundred thousand messages is read only once.
func (f *finder) ownSource(t *tree, rel string, size int64) *Source {
	if size < describeSize {
		return nil
	}
	file, err := t.open(rel)
	if err != nil {
		return nil
	}
	defer file.Close()
	src, v, err := f.inspect(filepath.Join(t.path, rel), file, size)
	// A single uncompressed message is large only by its attachments, and an
	// mbox of one message is as good as that. Neither deserves a line of its
	// own in the list of sources.
	if err != nil || v.kind == isMessage || v.kind == isUnknown || src.Compression == "" && (v.kind != isMbox || !src.several) {
		return nil
	}
	return src
}
