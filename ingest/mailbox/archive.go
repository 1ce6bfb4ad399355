package mailbox

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/bzip2"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// Limits of archives.
const (
	// maxZipDirectory limits the list of members at the end of a zip, in bytes.
	// The library holds it in memory; 24 MiB are about 300,000 members.
	maxZipDirectory = 24 << 20
	// A zip is read from its end, so one that arrives in a stream is copied
	// first: into memory up to spoolMemory bytes, else into a temporary file of
	// at most spoolFile bytes.
	spoolMemory = 16 << 20
	spoolFile   = 4 << 30
	// maxMemberName limits a member's name in a Place, in bytes.
	maxMemberName = 1024
)

// tar yields the messages of a tar's members. Member names serve as labels
// only; no file is opened by them, so "../" in a name is harmless.
//
// The reading stops at the first damaged header. Nothing behind it can be
// found, as a tar has no directory: each header is known only by the length of
// the member before it. Messages of the members in front were yielded by then.
func (p *pass) tar(pl Place, s *stream, t trust, depth int, m *meter) {
	if p.tooDeep(pl, depth) {
		return
	}
	r := tar.NewReader(s)
	for n := 0; !p.done() && !m.burst; n++ {
		h, err := r.Next()
		switch {
		case err == io.EOF:
			return
		case err != nil:
			p.readError(pl, packedError(err))
			return
		// The limit counts folders and links too. It ends a tar whose millions
		// of empty members would cost time but no bytes of mail.
		case n >= p.lim.Members:
			p.fail(pl, "archive", fmt.Sprintf("more than %d members; the rest was left out", p.lim.Members), nil)
			return
		case h.Typeflag != tar.TypeReg && h.Typeflag != tar.TypeGNUSparse && h.Typeflag != tar.TypeCont:
			continue // a folder, link or device has no bytes
		}
		p.modified = h.ModTime
		p.member(pl, h.Name, h.Size, r, t, depth, m)
	}
}

// member yields the messages of one member of an archive.
//
// size is that of the directory entry. It is only a hint for the first block
// and may lie, so at most one block is taken on its word. The bytes are
// metered: together with all other members they count against Limits.Ratio.
func (p *pass) member(pl Place, name string, size int64, r io.Reader, t trust, depth int, m *meter) {
	name = label(name)
	if hidden(name) {
		return
	}
	pl.Name = path.Join(pl.Name, name)
	// A packed Maildir is told by the folder's name, as the rest of its
	// structure may lie far behind in the stream.
	if dir := path.Base(path.Dir(name)); dir == "cur" || dir == "new" {
		pl.Format, pl.Flags, t = Maildir, maildirFlags(path.Base(name)), certain
	} else if t == given {
		t = doubtful
	}
	size = max(0, min(size, blockSize))
	p.item(pl, &stream{r: metered{r, m}, buf: p.arena.take(int(size) + 1)}, t, depth+1, m)
}

// label makes a member's name valid for PostgreSQL, which accepts neither NUL
// nor invalid UTF-8.
//
// A leading "/" or "../" is dropped, so that two archives packed from different
// folders give alike names. A long name is cut at a whole character. Two
// members may then have one label; their Places differ by nothing else, but no
// tool is known to write names of a kilobyte.
func label(name string) string {
	name = strings.ToValidUTF8(strings.ReplaceAll(name, "\x00", ""), "\uFFFD")
	name = strings.TrimPrefix(path.Clean("/"+name), "/")
	if len(name) > maxMemberName {
		name = strings.ToValidUTF8(name[:maxMemberName], "")
	}
	return name
}

// hidden reports whether a member is a file that programs keep beside mail: its
// name, or that of a directory above it, begins with a dot. Maildir++ folders
// begin with a dot too and are exempt.
func hidden(name string) bool {
	dirs, base := path.Split(name)
	if strings.HasPrefix(base, ".") {
		return true
	}
	if d := path.Base(dirs); d == "cur" || d == "new" {
		return false
	}
	// macOS puts a "._name" file beside each member, with the Finder's
	// attributes, into a folder __MACOSX.
	return strings.HasPrefix(dirs, ".") || strings.Contains(dirs, "/.") || strings.HasPrefix(dirs, "__MACOSX/")
}

// zip yields the messages of a zip's members.
//
// Members come in the order of the directory, which is that of the packing for
// every usual program. The order is part of the contract: Places must be the
// same at each reading.
func (p *pass) zip(pl Place, r io.ReaderAt, size int64, t trust, depth int, m *meter) {
	if p.tooDeep(pl, depth) {
		return
	}
	z, err := openZip(r, size)
	if err != nil {
		p.readError(pl, packedError(err))
		return
	}
	if isDocument(z) {
		p.fail(pl, "not-mail", "an Office document or program package, not mail", nil)
		return
	}
	for i, f := range z.File {
		if p.done() || m.burst {
			return
		}
		if i >= p.lim.Members {
			p.fail(pl, "archive", fmt.Sprintf("more than %d members; the rest was left out", p.lim.Members), nil)
			return
		}
		// A folder's entry ends in "/" also when its mode bits, which MS-DOS
		// programs leave out, say nothing.
		if f.Mode().IsRegular() && !strings.HasSuffix(f.Name, "/") {
			p.zipMember(pl, f, t, depth, m)
		}
	}
}

// zipMember yields the messages of one member of a zip.
func (p *pass) zipMember(pl Place, f *zip.File, t trust, depth int, m *meter) {
	inner := pl
	inner.Name = path.Join(pl.Name, label(f.Name))
	// Bit 0 of the general purpose flags means encryption (APPNOTE.TXT section
	// 4.4.4). The library would return the encrypted bytes as damaged data.
	if f.Flags&1 != 0 {
		p.fail(inner, "encrypted", "protected by a password; unpack it", nil)
		return
	}
	r, err := f.Open()
	if errors.Is(err, zip.ErrAlgorithm) {
		p.fail(inner, "archive", fmt.Sprintf("packed in a way that is not known (zip method %d); unpack it", f.Method), nil)
		return
	}
	if err != nil {
		p.readError(inner, packedError(err))
		return
	}
	defer r.Close()
	p.member(pl, f.Name, int64(min(f.UncompressedSize64, blockSize)), r, t, depth, m)
}

// openZip reads the directory of a zip, unless its size shows an attack.
func openZip(r io.ReaderAt, size int64) (*zip.Reader, error) {
	if n := zipDirectorySize(r, size); n > maxZipDirectory {
		return nil, fmt.Errorf("%w: its directory of %d bytes is too large; unpack it", errPacked, n)
	}
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, err
	}
	// 12 is bzip2 (APPNOTE.TXT section 4.4.5). The library itself knows only
	// store and deflate.
	z.RegisterDecompressor(12, func(r io.Reader) io.ReadCloser { return io.NopCloser(bzip2.NewReader(r)) })
	z.RegisterDecompressor(zstd.ZipMethodWinZip, zstd.ZipDecompressor(zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxDictionary), zstd.WithDecoderMaxMemory(maxDictionary)))
	return z, nil
}

// zipDirectorySize returns the number of bytes from the start of a zip's
// directory to the end of the file. The library ignores the count in the end
// record and reads entries as long as there are any, so this size is the only
// bound. It returns 0 if there is no end record; the library reports that.
func zipDirectorySize(r io.ReaderAt, size int64) int64 {
	// The end record has 22 bytes and a comment of at most 64 KiB after them.
	// In a Zip64 a locator of 20 bytes and a second end record of 56 stand in
	// front.
	n := min(size, 64<<10+22+20+56)
	b := make([]byte, n)
	if _, err := r.ReadAt(b, size-n); err != nil && err != io.EOF {
		return 0
	}
	i := bytes.LastIndex(b, []byte("PK\x05\x06"))
	if i < 0 || i+22 > len(b) {
		return 0
	}
	length := int64(binary.LittleEndian.Uint32(b[i+12:]))
	offset := int64(binary.LittleEndian.Uint32(b[i+16:]))
	// All ones mean that the true number is in the Zip64 record (APPNOTE.TXT
	// section 4.4.1.4).
	if length == 1<<32-1 || offset == 1<<32-1 {
		j := bytes.LastIndex(b[:i], []byte("PK\x06\x06"))
		if j < 0 || j+56 > len(b) {
			return size
		}
		length = int64(min(binary.LittleEndian.Uint64(b[j+40:]), 1<<62))
		offset = int64(min(binary.LittleEndian.Uint64(b[j+48:]), 1<<62))
	}
	// The library tries both positions, because a zip may have data in front of
	// it, as self-extracting ones do.
	start := min(offset, size-n+int64(i)-length)
	return size - max(0, start)
}

// isDocument recognises zips that are files of other programs, such as office
// documents.
//
// Both OpenDocument and EPUB put "mimetype" first, and Office puts
// "[Content_Types].xml" there; eight members leave room for writers that sort.
// An archive of mail whose ninth file has such a name is still read.
func isDocument(z *zip.Reader) bool {
	for _, f := range z.File[:min(len(z.File), 8)] {
		switch f.Name {
		case "[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "AndroidManifest.xml":
			return true
		}
	}
	return false
}

// zipStream reads a zip in place if it is a file, else from a copy.
//
// The temporary file lies in TMPDIR and is gone when the zip has been read. It
// holds the packed bytes and never unpacked mail.
func (p *pass) zipStream(pl Place, s *stream, t trust, depth int, m *meter) {
	if s.file != nil {
		m.in = max(m.in, s.size)
		p.zip(pl, s.file, s.size, t, depth, m)
		return
	}
	if p.tooDeep(pl, depth) {
		return
	}
	// A small zip stays in memory.
	if b := s.fill(spoolMemory); s.err == io.EOF {
		p.zip(pl, bytes.NewReader(b), int64(len(b)), t, depth, m)
		return
	}
	if err := s.failed(); err != nil {
		p.readError(pl, err)
		return
	}
	f, err := os.CreateTemp("", "spoor-zip-*")
	if err != nil {
		p.readError(pl, err)
		return
	}
	defer os.Remove(f.Name())
	defer f.Close()
	n, err := io.Copy(f, io.LimitReader(s, spoolFile+1))
	switch {
	case err != nil:
		p.readError(pl, err)
	case n > spoolFile:
		p.fail(pl, "archive", "a zip of more than 4 GiB inside a stream; unpack it", nil)
	default:
		p.zip(pl, f, n, t, depth, m)
	}
}

// peelZip returns the beginning of a zip's first member. r holds only the
// beginning of the zip, so the member's own header is used and not the
// directory at the end.
func peelZip(r io.Reader) []byte {
	b, _ := io.ReadAll(io.LimitReader(r, describeSize))
	// Skipped members are folders, empty files and hidden ones. A hundred of
	// them before the first mail occur in no archive that is packed for
	// reading.
	for range 100 {
		if len(b) < 30 || string(b[:4]) != "PK\x03\x04" {
			return nil
		}
		method := binary.LittleEndian.Uint16(b[8:])
		size := int(binary.LittleEndian.Uint32(b[18:]))
		name := 30 + int(binary.LittleEndian.Uint16(b[26:]))
		start := name + int(binary.LittleEndian.Uint16(b[28:]))
		if start > len(b) {
			return nil
		}
		// Bit 3 says that the size is unknown here and follows the data
		// (APPNOTE.TXT section 4.4.4). Such a member cannot be jumped over, so
		// it is taken under any name.
		skip := size == 0 && b[6]&8 == 0 || hidden(label(string(b[30:name])))
		if !skip || size == 0 && b[6]&8 != 0 || start+size > len(b) {
			return peelMember(method, b[start:])
		}
		b = b[start+size:]
	}
	return nil
}

// peelMember decompresses the head of an archive member, to detect the format
// of its content. Other methods than deflate and store are rare.
func peelMember(method uint16, b []byte) []byte {
	switch method {
	case zip.Deflate:
		return readHead(flate.NewReader(bytes.NewReader(b)))
	case zip.Store:
		return b
	}
	return nil
}
